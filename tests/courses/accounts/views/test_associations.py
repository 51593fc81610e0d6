"""Choosing an association, without any script."""

from typing import Any

import pytest
from django.test import Client

from courses.accounts.enums import AssociationStatus, MembershipFunction, MembershipStatus
from courses.accounts.models import Association, Membership, User
from tests.courses.accounts.landing import landing
from tests.factories.accounts import AssociationFactory, MembershipFactory, RegionTree, UserFactory

pytestmark = pytest.mark.django_db
URL = "/fr/account/association/"


@pytest.fixture
def person(client: Client, regions: RegionTree) -> User:
    user = UserFactory(region=regions.kasserine)
    client.force_login(user)
    return user


def test_visitors_sign_in_first(client: Client) -> None:
    assert client.get(URL).status_code == 302


@pytest.mark.parametrize("typed", ["amal", "الأمل", "جمعية امل"])
def test_results_come_as_choices_ones_own_region_first(
    client: Client, regions: RegionTree, person: User, typed: str
) -> None:
    far = AssociationFactory(region=regions.gabes, name_latin="Amal", name_ar="الأمل")
    near = AssociationFactory(region=regions.kasserine, name_latin="Zahra Amal", name_ar="زهرة الأمل")

    response = client.get(URL, {"q": typed})

    assert response.context["results"] == [near, far]
    assert f'name="choice" value="{near.uuid}"' in response.content.decode()


def test_without_a_search_there_are_two_answers(client: Client, person: User) -> None:
    page = client.get(URL).content.decode()

    assert page.count('name="choice"') == 2
    assert "checked" not in page


def test_choosing(client: Client, regions: RegionTree, person: User) -> None:
    association = AssociationFactory(region=regions.kasserine)

    response = client.post(
        URL, {"choice": str(association.uuid), "function": "treasurer", "next": "/fr/courses/jur/"}
    )

    assert (response.status_code, response.url) == (302, "/fr/courses/jur/")
    membership = Membership.objects.get()
    assert (membership.user, membership.association) == (person, association)
    assert (membership.function, membership.status) == (
        MembershipFunction.TREASURER,
        MembershipStatus.DECLARED,
    )


def test_the_function_is_optional(client: Client, regions: RegionTree, person: User) -> None:
    client.post(URL, {"choice": str(AssociationFactory(region=regions.gabes).uuid), "function": ""})

    assert Membership.objects.get().function == MembershipFunction.MEMBER


@pytest.mark.parametrize("answer", ["none", "undisclosed"])
def test_full_answers_without_an_association(client: Client, person: User, answer: str) -> None:
    response = client.post(URL, {"choice": answer})

    assert (response.status_code, response.url) == (302, landing("fr"))
    person.refresh_from_db()
    assert person.association_answer == answer
    assert not Membership.objects.exists()


def test_not_listed_makes_a_proposed_association(client: Client, regions: RegionTree, person: User) -> None:
    response = client.post(
        URL, {"choice": "new", "q": "نور", "name_ar": " جمعية  النور ", "region": regions.gabes.pk}
    )

    assert response.status_code == 302
    association = Association.objects.get()
    assert (association.name_ar, association.name_latin, association.status, association.region) == (
        "جمعية النور",
        "",
        AssociationStatus.PROPOSED,
        regions.gabes,
    )
    assert Membership.objects.get().association == association


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"choice": ""}, "choice"),
        ({"choice": "nonsense"}, "choice"),
        ({"choice": "5f2c6c1e-0000-4000-8000-000000000000"}, "choice"),
        ({"choice": "new", "name_ar": "", "name_latin": ""}, "name_ar"),
        ({"choice": "new", "name_latin": "***"}, "name_latin"),
        ({"choice": "new", "name_latin": "Nour", "region": ""}, "region"),
        ({"choice": "new", "name_latin": "Nour", "region": "x"}, "region"),
        ({"choice": "new", "name_latin": "a" * 201}, "name_latin"),
        ({"choice": "none", "function": "king"}, "function"),
    ],
)
def test_bad_answers_change_nothing(
    client: Client, regions: RegionTree, person: User, changes: dict[str, str], field: str
) -> None:
    response = client.post(URL, {"region": regions.kasserine.pk, "q": "nour", **changes})

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert (Membership.objects.count(), Association.objects.count()) == (0, 0)


def test_a_fourth_undecided_proposal_is_refused(client: Client, regions: RegionTree, person: User) -> None:
    names = ("Nour", "Zahra", "Wafa")
    for name in names:
        client.post(URL, {"choice": "new", "name_latin": name, "region": regions.gabes.pk})
    data = {"choice": "new", "name_latin": "Chams", "region": regions.kasserine.pk}

    refused = client.post(URL, data)
    again = client.post(URL, {"choice": "new", "name_latin": "Wafa", "region": regions.gabes.pk})
    counts = [Association.objects.count()]
    Association.objects.filter(name_latin="Nour").update(status=AssociationStatus.APPROVED)
    taken = client.post(URL, data)

    assert (refused.status_code, again.status_code, taken.status_code) == (200, 302, 302)
    assert list(refused.context["form"].errors) == ["name_ar"]
    assert [*counts, Association.objects.count()] == [3, 4]


@pytest.mark.parametrize("status", [AssociationStatus.PROPOSED, AssociationStatus.REFUSED])
def test_what_others_proposed_or_what_was_refused_cant_be_chosen(
    client: Client, regions: RegionTree, person: User, status: str
) -> None:
    association = AssociationFactory(region=regions.kasserine, status=status)

    response = client.post(URL, {"choice": str(association.uuid)})

    assert list(response.context["form"].errors) == ["choice"]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_search(
    client: Client, regions: RegionTree, person: User, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        AssociationFactory(region=regions.kasserine, name_latin="Nour")
    client.get(URL, {"q": "nour"})

    # Session, person, regions, results near and far, memberships, roles (menu).
    with django_assert_num_queries(6):
        client.get(URL, {"q": "nour"})


def test_a_search_shows_twenty_and_says_that_there_are_more(
    client: Client, regions: RegionTree, person: User
) -> None:
    for _ in range(21):
        AssociationFactory(region=regions.gabes, name_latin="Nour")

    response = client.get(URL, {"q": "nour"})

    assert (len(response.context["results"]), response.context["more"]) == (20, True)


def test_leaving(client: Client, regions: RegionTree, person: User) -> None:
    membership = MembershipFactory(user=person, association=AssociationFactory(region=regions.kasserine))

    response = client.post(f"/fr/account/memberships/{membership.pk}/leave/")

    assert response.status_code == 302
    membership.refresh_from_db()
    assert membership.ended_on is not None


def test_nobody_ends_anothers_membership(client: Client, regions: RegionTree, person: User) -> None:
    membership = MembershipFactory(association=AssociationFactory(region=regions.kasserine))

    response = client.post(f"/fr/account/memberships/{membership.pk}/leave/")

    assert response.status_code == 404
    membership.refresh_from_db()
    assert membership.ended_on is None


def test_leaving_is_no_link(client: Client, regions: RegionTree, person: User) -> None:
    membership = MembershipFactory(user=person, association=AssociationFactory(region=regions.kasserine))

    assert client.get(f"/fr/account/memberships/{membership.pk}/leave/").status_code == 405
