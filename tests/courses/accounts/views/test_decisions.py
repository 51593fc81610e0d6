"""The coordinators' lists: whose, what, and what a decision does."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from django.utils.translation import gettext

from courses.accounts.enums import AssociationStatus, MembershipStatus
from courses.accounts.models import Association, Membership, User
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RegionTree,
    UserFactory,
    make_administrator,
    make_coordinator,
    make_trainer,
)

pytestmark = pytest.mark.django_db
URL = "/fr/associations/pending/"
PROPOSED = AssociationStatus.PROPOSED


@pytest.fixture
def coordinator(client: Client, regions: RegionTree) -> User:
    user = make_coordinator(regions.centre_ouest)
    client.force_login(user)
    return user


def proposed(region: Any, **fields: Any) -> Association:
    return AssociationFactory(region=region, status=PROPOSED, **fields)


def declared(region: Any, **fields: Any) -> Membership:
    return MembershipFactory(
        association=AssociationFactory(region=region), status=MembershipStatus.DECLARED, **fields
    )


def test_visitors_sign_in_first(client: Client) -> None:
    response = client.get(URL)

    assert (response.status_code, response.url) == (302, f"/fr/accounts/login/?next={URL}")


@pytest.mark.parametrize("make", [UserFactory, make_trainer])
@pytest.mark.parametrize("show", ["associations", "memberships"])
def test_learners_and_trainers_dont_learn_that_it_is(client: Client, make: Any, show: str) -> None:
    client.force_login(make())

    assert client.get(URL, {"show": show}).status_code == 404
    assert client.post("/fr/associations/memberships/", {"decision": "confirm"}).status_code == 404
    assert client.post(f"{URL}1/", {"decision": "approve"}).status_code == 404


def test_a_coordinator_sees_what_waits_in_the_regions(
    client: Client, regions: RegionTree, coordinator: User
) -> None:
    mine, foreign = proposed(regions.kasserine), proposed(regions.gabes)

    response = client.get(URL)

    assert [row.pk for row, _ in response.context["rows"]] == [mine.pk]
    assert foreign.name not in response.content.decode()
    assert response.context["counts"] == {"associations": 1, "memberships": 0}


def test_an_administrator_sees_all(client: Client, regions: RegionTree) -> None:
    client.force_login(make_administrator())
    rows = [proposed(regions.kasserine), proposed(regions.gabes)]

    response = client.get(URL)

    assert [row for row, _ in response.context["rows"]] == rows


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({"region": "TN-42"}, ["Amal"]),
        ({"region": "X-TN-CO"}, ["Amal", "Espoir"]),
        ({"q": "espoir"}, ["Espoir"]),
        ({"region": "TN-42", "q": "espoir"}, []),
        ({"page": "x"}, ["Amal", "Espoir"]),
        ({"page": "99"}, ["Amal", "Espoir"]),
        ({"show": "nonsense"}, ["Amal", "Espoir"]),
    ],
)
def test_filters(
    client: Client, regions: RegionTree, coordinator: User, query: dict[str, str], names: list[str]
) -> None:
    proposed(regions.kasserine, name_latin="Amal", name_ar="")
    proposed(regions.sidi_bouzid, name_latin="Espoir", name_ar="")

    response = client.get(URL, query)

    assert [row.name for row, _ in response.context["rows"]] == names


@pytest.mark.parametrize("code", ["TN-81", "TN", "X-TN-SE", "nowhere"])
def test_foreign_regions_are_404(client: Client, regions: RegionTree, coordinator: User, code: str) -> None:
    assert client.get(URL, {"region": code}).status_code == 404


def test_the_list_of_members(client: Client, regions: RegionTree, coordinator: User) -> None:
    row = declared(regions.kasserine, user__display_name="Salma")
    declared(regions.gabes)
    MembershipFactory(association=proposed(regions.kasserine), status=MembershipStatus.DECLARED)

    response = client.get(URL, {"show": "memberships"})
    by_name = client.get(URL, {"show": "memberships", "q": "salm"})
    nobody = client.get(URL, {"show": "memberships", "q": "yasmine"})

    assert response.context["rows"] == [row]
    assert by_name.context["rows"] == [row]
    assert nobody.context["rows"] == []


@pytest.mark.parametrize("count", [1, 3])
def test_queries_dont_grow_with_associations(
    client: Client, regions: RegionTree, coordinator: User, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        AssociationFactory(region=regions.kasserine, name_latin=f"Nour {number}")
        proposed(regions.kasserine, name_latin=f"Nour {number}", proposed_by=UserFactory())
    client.get(URL)

    with django_assert_num_queries(ASSOCIATION_QUERIES):
        client.get(URL)


@pytest.mark.parametrize("count", [1, 3])
def test_queries_dont_grow_with_members(
    client: Client, regions: RegionTree, coordinator: User, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        declared(regions.kasserine)
    client.get(URL, {"show": "memberships"})

    with django_assert_num_queries(MEMBERSHIP_QUERIES):
        client.get(URL, {"show": "memberships"})


# Session, person, roles, grants, regions, two counts, count of pages, rows, and the look-alikes.
ASSOCIATION_QUERIES = 10
MEMBERSHIP_QUERIES = 9


def test_pages(client: Client, regions: RegionTree, coordinator: User) -> None:
    for _ in range(26):
        proposed(regions.kasserine)

    response = client.get(URL, {"page": "2", "region": "TN-42"})

    assert len(response.context["rows"]) == 1
    assert "region=TN-42" in response.content.decode()


def test_approving(client: Client, regions: RegionTree, coordinator: User) -> None:
    association = proposed(regions.kasserine)

    response = client.post(f"{URL}{association.pk}/", {"decision": "approve", "next": f"{URL}?page=1"})

    assert (response.status_code, response.url) == (302, f"{URL}?page=1")
    association.refresh_from_db()
    assert (association.status, association.decided_by) == (AssociationStatus.APPROVED, coordinator)


def test_refusing_with_a_reason_that_the_person_sees(
    client: Client, regions: RegionTree, coordinator: User
) -> None:
    association = proposed(regions.kasserine)
    membership = MembershipFactory(association=association, status=MembershipStatus.DECLARED)

    client.post(f"{URL}{association.pk}/", {"decision": "refuse", "reason": "Ce n'est pas une association."})

    client.force_login(membership.user)
    page = client.get("/fr/account/profile/").content.decode()
    assert "Ce n&#x27;est pas une association." in page


def test_joining_with_one_in_the_list(client: Client, regions: RegionTree, coordinator: User) -> None:
    listed = AssociationFactory(region=regions.kasserine)
    association = proposed(regions.kasserine)
    membership = MembershipFactory(association=association, status=MembershipStatus.DECLARED)

    client.post(f"{URL}{association.pk}/", {"decision": "merge", "into": listed.pk})

    membership.refresh_from_db()
    assert (membership.association, membership.status) == (listed, MembershipStatus.DECLARED)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "nonsense"},
        {"decision": "refuse"},
        {"decision": "refuse", "reason": "   "},
        {"decision": "refuse", "reason": "x" * 301},
        {"decision": "merge"},
        {"decision": "merge", "into": "x"},
    ],
)
def test_bad_decisions_change_nothing(
    client: Client, regions: RegionTree, coordinator: User, data: dict[str, str]
) -> None:
    association = proposed(regions.kasserine)

    response = client.post(f"{URL}{association.pk}/", data)

    assert (response.status_code, response.url) == (302, URL)
    association.refresh_from_db()
    assert association.status == PROPOSED


def test_foreign_ones_are_404(client: Client, regions: RegionTree, coordinator: User) -> None:
    foreign, listed = proposed(regions.gabes), AssociationFactory(region=regions.gabes)
    mine = proposed(regions.kasserine)

    assert client.post(f"{URL}{foreign.pk}/", {"decision": "approve"}).status_code == 404
    assert client.post(f"{URL}{mine.pk}/", {"decision": "merge", "into": listed.pk}).status_code == 404
    assert client.post(f"{URL}{mine.pk}/", {"decision": "merge", "into": mine.pk}).status_code == 404
    assert client.post(f"{URL}999999/", {"decision": "approve"}).status_code == 404
    assert set(Association.objects.filter(status=PROPOSED)) == {foreign, mine}


def test_who_comes_second_is_told(client: Client, regions: RegionTree, coordinator: User) -> None:
    association = proposed(regions.kasserine)
    client.post(f"{URL}{association.pk}/", {"decision": "approve"})

    response = client.post(f"{URL}{association.pk}/", {"decision": "refuse", "reason": "No."}, follow=True)

    association.refresh_from_db()
    assert association.status == AssociationStatus.APPROVED
    assert association.name in str(list(response.context["messages"])[-1])


@pytest.mark.parametrize(
    ("decision", "status"),
    [("confirm", MembershipStatus.CONFIRMED), ("refuse", MembershipStatus.REFUSED)],
)
def test_members_are_decided_together(
    client: Client, regions: RegionTree, coordinator: User, decision: str, status: str
) -> None:
    rows = [declared(regions.kasserine), declared(regions.sidi_bouzid)]
    foreign = declared(regions.gabes)

    response = client.post(
        "/fr/associations/memberships/",
        {"decision": decision, "membership": [row.pk for row in (*rows, foreign)]},
    )

    assert response.status_code == 302
    assert set(Membership.objects.filter(status=status)) == set(rows)
    foreign.refresh_from_db()
    assert foreign.status == MembershipStatus.DECLARED


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"decision": "confirm"}, 302),
        ({"decision": "confirm", "membership": ["x", "-1", "٣"]}, 302),
        ({"decision": "confirm", "membership": ["9" * 19, "9" * 5000]}, 302),
        ({"decision": "confirm", "membership": ["9" * 18]}, 302),
        ({"decision": "nonsense", "membership": ["1"]}, 404),
        ({}, 404),
    ],
)
def test_bad_bulk_decisions(
    client: Client, regions: RegionTree, coordinator: User, data: dict[str, Any], code: int
) -> None:
    assert client.post("/fr/associations/memberships/", data).status_code == code


@pytest.mark.parametrize("url", [f"{URL}1/", "/fr/associations/memberships/"])
def test_decisions_are_posted(client: Client, coordinator: User, url: str) -> None:
    assert client.get(url).status_code == 405


def test_ones_own_membership_cant_be_ticked_and_the_list_says_why(
    client: Client, regions: RegionTree, coordinator: User
) -> None:
    own, other = declared(regions.kasserine, user=coordinator), declared(regions.kasserine)

    page = client.get(URL, {"show": "memberships"}).content.decode()

    assert f'name="membership" value="{other.pk}"' in page
    assert f'name="membership" value="{own.pk}"' not in page
    reason = gettext("This is your own membership: another coordinator or an administrator decides on it.")
    assert escape(reason) in page


def test_ones_own_membership_sent_all_the_same_is_refused_with_the_reason(
    client: Client, regions: RegionTree, coordinator: User
) -> None:
    own, other = declared(regions.kasserine, user=coordinator), declared(regions.kasserine)

    response = client.post(
        "/fr/associations/memberships/",
        {"decision": "confirm", "membership": [own.pk, other.pk], "next": URL + "?show=memberships"},
        follow=True,
    )

    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.status, other.status) == (MembershipStatus.DECLARED, MembershipStatus.CONFIRMED)
    told = [str(message) for message in response.context["messages"]]
    assert (
        gettext("This is your own membership: another coordinator or an administrator decides on it.") in told
    )


def test_with_ones_own_alone_there_is_nothing_to_tick(
    client: Client, regions: RegionTree, coordinator: User
) -> None:
    declared(regions.kasserine, user=coordinator)

    page = client.get(URL, {"show": "memberships"}).content.decode()

    assert 'value="confirm"' not in page
