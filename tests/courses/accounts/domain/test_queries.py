"""Who sees whom, and how names are found."""

import pytest
from django.contrib.auth.models import AnonymousUser

from courses.accounts.domain.queries import (
    associations_visible_to,
    awaiting_confirmation,
    awaiting_decision,
    has_role,
    joinable_associations,
    likely_duplicates,
    matching,
    members_visible_to,
    memberships_visible_to,
    regions_visible_to,
    unconfirmed_address,
)
from courses.accounts.enums import AssociationStatus, MembershipStatus, Role
from courses.accounts.models import Association, User
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RegionTree,
    RoleGrantFactory,
    UserFactory,
    make_administrator,
    make_coordinator,
    make_trainer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(regions: RegionTree) -> dict[str, User]:
    """By name: where each belongs."""
    kasserine = AssociationFactory(region=regions.kasserine)
    gabes = AssociationFactory(region=regions.gabes)
    found = {
        "kasserine": MembershipFactory(association=kasserine).user,
        "gabes": MembershipFactory(association=gabes).user,
        "both": MembershipFactory(association=kasserine).user,
        "alone in kasserine": UserFactory(region=regions.kasserine),
        "lives in kasserine, belongs to gabes": UserFactory(region=regions.kasserine),
        "left kasserine": MembershipFactory(association=kasserine, ended_on="2026-01-01").user,
        "refused in kasserine": MembershipFactory(
            association=kasserine, status=MembershipStatus.REFUSED
        ).user,
        "declared in kasserine": MembershipFactory(
            association=kasserine, status=MembershipStatus.DECLARED
        ).user,
    }
    MembershipFactory(association=gabes, user=found["both"])
    MembershipFactory(association=gabes, user=found["lives in kasserine, belongs to gabes"])
    return found


def seen_by(user: User, people: dict[str, User]) -> set[str]:
    visible = set(members_visible_to(user))
    return {name for name, person in people.items() if person in visible}


def test_a_coordinator_sees_the_people_of_the_regions_below(
    regions: RegionTree, people: dict[str, User]
) -> None:
    assert seen_by(make_coordinator(regions.centre_ouest), people) == {
        "kasserine",
        "both",
        "alone in kasserine",
        "declared in kasserine",
    }
    assert seen_by(make_coordinator(regions.sidi_bouzid), people) == set()
    assert seen_by(make_coordinator(regions.gabes), people) == {
        "gabes",
        "both",
        "lives in kasserine, belongs to gabes",
    }


def test_a_person_in_two_associations_counts_once(regions: RegionTree, people: dict[str, User]) -> None:
    coordinator = make_coordinator(regions.country)
    rows = list(members_visible_to(coordinator))

    assert len(rows) == len(set(rows))


def test_administrators_see_everybody_others_nobody(regions: RegionTree, people: dict[str, User]) -> None:
    inactive = make_coordinator(regions.kasserine, is_active=False)

    assert seen_by(make_administrator(), people) == set(people)
    for user in (UserFactory(), make_trainer(), inactive, AnonymousUser()):
        assert members_visible_to(user).count() == 0
        assert regions_visible_to(user).count() == 0
        assert associations_visible_to(user).count() == 0
        assert memberships_visible_to(user).count() == 0


def test_a_trainers_region_isnt_a_coordinators(regions: RegionTree, people: dict[str, User]) -> None:
    trainer = UserFactory()
    RoleGrantFactory(user=trainer, role=Role.TRAINER, region=regions.kasserine)

    assert seen_by(trainer, people) == set()


def test_the_erased_are_seen_by_nobody(regions: RegionTree) -> None:
    UserFactory(region=regions.kasserine, erased_at="2026-01-01T00:00Z")

    assert members_visible_to(make_coordinator(regions.kasserine)).count() == 0


def test_a_region_whose_code_begins_alike_isnt_below(regions: RegionTree) -> None:
    """Paths have a fixed length for each step, so the tenth child isn't taken for the first one's."""
    for number in range(12):
        regions.country.__class__.objects.get(pk=regions.country.pk).add_child(
            code=f"TN-9{number}", kind="region", name_fr="x", name_ar="x", name_en="x"
        )

    codes = regions_visible_to(make_coordinator(regions.centre_ouest)).values_list("code", flat=True)

    assert set(codes) == {"X-TN-CO", "TN-42", "TN-43"}


def test_roles_are_asked_once_a_request(regions: RegionTree, django_assert_num_queries: object) -> None:
    user = User.objects.get(pk=make_coordinator(regions.kasserine).pk)

    with django_assert_num_queries(1):  # type: ignore[operator]
        assert has_role(user, Role.COORDINATOR)
        assert not has_role(user, Role.TRAINER)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("amal", True),
        ("AMAL kasserine", True),
        ("kasserine amal", True),
        ("الامل", True),
        ("جمعية أمل", True),
        ("espoir", False),
        ("", False),
        ("***", False),
        ("%", False),
    ],
)
def test_search_in_any_script(regions: RegionTree, typed: str, found: bool) -> None:
    AssociationFactory(
        region=regions.kasserine, name_latin="Association Amal Kasserine", name_ar="جمعيّة الأمل"
    )

    assert matching(Association.objects.all(), typed).exists() is found


def test_one_may_join_what_is_approved_or_ones_own(regions: RegionTree) -> None:
    user = UserFactory()
    approved = AssociationFactory(region=regions.kasserine)
    mine = AssociationFactory(region=regions.kasserine, status=AssociationStatus.PROPOSED, proposed_by=user)
    AssociationFactory(region=regions.kasserine, status=AssociationStatus.PROPOSED)
    AssociationFactory(region=regions.kasserine, status=AssociationStatus.REFUSED, proposed_by=user)

    assert set(joinable_associations(user)) == {approved, mine}


def test_what_waits(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.kasserine)
    waiting = AssociationFactory(region=regions.kasserine, status=AssociationStatus.PROPOSED)
    AssociationFactory(region=regions.gabes, status=AssociationStatus.PROPOSED)
    MembershipFactory(association=waiting, status=MembershipStatus.DECLARED)
    declared = MembershipFactory(
        association=AssociationFactory(region=regions.kasserine), status=MembershipStatus.DECLARED
    )

    assert list(awaiting_decision(coordinator)) == [waiting]
    assert list(awaiting_confirmation(coordinator)) == [declared]


def test_likely_duplicates(regions: RegionTree) -> None:
    coordinator = make_coordinator(regions.country)
    equal = AssociationFactory(region=regions.gabes, name_latin="Association Nour", name_ar="")
    longer = AssociationFactory(region=regions.kasserine, name_latin="Nour de Kasserine", name_ar="")
    AssociationFactory(region=regions.gabes, name_latin="Nour de Gabès", name_ar="")
    AssociationFactory(region=regions.kasserine, name_latin="Espoir", name_ar="")
    proposed = AssociationFactory(
        region=regions.kasserine, name_latin="NOUR", name_ar="", status=AssociationStatus.PROPOSED
    )

    found = likely_duplicates([proposed], coordinator)
    elsewhere = likely_duplicates([proposed], make_coordinator(regions.sidi_bouzid))

    assert found == {proposed.pk: [longer, equal]}
    assert elsewhere == {proposed.pk: []}


@pytest.mark.parametrize(
    ("fields", "waits"),
    [
        ({"email": "a@example.org"}, ""),
        ({"email": "a@example.org", "verified": False}, "a@example.org"),
        ({"email": None, "member_code": "X1"}, ""),
    ],
)
def test_the_address_that_waits(fields: dict[str, object], waits: str) -> None:
    assert unconfirmed_address(UserFactory(**fields)) == waits
