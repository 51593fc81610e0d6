from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from courses.lib.clock import add_months
from courses.quizzes import tasks
from courses.quizzes.domain import purge
from courses.quizzes.domain.attempts import save_answer, submit
from courses.quizzes.domain.personal_data import erase, export
from courses.quizzes.domain.purge import kept_since, purge_answers
from courses.quizzes.models import AnswerEntry, Attempt
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_quiz, start_quiz, take_quiz

NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)
LONG_AGO, LATELY = NOW - timedelta(days=400), NOW - timedelta(days=30)


def aged(attempt, at):
    """The attempt as if it had been started (and submitted) then."""
    Attempt.objects.filter(pk=attempt.pk).update(started_at=at)
    Attempt.objects.filter(pk=attempt.pk, submitted_at__isnull=False).update(submitted_at=at)
    attempt.refresh_from_db()
    return attempt


def taken(user, quiz, at, **how):
    return aged(take_quiz(user, quiz, **how), at)


def entries(attempt):
    return AnswerEntry.objects.filter(attempt=attempt).count()


# Midnight in Tunis is 23:00 UTC of the day before.
@pytest.mark.parametrize(
    ("now", "months", "first_kept"),
    [
        (datetime(2026, 7, 2, 12, tzinfo=UTC), 12, datetime(2025, 7, 1, 23, tzinfo=UTC)),
        (datetime(2026, 7, 1, 22, 59, 59, tzinfo=UTC), 12, datetime(2025, 6, 30, 23, tzinfo=UTC)),
        (datetime(2026, 7, 1, 23, tzinfo=UTC), 12, datetime(2025, 7, 1, 23, tzinfo=UTC)),
        # A leap day: kept through 28 February of the next year, as the day before it.
        (datetime(2029, 2, 28, 12, tzinfo=UTC), 12, datetime(2028, 2, 27, 23, tzinfo=UTC)),
        (datetime(2029, 3, 1, 12, tzinfo=UTC), 12, datetime(2028, 2, 29, 23, tzinfo=UTC)),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), 12, datetime(2027, 2, 28, 23, tzinfo=UTC)),
        (datetime(2028, 3, 1, 12, tzinfo=UTC), 12, datetime(2027, 2, 28, 23, tzinfo=UTC)),
        # Shorter months.
        (datetime(2026, 2, 28, 12, tzinfo=UTC), 1, datetime(2026, 1, 27, 23, tzinfo=UTC)),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), 1, datetime(2026, 1, 31, 23, tzinfo=UTC)),
    ],
)
def test_answers_are_kept_for_whole_calendar_months_in_the_time_of_the_site(now, months, first_kept):
    assert kept_since(now, months) == first_kept


@pytest.mark.parametrize("months", [1, 6, 12, 13])
def test_every_day_goes_on_the_day_after_its_months_are_full(months):
    for ahead in range(800):
        day = date(2027, 1, 1) + timedelta(days=ahead)
        noon = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
        full = add_months(day, months)
        last_day = datetime(full.year, full.month, full.day, 11, tzinfo=UTC)
        assert kept_since(last_day, months) <= noon < kept_since(last_day + timedelta(days=1), months)


def test_old_answers_go_and_grade_paper_and_hashes_stay(quiz, learner):
    old = taken(learner, quiz, LONG_AGO, wrong=(3,))
    recent = taken(UserFactory(), quiz, LATELY)
    assert purge_answers(at=NOW) == 1
    kept = Attempt.objects.get(pk=old.pk)
    assert (entries(old), kept.results, kept.purged_at) == (0, {}, NOW)
    for name in (
        "paper",
        "answer_key",
        "paper_hash",
        "answers_hash",
        "percent",
        "passed",
        "score_num",
        "submitted_at",
    ):
        assert getattr(kept, name) == getattr(old, name)
    assert len(kept.answers_hash) == 64
    recent.refresh_from_db()
    assert (entries(recent), recent.purged_at, len(recent.results)) == (4, None, 4)


def test_again_it_finds_nothing_and_changes_no_date(quiz, learner):
    old = taken(learner, quiz, LONG_AGO)
    purge_answers(at=NOW)
    assert purge_answers(at=NOW + timedelta(days=1)) == 0
    old.refresh_from_db()
    assert old.purged_at == NOW


def test_the_last_attempt_of_the_enrolment_at_the_quiz_keeps_the_earlier_ones(quiz, learner):
    first = taken(learner, quiz, LONG_AGO, wrong=(0, 1))
    second = taken(learner, quiz, LATELY, wrong=(0, 1))
    other = make_quiz(quiz.course, slug="other", title="Other")
    elsewhere = taken(learner, other, LONG_AGO)
    assert purge_answers(at=NOW) == 1
    assert (entries(first), entries(second), entries(elsewhere)) == (4, 4, 0)
    assert purge_answers(at=NOW + timedelta(days=400)) == 2
    assert AnswerEntry.objects.count() == 0


