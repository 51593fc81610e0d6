from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.models import Q
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.quizzes.domain import refreshers
from courses.quizzes.domain.attempts import save_answer, start, submit
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.personal_data import erase, export
from courses.quizzes.domain.queries import attempts_at
from courses.quizzes.domain.refreshers import (
    NothingDue,
    NothingToAsk,
    due_at,
    due_of,
    end_expired,
    last_day,
    open_refresher,
    pick,
    remind,
    schedule,
)
from courses.quizzes.domain.remembering import passed as people_who_passed
from courses.quizzes.enums import AttemptPurpose, AttemptStatus
from courses.quizzes.models import Attempt, LearningObjective, Question, QuizItem, QuizPage, Refresher
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_question, make_quiz, take_quiz

pytestmark = pytest.mark.django_db

PASSED = datetime(2026, 3, 2, 10, tzinfo=UTC)
WEEK, MONTH = PASSED + timedelta(days=7), PASSED + timedelta(days=30)


def passed_at(attempt, at=PASSED):
    Attempt.objects.filter(pk=attempt.pk).update(started_at=at - timedelta(minutes=5), submitted_at=at)
    attempt.enrolment.completions.filter(activity_key=attempt.quiz_key).update(completed_at=at)
    return attempt


@pytest.fixture
def passed(learner, quiz):
    return passed_at(take_quiz(learner, quiz))


def answer_all(user, attempt, quiz, at, *, wrong=0):
    """Answers what is asked, `wrong` of it wrongly, and submits."""
    numbers = {quiz.question_key(number): number for number in range(len(quiz.questions))}
    for place, question in enumerate(Paper.load(attempt.paper).questions):
        number = numbers[question.key]
        raw = quiz.wrong(number) if place < wrong else quiz.right(number)
        save_answer(user, attempt.uuid, question.key, raw, at=at)
    return submit(user, attempt.uuid, at=at)


# Midnight in Tunis is 23:00 UTC of the day before.
@pytest.mark.parametrize(
    ("at", "days", "due"),
    [
        (datetime(2026, 3, 2, 10, tzinfo=UTC), 7, datetime(2026, 3, 8, 23, tzinfo=UTC)),
        (datetime(2026, 3, 2, 22, 59, tzinfo=UTC), 7, datetime(2026, 3, 8, 23, tzinfo=UTC)),
        (datetime(2026, 3, 2, 23, tzinfo=UTC), 7, datetime(2026, 3, 9, 23, tzinfo=UTC)),
        (datetime(2028, 2, 22, 10, tzinfo=UTC), 7, datetime(2028, 2, 28, 23, tzinfo=UTC)),
        (datetime(2028, 2, 29, 10, tzinfo=UTC), 30, datetime(2028, 3, 29, 23, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), 30, datetime(2027, 1, 30, 23, tzinfo=UTC)),
    ],
)
def test_due_from_the_first_moment_of_a_local_day(at, days, due):
    assert due_at(at, days) == due


def test_both_stages_are_made_once_whatever_runs_how_often(passed, django_assert_num_queries):
    assert schedule(at=PASSED + timedelta(hours=1)) == 2
    with django_assert_num_queries(6):
        assert schedule(at=PASSED + timedelta(days=1)) == 0

    rows = Refresher.objects.order_by("after_days")
    assert [(row.after_days, row.due_at) for row in rows] == [
        (days, due_at(PASSED, days)) for days in refreshers.STAGES
    ]
    assert {row.quiz_key for row in rows} == {passed.quiz_key}


def test_the_constraint_has_the_last_word(passed):
    schedule(at=WEEK)
    row = Refresher.objects.first()

    with pytest.raises(IntegrityError), transaction.atomic():
        Refresher.objects.create(
            enrolment=row.enrolment, quiz_key=row.quiz_key, after_days=row.after_days, due_at=row.due_at
        )


