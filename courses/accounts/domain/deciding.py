"""What coordinators decide about associations and memberships of their regions.

Each verb looks only among what the deciding person sees (others: DoesNotExist), locks the rows, is atomic, does
nothing when the same decision already stands, and writes Wagtail's log.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from courses.accounts.domain.queries import associations_visible_to, memberships_visible_to
from courses.accounts.enums import AssociationStatus, MembershipStatus
from courses.accounts.models import Association, Membership, User

REASON_LENGTH = 300


class AlreadyDecidedError(Exception):
    """Somebody decided otherwise in the meantime; the association is in `association`."""

    def __init__(self, association: Association) -> None:
        super().__init__(f"association {association.pk} is {association.status}")
        self.association = association


def approve_association(association_id: int, *, by: User, at: datetime) -> Association:
    """Take a proposed association into the list. AlreadyDecidedError if it was refused."""
    with transaction.atomic():
        return _decide(association_id, AssociationStatus.APPROVED, "", by=by, at=at)


def refuse_association(association_id: int, *, reason: str, by: User, at: datetime) -> Association:
    """Refuse a proposed association and, with it, the memberships declared in it.

    The reason (up to 300 characters) is shown to the people concerned. ValueError without one;
    AlreadyDecidedError if the association was approved.
    """
    if not reason.strip():
        raise ValueError("A refusal needs a reason.")
    with transaction.atomic():
        association = _decide(association_id, AssociationStatus.REFUSED, reason.strip(), by=by, at=at)
        association.memberships.filter(ended_on__isnull=True, status=MembershipStatus.DECLARED).update(
            status=MembershipStatus.REFUSED, decided_by=by, decided_at=at
        )
    return association


def merge_association(
    association_id: int, into_id: int, *, reason: str, by: User, at: datetime
) -> Association:
    """Say that a proposed association is one that exists: its memberships move there, it is refused.

    Returns the one that stays, which must be approved and visible to `by` (DoesNotExist). People who already
    belong to it keep that membership and the duplicate is refused. AlreadyDecidedError if the proposed one was
    approved.
    """
    with transaction.atomic():
        into = associations_visible_to(by).get(pk=into_id, status=AssociationStatus.APPROVED)
        association = _decide(association_id, AssociationStatus.REFUSED, reason.strip(), by=by, at=at)
        already = Membership.objects.filter(association=into, ended_on__isnull=True).values("user_id")
        moving = association.memberships.filter(ended_on__isnull=True).exclude(
            status=MembershipStatus.REFUSED
        )
        moving.exclude(user_id__in=list(already.values_list("user_id", flat=True))).update(association=into)
        association.memberships.filter(ended_on__isnull=True, status=MembershipStatus.DECLARED).update(
            status=MembershipStatus.REFUSED, decided_by=by, decided_at=at
        )
        log(association, "accounts.association.merge", user=by, timestamp=at, data={"into": into.pk})
    return into


def decide_memberships(membership_ids: Iterable[int], *, confirm: bool, by: User, at: datetime) -> int:
    """Confirm or refuse declared memberships; returns how many changed.

    Those outside the person's regions, ended, already decided, or in an association that isn't approved are
    left as they are; and the person's own, which somebody else decides.
    """
    status = MembershipStatus.CONFIRMED if confirm else MembershipStatus.REFUSED
    with transaction.atomic():
        rows = list(
            memberships_visible_to(by)
            .filter(
                pk__in=list(membership_ids),
                status=MembershipStatus.DECLARED,
                ended_on__isnull=True,
                association__status=AssociationStatus.APPROVED,
            )
            .exclude(user=by)
            .order_by("pk")
            .select_for_update(of=("self",))
        )
        for membership in rows:
            membership.status, membership.decided_by, membership.decided_at = status, by, at
            membership.save(update_fields=["status", "decided_by", "decided_at"])
            log(
                membership, f"accounts.membership.{'confirm' if confirm else 'refuse'}", user=by, timestamp=at
            )
    return len(rows)


def _decide(
    association_id: int, status: AssociationStatus, reason: str, *, by: User, at: datetime
) -> Association:
    association = associations_visible_to(by).select_for_update(of=("self",)).get(pk=association_id)
    if association.status == status:
        return association
    if association.status != AssociationStatus.PROPOSED:
        raise AlreadyDecidedError(association)
    association.status, association.decision_reason = status, reason[:REASON_LENGTH]
    association.decided_by, association.decided_at = by, at
    association.save()
    action = "approve" if status == AssociationStatus.APPROVED else "refuse"
    log(association, f"accounts.association.{action}", user=by, timestamp=at, data={"reason": reason})
    return association
