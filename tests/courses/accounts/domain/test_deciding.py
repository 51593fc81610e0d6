"""Coordinators decide within their regions, once, and leave a trace."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from wagtail.models import ModelLogEntry

from courses.accounts.domain.deciding import (
    AlreadyDecidedError,
    approve_association,
    decide_memberships,
    merge_association,
    refuse_association,
)
from courses.accounts.enums import AssociationStatus, MembershipStatus
from courses.accounts.models import Association, Membership, User
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RegionTree,
    make_administrator,
    make_coordinator,
)

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 12, 10, tzinfo=UTC)
LATER = datetime(2026, 2, 13, 10, tzinfo=UTC)
DECLARED, CONFIRMED, REFUSED = (
    MembershipStatus.DECLARED,
    MembershipStatus.CONFIRMED,
    MembershipStatus.REFUSED,
)


def proposed(region: object) -> Association:
    return AssociationFactory(region=region, status=AssociationStatus.PROPOSED)


def test_approving_is_logged_and_idempotent(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.centre_ouest)
    association = proposed(regions.kasserine)

    approve_association(association.pk, by=coordinator, at=AT)
    approve_association(association.pk, by=make_administrator(), at=LATER)

    association.refresh_from_db()
    assert (association.status, association.decided_by, association.decided_at) == (
        AssociationStatus.APPROVED,
        coordinator,
        AT,
    )
    entry = ModelLogEntry.objects.get(action="accounts.association.approve")
    assert (entry.user_id, entry.object_id, entry.timestamp) == (coordinator.pk, str(association.pk), AT)


def test_refusing_refuses_its_declared_members(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.centre_ouest)
    association = proposed(regions.kasserine)
    membership = MembershipFactory(association=association, status=DECLARED)

    refuse_association(association.pk, reason=" Not an association. ", by=coordinator, at=AT)

    association.refresh_from_db()
    membership.refresh_from_db()
    assert (association.status, association.decision_reason) == (
        AssociationStatus.REFUSED,
        "Not an association.",
    )
    assert (membership.status, membership.decided_by, membership.decided_at) == (REFUSED, coordinator, AT)


def test_a_refusal_needs_a_reason(regions: RegionTree) -> None:
    association = proposed(regions.kasserine)

    with pytest.raises(ValueError, match="reason"):
        refuse_association(association.pk, reason="  ", by=make_coordinator(regions.kasserine), at=AT)

    association.refresh_from_db()
    assert association.status == AssociationStatus.PROPOSED


def test_the_second_to_decide_otherwise_learns_it(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.centre_ouest)
    association = proposed(regions.kasserine)
    refuse_association(association.pk, reason="No.", by=coordinator, at=AT)

    with pytest.raises(AlreadyDecidedError) as refusal:
        approve_association(association.pk, by=coordinator, at=LATER)

    assert refusal.value.association.status == AssociationStatus.REFUSED


def test_other_regions_dont_exist(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.sud_est)
    association = proposed(regions.kasserine)

    with pytest.raises(Association.DoesNotExist):
        approve_association(association.pk, by=coordinator, at=AT)
    with pytest.raises(Association.DoesNotExist):
        refuse_association(association.pk, reason="No.", by=coordinator, at=AT)


def test_joining_with_another_moves_the_members(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.centre_ouest)
    listed = AssociationFactory(region=regions.sidi_bouzid)
    double = proposed(regions.kasserine)
    moved = MembershipFactory(association=double, status=DECLARED)
    there_already = MembershipFactory(association=listed)
    twice = MembershipFactory(association=double, user=there_already.user, status=DECLARED)

    into = merge_association(double.pk, listed.pk, reason="→ listed", by=coordinator, at=AT)

    double.refresh_from_db()
    assert into == listed
    assert (double.status, double.decision_reason) == (AssociationStatus.REFUSED, "→ listed")
    rows = Membership.objects.order_by("pk").values_list("pk", "association_id", "status")
    assert list(rows) == [
        (moved.pk, listed.pk, DECLARED),
        (there_already.pk, listed.pk, CONFIRMED),
        (twice.pk, double.pk, REFUSED),
    ]


def test_joining_with_one_outside_the_regions_changes_nothing(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.centre_ouest)
    foreign = AssociationFactory(region=regions.gabes)
    double = proposed(regions.kasserine)

    with pytest.raises(Association.DoesNotExist):
        merge_association(double.pk, foreign.pk, reason="", by=coordinator, at=AT)

    double.refresh_from_db()
    assert double.status == AssociationStatus.PROPOSED


def test_memberships_are_confirmed_only_where_they_may_be(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.centre_ouest)
    mine = AssociationFactory(region=regions.kasserine)
    rows = [
        MembershipFactory(association=mine, status=DECLARED),
        MembershipFactory(association=mine, status=REFUSED),
        MembershipFactory(association=mine, status=DECLARED, ended_on="2026-01-01"),
        MembershipFactory(association=proposed(regions.kasserine), status=DECLARED),
        MembershipFactory(association=AssociationFactory(region=regions.gabes), status=DECLARED),
    ]
    ids = [row.pk for row in rows]

    changed = decide_memberships(ids, confirm=True, by=coordinator, at=AT)
    again = decide_memberships(ids, confirm=True, by=coordinator, at=LATER)

    assert (changed, again) == (1, 0)
    statuses = list(Membership.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == [CONFIRMED, REFUSED, DECLARED, DECLARED, DECLARED]
    entry = ModelLogEntry.objects.get(action="accounts.membership.confirm")
    assert (entry.user_id, entry.object_id) == (coordinator.pk, str(rows[0].pk))


def test_refusing_memberships(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.kasserine)
    row = MembershipFactory(association=AssociationFactory(region=regions.kasserine), status=DECLARED)

    assert decide_memberships([row.pk, 999_999], confirm=False, by=coordinator, at=AT) == 1

    row.refresh_from_db()
    assert (row.status, row.decided_by, row.decided_at) == (REFUSED, coordinator, AT)


@pytest.mark.parametrize("confirm", [True, False])
@pytest.mark.parametrize("make", [make_administrator, None])
def test_nobody_decides_on_their_own_membership(
    regions: RegionTree, confirm: bool, make: Callable[[], User] | None
) -> None:
    person = make() if make else make_coordinator(regions.centre_ouest)
    association = AssociationFactory(region=regions.kasserine)
    own = MembershipFactory(user=person, association=association, status=DECLARED)
    another = MembershipFactory(association=association, status=DECLARED)

    changed = decide_memberships([own.pk, another.pk], confirm=confirm, by=person, at=AT)

    assert changed == 1
    own.refresh_from_db()
    assert (own.status, own.decided_by) == (DECLARED, None)


def test_another_coordinator_of_the_region_decides_on_it(regions: RegionTree) -> None:
    coordinator, colleague = make_coordinator(regions.centre_ouest), make_coordinator(regions.kasserine)
    own = MembershipFactory(
        user=coordinator, association=AssociationFactory(region=regions.kasserine), status=DECLARED
    )

    decide_memberships([own.pk], confirm=True, by=colleague, at=AT)

    own.refresh_from_db()
    assert (own.status, own.decided_by) == (CONFIRMED, colleague)
