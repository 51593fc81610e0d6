"""What people say about themselves: sign-up details and the associations they belong to."""

from datetime import datetime

from django.db import transaction

from courses.accounts.domain.names import certificate_names_from
from courses.accounts.enums import (
    AssociationAnswer,
    AssociationStatus,
    MembershipFunction,
    MembershipStatus,
)
from courses.accounts.models import Association, Membership, Region, User
from courses.accounts.models.associations import association_key
from courses.lib.clock import local_day

# Who names more than these waits for a coordinator's decision first.
OPEN_PROPOSALS = 3


class TooManyProposalsError(Exception):
    """As many of the person's proposed associations as may be are still undecided."""


class AccountClosedError(ValueError):
    """The account was closed, perhaps while its owner was filling in a form."""


def register_details(user: User, *, display_name: str, region: Region, language: str, at: datetime) -> None:
    """Complete a new account with what sign-up asked; `at` is also the time of the declaration of 18 or more.

    The display name is proposed as the certificate name of its script; the person confirms it later
    (`domain.certificate_names`). Atomic; writes these columns alone. AccountClosedError for a closed account.
    """
    details: dict[str, object] = {
        "display_name": display_name,
        "region": region,
        "language": language,
        "adult_declared_at": at,
        **certificate_names_from(display_name),
    }
    with transaction.atomic():
        _lock(user)
        for field, value in details.items():
            setattr(user, field, value)
        user.save(update_fields=list(details))


def declare_membership(
    user: User, association: Association, *, function: MembershipFunction, at: datetime
) -> Membership:
    """Say that one belongs to an association; a coordinator confirms it later.

    Atomic and idempotent: a membership that is open keeps its start; a declared one takes the new function, a
    confirmed one returns to declared when the function changes (the confirmation was of the former). A
    refused one is ended and declared anew. ValueError for a refused association; AccountClosedError.
    """
    if association.status == AssociationStatus.REFUSED:
        raise ValueError("A refused association has no members.")
    with transaction.atomic():
        _lock(user)
        _answer(user, "")
        today = local_day(at)
        existing = Membership.objects.filter(
            user=user, association=association, ended_on__isnull=True
        ).first()
        if existing is not None and existing.status == MembershipStatus.REFUSED:
            _end(existing, at)
            existing = None
        if existing is None:
            return Membership.objects.create(
                user=user, association=association, function=function, started_on=today
            )
        if existing.function != function:
            existing.function = function
            existing.status = MembershipStatus.DECLARED
            existing.decided_by = existing.decided_at = None
            existing.save()
        return existing


def propose_association(
    user: User,
    *,
    name_ar: str,
    name_latin: str,
    region: Region,
    function: MembershipFunction,
    at: datetime,
) -> Membership:
    """Belong to an association that isn't listed: it is created as proposed, with the declared membership.

    Atomic. An association of the region with an equal name, approved or proposed, is taken instead of a
    second one. ValueError without a name; TooManyProposalsError for a new one beside OPEN_PROPOSALS undecided;
    AccountClosedError.
    """
    keys = association_key(name_ar, name_latin)
    if not keys:
        raise ValueError("An association needs a name.")
    with transaction.atomic():
        # The region's row is the lock: two people who propose the same name at once make one association.
        Region.objects.select_for_update().get(pk=region.pk)
        same = Association.objects.filter(region=region, search_key=keys)
        if not (name_ar and name_latin):
            same = Association.objects.filter(region=region, search_key__contains=keys)
        association = same.exclude(status=AssociationStatus.REFUSED).order_by("status", "pk").first()
        if association is None:
            # The person's row too: the same person can propose in two regions at once.
            _lock(user)
            undecided = Association.objects.filter(proposed_by=user, status=AssociationStatus.PROPOSED)
            if undecided.count() >= OPEN_PROPOSALS:
                raise TooManyProposalsError
            association = Association.objects.create(
                name_ar=name_ar, name_latin=name_latin, region=region, proposed_by=user
            )
        return declare_membership(user, association, function=function, at=at)


def leave_association(membership: Membership, *, at: datetime) -> None:
    """End a membership today; the row stays. Idempotent: an ended one keeps its end."""
    with transaction.atomic():
        row = Membership.objects.select_for_update().get(pk=membership.pk)
        if row.ended_on is None:
            _end(row, at)


def answer_without_association(user: User, answer: AssociationAnswer) -> None:
    """'No association yet' and 'I prefer not to say' are full answers. Atomic. AccountClosedError."""
    with transaction.atomic():
        _lock(user)
        _answer(user, answer)


def _lock(user: User) -> None:
    """Hold the person's row: whoever closes the account waits, or has closed it (AccountClosedError)."""
    if User.objects.select_for_update().get(pk=user.pk).erased_at is not None:
        raise AccountClosedError(f"account {user.pk} is closed")


def _answer(user: User, answer: str) -> None:
    if user.association_answer != answer:
        user.association_answer = answer
        user.save(update_fields=["association_answer"])


def _end(membership: Membership, at: datetime) -> None:
    membership.ended_on = max(local_day(at), membership.started_on)
    membership.save(update_fields=["ended_on"])
