"""Course pages as a visitor meets them."""

import pytest
from django.utils import translation
from wagtail.models import Page

from tests.factories.accounts import UserFactory
from tests.factories.courses import make_checklist, make_course

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_a_lesson_opens_without_an_account(client, course, language):
    lesson = course.lessons[language][0]

    response = client.get(course.url(lesson))

    assert response.status_code == 200
    content = response.content.decode()
    assert f"Text 1.1 {language}" in content
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in content


@pytest.mark.needs_plugin("courses.progress")
def test_reading_without_an_account_leaves_no_record(client, course):
    from courses.progress.models import Enrolment, LessonOpening

    client.get(course.url(course.lessons["fr"][0]))

    assert LessonOpening.objects.count() == 0
    assert Enrolment.objects.count() == 0
    assert client.session.keys() == set() or not client.cookies.get("sessionid")


@pytest.mark.parametrize("page", ["course", "module", "lesson"])
def test_every_level_names_what_lies_below(client, course, page):
    target = {
        "course": course.pages["fr"],
        "module": course.modules["fr"][0],
        "lesson": course.lessons["fr"][0],
    }[page]

    response = client.get(course.url(target))

    assert response.status_code == 200
    assert "Lesson 1.2 fr" in response.content.decode()


@pytest.mark.parametrize("hidden", ["lesson", "module", "course"])
def test_an_unpublished_page_hides_itself_and_all_below(client, course, hidden):
    pages = {
        "lesson": course.lessons["fr"][0],
        "module": course.modules["fr"][0],
        "course": course.pages["fr"],
    }
    url = course.url(course.lessons["fr"][0])
    page = Page.objects.get(pk=pages[hidden].pk)
    page.live = False
    page.save()

    assert client.get(url).status_code == 404


def test_an_unknown_address_below_a_course_is_not_found(client, course):
    assert client.get(course.url(course.pages["fr"]) + "nothing/").status_code == 404


def test_the_language_switch_leads_to_the_same_lesson(client, course):
    response = client.get(course.url(course.lessons["fr"][3]))

    arabic = course.url(course.lessons["ar"][3])
    assert f'href="{arabic}"' in response.content.decode()


def test_a_missing_translation_is_said_with_the_languages_there_are(client, course):
    lesson = course.lessons["en"][0]
    key = lesson.translation_key
    Page.objects.get(pk=lesson.pk).delete()

    response = client.get(f"/en/untranslated/{key}/")

    assert response.status_code == 404
    content = response.content.decode()
    assert course.url(course.lessons["fr"][0]) in content
    assert course.url(course.lessons["ar"][0]) in content


def test_law_not_rechecked_for_six_months_says_so(client, course):
    from freezegun import freeze_time

    url = course.url(course.lessons["fr"][0])
    with translation.override("fr"):
        with freeze_time("2026-08-28"):
            fresh = client.get(url).content.decode()
        with freeze_time("2026-08-29"):
            stale = client.get(url).content.decode()
    assert "notice--warning" not in fresh
    assert "notice--warning" in stale


def test_a_checklist_has_no_form_and_names_its_advice(client, course):
    page = make_checklist(course)["fr"]

    response = client.get(course.url(page))

    content = response.content.decode()
    main = content[content.index("<main") : content.index("</main>")]
    assert response.status_code == 200
    assert "<form" not in main
    assert "Ouvrir un registre." in main


def test_catalogue_filters_and_finds_words_of_a_body(client, course):
    make_course(course.site, code="PLA", theme="advocacy")
    url = course.url(course.site.catalogue["fr"])

    everything = client.get(url).content.decode()
    advocacy = client.get(url, {"theme": "advocacy"}).content.decode()
    ignored = client.get(url, {"theme": "no-such-theme"}).content.decode()

    assert "Course JUR fr" in everything
    assert "Course JUR fr" not in advocacy
    assert "Course PLA fr" in advocacy
    assert "Course JUR fr" in ignored


def test_the_catalogue_shortcut_leads_to_the_catalogue_of_the_language(client, course):
    response = client.get("/ar/catalogue/")

    assert response.status_code == 302
    assert response.url.endswith(course.url(course.site.catalogue["ar"]))


@pytest.mark.needs_plugin("courses.progress")
@pytest.mark.parametrize("lessons", [1, 3])
def test_queries_of_a_signed_in_lesson_don_t_grow_with_the_course(
    client, site, regions, django_assert_num_queries, lessons
):
    from tests.factories.progress import make_enrolment

    course = make_course(site, modules=2, lessons=lessons)
    user = UserFactory(region=regions.kasserine)
    make_enrolment(user, course, done=1)
    client.force_login(user)
    url = course.url(course.lessons["fr"][1])
    client.get(url)

    with django_assert_num_queries(11):
        assert client.get(url).status_code == 200