def test_the_first_pass_counts(learner, quiz):
    """A quiz may be passed again in theory (a correction, an older rule): the month runs from the first time."""
    first = passed_at(take_quiz(learner, quiz))
    Attempt.objects.create(
        **{
            name: getattr(first, name)
            for name in (
                *("enrolment", "quiz_key", "locale", "pass_mark", "paper", "answer_key", "paper_hash"),
                *("status", "score_num", "score_den", "max_points", "percent", "passed"),
            )
        },
        number=2,
        started_at=WEEK,
        submitted_at=WEEK,
    )

    schedule(at=WEEK)

    assert Refresher.objects.get(after_days=30).due_at == due_at(PASSED, 30)


def test_a_pass_is_the_completion_and_not_an_attempt_alone(learner, passed):
    """By the average, or the first one, an attempt that passed may not be enough, or only a later one is."""
    everybody = Q(enrolment__isnull=False)
    completions = passed.enrolment.completions.filter(activity_key=passed.quiz_key)
    completions.update(completed_at=WEEK)
    schedule(at=WEEK)
    assert Refresher.objects.get(after_days=30).due_at == due_at(WEEK, 30)
    assert list(people_who_passed(everybody)) == [learner]

    Refresher.objects.all().delete()
    completions.delete()
    assert schedule(at=WEEK) == 0
    assert not people_who_passed(everybody).exists()


def test_failures_and_quizzes_without_refreshers_get_none(learner, course):
    without = make_quiz(course, "true_false", slug="without", refreshers=False)
    failed = make_quiz(course, "true_false", slug="failed")
    passed_at(take_quiz(learner, without))
    passed_at(take_quiz(learner, failed, wrong=(0,)))

    assert schedule(at=WEEK) == 0


def test_a_quiz_that_is_no_longer_published_gets_none(passed, quiz):
    QuizPage.objects.filter(translation_key=quiz.key).update(live=False)

    assert schedule(at=WEEK) == 0


@pytest.mark.parametrize(
    ("days", "made"), [(20, {7, 30}), (21, {30}), (43, {30}), (44, set())], ids=lambda value: str(value)
)
def test_what_could_not_be_answered_any_more_is_never_made(passed, days, made):
    """Passes from before the site had refreshers don't all come back at once."""
    schedule(at=PASSED + timedelta(days=days))

    assert set(Refresher.objects.values_list("after_days", flat=True)) == made


def test_it_can_be_opened_from_its_day_for_two_weeks(learner, passed):
    schedule(at=PASSED)
    row = Refresher.objects.get(after_days=7)
    open_moments = [
        row.due_at - timedelta(seconds=1),
        row.due_at,
        row.due_at + timedelta(days=14) - timedelta(seconds=1),
        row.due_at + timedelta(days=14),
    ]

    assert [bool(due_of(learner, at=at)) for at in open_moments] == [False, True, True, False]
    assert due_of(UserFactory(), at=row.due_at) == []
    assert last_day(row).isoformat() == "2026-03-22"


def test_opening_twice_goes_on_with_the_same_attempt(learner, quiz, passed):
    schedule(at=PASSED)

    first = open_refresher(learner, quiz.key, locale="ar", at=WEEK)
    again = open_refresher(learner, quiz.key, locale="fr", at=WEEK + timedelta(hours=1))

    assert first == again
    assert (first.purpose, first.number, first.locale) == (AttemptPurpose.REFRESHER, 1, "ar")
    assert len(first.paper["questions"]) == refreshers.QUESTIONS
    assert first.deadline_at is None
    assert Refresher.objects.get(attempt=first).after_days == 7


def test_nothing_is_due_before_its_day_nor_for_somebody_else(learner, quiz, passed):
    schedule(at=PASSED)

    with pytest.raises(NothingDue):
        open_refresher(learner, quiz.key, locale="fr", at=PASSED + timedelta(days=1))
    with pytest.raises(NothingDue):
        open_refresher(UserFactory(), quiz.key, locale="fr", at=WEEK)


