"""What the ledger tells a person of themselves."""

import pytest
from django.utils import translation
from wagtail.models import Page

from courses.progress.domain.personal_data import export
from courses.progress.domain.recording import record_opening
from courses.progress.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.courses import make_course
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner(course):
    """Has read the first two lessons and opened the first."""
    user = UserFactory()
    enrolment = make_enrolment(user, course, done=2)
    record_opening(
        enrolment,
        course.lessons["fr"][0].translation_key,
        locale="fr",
        revision_id=None,
        at=enrolment.enrolled_at,
    )
    return user


def shown(client, language):
    page = client.get(f"/{language}/account/data/").content.decode()
    start = page.index("<h2>", page.index("<main"))
    return page[start : page.index("</main>")]


def test_the_file_has_keys_and_titles_in_the_language_of_the_reader(course, learner):
    with translation.override("ar"):
        (enrolment,) = export(learner)

    first = course.lessons["fr"][0].translation_key
    assert (enrolment["course"], enrolment["course_key"]) == ("Course JUR ar", str(course.key))
    assert [(row["activity"], row["title"]) for row in enrolment["lessons_opened"]] == [
        (str(first), "Lesson 1.1 ar")
    ]
    assert [(row["title"], row["kind"]) for row in enrolment["completions"]] == [
        ("Lesson 1.1 ar", "lesson"),
        ("Lesson 1.2 ar", "lesson"),
    ]


def test_a_title_that_has_no_translation_is_the_one_of_the_site(course, learner):
    Page.objects.filter(pk=course.lessons["ar"][0].pk).update(live=False)

    with translation.override("ar"):
        (enrolment,) = export(learner)

    assert [row["title"] for row in enrolment["completions"]] == ["Lesson 1.1 fr", "Lesson 1.2 ar"]


def test_what_is_gone_has_no_title_and_the_course_the_one_of_its_day(course, learner):
    Page.objects.filter(depth__gt=3).update(live=False)

    (enrolment,) = export(learner)

    assert enrolment["course"] == "Course JUR fr"
    assert {row["title"] for row in enrolment["completions"]} == {None}


@pytest.mark.parametrize("number", [1, 3])
def test_queries_dont_grow(site, number, django_assert_num_queries):
    user = UserFactory()
    for n in range(number):
        make_enrolment(user, make_course(site, code=f"C{n}"), done=2)

    # Enrolments, openings, completions, titles.
    with django_assert_num_queries(4):
        export(user)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ["Lesson 1.1 fr", "50\u00a0%", "Français", "leçon"]),
        ("ar", ["Lesson 1.1 ar", "50%", "درس"]),
        ("en", ["Lesson 1.1 en", "50 %", "French", "lesson"]),
    ],
)
def test_the_page_shows_titles_and_words_and_no_key(client, course, learner, language, words):
    client.force_login(learner)

    page = shown(client, language)

    assert [word for word in words if word not in page] == []
    assert str(course.key) not in page
    assert str(course.lessons["fr"][0].translation_key) not in page


def test_the_page_says_what_is_no_longer_published(client, course, learner):
    Page.objects.filter(translation_key=course.lessons["fr"][0].translation_key).update(live=False)
    client.force_login(learner)

    assert shown(client, "en").count("no longer published") == 2
    assert Enrolment.objects.count() == 1
