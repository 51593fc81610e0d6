from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from courses.progress.domain.recording import record_opening
from courses.progress.models import CourseProgress, Enrolment
from courses.quizzes.domain.attempts import save_answer, start, submit
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.reopening import is_due, lessons_to_read, to_read
from courses.quizzes.models import Attempt, LearningObjective
from tests.factories.quizzes import make_question, make_quiz, take_quiz

NOW = timezone.now()


@given(passes=st.lists(st.booleans(), max_size=12), every=st.integers(0, 4))
def test_due_after_every_so_many_failures_and_never_after_a_pass(passes, every):
    due = is_due(passes, every)

    if every == 0 or any(passes) or not passes:
        assert not due
    else:
        assert due == (len(passes) % every == 0)


def test_lessons_opened_before_the_failure_are_to_be_opened_again():
    before, failed, after = NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1)

    assert to_read({"a", "b", "c", "gone"}, failed, {"a": before, "b": after}, {"a", "b", "c"}) == {"a", "c"}
    assert to_read({"a"}, failed, {"a": failed}, {"a"}) == {"a"}


@pytest.fixture
def lessons(course):
    return [lesson.translation_key for lesson in course.lessons["fr"][:2]]


@pytest.fixture
def quiz(course, lessons):
    """Two questions, each on a lesson of its own; read again after every second failure."""
    objectives = [
        LearningObjective.objects.create(statement={"fr": f"Objectif {number}"}, lesson_key=key)
        for number, key in enumerate(lessons)
    ]
    questions = [make_question("true_false", objective=objective) for objective in objectives]
    return make_quiz(course, questions=questions, pass_mark=100, reopen_after=2)


def fail(user, quiz, *wrong):
    """A failed attempt, submitted an hour ago: what is opened now comes after it."""
    attempt = take_quiz(user, quiz, wrong=wrong)
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=NOW - timedelta(hours=2), submitted_at=NOW - timedelta(hours=1)
    )
    return attempt.enrolment


def reading(enrolment, quiz):
    attempts = list(Attempt.objects.filter(enrolment=enrolment).order_by("number"))
    return [row.key for row in lessons_to_read(enrolment, attempts, 2, "fr")]


def open_lesson(key, at):
    enrolment = Enrolment.objects.select_related("progress").get()
    record_opening(enrolment, key, locale="fr", revision_id=None, at=at)


@pytest.mark.django_db
def test_the_lessons_of_what_was_missed_are_opened_before_the_next_attempt(learner, quiz, lessons):
    first, second = lessons
    enrolment = fail(learner, quiz, 0)
    assert reading(enrolment, quiz) == []
    fail(learner, quiz, 0, 1)
    assert reading(enrolment, quiz) == [first, second]

    with pytest.raises(Refused) as refusal:
        start(enrolment, quiz.key, locale="fr", at=NOW)
    assert refusal.value.reason == Refusal.READ_FIRST

    open_lesson(first, NOW)
    assert reading(enrolment, quiz) == [second]
    open_lesson(second, NOW)
    attempt = start(enrolment, quiz.key, locale="fr", at=NOW)
    # A third failure asks for nothing, a fourth does again.
    submit(learner, attempt.uuid, at=NOW + timedelta(minutes=1))
    assert reading(enrolment, quiz) == []


@pytest.mark.django_db
def test_a_lesson_read_before_counts_once_it_is_opened_again(learner, quiz, lessons):
    fail(learner, quiz, 0)
    open_lesson(lessons[0], NOW - timedelta(hours=3))
    enrolment = fail(learner, quiz, 0)
    assert reading(enrolment, quiz) == [lessons[0]]

    # The learner is still there by the ledger; opening it again is noted all the same.
    assert CourseProgress.objects.get().last_activity_key == lessons[0]
    open_lesson(lessons[0], NOW)

    assert reading(enrolment, quiz) == []


@pytest.mark.django_db
def test_what_is_no_longer_there_is_not_asked_for(learner, quiz, course, lessons):
    enrolment = fail(learner, quiz, 0)
    fail(learner, quiz, 0, 1)
    for page in course.lessons.values():
        page[0].unpublish()

    assert reading(enrolment, quiz) == [lessons[1]]

    # Nor by answers that were removed.
    Attempt.objects.update(purged_at=NOW, results={})
    assert reading(enrolment, quiz) == []


@pytest.mark.django_db
def test_a_quiz_without_the_rule_costs_no_query(learner, quiz, django_assert_num_queries):
    enrolment = fail(learner, quiz, 0)
    attempts = list(Attempt.objects.all())

    with django_assert_num_queries(0):
        assert lessons_to_read(enrolment, attempts, 0, "fr") == []
        assert lessons_to_read(enrolment, attempts, 2, "fr") == []


@pytest.mark.django_db
def test_a_right_answer_of_the_same_question_asks_for_nothing(learner, quiz):
    enrolment = fail(learner, quiz, 0)
    attempt = start(enrolment, quiz.key, locale="fr", at=NOW - timedelta(minutes=50))
    save_answer(learner, attempt.uuid, quiz.question_key(0), quiz.right(0), at=NOW - timedelta(minutes=49))
    submit(learner, attempt.uuid, at=NOW - timedelta(minutes=48))

    assert len(reading(enrolment, quiz)) == 1