def test_unseen_questions_on_the_same_objectives_come_first(learner, course):
    objective = LearningObjective.objects.create(statement={"fr": "Objectif"})
    other = LearningObjective.objects.create(statement={"fr": "Autre"})
    asked = make_question("true_false", objective=objective)
    fresh = [make_question("true_false", objective=objective) for _ in range(2)]
    make_question("true_false", objective=other)
    make_question("true_false", objective=objective, retired=True)
    make_question("true_false", objective=objective, live=False)
    quiz = make_quiz(course, questions=[asked])
    passed_at(take_quiz(learner, quiz))
    schedule(at=PASSED)

    attempt = open_refresher(learner, quiz.key, locale="fr", at=WEEK)

    keys = [UUID(row["key"]) for row in attempt.paper["questions"]]
    assert set(keys[:2]) == {question["fr"].translation_key for question in fresh}
    assert keys[2:] == [asked["fr"].translation_key]
    assert {row["objective"] for row in attempt.paper["questions"]} == {str(objective.key)}


def test_questions_that_a_person_marks_are_never_asked(learner, course):
    objective = LearningObjective.objects.create(statement={"fr": "Objectif"})
    asked = make_question("true_false", objective=objective)
    make_question("true_false", objective=objective)
    Question.objects.exclude(translation_key=asked["fr"].translation_key).update(type="open_answer")
    quiz = make_quiz(course, questions=[asked])
    passed_at(take_quiz(learner, quiz))
    schedule(at=PASSED)

    attempt = open_refresher(learner, quiz.key, locale="fr", at=WEEK)

    assert [row["type"] for row in attempt.paper["questions"]] == ["true_false"]


def test_without_a_question_left_nothing_is_opened(learner, quiz, passed):
    schedule(at=PASSED)
    QuizItem.objects.all().delete()
    Question.objects.all().update(live=False)

    with pytest.raises(NothingToAsk):
        open_refresher(learner, quiz.key, locale="fr", at=WEEK)
    assert not Attempt.objects.filter(purpose=AttemptPurpose.REFRESHER).exists()


def test_it_counts_for_nothing_but_the_refresher(learner, quiz, passed):
    schedule(at=PASSED)
    enrolment = passed.enrolment
    attempt = open_refresher(learner, quiz.key, locale="fr", at=WEEK)

    done = answer_all(learner, attempt, quiz, WEEK, wrong=2)

    row = Refresher.objects.get(after_days=7)
    assert (row.done_at, row.asked, row.right) == (WEEK, 3, 1)
    assert not done.passed
    assert list(attempts_at(enrolment, quiz.key)) == [passed]
    assert due_of(learner, at=WEEK) == []
    # The month comes all the same.
    assert open_refresher(learner, quiz.key, locale="fr", at=MONTH).number == 2


def test_what_was_opened_and_left_is_ended_when_its_time_has_run_out(learner, quiz, passed):
    schedule(at=PASSED)
    attempt = open_refresher(learner, quiz.key, locale="fr", at=WEEK)
    over = due_at(PASSED, 7) + timedelta(days=14)

    assert end_expired(at=over - timedelta(seconds=1)) == 0
    assert end_expired(at=over) == 1
    assert end_expired(at=over) == 0

    attempt.refresh_from_db()
    row = Refresher.objects.get(attempt=attempt)
    assert (attempt.status, row.asked, row.right) == (AttemptStatus.SUBMITTED, 3, 0)


def test_one_that_runs_gives_way_to_the_next(learner, quiz, passed):
    schedule(at=PASSED)
    left = open_refresher(learner, quiz.key, locale="fr", at=WEEK)

    current = open_refresher(learner, quiz.key, locale="fr", at=MONTH)

    left.refresh_from_db()
    assert (left.status, current.status) == (AttemptStatus.SUBMITTED, AttemptStatus.IN_PROGRESS)


def test_reminding_tells_each_person_once_in_one_message(learner, course):
    quizzes = [make_quiz(course, "true_false", slug=f"quiz-{number}") for number in range(2)]
    for quiz in quizzes:
        passed_at(take_quiz(learner, quiz))
    schedule(at=PASSED)
    letters = []

    def send(user, rows):
        letters.append((user, {row.quiz_key for row in rows}))

    assert remind(send, wants=lambda user: True, at=PASSED) == 0
    assert remind(send, wants=lambda user: True, at=WEEK) == 1
    assert remind(send, wants=lambda user: True, at=WEEK) == 0
    assert letters == [(learner, {quiz.key for quiz in quizzes})]


