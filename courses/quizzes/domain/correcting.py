"""Correcting a question's key, and with it the attempts that were graded by the wrong one.

One person proposes, a second one approves; then each attempt is corrected in a transaction of its own, so that a
crash loses nothing and the next run goes on. A pass stands unless the proposal says otherwise, and a completion
always does. What a correction does to an attempt: `domain.regrading`.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from wagtail.log_actions import log

from courses.accounts.api import User
from courses.lib.letters import send_each
from courses.progress.api import Enrolment
from courses.quizzes.domain.attempts import settle
from courses.quizzes.domain.quiz_statistics import compute
from courses.quizzes.domain.refreshers import note_result
from courses.quizzes.domain.regrading import (
    Correction,
    NotPublished,
    affected,
    corrected_question,
    graded_again,
    outcome_for,
    versions_of,
)
from courses.quizzes.enums import AttemptPurpose, AttemptStatus, ObjectionStatus, RegradeStatus
from courses.quizzes.models import Attempt, Objection, Regrade, RegradeChange

logger = logging.getLogger(__name__)

CHUNK: Final = 200
LEAST_REASON: Final = 10
MOST_REASON: Final = 2000


class RegradeRefusal(StrEnum):
    """Why nothing was proposed or decided."""

    NOT_PUBLISHED = "not_published"
    NOTHING_TO_CORRECT = "nothing_to_correct"
    NO_REASON = "no_reason"
    SAME_PERSON = "same_person"
    OWN = "own"
    DECIDED = "decided"


class RegradeRefused(Exception):
    """The verb did nothing, and `reason` says why."""

    def __init__(self, reason: RegradeRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@transaction.atomic
def propose(
    question_key: UUID, versions: Iterable[str], reason: str, *, may_fail: bool, by: User, at: datetime
) -> Regrade:
    """Put a correction before a second person. The question as it is published now is kept with it, and objections
    to it that were accepted follow it.

    The same proposal that still waits is returned. RegradeRefused with NOT_PUBLISHED, NOTHING_TO_CORRECT, NO_REASON,
    or OWN for who has such an attempt.
    """
    words = reason.strip()
    if not LEAST_REASON <= len(words) <= MOST_REASON:
        raise RegradeRefused(RegradeRefusal.NO_REASON)
    try:
        row, secret = corrected_question(question_key)
    except NotPublished as error:
        raise RegradeRefused(RegradeRefusal.NOT_PUBLISHED) from error
    there = {found.version for found in versions_of(question_key) if found.left is None}
    chosen = sorted(there.intersection(versions))
    if not chosen:
        raise RegradeRefused(RegradeRefusal.NOTHING_TO_CORRECT)
    if _changes_own(Correction(question_key, row, secret, frozenset(chosen)), by):
        raise RegradeRefused(RegradeRefusal.OWN)
    waiting = Regrade.objects.filter(
        question_key=question_key, status=RegradeStatus.PROPOSED, decided_by=None, proposed_by=by
    )
    for same in waiting.select_for_update():
        if (same.versions_before, same.row_after, same.may_fail) == (chosen, row, may_fail):
            return same
    regrade = Regrade.objects.create(
        question_key=question_key,
        versions_before=chosen,
        row_after=row,
        secret_after=secret,
        reason=words,
        may_fail=may_fail,
        proposed_by=by,
        proposed_at=at,
    )
    Objection.objects.filter(
        question_key=question_key, status=ObjectionStatus.ACCEPTED, regrade__isnull=True
    ).update(regrade=regrade)
    log(regrade, "quizzes.regrade.propose", user=by, timestamp=at, data={"reason": words})
    return regrade


@transaction.atomic
def approve(uuid: UUID, *, by: User, at: datetime) -> Regrade:
    """The second person's word; `apply` does the rest. Repeated by the same person it changes nothing.

    Raises Regrade.DoesNotExist; RegradeRefused with SAME_PERSON, OWN (as for proposing) or DECIDED.
    """
    regrade = Regrade.objects.select_for_update().get(uuid=uuid)
    if regrade.decided_by_id is not None:
        if regrade.decided_by_id == by.pk and regrade.status != RegradeStatus.DECLINED:
            return regrade
        raise RegradeRefused(RegradeRefusal.DECIDED)
    if regrade.proposed_by_id == by.pk:
        raise RegradeRefused(RegradeRefusal.SAME_PERSON)
    if _changes_own(Correction.of(regrade), by):
        raise RegradeRefused(RegradeRefusal.OWN)
    regrade.decided_by, regrade.decided_at = by, at
    regrade.save(update_fields=["decided_by", "decided_at"])
    log(regrade, "quizzes.regrade.approve", user=by, timestamp=at)
    return regrade


@transaction.atomic
def decline(uuid: UUID, *, by: User, at: datetime) -> Regrade:
    """Drop a proposal; whoever made it may too. Its objections follow the next one. RegradeRefused with DECIDED where
    it was approved.
    """
    regrade = Regrade.objects.select_for_update().get(uuid=uuid)
    if regrade.status == RegradeStatus.DECLINED:
        return regrade
    if regrade.decided_by_id is not None:
        raise RegradeRefused(RegradeRefusal.DECIDED)
    regrade.status, regrade.decided_by, regrade.decided_at = RegradeStatus.DECLINED, by, at
    regrade.save(update_fields=["status", "decided_by", "decided_at"])
    Objection.objects.filter(regrade=regrade).update(regrade=None)
    log(regrade, "quizzes.regrade.decline", user=by, timestamp=at)
    return regrade


def _changes_own(correction: Correction, by: User) -> bool:
    """Whether attempts of the person's own hold one of the versions. One query."""
    own = affected(correction).filter(enrolment__user_id=by.pk, purged_at__isnull=True)
    key = str(correction.question_key)
    return any(
        row["key"] == key and row["version"] in correction.versions
        for questions in own.values_list("paper__questions", flat=True)
        for row in questions
    )


