"""Extra time and attempts for a person or an association: granting, taking back, and what they come to.

Nothing is deleted: a row is the log of who allowed what, and why. Whoever has an open membership in an association
(`open_memberships`) has what it was allowed. What was allowed when an attempt began, or while it ran, stays its own:
taking an allowance back changes attempts that begin later. Whoever begins the course again begins with its rules: in a
later cycle counts what was allowed since it began.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from wagtail.log_actions import log

from courses.accounts.api import Association, User, open_memberships, sees_everybody
from courses.quizzes.domain.clock import deadline_of
from courses.quizzes.domain.composition import QuizNotFound, quiz_pages
from courses.quizzes.domain.policy import Policy
from courses.quizzes.enums import AttemptPurpose, AttemptStatus
from courses.quizzes.models import Allowance, Attempt


class NotAllowed(PermissionError):
    """This person may not grant or take back allowances."""


@dataclass(frozen=True)
class Extra:
    """What a person is allowed at a quiz beyond its rules."""

    minutes: int = 0
    attempts: int = 0


def in_force(quiz_key: UUID, user_id: int) -> QuerySet[Allowance]:
    """What a person has at a quiz now, of their own and by their associations."""
    associations = open_memberships().filter(user_id=user_id).values("association_id")
    return Allowance.objects.filter(
        Q(user_id=user_id) | Q(association_id__in=associations), quiz_key=quiz_key, withdrawn_at__isnull=True
    )


def counting_from(cycle: int, enrolled_at: datetime) -> datetime | None:
    """From when on allowances count in a cycle; None for all: in the first one also what was allowed before it."""
    return enrolled_at if cycle > 1 else None


def extra_of(quiz_key: UUID, user_id: int, *, since: datetime | None = None) -> Extra:
    """In one query. `since`: what `counting_from` says of the person's cycle."""
    allowed = in_force(quiz_key, user_id)
    if since is not None:
        allowed = allowed.filter(granted_at__gte=since)
    found = allowed.aggregate(
        minutes=Sum("extra_minutes", default=0), attempts=Sum("extra_attempts", default=0)
    )
    return Extra(found["minutes"], found["attempts"])


@transaction.atomic
def grant(
    quiz_key: UUID,
    *,
    user: User | None = None,
    association: Association | None = None,
    minutes: int = 0,
    attempts: int = 0,
    reason: str,
    by: User,
    at: datetime,
) -> Allowance:
    """Allow more to a person or to everybody of an association; deadlines of running attempts move at once.

    Logged, without the reason. NotAllowed; ValidationError for both or neither of person and association, nothing
    allowed, no reason, a person who isn't there any more, a quiz that isn't published, and for oneself: directly, or,
    but for administrators, by an association that one is a member of.
    """
    _check_right(by, "add")
    _refuse_own(user, association, by)
    if user is not None and (user.erased_at is not None or not user.is_active):
        raise ValidationError({"user": _("This account is closed or switched off.")})
    try:
        quiz_pages(quiz_key)
    except QuizNotFound as error:
        raise ValidationError({"quiz_key": _("This quiz isn't published.")}) from error
    allowance = Allowance(
        quiz_key=quiz_key,
        user=user,
        association=association,
        extra_minutes=minutes,
        extra_attempts=attempts,
        reason=reason.strip(),
        granted_by=by,
        granted_at=at,
    )
    allowance.full_clean()
    allowance.save()
    _log(allowance, "quizzes.allowance.grant", by, at)
    running = _running(quiz_key).filter(_whose(allowance))
    move_deadlines(quiz_key, running)
    return allowance


@transaction.atomic
def withdraw(allowance_id: int, *, reason: str, by: User, at: datetime) -> Allowance:
    """Take an allowance back; once, then it stays as it was. Running attempts keep what they had.

    Logged, without the reason. NotAllowed; Allowance.DoesNotExist; ValidationError without a reason.
    """
    _check_right(by, "change")
    allowance = Allowance.objects.select_for_update(of=("self",)).get(pk=allowance_id)
    if allowance.withdrawn_at is not None:
        return allowance
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    allowance.withdrawn_by, allowance.withdrawn_at = by, at
    allowance.withdrawn_because = reason.strip()
    allowance.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    _log(allowance, "quizzes.allowance.withdraw", by, at)
    return allowance