def test_who_does_not_want_reminders_gets_none(learner, passed):
    schedule(at=PASSED)

    assert remind(pytest.fail, wants=lambda user: False, at=WEEK) == 0
    assert not Refresher.objects.filter(mailed_at__isnull=False).exists()


def test_who_does_not_want_reminders_keeps_nobodys_place(learner, passed, quiz, monkeypatch):
    behind = passed_at(take_quiz(UserFactory(), quiz)).enrolment.user
    schedule(at=PASSED)
    monkeypatch.setattr(refreshers, "BATCH", 1)
    assert learner.pk < behind.pk

    assert remind(lambda user, rows: None, wants=lambda user: user == behind, at=WEEK) == 1


def test_what_was_opened_needs_no_reminder(learner, quiz, passed):
    schedule(at=PASSED)
    open_refresher(learner, quiz.key, locale="fr", at=WEEK)

    assert remind(pytest.fail, wants=lambda user: True, at=WEEK) == 0


def test_a_letter_that_fails_is_tried_again(learner, passed):
    schedule(at=PASSED)

    def fail(user, rows):
        raise OSError("the mail server doesn't answer")

    assert remind(fail, wants=lambda user: True, at=WEEK) == 0
    assert remind(lambda user, rows: None, wants=lambda user: True, at=WEEK) == 1


def test_a_closed_account_is_left_alone(learner, quiz, passed):
    schedule(at=PASSED)
    open_refresher(learner, quiz.key, locale="fr", at=WEEK)

    erase(learner, WEEK)
    learner.erased_at = WEEK
    learner.save()

    assert remind(pytest.fail, wants=lambda user: True, at=MONTH) == 0
    # The refresher's row stays, without the attempt that was never submitted.
    assert Refresher.objects.get(after_days=7).attempt is None


def test_the_export_says_when_and_how_many_were_right(learner, quiz, passed):
    schedule(at=PASSED)
    answer_all(learner, open_refresher(learner, quiz.key, locale="fr", at=WEEK), quiz, WEEK, wrong=1)

    rows = export(learner)

    refresher = next(row for row in rows if row.get("asked_again_after_days") == 7)
    assert (refresher["quiz"], refresher["questions_asked"], refresher["questions_right"]) == ("Quiz", 3, 2)
    assert [row["purpose"] for row in rows if "purpose" in row] == [str(AttemptPurpose.REFRESHER.label)]


def test_a_test_can_start_while_a_refresher_runs(learner, quiz, passed):
    """Only attempts of the same purpose exclude one another."""
    schedule(at=PASSED)
    open_refresher(learner, quiz.key, locale="fr", at=WEEK)
    Attempt.objects.filter(pk=passed.pk).update(passed=False)
    passed.enrolment.completions.all().delete()

    assert start(passed.enrolment, quiz.key, locale="fr", at=WEEK).purpose == AttemptPurpose.GRADED


KEYS = st.lists(st.uuids(), min_size=0, max_size=8, unique=True)


@given(keys=KEYS, data=st.data(), seed=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_picking_takes_unseen_ones_first_and_spreads_over_objectives(keys, data, seed):
    objectives = {key: data.draw(st.integers(1, 3)) for key in keys}
    seen = {key for key in keys if data.draw(st.booleans())}

    chosen = pick(objectives, seen, seed=str(seed))

    assert chosen == pick(dict(reversed(objectives.items())), seen, seed=str(seed))
    assert len(set(chosen)) == len(chosen) == min(3, len(keys))
    unseen = [key for key in keys if key not in seen]
    assert sum(key not in seen for key in chosen) == min(3, len(unseen))
    # No objective twice while another one's unseen question wasn't asked.
    first = [key for key in chosen if key not in seen]
    asked = [objectives[key] for key in first]
    if len(set(asked)) < len(asked):
        assert {objectives[key] for key in unseen} == set(asked)
