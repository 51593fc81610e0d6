"""What a learner sees of a course that changed while they were in it."""

from datetime import UTC, datetime, timedelta

import pytest
from wagtail.models import Page

from courses.domain.outline import forget_outline
from courses.models import LessonPage
from courses.progress.domain.learning import learning_of
from courses.progress.models import CourseProgress, Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db
ENROLLED = datetime(2026, 2, 12, 9, 30, tzinfo=UTC)
BEFORE, AFTER = ENROLLED - timedelta(days=30), ENROLLED + timedelta(days=3)


@pytest.fixture
def learner(course):
    """Enrolled on 12 February in a course of January, two of four lessons done."""
    user = UserFactory()
    make_enrolment(user, course, done=2)
    Enrolment.objects.update(enrolled_at=ENROLLED)
    Page.objects.update(first_published_at=BEFORE)
    return user


def add(course, at=AFTER, **fields):
    """A lesson in the first module, first published then."""
    made = course.add_to_module(LessonPage, 0, title="Foreign aid", slug="foreign-aid", **fields)
    Page.objects.filter(pk__in=[page.pk for page in made.values()]).update(first_published_at=at)
    forget_outline(course.key)
    return made


def added(user, language="fr"):
    (learning,) = learning_of(user, language)
    return [(activity.title, activity.url) for activity in learning.added]


def test_a_course_that_did_not_change_says_nothing(course, learner):
    assert added(learner) == []


def test_what_was_published_after_the_enrolment_is_named(course, learner):
    made = add(course)

    assert added(learner, "ar") == [("Foreign aid", course.url(made["ar"]))]


@pytest.mark.parametrize("changes", [{"at": BEFORE}, {"at": None}, {"required": False}])
def test_what_was_there_before_or_isnt_asked_for_is_not(course, learner, changes):
    add(course, **changes)

    assert added(learner) == []


def test_only_what_counts_for_completion_is_named(course, learner):
    """With the rule 'all quizzes', a new lesson changes nothing for anybody."""
    for page in course.pages.values():
        page.pass_rule = "all_assessed"
        page.save()

    add(course)

    assert added(learner) == []


def test_once_it_is_done_it_is_no_news(course, learner):
    made = add(course)
    enrolment = Enrolment.objects.get()
    enrolment.completions.create(
        activity_key=made["fr"].translation_key, kind="lesson", locale="fr", completed_at=AFTER
    )

    assert added(learner) == []


def test_who_has_completed_the_course_is_told_nothing(course, learner):
    CourseProgress.objects.update(percent=100, completed_at=ENROLLED, completed_locale="fr")

    add(course)

    assert added(learner) == []


def test_a_course_imported_anew_added_nothing(course, learner):
    Page.objects.update(first_published_at=AFTER)

    assert added(learner) == []


def test_it_is_told_on_the_course_page_and_on_my_learning_and_to_nobody_who_is_done(client, course, learner):
    add(course)
    client.force_login(learner)
    urls = [course.url(course.pages["en"]), "/en/my-learning/"]
    words = "Added to the course since you enrolled:"

    told = [client.get(url).content.decode().count(words) for url in urls]
    CourseProgress.objects.update(percent=100, completed_at=ENROLLED, completed_locale="fr")
    afterwards = [client.get(url).content.decode().count(words) for url in urls]

    assert (told, afterwards) == ([1, 1], [0, 0])
