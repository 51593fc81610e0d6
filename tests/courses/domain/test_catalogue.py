"""The catalogue and its search name what the visitor may open."""

import pytest
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from tests.courses.test_views import LOGIN, PASSWORD, restrict
from tests.factories.accounts import UserFactory
from tests.factories.courses import CourseTree, make_course


def titles(client: Client, course: CourseTree, words: str = "") -> set[str]:
    response = client.get(course.url(course.site.catalogue["fr"]), {"q": words} if words else {})
    return {page.title for name in ("courses", "found") for page in response.context[name]}


@pytest.mark.parametrize("kind", [LOGIN, PASSWORD])
def test_a_private_course_is_neither_listed_nor_found(client: Client, course: CourseTree, kind: str) -> None:
    other = make_course(course.site, code="PUB")
    restrict(course.pages["fr"], kind)

    assert titles(client, course) == {other.pages["fr"].title}
    assert "Course JUR fr" not in titles(client, course, "Course")
    found = client.get(course.url(course.site.catalogue["fr"]), {"q": "Lesson"}).context["found"]
    assert {page.get_parent().get_parent().pk for page in found} == {other.pages["fr"].pk}


def test_whoever_may_open_a_private_course_finds_it(client: Client, course: CourseTree) -> None:
    restrict(course.pages["fr"], LOGIN)
    client.force_login(UserFactory())

    assert titles(client, course) == {"Course JUR fr"}
    assert "Lesson 1.1 fr" in titles(client, course, "Lesson")


def test_a_password_opens_the_list_too(client: Client, course: CourseTree) -> None:
    restrict(course.pages["fr"], PASSWORD)
    session = client.session
    session[PageViewRestriction.passed_view_restrictions_session_key] = [PageViewRestriction.objects.get().pk]
    session.save()

    assert titles(client, course) == {"Course JUR fr"}


@pytest.mark.parametrize("level", ["pages", "modules"])
def test_what_lies_below_an_unpublished_page_isnt_found(
    client: Client, course: CourseTree, level: str
) -> None:
    page = course.pages["fr"] if level == "pages" else course.modules["fr"][0]
    Page.objects.filter(pk=page.pk).update(live=False)

    assert "Lesson 1.1 fr" not in titles(client, course, "Lesson")
    assert ("Lesson 2.1 fr" in titles(client, course, "Lesson")) is (level == "modules")
