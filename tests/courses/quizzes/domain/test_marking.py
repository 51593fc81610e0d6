import itertools
from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone

from courses.progress.models import ActivityCompletion
from courses.quizzes.domain import marking
from courses.quizzes.domain.attempts import AttemptNotFound, Refused, start, submit
from courses.quizzes.domain.grading import grade
from courses.quizzes.domain.marking import (
    MarkRefusal,
    MarkRefused,
    heal_marked,
    mark,
    next_to_mark,
    open_answers,
    waiting_attempts,
)
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.personal_data import LABELS, erase, export
from courses.quizzes.domain.purge import purge_answers
from courses.quizzes.domain.queries import journal_of, markings_of
from courses.quizzes.domain.quiz_statistics import compute, stale
from courses.quizzes.domain.refusals import Refusal
from courses.quizzes.domain.replay import NoReplay, NotReplayable, replay
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import AnswerEntry, Attempt, Marking
from courses.quizzes.types.base import question_types
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import choice_id, make_quiz, start_quiz, take_quiz


@pytest.fixture
def quiz(course):
    """A number and two open answers, each of one point; 70 percent pass."""
    return make_quiz(course, "numeric", "open_answer", "open_answer")


@pytest.fixture
def trainer(db):
    return UserFactory()


def points(quiz, number, first, second):
    key = quiz.question_key(number)
    return {choice_id(key, 0): first, choice_id(key, 1): second}


def give(quiz, attempt, number, first, second, by, comment="", **options):
    """Marks of up to 2 and 3 points."""
    return mark(
        attempt.uuid,
        quiz.question_key(number),
        points(quiz, number, first, second),
        comment,
        by=by,
        at=timezone.now(),
        **options,
    )


def refusal(act):
    with pytest.raises(MarkRefused) as refused:
        act()
    return refused.value.reason


def test_an_answered_open_question_lets_the_attempt_wait(quiz, learner):
    attempt = take_quiz(learner, quiz)
    assert (attempt.status, attempt.percent, attempt.passed, attempt.results) == (
        AttemptStatus.TO_MARK,
        None,
        None,
        {},
    )
    assert attempt.submitted_at is not None
    assert attempt.answers_hash
    assert submit(learner, attempt.uuid, at=timezone.now()).status == AttemptStatus.TO_MARK
    assert not ActivityCompletion.objects.exists()


def test_without_an_answer_there_is_nothing_to_wait_for(quiz, learner):
    attempt = start_quiz(learner, quiz)
    attempt = submit(learner, attempt.uuid, at=timezone.now())
    assert (attempt.status, attempt.percent) == (AttemptStatus.SUBMITTED, 0)


def test_the_last_mark_grades_and_completes_as_of_the_submission(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz)
    submitted_at = attempt.submitted_at
    half = give(quiz, attempt, 1, 2, 3, trainer, "Well done")
    assert half.status == AttemptStatus.TO_MARK
    done = give(quiz, attempt, 2, 2, 0, trainer)
    assert (done.status, done.percent, done.passed) == (AttemptStatus.SUBMITTED, 80, True)
    assert done.submitted_at == submitted_at
    assert Fraction(done.score_num, done.score_den) == 2 + Fraction(2, 5)
    assert done.results[str(quiz.question_key(2))] == "2/5"
    [completion] = ActivityCompletion.objects.all()
    assert (completion.evidence, completion.completed_at) == (attempt.uuid, submitted_at)
    assert not waiting_attempts(trainer).exists()


def test_too_few_points_fail(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz, wrong=(0,))
    give(quiz, attempt, 1, 2, 3, trainer)
    done = give(quiz, attempt, 2, 1, 1, trainer)
    assert (done.percent, done.passed) == (46, False)
    assert not ActivityCompletion.objects.exists()


def test_a_repeated_mark_is_one(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz)
    for _ in range(2):
        give(quiz, attempt, 1, 1, 1, trainer, "Nearly", after=0)
    assert Marking.objects.count() == 1


def test_a_mark_that_somebody_else_gave_meanwhile_is_not_overwritten(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz)
    give(quiz, attempt, 1, 1, 1, trainer, after=0)
    other = UserFactory()
    assert refusal(lambda: give(quiz, attempt, 1, 2, 2, other, after=0)) == MarkRefusal.MARKED_MEANWHILE
    seen = markings_of(attempt)[quiz.question_key(1)].pk
    give(quiz, attempt, 1, 0, 2, other, after=seen)
    assert Marking.objects.count() == 2
    assert markings_of(attempt)[quiz.question_key(1)].marked_by == other


def test_after_the_grade_marks_are_raised_and_never_lowered(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz)
    give(quiz, attempt, 1, 1, 1, trainer)
    assert give(quiz, attempt, 2, 1, 1, trainer).passed is False
    assert refusal(lambda: give(quiz, attempt, 1, 1, 0, trainer)) == MarkRefusal.ONLY_RAISE
    assert Marking.objects.count() == 2
    # The same points in other places, with a better comment, take nothing away.
    assert give(quiz, attempt, 1, 2, 0, trainer, "Better said").percent == 60
    raised = give(quiz, attempt, 1, 2, 3, trainer)
    assert (raised.percent, raised.passed) == (80, True)
    assert ActivityCompletion.objects.get().evidence == attempt.uuid
    attempt.refresh_from_db()
    assert attempt.passed


