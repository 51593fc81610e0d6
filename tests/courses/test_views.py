"""Views of the core: what isn't open to everybody isn't named either."""

from typing import Any

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from tests.factories.accounts import UserFactory
from tests.factories.courses import CourseTree

LOGIN, PASSWORD = PageViewRestriction.LOGIN, PageViewRestriction.PASSWORD


def restrict(page: Page, kind: str) -> None:
    PageViewRestriction.objects.create(
        page=Page.objects.get(pk=page.pk), restriction_type=kind, password="sesame"
    )


def untranslate(course: CourseTree, *languages: str) -> None:
    for language in languages:
        Page.objects.filter(pk=course.lessons[language][0].pk).update(live=False)


def not_translated(client: Client, course: CourseTree) -> Any:
    return client.get(f"/en/untranslated/{course.lessons['fr'][0].translation_key}/")


@pytest.mark.parametrize("kind", [LOGIN, PASSWORD])
@pytest.mark.parametrize("above", [False, True])
def test_the_languages_of_a_private_page_arent_told(
    client: Client, course: CourseTree, kind: str, above: bool
) -> None:
    untranslate(course, "en")
    restrict(course.pages["fr"] if above else course.lessons["fr"][0], kind)

    page = not_translated(client, course)

    assert "Lesson 1.1 ar" in page.content.decode()
    assert "Lesson 1.1 fr" not in page.content.decode()


def test_a_page_private_in_each_language_isnt_there(client: Client, course: CourseTree) -> None:
    untranslate(course, "en")
    for language in ("fr", "ar"):
        restrict(course.pages[language], LOGIN)

    page = not_translated(client, course)

    assert page.status_code == 404
    assert "Lesson 1.1" not in page.content.decode()


def test_whoever_may_open_it_is_told(client: Client, course: CourseTree) -> None:
    untranslate(course, "en")
    restrict(course.pages["fr"], LOGIN)
    client.force_login(UserFactory())

    assert "Lesson 1.1 fr" in not_translated(client, course).content.decode()


def test_a_page_below_an_unpublished_one_is_no_translation(client: Client, course: CourseTree) -> None:
    untranslate(course, "en")
    Page.objects.filter(pk=course.modules["fr"][0].pk).update(live=False)

    page = not_translated(client, course)

    assert "Lesson 1.1 ar" in page.content.decode()
    assert "Lesson 1.1 fr" not in page.content.decode()
