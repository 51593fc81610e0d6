"""The profile: what people change, and what stays theirs."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from courses.accounts.models import ConsentRecord, User
from tests.factories.accounts import AssociationFactory, MembershipFactory, RegionTree, UserFactory

pytestmark = pytest.mark.django_db
URL = "/fr/account/profile/"


@pytest.fixture
def person(client: Client, regions: RegionTree) -> User:
    user = UserFactory(region=regions.kasserine, display_name="Salma", verified=False)
    client.force_login(user)
    return user


def answers(regions: RegionTree, **changes: Any) -> dict[str, Any]:
    return {
        "display_name": "Salma B.",
        "language": "fr",
        "region": regions.gabes.pk,
        **changes,
    }


def test_visitors_sign_in_first(client: Client) -> None:
    response = client.get(URL)

    assert (response.status_code, response.url) == (302, f"/fr/accounts/login/?next={URL}")


def test_saving(client: Client, regions: RegionTree, person: User) -> None:
    response = client.post(URL, answers(regions))

    assert (response.status_code, response.url) == (302, URL)
    person.refresh_from_db()
    assert (person.display_name, person.region) == ("Salma B.", regions.gabes)


def test_the_profile_shows_the_printed_name_and_leaves_it_alone(
    client: Client, regions: RegionTree, person: User
) -> None:
    User.objects.update(certificate_name_confirmed_at=None)

    page = client.get("/en/account/profile/").content.decode()
    client.post(URL, answers(regions, certificate_name_latin="Somebody Else"))

    assert "سلمى بن علي" in page
    assert "Not confirmed yet" in page
    assert 'href="/en/account/certificate-name/"' in page
    person.refresh_from_db()
    assert person.certificate_name_latin != "Somebody Else"
    assert person.certificate_name_confirmed_at is None


def test_another_language_shows_at_once(client: Client, regions: RegionTree, person: User) -> None:
    response = client.post(URL, answers(regions, language="ar"))

    assert response.url == "/ar/account/profile/"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "🙂"),
        ("language", "de"),
        ("region", ""),
        ("region", "0"),
    ],
)
def test_bad_answers_change_nothing(
    client: Client, regions: RegionTree, person: User, field: str, value: str
) -> None:
    response = client.post(URL, answers(regions, **{field: value}))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert User.objects.get().display_name == "Salma"
    assert response.context["user"].display_name == "Salma"


def test_the_form_cant_set_anything_else(client: Client, regions: RegionTree, person: User) -> None:
    client.post(
        URL, answers(regions, is_superuser="on", is_staff="on", email="x@example.org", member_code="X")
    )

    person.refresh_from_db()
    assert (person.is_superuser, person.is_staff, person.member_code) == (False, False, None)
    assert person.email != "x@example.org"


@pytest.mark.parametrize("count", [1, 3])
def test_queries_dont_grow_with_memberships(
    client: Client, regions: RegionTree, person: User, count: int, django_assert_num_queries: Any
) -> None:
    for _ in range(count):
        MembershipFactory(user=person, association=AssociationFactory(region=regions.kasserine))
    client.get(URL)

    # Session, person, roles (menu), regions, memberships, consents, address, second factor.
    with django_assert_num_queries(8):
        response = client.get(URL)

    assert response.status_code == 200


def test_consents_are_one_click_each(client: Client, person: User) -> None:
    given = client.post("/fr/account/consents/news/", {"decision": "give"})
    assert (given.status_code, given.url) == (302, f"{URL}#consents")
    assert ConsentRecord.objects.get().withdrawn_at is None

    client.post("/fr/account/consents/news/", {"decision": "withdraw"})
    assert ConsentRecord.objects.get().withdrawn_at is not None


@pytest.mark.parametrize(
    ("kind", "data", "code"),
    [("other", {"decision": "give"}, 404), ("news", {}, 404), ("news", {"decision": "x"}, 404)],
)
def test_consents_that_arent(
    client: Client, person: User, kind: str, data: dict[str, str], code: int
) -> None:
    response = client.post(f"/fr/account/consents/{kind}/", data)

    assert response.status_code == code
    assert not ConsentRecord.objects.exists()


@pytest.mark.parametrize("url", ["/fr/account/consents/news/", "/fr/account/confirm-address/"])
def test_only_post_changes(client: Client, person: User, url: str) -> None:
    assert client.get(url).status_code == 405


def test_the_confirmation_can_be_sent_again_and_not_too_often(
    client: Client, settings: Any, person: User
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "1/3m/key"}
    page = client.get(URL).content.decode()
    codes = [client.post("/fr/account/confirm-address/", {"next": URL}).status_code for _ in range(2)]

    assert "/fr/account/confirm-address/" in page
    assert codes == [302, 302]
    assert [message.to for message in mail.outbox] == [[person.email]]


def test_a_confirmed_address_gets_no_message(client: Client, regions: RegionTree) -> None:
    client.force_login(UserFactory())

    client.post("/fr/account/confirm-address/")

    assert mail.outbox == []


def test_the_way_back_stays_on_the_site(client: Client, person: User) -> None:
    response = client.post("/fr/account/confirm-address/", {"next": "//evil.example/"})

    assert response.url == URL


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_about_data_is_for_everybody(client: Client, language: str) -> None:
    assert client.get(f"/{language}/account/privacy/").status_code == 200