@pytest.mark.parametrize(
    "marks",
    [{}, {"first": 1}, {"first": 1, "second": 4}, {"first": -1, "second": 0}, {"first": 1, "second": "2"},
     {"first": True, "second": 0}, {"first": 1, "second": 1, "third": 0}, {"first": 1, "second": 1.0}],
)  # fmt: skip
def test_marks_are_whole_points_of_every_criterion(quiz, learner, trainer, marks):
    attempt, key = take_quiz(learner, quiz), quiz.question_key(1)
    names = {"first": choice_id(key, 0), "second": choice_id(key, 1)}
    own = {names.get(name, name): value for name, value in marks.items()}
    act = lambda: mark(attempt.uuid, key, own, "", by=trainer, at=timezone.now())  # noqa: E731
    assert refusal(act) == MarkRefusal.BAD_MARKS
    assert not Marking.objects.exists()


def test_only_an_answered_open_question_of_somebody_else_is_marked(quiz, course, learner, trainer):
    running = start_quiz(learner, quiz)
    assert refusal(lambda: give(quiz, running, 1, 1, 1, trainer)) == MarkRefusal.NOT_SUBMITTED
    attempt = take_quiz(learner, quiz)
    assert refusal(lambda: give(quiz, attempt, 1, 1, 1, learner)) == MarkRefusal.OWN
    assert refusal(lambda: give(quiz, attempt, 0, 1, 1, trainer)) == MarkRefusal.UNKNOWN_QUESTION
    empty = submit(trainer, start_quiz(trainer, quiz).uuid, at=timezone.now())
    assert refusal(lambda: give(quiz, empty, 1, 1, 1, learner)) == MarkRefusal.UNKNOWN_QUESTION
    Attempt.objects.filter(pk=attempt.pk).update(purged_at=timezone.now())
    assert refusal(lambda: give(quiz, attempt, 1, 1, 1, trainer)) == MarkRefusal.PURGED
    with pytest.raises(AttemptNotFound):
        mark(quiz.key, quiz.question_key(1), {}, "", by=trainer, at=timezone.now())


def test_no_other_attempt_starts_while_one_waits(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz)
    with pytest.raises(Refused) as refused:
        start(attempt.enrolment, quiz.key, locale="fr", at=timezone.now())
    assert refused.value.reason == Refusal.TO_BE_MARKED
    give(quiz, attempt, 1, 0, 0, trainer)
    give(quiz, attempt, 2, 0, 0, trainer)
    assert start(attempt.enrolment, quiz.key, locale="fr", at=timezone.now()).number == 2


def test_what_is_marked_and_still_waits_is_healed(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz)
    give(quiz, attempt, 1, 2, 3, trainer)
    assert heal_marked() == []
    Marking.objects.create(
        attempt=attempt,
        question_key=quiz.question_key(2),
        marks=points(quiz, 2, 2, 3),
        marked_by=trainer,
        marked_at=timezone.now(),
    )
    assert heal_marked() == [attempt.uuid]
    assert heal_marked() == []
    attempt.refresh_from_db()
    assert (attempt.status, attempt.percent) == (AttemptStatus.SUBMITTED, 100)
    assert ActivityCompletion.objects.count() == 1


def test_healing_passes_over_what_is_marked_in_part_and_what_was_purged_meanwhile(quiz, trainer, monkeypatch):
    partly, whole, purged = (take_quiz(UserFactory(), quiz) for _ in range(3))
    for attempt, numbers in ((partly, (1,)), (whole, (1, 2)), (purged, (1, 2))):
        for number in numbers:
            Marking.objects.create(
                attempt=attempt,
                question_key=quiz.question_key(number),
                marks=points(quiz, number, 2, 3),
                marked_by=trainer,
                marked_at=timezone.now(),
            )
    monkeypatch.setattr(marking, "BATCH", 1)
    assert heal_marked() == [whole.uuid]

    monkeypatch.setattr(marking, "BATCH", 200)
    real = marking._grade

    def purging(attempt, enrolment):
        Attempt.objects.filter(pk=purged.pk).update(purged_at=timezone.now())
        return real(attempt, enrolment)

    monkeypatch.setattr(marking, "_grade", purging)
    assert heal_marked() == []


def test_a_type_that_is_missing_while_marking_is_graded_once_it_is_back(quiz, learner, trainer, monkeypatch):
    attempt = take_quiz(learner, quiz)
    give(quiz, attempt, 1, 2, 3, trainer)
    kept = question_types.get
    with monkeypatch.context() as patch:
        patch.setattr(question_types, "get", lambda key: None if key == "numeric" else kept(key))
        assert give(quiz, attempt, 2, 2, 3, trainer).status == AttemptStatus.TO_MARK
    assert heal_marked() == [attempt.uuid]


