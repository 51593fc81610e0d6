"""Reading attempts and their answers. Coordinators never get these: they see completions only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from courses.accounts.api import User
from courses.progress.api import Enrolment
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import AnswerEntry, Attempt


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


def attempts_at(enrolment: Enrolment, quiz_key: UUID) -> QuerySet[Attempt]:
    """The attempts at one quiz in one cycle, in order, without papers and keys."""
    return (
        Attempt.objects.filter(enrolment=enrolment, quiz_key=quiz_key)
        .defer("paper", "answer_key", "results")
        .order_by("number")
    )


def journal_of(attempt: Attempt) -> Journal:
    """Replay the journal in one query: the highest sequence wins, ties by time of receipt, then by id."""
    entries = AnswerEntry.objects.filter(attempt=attempt).order_by("sequence", "received_at", "pk")
    answers: dict[UUID, Any] = {}
    saved_at: dict[UUID, datetime] = {}
    highest = 0
    for key, sequence, value, received_at in entries.values_list(
        "question_key", "sequence", "value", "received_at"
    ):
        highest = max(highest, sequence)
        saved_at[key] = received_at
        if value is None:
            answers.pop(key, None)
        else:
            answers[key] = value
    return Journal(answers, saved_at, highest)
