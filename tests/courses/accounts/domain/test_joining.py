"""What people say about their associations."""

from datetime import UTC, date, datetime

import pytest

from courses.accounts.domain.closing import close_account
from courses.accounts.domain.joining import (
    AccountClosedError,
    answer_without_association,
    declare_membership,
    leave_association,
    propose_association,
)
from courses.accounts.enums import (
    AssociationAnswer,
    AssociationStatus,
    MembershipFunction,
    MembershipStatus,
)
from courses.accounts.models import Association, Membership, User
from tests.factories.accounts import AssociationFactory, MembershipFactory, RegionTree, UserFactory

pytestmark = pytest.mark.django_db
# In Tunis it is the 13th already.
AT = datetime(2026, 2, 12, 23, 30, tzinfo=UTC)


def test_a_membership_is_declared_until_somebody_confirms_it(regions: RegionTree) -> None:
    user = UserFactory(association_answer=AssociationAnswer.UNDISCLOSED)
    association = AssociationFactory(region=regions.kasserine)

    membership = declare_membership(user, association, function=MembershipFunction.TREASURER, at=AT)

    assert (membership.status, membership.function) == (
        MembershipStatus.DECLARED,
        MembershipFunction.TREASURER,
    )
    assert membership.started_on == date(2026, 2, 13)
    user.refresh_from_db()
    assert user.association_answer == ""


def test_declaring_again_changes_nothing(regions: RegionTree) -> None:
    membership = MembershipFactory(association=AssociationFactory(region=regions.kasserine))

    again = declare_membership(
        membership.user, membership.association, function=MembershipFunction.MEMBER, at=AT
    )

    assert (again.pk, again.status, again.started_on) == (
        membership.pk,
        MembershipStatus.CONFIRMED,
        date(2025, 1, 1),
    )


def test_another_function_waits_for_confirmation_again(regions: RegionTree) -> None:
    membership = MembershipFactory(association=AssociationFactory(region=regions.kasserine))

    again = declare_membership(
        membership.user, membership.association, function=MembershipFunction.PRESIDENT, at=AT
    )

    assert (again.pk, again.status, again.function) == (
        membership.pk,
        MembershipStatus.DECLARED,
        MembershipFunction.PRESIDENT,
    )


def test_after_a_refusal_one_may_declare_anew(regions: RegionTree) -> None:
    refused = MembershipFactory(
        association=AssociationFactory(region=regions.kasserine), status=MembershipStatus.REFUSED
    )

    declare_membership(refused.user, refused.association, function=MembershipFunction.MEMBER, at=AT)

    assert list(Membership.objects.order_by("pk").values_list("status", "ended_on")) == [
        (MembershipStatus.REFUSED, date(2026, 2, 13)),
        (MembershipStatus.DECLARED, None),
    ]


def test_nobody_joins_a_refused_association(regions: RegionTree) -> None:
    association = AssociationFactory(region=regions.kasserine, status=AssociationStatus.REFUSED)

    with pytest.raises(ValueError, match="refused"):
        declare_membership(UserFactory(), association, function=MembershipFunction.MEMBER, at=AT)


def propose(user: object, region: object, name_ar: str = "", name_latin: str = "") -> Membership:
    return propose_association(
        user,  # type: ignore[arg-type]
        name_ar=name_ar,
        name_latin=name_latin,
        region=region,  # type: ignore[arg-type]
        function=MembershipFunction.MEMBER,
        at=AT,
    )


def test_an_association_that_isnt_listed_is_proposed(regions: RegionTree) -> None:
    user = UserFactory()

    membership = propose(user, regions.kasserine, name_ar="جمعية النور")

    association = membership.association
    assert (association.status, association.proposed_by, association.region) == (
        AssociationStatus.PROPOSED,
        user,
        regions.kasserine,
    )
    assert membership.status == MembershipStatus.DECLARED


def test_the_same_name_in_the_region_is_the_same_association(regions: RegionTree) -> None:
    first = propose(UserFactory(), regions.kasserine, name_ar="جمعية النور")

    second = propose(UserFactory(), regions.kasserine, name_ar="النّور")
    elsewhere = propose(UserFactory(), regions.gabes, name_ar="جمعية النور")

    assert second.association_id == first.association_id
    assert elsewhere.association_id != first.association_id


def test_an_approved_one_is_preferred_and_a_refused_one_left_alone(regions: RegionTree) -> None:
    AssociationFactory(
        region=regions.kasserine, name_ar="", name_latin="Nour", status=AssociationStatus.REFUSED
    )
    propose(UserFactory(), regions.kasserine, name_latin="Nour")
    approved = AssociationFactory(region=regions.kasserine, name_ar="جمعية النور", name_latin="Nour")

    membership = propose(UserFactory(), regions.kasserine, name_latin="Association NOUR")

    assert membership.association == approved


def test_a_name_without_letters_is_refused(regions: RegionTree) -> None:
    with pytest.raises(ValueError, match="name"):
        propose(UserFactory(), regions.kasserine, name_latin="***")

    assert not Association.objects.exists()


def test_leaving_ends_the_membership_once(regions: RegionTree) -> None:
    membership = MembershipFactory(association=AssociationFactory(region=regions.kasserine))

    leave_association(membership, at=AT)
    leave_association(membership, at=datetime(2026, 5, 1, tzinfo=UTC))

    membership.refresh_from_db()
    assert membership.ended_on == date(2026, 2, 13)


def test_one_can_leave_on_the_first_day_even_before_it_began(regions: RegionTree) -> None:
    membership = MembershipFactory(
        association=AssociationFactory(region=regions.kasserine), started_on=date(2026, 3, 1)
    )

    leave_association(membership, at=AT)

    membership.refresh_from_db()
    assert membership.ended_on == date(2026, 3, 1)


def closed_person() -> User:
    person = UserFactory()
    close_account(person, AT)
    return person


def test_a_closed_account_joins_nothing(regions: RegionTree) -> None:
    association = AssociationFactory(region=regions.kasserine)

    with pytest.raises(AccountClosedError):
        declare_membership(closed_person(), association, function=MembershipFunction.MEMBER, at=AT)

    assert not Membership.objects.exists()


def test_a_closed_account_proposes_nothing(regions: RegionTree) -> None:
    with pytest.raises(AccountClosedError):
        propose_association(
            closed_person(),
            name_ar="",
            name_latin="Amal",
            region=regions.kasserine,
            function=MembershipFunction.MEMBER,
            at=AT,
        )

    assert not Association.objects.exists()


def test_a_closed_account_answers_nothing() -> None:
    person = closed_person()

    with pytest.raises(AccountClosedError):
        answer_without_association(person, AssociationAnswer.NONE)

    person.refresh_from_db()
    assert person.association_answer == ""