def test_the_queue_is_oldest_first_and_knows_each_answer(quiz, learner, trainer, django_assert_num_queries):
    attempts = [take_quiz(UserFactory(), quiz) for _ in range(3)]
    for days, attempt in enumerate(attempts):
        Attempt.objects.filter(pk=attempt.pk).update(submitted_at=timezone.now() - timedelta(days=days))
    own = take_quiz(trainer, quiz)
    rows = list(waiting_attempts(trainer))
    assert [row.pk for row in rows] == [attempt.pk for attempt in reversed(attempts)]
    assert own.pk not in [row.pk for row in rows]
    for count in (1, 3):
        with django_assert_num_queries(2):
            found = open_answers(rows[:count], "fr")
        assert len(found) == 2 * count
    assert found[0].value == "Declare it\nin time."

    # Walking on from each answer visits all of them once; what is marked isn't visited.
    give(quiz, attempts[1], 1, 1, 1, UserFactory())
    visited, answer = [], next_to_mark(trainer, "fr")
    while answer is not None:
        visited.append((answer.attempt.pk, answer.question.key))
        answer = next_to_mark(trainer, "fr", after=(answer.attempt, answer.question.key))
    keys = [quiz.question_key(1), quiz.question_key(2)]
    everything = [(row.pk, key) for row, key in itertools.product(rows, keys)]
    everything.remove((attempts[1].pk, keys[0]))
    assert visited == everything


def test_marks_are_a_share_of_the_points_and_nothing_else_moves(quiz, learner):
    """More points for a criterion never earn less; all of them earn everything; penalties are for machines."""
    attempt = take_quiz(learner, quiz)
    paper = Paper.load({**attempt.paper, "policy": {"penalty_percent": 50}}, attempt.answer_key)
    answers, key, other = journal_of(attempt).answers, quiz.question_key(1), quiz.question_key(2)
    full = points(quiz, 2, 2, 3)
    scores = {}
    for first, second in itertools.product(range(3), range(4)):
        result = grade(paper, answers, marks={key: points(quiz, 1, first, second), other: full})
        assert result.waiting == ()
        scores[first, second] = result.score
        assert result.score == 2 + Fraction(first + second, 5)
    assert grade(paper, answers, marks={key: full}).waiting == (other,)
    assert grade(paper, answers, marks={key: "junk", other: {}}).score == 1
    assert grade(paper, answers).waiting == (key, other)


def test_replaying_knows_the_marks(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz)
    with pytest.raises(NotReplayable) as refused:
        replay(attempt, AnswerEntry.objects.filter(attempt=attempt))
    assert refused.value.reason == NoReplay.TO_MARK
    give(quiz, attempt, 1, 1, 1, trainer)
    give(quiz, attempt, 1, 2, 2, UserFactory())
    attempt = give(quiz, attempt, 2, 0, 3, trainer)
    entries, markings = AnswerEntry.objects.filter(attempt=attempt), list(attempt.markings.all())
    assert replay(attempt, entries, markings=reversed(markings)).identical
    assert not replay(attempt, entries, markings=markings[:1] + markings[2:]).identical


def test_what_was_said_is_exported_without_the_trainer_and_goes_with_the_answers(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz)
    give(quiz, attempt, 1, 2, 3, trainer, "Well said")
    [row] = export(learner)
    assert "marks" not in row
    give(quiz, attempt, 2, 1, 0, trainer)
    [row] = export(learner)
    assert [(each["points"], each["comment"]) for each in row["marks"]] == [(5, "Well said"), (1, "")]
    assert set(row["marks"][0]) - {"question"} <= set(LABELS)
    erase(learner, timezone.now())
    assert list(Marking.objects.values_list("marks", "comment", "marked_by")) == [({}, "", trainer.pk)] * 2
    attempt.refresh_from_db()
    assert (attempt.percent, attempt.results) == (73, {})
    [row] = export(learner)
    assert "marks" not in row


@pytest.mark.parametrize("graded", [True, False])
def test_old_answers_go_with_their_marks_and_block_nothing(quiz, learner, trainer, graded):
    attempt = take_quiz(learner, quiz)
    give(quiz, attempt, 1, 0, 0, trainer, "Nothing of it")
    if graded:
        give(quiz, attempt, 2, 0, 0, trainer)
    later = timezone.now() + timedelta(days=400)
    assert purge_answers(at=later) == 1
    assert purge_answers(at=later) == 0
    assert not AnswerEntry.objects.exists()
    assert set(Marking.objects.values_list("comment", flat=True)) == {""}
    assert not waiting_attempts(trainer).exists()
    assert heal_marked() == []
    assert start(attempt.enrolment, quiz.key, locale="fr", at=later).number == 2


def test_figures_are_computed_again_once_something_is_marked(quiz, learner, trainer):
    attempt = take_quiz(learner, quiz)
    Attempt.objects.filter(pk=attempt.pk).update(submitted_at=timezone.now() - timedelta(days=30))
    compute(quiz.key, at=timezone.now() - timedelta(days=10))
    assert stale() == []
    give(quiz, attempt, 1, 1, 1, trainer)
    assert stale() == []
    give(quiz, attempt, 2, 1, 1, trainer)
    assert stale() == [quiz.key]
