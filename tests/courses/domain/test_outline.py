"""What belongs to a course, in which order, and in which language it is shown."""

import uuid

import pytest
from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page

from courses.domain.outline import (
    CourseNotFound,
    course_key_of,
    course_key_of_code,
    outline_of,
    shown_outline,
)
from courses.domain.outline_guard import unavailable_below
from tests.factories.courses import make_checklist

pytestmark = pytest.mark.django_db


def titles(outline):
    return [activity.title for activity in outline.activities()]


def test_activities_come_in_the_order_of_the_tree(course):
    assert titles(outline_of(course.key, "fr")) == [
        "Lesson 1.1 fr",
        "Lesson 1.2 fr",
        "Lesson 2.1 fr",
        "Lesson 2.2 fr",
    ]


def test_titles_and_addresses_are_of_the_language_asked_for(course):
    outline = outline_of(course.key, "ar")

    activity = next(outline.activities())
    assert (outline.language, activity.title, activity.language) == ("ar", "Lesson 1.1 ar", "ar")
    assert activity.url == course.url(course.lessons["ar"][0])
    assert activity.urls == {code: course.url(course.lessons[code][0]) for code in ("fr", "ar", "en")}


def test_a_missing_translation_never_shortens_a_course(course):
    Page.objects.get(pk=course.lessons["ar"][1].pk).delete()

    outline = outline_of(course.key, "ar")

    assert titles(outline) == ["Lesson 1.1 ar", "Lesson 1.2 fr", "Lesson 2.1 ar", "Lesson 2.2 ar"]
    assert [activity.language for activity in outline.activities()] == ["ar", "fr", "ar", "ar"]


def test_a_course_that_exists_only_in_another_language_is_shown_in_that_one(course):
    for code in ("fr", "en"):
        Page.objects.get(pk=course.pages[code].pk).delete()

    assert outline_of(course.key, "en").language == "ar"


def test_a_checklist_is_a_link_and_no_activity(course):
    make_checklist(course)

    outline = outline_of(course.key, "fr")

    assert len(list(outline.activities())) == 4
    assert [link.title for link in outline.modules[0].links] == ["Mon association"]


def test_an_activity_whose_plugin_is_off_stays_required_and_unavailable(course):
    absent = ContentType.objects.create(app_label="acme_polls", model="pollpage")
    Page.objects.filter(pk=course.lessons["fr"][0].pk).update(content_type=absent)

    activity = next(outline_of(course.key, "fr").activities())

    assert (activity.kind, activity.required, activity.available, activity.assessed) == (
        "",
        True,
        False,
        True,
    )


def test_the_page_of_an_absent_plugin_says_unavailable_and_can_t_be_deleted(course, client, admin_client):
    absent = ContentType.objects.create(app_label="acme_polls", model="pollpage")
    lesson = course.lessons["fr"][0]
    url = course.url(lesson)
    Page.objects.filter(pk=lesson.pk).update(content_type=absent)

    response = client.get(url)

    assert response.status_code == 503
    assert unavailable_below(Page.objects.get(pk=course.pages["fr"].pk)) is True
    refused = admin_client.post(f"/admin/pages/{course.modules['fr'][0].pk}/delete/")
    assert refused.status_code == 302
    assert Page.objects.filter(pk=lesson.pk).count() == 1


@pytest.mark.parametrize("change", ["publish", "unpublish", "delete"])
def test_the_kept_outline_is_dropped_when_a_page_changes(course, change):
    shown_outline(course.key, "fr")
    lesson = Page.objects.get(pk=course.lessons["fr"][0].pk).specific
    if change == "publish":
        lesson.title = "Renamed"
        lesson.save_revision().publish()
    elif change == "unpublish":
        lesson.unpublish()
    else:
        lesson.delete()

    found = titles(shown_outline(course.key, "fr"))

    assert found[0] == ("Renamed" if change == "publish" else "Lesson 1.2 fr")


def test_keys_and_codes_lead_to_the_course(course):
    assert course_key_of(Page.objects.get(pk=course.lessons["ar"][0].pk)) == course.key
    assert course_key_of(Page.objects.get(pk=course.pages["ar"].pk)) == course.key
    assert course_key_of_code("jur") == course.key
    with pytest.raises(CourseNotFound):
        course_key_of(Page.objects.get(pk=course.site.home["fr"].pk))
    with pytest.raises(CourseNotFound):
        course_key_of_code("none")
    with pytest.raises(CourseNotFound):
        outline_of(uuid.uuid4(), "fr")
