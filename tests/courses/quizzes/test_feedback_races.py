"""Checking while it is submitted, and marking by two at once, on a database that locks rows."""
# ruff: noqa: F811

from typing import Any

import pytest
from django.utils import timezone

from courses.progress.models import ActivityCompletion
from courses.quizzes.domain.attempts import save_answer, submit
from courses.quizzes.domain.checking import check
from courses.quizzes.domain.marking import MarkRefusal, MarkRefused, mark
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.replay import replay
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import AnswerEntry, Attempt, Check, Marking
from tests.courses.quizzes.test_races import quiz  # noqa: F401  (a fixture)
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import QuizTree, choice_id, make_quiz, start_quiz, take_quiz
from tests.races import ROW_LOCKS, at_once, while_held

pytestmark = ROW_LOCKS


@pytest.fixture
def checked_quiz(quiz: QuizTree) -> QuizTree:
    """Tells right or wrong at once; what was checked stands."""
    return make_quiz(quiz.course, "numeric", "numeric", slug="checked", feedback_mode="immediate")


def answered(quiz: QuizTree) -> tuple[Any, Attempt]:
    """A learner with both answers saved, the first of them wrong."""
    learner = UserFactory()
    attempt = start_quiz(learner, quiz)
    save_answer(learner, attempt.uuid, quiz.question_key(0), quiz.wrong(0), at=timezone.now())
    save_answer(learner, attempt.uuid, quiz.question_key(1), quiz.right(1), at=timezone.now())
    return learner, attempt


def test_the_same_check_by_many_is_one(checked_quiz):
    learner, attempt = answered(checked_quiz)

    made = at_once(lambda _: check(learner, attempt.uuid, checked_quiz.question_key(0), at=timezone.now()).pk)

    assert len(set(made)) == 1
    assert Check.objects.count() == 1


def test_a_check_and_a_submission_at_once_agree_on_what_was_checked(checked_quiz):
    learner, attempt = answered(checked_quiz)

    def act(number: int) -> str:
        if number == 0:
            submit(learner, attempt.uuid, at=timezone.now())
            return "submitted"
        try:
            check(learner, attempt.uuid, checked_quiz.question_key(0), at=timezone.now())
        except Refused as refused:
            return refused.reason
        return "checked"

    outcomes = at_once(act)

    assert set(outcomes) <= {"submitted", "checked", Refusal.SUBMITTED}
    assert Check.objects.count() == int("checked" in outcomes)
    graded = Attempt.objects.get()
    assert (graded.status, graded.percent) == (AttemptStatus.SUBMITTED, 50)
    assert replay(graded, list(AnswerEntry.objects.filter(attempt=graded))).identical


@pytest.mark.parametrize("first", ["check", "submit"])
def test_whichever_comes_first_the_other_sees_it(checked_quiz, first):
    learner, attempt = answered(checked_quiz)

    def checks() -> str:
        try:
            check(learner, attempt.uuid, checked_quiz.question_key(0), at=timezone.now())
        except Refused as refused:
            return refused.reason
        return "checked"

    def submits() -> str:
        return str(submit(learner, attempt.uuid, at=timezone.now()).status)

    found = while_held(checks, submits) if first == "check" else while_held(submits, checks)

    assert found == (
        ("checked", AttemptStatus.SUBMITTED)
        if first == "check"
        else (AttemptStatus.SUBMITTED, Refusal.SUBMITTED)
    )
    assert Check.objects.count() == int(first == "check")


# Marking


@pytest.fixture
def waiting(quiz: QuizTree) -> tuple[QuizTree, Attempt]:
    """An attempt whose two open answers wait for marks of up to 2 and 3 points each."""
    asked = make_quiz(quiz.course, "open_answer", "open_answer", slug="open")
    return asked, take_quiz(UserFactory(), asked)


def gives(waiting: tuple[QuizTree, Attempt], number: int, first: int, by: Any) -> str:
    quiz, attempt = waiting
    key = quiz.question_key(number)
    marks = {choice_id(key, 0): first, choice_id(key, 1): 3}
    try:
        mark(attempt.uuid, key, marks, "", by=by, at=timezone.now(), after=0)
    except MarkRefused as refused:
        return refused.reason
    return "marked"


def test_of_several_who_mark_one_answer_at_once_one_counts(waiting):
    trainers = [UserFactory() for _ in range(4)]

    found = at_once(lambda number: gives(waiting, 0, number % 3, trainers[number]), times=4)

    assert sorted(found) == sorted(["marked"] + [MarkRefusal.MARKED_MEANWHILE] * 3)
    assert Marking.objects.count() == 1
    assert Attempt.objects.get().status == AttemptStatus.TO_MARK


def test_the_last_two_marks_at_once_make_one_grade_and_one_completion(waiting):
    trainers = [UserFactory() for _ in range(2)]

    found = at_once(lambda number: gives(waiting, number, 2, trainers[number]), times=2)

    assert found == ["marked", "marked"]
    graded = Attempt.objects.get()
    assert (graded.status, graded.percent, graded.passed) == (AttemptStatus.SUBMITTED, 100, True)
    assert ActivityCompletion.objects.count() == 1
