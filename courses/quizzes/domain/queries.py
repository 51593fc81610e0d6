"""Reading attempts and their answers. Coordinators never get these: they see completions only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, QuerySet

from courses.accounts.api import User
from courses.progress.api import Enrolment
from courses.quizzes.enums import AttemptPurpose, AttemptStatus
from courses.quizzes.models import AnswerEntry, Attempt, Marking


@dataclass(frozen=True)
class Journal:
    """What an attempt's journal says now. `answers`: current values of answered questions by key;
    `saved_at`: receipt of each question's current entry; `max_sequence`: the highest in the attempt, 0 for none.
    """

    answers: Mapping[UUID, Any] = field(default_factory=dict)
    saved_at: Mapping[UUID, datetime] = field(default_factory=dict)
    max_sequence: int = 0


def attempts_of(user: User) -> QuerySet[Attempt]:
    """Everything a person tried, latest first, without the answer keys."""
    return (
        Attempt.objects.filter(enrolment__user_id=user.pk).defer("answer_key").order_by("-started_at", "-pk")
    )


def submitted(attempts: QuerySet[Attempt]) -> QuerySet[Attempt]:
    return attempts.filter(status=AttemptStatus.SUBMITTED)


def attempts_at(
    enrolment: Enrolment, quiz_key: UUID, purpose: str = AttemptPurpose.GRADED
) -> QuerySet[Attempt]:
    """The attempts at one quiz in one cycle that serve one purpose, in order, without papers and keys; of the paper
    only the rules, as `frozen_policy`.
    """
    return (
        Attempt.objects.filter(enrolment=enrolment, quiz_key=quiz_key, purpose=purpose)
        .defer("paper", "answer_key", "results")
        .annotate(frozen_policy=F("paper__policy"))
        .order_by("number")
    )


def seen_questions(user_id: int, quiz_key: UUID) -> set[UUID]:
    """The keys of what this person's papers of a quiz asked already, in whatever cycle and for whatever purpose."""
    papers = Attempt.objects.filter(enrolment__user_id=user_id, quiz_key=quiz_key).values_list(
        "paper", flat=True
    )
    return {UUID(row["key"]) for paper in papers.iterator(20) for row in paper["questions"]}


@dataclass(frozen=True)
class AnswerCounts:
    """`asked`: attempts, running or submitted, whose paper has the question; `answered`: those that hold an answer."""

    asked: int
    answered: int


def answer_counts(question_key: UUID) -> AnswerCounts:
    """How often a question was asked and answered, in two queries. Answers that were purged count no more."""
    asked = Attempt.objects.filter(answer_key__has_key=str(question_key))
    answered = AnswerEntry.objects.filter(question_key=question_key, value__isnull=False, late=False)
    return AnswerCounts(asked.count(), answered.values("attempt").distinct().count())


def journal_of(attempt: Attempt) -> Journal:
    """Replay the journal in one query: the highest sequence wins, ties by time of receipt, then by id. What came after
    the time was over doesn't count.
    """
    entries = AnswerEntry.objects.filter(attempt=attempt, late=False).order_by(
        "sequence", "received_at", "pk"
    )
    return fold(entries.values_list("question_key", "sequence", "value", "received_at"))


def markings_of(attempt: Attempt) -> dict[UUID, Marking]:
    """The marking that counts of each open answer, in one query: the latest."""
    return {
        marking.question_key: marking for marking in Marking.objects.filter(attempt=attempt).order_by("pk")
    }


def fold(entries: Iterable[tuple[UUID, int, Any, datetime]]) -> Journal:
    """What entries say together: question, sequence, value and time of receipt of each, the one that counts last."""
    answers: dict[UUID, Any] = {}
    saved_at: dict[UUID, datetime] = {}
    highest = 0
    for key, sequence, value, received_at in entries:
        highest = max(highest, sequence)
        saved_at[key] = received_at
        if value is None:
            answers.pop(key, None)
        else:
            answers[key] = value
    return Journal(answers, saved_at, highest)
