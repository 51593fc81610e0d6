"""Removing old answers while their owner starts again or submits, on a database that locks rows."""
# ruff: noqa: F811

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from courses.accounts.api import User
from courses.quizzes.domain.attempts import AttemptNotFound, Refused, save_answer, start, submit
from courses.quizzes.domain.objections import contest
from courses.quizzes.domain.personal_data import erase
from courses.quizzes.domain.purge import purge_answers
from courses.quizzes.models import AnswerEntry, Attempt, Objection
from tests.courses.quizzes.test_races import quiz  # noqa: F401  (a fixture)
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import QuizTree, start_quiz, take_quiz
from tests.races import ROW_LOCKS, at_once, while_held

pytestmark = ROW_LOCKS
NOW = timezone.now()
LONG_AGO = NOW - timedelta(days=500)


def aged(attempt: Attempt, at: datetime = LONG_AGO) -> Attempt:
    Attempt.objects.filter(pk=attempt.pk).update(started_at=at)
    Attempt.objects.filter(pk=attempt.pk, submitted_at__isnull=False).update(submitted_at=at)
    attempt.refresh_from_db()
    return attempt


@pytest.fixture
def failed(quiz: QuizTree) -> Attempt:
    """A first attempt, failed long ago: its answers are due."""
    return aged(take_quiz(UserFactory(), quiz, wrong=(0, 1, 2, 3)))


def started_again(failed: Attempt) -> Attempt:
    return start(failed.enrolment, failed.quiz_key, locale="fr", at=NOW)


def purge() -> int:
    return purge_answers(at=NOW)


def expect_whole_or_gone(attempt: Attempt) -> None:
    """Answers and what they say go together, and only with a date."""
    attempt.refresh_from_db()
    kept = AnswerEntry.objects.filter(attempt=attempt).count()
    assert (attempt.purged_at is None) == (kept == 4) == bool(attempt.results), (attempt.purged_at, kept)
    assert attempt.purged_at is None or kept == 0


def test_a_start_before_the_purge_commits_keeps_the_answers(failed: Attempt):
    begun, purged = while_held(lambda: started_again(failed), purge)

    assert (begun.number, purged) == (2, 0)
    failed.refresh_from_db()
    assert failed.purged_at is None
    assert AnswerEntry.objects.filter(attempt=failed).count() == 4


def test_a_start_waits_for_the_purge_and_leaves_its_work_alone(failed: Attempt):
    purged, begun = while_held(purge, lambda: started_again(failed))

    assert (purged, begun.number) == (1, 2)
    expect_whole_or_gone(failed)
    assert AnswerEntry.objects.count() == 0


def test_purges_and_starts_at_once_leave_answers_whole_or_gone(failed: Attempt):
    outcomes = at_once(lambda number: purge() if number % 2 else started_again(failed).uuid)

    purged, begun = [found for found in outcomes if isinstance(found, int)], set(outcomes[::2])
    assert (len(purged), len(begun)) == (4, 1)
    expect_whole_or_gone(failed)
    assert sum(purged) == int(failed.purged_at is not None)


@pytest.fixture
def forgotten(failed: Attempt, quiz: QuizTree) -> Attempt:
    """A second attempt, begun as long ago and answered rightly, never submitted."""
    attempt = start_quiz(failed.enrolment.user, quiz)
    for number in range(4):
        save_answer(
            failed.enrolment.user, attempt.uuid, quiz.question_key(number), quiz.right(number), at=LONG_AGO
        )
    return aged(attempt)


def submitted(attempt: Attempt) -> Any:
    try:
        return submit(attempt.enrolment.user, attempt.uuid, at=NOW).percent
    except (Refused, AttemptNotFound) as refusal:
        return refusal


def expect_one_truth(forgotten: Attempt) -> None:
    """Graded with all its answers, which are there; or gone, and so are its answers."""
    kept = AnswerEntry.objects.filter(attempt=forgotten.pk).count()
    found = Attempt.objects.filter(pk=forgotten.pk).values_list("status", "percent", "passed")
    assert (list(found), kept) in [([("submitted", 100, True)], 4), ([], 0)]


@pytest.mark.parametrize("order", ["submit first", "purge first"])
def test_a_submit_is_graded_with_all_its_answers_or_finds_none(
    forgotten: Attempt, failed: Attempt, order: str
):
    acts: list[Callable[[], Any]] = [lambda: submitted(forgotten), purge]
    while_held(*(acts if order == "submit first" else reversed(acts)))

    expect_one_truth(forgotten)
    expect_whole_or_gone(failed)
    if order == "submit first":
        assert Attempt.objects.get(pk=forgotten.pk).percent == 100
        # The quiz was taken today: what was answered before belongs to it.
        assert failed.purged_at is None


def test_purges_and_submits_at_once_leave_one_truth(forgotten: Attempt, failed: Attempt):
    at_once(lambda number: purge() if number % 2 else submitted(forgotten))

    expect_one_truth(forgotten)
    expect_whole_or_gone(failed)


def erased(user: User) -> None:
    with transaction.atomic():
        erase(user, NOW)


def test_erasing_keeps_what_is_submitted_meanwhile(forgotten: Attempt):
    while_held(lambda: submitted(forgotten), lambda: erased(forgotten.enrolment.user))

    kept = Attempt.objects.get(pk=forgotten.pk)
    assert (kept.percent, kept.passed, kept.purged_at, kept.results) == (100, True, NOW, {})
    assert AnswerEntry.objects.count() == 0


def test_what_is_objected_while_erasing_goes_too(failed: Attempt, quiz: QuizTree):
    user, key = failed.enrolment.user, quiz.question_key(0)
    words = "The second answer is right too."
    while_held(lambda: contest(user, failed.uuid, key, words, locale="fr", at=NOW), lambda: erased(user))

    assert Objection.objects.get().text == ""


def saved(attempt: Attempt, quiz: QuizTree) -> Any:
    """The receipt of an answer of today; None where the attempt is gone."""
    try:
        return save_answer(attempt.enrolment.user, attempt.uuid, quiz.question_key(3), "31", at=NOW)
    except AttemptNotFound:
        return None


def test_an_answer_saved_before_the_purge_commits_keeps_its_attempt(forgotten: Attempt, quiz: QuizTree):
    receipt, _purged = while_held(lambda: saved(forgotten, quiz), purge)

    assert receipt is not None
    assert AnswerEntry.objects.filter(attempt__uuid=forgotten.uuid).count() == 5


def test_answers_and_purges_at_once_lose_no_receipted_answer(forgotten: Attempt, quiz: QuizTree):
    outcomes = at_once(lambda number: purge() if number % 2 else saved(forgotten, quiz))

    receipts = [outcome for outcome in outcomes[::2] if outcome is not None]
    assert AnswerEntry.objects.filter(attempt__uuid=forgotten.uuid).count() == (5 if receipts else 0)
    assert Attempt.objects.filter(uuid=forgotten.uuid).exists() == bool(receipts)