def apply_approved(*, at: datetime) -> int:
    """Apply what was approved and isn't applied yet; how many attempts were corrected. Idempotent: what a crash left,
    the next run takes.
    """
    waiting = Regrade.objects.filter(status=RegradeStatus.PROPOSED, decided_by__isnull=False)
    return sum(apply(regrade, at=at) for regrade in waiting.order_by("decided_at", "pk"))


def apply(regrade: Regrade, *, at: datetime) -> int:
    """Correct the attempts of an approved proposal, each in its own transaction; how many this call corrected.

    Where the figures of a quiz can't be computed, the proposal waits for the next run, which computes them.
    """
    correction = Correction.of(regrade)
    done = RegradeChange.objects.filter(regrade=regrade, attempt=OuterRef("pk"))
    corrected, last = 0, 0
    remaining = affected(correction).filter(~Exists(done)).order_by("pk")
    while batch := list(remaining.filter(pk__gt=last).values_list("pk", flat=True)[:CHUNK]):
        corrected += sum(_apply_to(pk, regrade, correction, at) for pk in batch)
        last = batch[-1]
    if _figures(regrade, at):
        waiting = Regrade.objects.filter(pk=regrade.pk, status=RegradeStatus.PROPOSED)
        waiting.update(status=RegradeStatus.APPLIED)
    return corrected


def _figures(regrade: Regrade, at: datetime) -> bool:
    """Compute the figures of the corrected quizzes, also of those that an earlier run corrected; whether all went. A
    failure is logged: it mustn't keep the letters from going.
    """
    changes = RegradeChange.objects.filter(regrade=regrade).order_by()
    done = True
    for quiz_key in changes.values_list("attempt__quiz_key", flat=True).distinct():
        try:
            compute(quiz_key, at=at)
        except Exception:
            # Whatever it is: the results are corrected by now, and the next run computes the figures again.
            logger.exception("correction %s: the figures of quiz %s failed", regrade.uuid, quiz_key)
            done = False
    return done


@transaction.atomic
def _apply_to(pk: int, regrade: Regrade, correction: Correction, at: datetime) -> bool:
    """Locks as submitting does: enrolment, then attempt."""
    enrolment = Enrolment.objects.select_for_update().get(quiz_attempts__pk=pk)
    attempt = Attempt.objects.select_for_update().get(pk=pk)
    if RegradeChange.objects.filter(regrade=regrade, attempt=attempt).exists():
        return False
    outcome = outcome_for(attempt, correction, may_fail=regrade.may_fail)
    if outcome is None or outcome.left is not None:
        return False
    attempt.save()
    # One in progress has no grade to prove, and may still be removed with its answers.
    if attempt.is_submitted:
        RegradeChange.objects.create(
            regrade=regrade,
            attempt=attempt,
            before={**outcome.before},
            after={**outcome.after, "changed": outcome.changed},
            kept_pass=outcome.kept_pass,
        )
    if attempt.is_graded:
        if attempt.purpose == AttemptPurpose.REFRESHER:
            note_result(attempt, graded_again(attempt))
        settle(attempt, enrolment)
    return True


def waiting_to_be_told() -> QuerySet[RegradeChange]:
    """Changed results of applied corrections whose learner wasn't written to yet."""
    return RegradeChange.objects.filter(
        after__changed=True,
        notified_at__isnull=True,
        attempt__purpose=AttemptPurpose.GRADED,
        attempt__status=AttemptStatus.SUBMITTED,
        attempt__enrolment__user__is_active=True,
        attempt__enrolment__user__erased_at__isnull=True,
        attempt__enrolment__user__email__isnull=False,
    )


def tell_changes(send: Callable[[User, RegradeChange], None], *, at: datetime) -> int:
    """Write to each learner once; how many letters. Idempotent; what fails is tried again next time."""
    waiting = list(waiting_to_be_told().order_by("pk").values_list("pk", flat=True))
    return send_each(waiting, lambda pk: _tell(pk, send, at), what="correction")


@transaction.atomic
def _tell(pk: int, send: Callable[[User, RegradeChange], None], at: datetime) -> int:
    change = waiting_to_be_told().select_for_update(of=("self",)).filter(pk=pk).first()
    if change is None:
        return 0
    change.notified_at = at
    change.save(update_fields=["notified_at"])
    attempt = Attempt.objects.select_related("enrolment__user").defer("answer_key").get(pk=change.attempt_id)
    change.attempt = attempt
    send(attempt.enrolment.user, change)
    return 1
