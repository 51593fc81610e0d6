"""Repairs, and what is due without anybody's request: attempts whose time is over, completions that got lost."""

from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.fields.json import KT

from courses.progress.api import ActivityCompletion
from courses.quizzes.domain.allowances import move_deadlines
from courses.quizzes.domain.attempts import AttemptNotFound, complete, end
from courses.quizzes.domain.refusals import Refused
from courses.quizzes.domain.results import passed_at
from courses.quizzes.enums import AttemptPurpose, AttemptStatus, ResultRule
from courses.quizzes.models import Attempt, QuizPage

BATCH = 500


def end_overdue(*, at: datetime) -> list[UUID]:
    """Submit the attempts whose time is over, with all that could still be credited; their uuids, the oldest first.

    Idempotent, each in its own transaction: what a crash leaves, the next run takes. One that can't be graded now (the
    plugin with a type of its questions is off) waits for a later run; one that a purge removed meanwhile is over.
    """
    follow_closing_times()
    ended: list[UUID] = []
    for uuid in _due(at):
        try:
            if end(uuid, at=at):
                ended.append(uuid)
        except (Refused, AttemptNotFound):
            continue
    return ended


def _due(at: datetime) -> list[UUID]:
    """Past their deadline; which of them are over with grace and credit, `end` looks at under its lock."""
    overdue = Attempt.objects.filter(status=AttemptStatus.IN_PROGRESS, deadline_at__lt=at)
    return list(overdue.order_by("deadline_at", "pk").values_list("uuid", flat=True))


@transaction.atomic
def follow_closing_times() -> int:
    """A closing time that was set, moved or taken away moves the deadlines of running attempts; how many changed."""
    running = Attempt.objects.filter(status=AttemptStatus.IN_PROGRESS, purpose=AttemptPurpose.GRADED)
    closing = QuizPage.objects.filter(live=True, closes_at__isnull=False).values("translation_key")
    bounded = running.filter(Q(deadline_at__isnull=False) | Q(quiz_key__in=closing))
    keys = list(bounded.order_by("quiz_key").values_list("quiz_key", flat=True).distinct())
    return sum(move_deadlines(key, bounded.filter(quiz_key=key)) for key in keys)


def heal_completions(*, at: datetime) -> list[UUID]:
    """Record the completion of quizzes whose result passed and that lack one, 500 at most; the uuids of the attempts
    that prove it. By the rule of a quiz a passed attempt alone may not be enough.

    `at` bounds the search: attempts submitted later are left to their own transaction.
    """
    graded = Attempt.objects.filter(
        purpose=AttemptPurpose.GRADED, status=AttemptStatus.SUBMITTED, submitted_at__lte=at
    )
    here = {"enrolment": OuterRef("enrolment"), "quiz_key": OuterRef("quiz_key")}
    recorded = ActivityCompletion.objects.filter(
        enrolment=OuterRef("enrolment"), activity_key=OuterRef("quiz_key")
    )
    lost = (
        graded.filter(Exists(graded.filter(passed=True, **here)), ~Exists(recorded))
        .annotate(rule=KT("paper__policy__result_rule"))
        .select_related("enrolment")
        .defer("paper", "answer_key", "results")
        .order_by("enrolment_id", "quiz_key", "number")
    )
    healed: list[UUID] = []
    for _place, group in groupby(lost.iterator(BATCH), key=lambda row: (row.enrolment_id, row.quiz_key)):
        attempts = list(group)
        passing = passed_at(attempts, attempts[-1].rule or ResultRule.HIGHEST)
        if passing is None:
            continue
        with transaction.atomic():
            complete(passing, passing.enrolment)
        healed.append(passing.uuid)
        if len(healed) == BATCH:
            break
    return healed