def move_deadlines(quiz_key: UUID, attempts: QuerySet[Attempt]) -> int:
    """Set the deadlines of running attempts at one quiz to what its closing time and the allowances say now; how many
    changed. Only the closing time makes one earlier. A quiz that isn't published changes nothing. Locks the attempts;
    four queries, and one for each change.
    """
    try:
        closes_at = quiz_pages(quiz_key)[0].closes_at
    except QuizNotFound:
        return 0
    rows = list(
        attempts.select_for_update(of=("self",))
        .order_by("pk")
        .values_list(
            *("pk", "enrolment__user_id", "enrolment__cycle", "enrolment__enrolled_at"),
            *("started_at", "deadline_at", "paper__policy"),
        )
    )
    extra = _minutes(
        quiz_key,
        [
            (pk, user_id, started_at, counting_from(cycle, enrolled_at))
            for pk, user_id, cycle, enrolled_at, started_at, *_others in rows
        ],
    )
    moved = 0
    for pk, *_whose, started_at, deadline_at, frozen in rows:
        minutes = Policy.load(frozen).time_limit_minutes
        deadline = deadline_of(started_at, minutes=minutes, extra_minutes=extra[pk], closes_at=closes_at)
        if deadline is not None and deadline_at is not None and deadline < deadline_at:
            # A membership that ended meanwhile takes nothing back; only an earlier closing time does.
            deadline = min(deadline_at, closes_at) if closes_at else deadline_at
        if deadline != deadline_at:
            moved += Attempt.objects.filter(pk=pk).update(deadline_at=deadline)
    return moved


def _minutes(
    quiz_key: UUID, attempts: Iterable[tuple[int, int, datetime, datetime | None]]
) -> dict[int, int]:
    """Extra minutes by attempt; of each its id, person and start, and from when on allowances count for it."""
    rows = list(Allowance.objects.filter(quiz_key=quiz_key, extra_minutes__gt=0))
    members: dict[int, set[int]] = defaultdict(set)
    if associations := {row.association_id for row in rows if row.association_id is not None}:
        open_ones = open_memberships().filter(association_id__in=associations)
        for association_id, user_id in open_ones.values_list("association_id", "user_id"):
            members[association_id].add(user_id)

    def counts(row: Allowance, user_id: int, started_at: datetime, since: datetime | None) -> bool:
        whose = row.user_id == user_id or user_id in members[row.association_id or 0]
        in_time = since is None or row.granted_at >= since
        return whose and in_time and (row.withdrawn_at is None or row.withdrawn_at > started_at)

    return {
        pk: sum(row.extra_minutes for row in rows if counts(row, user_id, started_at, since))
        for pk, user_id, started_at, since in attempts
    }


def _running(quiz_key: UUID) -> QuerySet[Attempt]:
    return Attempt.objects.filter(
        quiz_key=quiz_key, purpose=AttemptPurpose.GRADED, status=AttemptStatus.IN_PROGRESS
    )


def _whose(allowance: Allowance) -> Q:
    if allowance.user_id:
        return Q(enrolment__user_id=allowance.user_id)
    members = open_memberships().filter(association=allowance.association)
    return Q(enrolment__user_id__in=members.values("user_id"))


def _check_right(by: User, verb: str) -> None:
    if not by.has_perm(f"courses_quizzes.{verb}_allowance"):
        raise NotAllowed(verb)


def _refuse_own(user: User | None, association: Association | None, by: User) -> None:
    if user is not None and user.pk == by.pk:
        raise ValidationError({"user": _("Nobody allows this to themselves.")})
    if association is None or sees_everybody(by):
        return
    if open_memberships().filter(user_id=by.pk, association_id=association.pk).exists():
        raise ValidationError(
            {"association": _("You are a member of this association; somebody else has to allow this.")}
        )


def _log(allowance: Allowance, action: str, by: User, at: datetime) -> None:
    data: dict[str, Any] = {
        "quiz": str(allowance.quiz_key),
        "minutes": allowance.extra_minutes,
        "attempts": allowance.extra_attempts,
    }
    # The log keeps its words for ever: they name no person.
    log(allowance, action, user=by, timestamp=at, title=f"allowance {allowance.pk}", data=data)