def test_an_attempt_in_progress_keeps_the_others_while_it_is_recent(quiz, learner):
    old = taken(learner, quiz, LONG_AGO, wrong=(0, 1))
    aged(start_quiz(learner, quiz), LATELY)
    assert purge_answers(at=NOW) == 0
    assert entries(old) == 4


def test_an_attempt_never_submitted_goes_whole_and_another_may_begin(course, learner):
    quiz = make_quiz(course, "numeric", max_attempts=1)
    abandoned = aged(start_quiz(learner, quiz), LONG_AGO)
    save_answer(learner, abandoned.uuid, quiz.question_key(0), "30", at=LONG_AGO)
    assert purge_answers(at=NOW) == 1
    assert (Attempt.objects.count(), AnswerEntry.objects.count()) == (0, 0)
    assert purge_answers(at=NOW) == 0
    assert start_quiz(learner, quiz).number == 1


def test_an_old_attempt_with_a_recent_answer_goes_on(quiz, learner):
    running = aged(start_quiz(learner, quiz), LONG_AGO)
    save_answer(learner, running.uuid, quiz.question_key(3), "30", at=LATELY)
    assert purge_answers(at=NOW) == 0
    assert submit(learner, running.uuid, at=NOW).percent == 25


def test_the_salt_goes_with_the_answers_and_a_hash_without_salt_goes_whole(quiz, learner):
    salted, bare = taken(learner, quiz, LONG_AGO), taken(UserFactory(), quiz, LONG_AGO)
    Attempt.objects.filter(pk=bare.pk).update(answers_salt="", answers_hash="0" * 64)
    purge_answers(at=NOW)
    hashes = {attempt.pk: attempt.answers_hash for attempt in Attempt.objects.filter(answers_salt="")}
    assert hashes == {salted.pk: salted.answers_hash, bare.pk: ""}


def test_it_goes_batch_by_batch_and_a_crash_loses_none(quiz, monkeypatch):
    monkeypatch.setattr(purge, "BATCH", 2)
    attempts = [taken(UserFactory(), quiz, LONG_AGO) for _ in range(5)]
    whole, calls = purge._purge, []

    def crashes_in_the_second_batch(*args):
        calls.append(args)
        if len(calls) == 2:
            with transaction.atomic():
                whole(*args)
                raise DatabaseError
        return whole(*args)

    monkeypatch.setattr(purge, "_purge", crashes_in_the_second_batch)
    with pytest.raises(DatabaseError):
        purge_answers(at=NOW)
    assert [entries(attempt) for attempt in attempts] == [0, 0, 4, 4, 4]
    assert purge_answers(at=NOW) == 3
    assert AnswerEntry.objects.count() == 0


def test_an_attempt_started_meanwhile_is_seen_under_the_lock(quiz, learner, monkeypatch):
    old = taken(learner, quiz, LONG_AGO, wrong=(0, 1))
    found = purge._next_enrolments

    def then_somebody_starts(*args, **kwargs):
        ids = found(*args, **kwargs)
        if ids:
            start_quiz(learner, quiz)
        return ids

    monkeypatch.setattr(purge, "_next_enrolments", then_somebody_starts)
    assert purge_answers(at=NOW) == 0
    assert entries(old) == 4


def test_queries_of_a_batch(quiz, django_assert_num_queries):
    for _ in range(3):
        taken(UserFactory(), quiz, LONG_AGO)
    # Two looks for enrolments; savepoint, lock, attempts, entries read and deleted, checks, two updates, release; a
    # look for abandoned attempts; reasons of allowances.
    with django_assert_num_queries(15):
        assert purge_answers(at=NOW) == 3


def test_erasure_after_a_purge_takes_the_hash_too(quiz, learner):
    old = taken(learner, quiz, LONG_AGO)
    purge_answers(at=NOW)
    [told] = export(learner)
    assert (told["answers"], told["answers_removed_at"]) == ([], NOW.isoformat())
    erase(learner, timezone.now())
    old.refresh_from_db()
    assert (old.answers_hash, old.purged_at, old.percent) == ("", NOW, 100)


def test_a_purge_after_erasure_changes_nothing(quiz, learner):
    old = taken(learner, quiz, LONG_AGO)
    erase(learner, LATELY)
    assert purge_answers(at=NOW) == 0
    old.refresh_from_db()
    assert old.purged_at == LATELY


def test_the_daily_job_is_registered(quiz, learner):
    from courses.plugin_api.registries import periodic_jobs

    job = periodic_jobs["quizzes.purge"]
    assert (job.task, job.every_seconds) == ("courses.quizzes.tasks.purge_old_answers", 86400)
    old = aged(take_quiz(learner, quiz), timezone.now() - timedelta(days=400))
    tasks.purge_old_answers()
    assert entries(old) == 0


@pytest.mark.parametrize(("months", "errors"), [(12, 0), (1, 0), (0, 1), (-1, 1)])
def test_the_setting_is_checked(settings, months, errors):
    from courses.quizzes.checks import check_answers_kept

    settings.QUIZ_ANSWERS_KEPT_MONTHS = months
    assert len(check_answers_kept(None)) == errors
