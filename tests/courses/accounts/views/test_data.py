"""My data and closing my account."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from courses.accounts.domain.consents import give_consent
from courses.accounts.domain.personal_data import (
    PersonalDataSource,
    language_name,
    percentage,
    personal_data_sources,
)
from courses.accounts.enums import ConsentKind
from courses.accounts.interfaces.data_page import sections
from courses.accounts.models import User
from tests.factories.accounts import (
    PASSWORD,
    AssociationFactory,
    MembershipFactory,
    RegionTree,
    RoleGrantFactory,
    UserFactory,
    make_administrator,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client, regions: RegionTree) -> User:
    user = UserFactory(email="salma@example.org", display_name="Salma", region=regions.kasserine)
    MembershipFactory(user=user, association=AssociationFactory(region=regions.gabes, name_latin="Amal"))
    RoleGrantFactory(user=user, region=regions.kasserine)
    give_consent(user, ConsentKind.NEWS, language="fr", at=user.date_joined)
    client.force_login(user)
    return user


@pytest.mark.parametrize("url", ["data/", "data/download/", "close/"])
def test_visitors_sign_in_first(client: Client, url: str) -> None:
    response = client.get(f"/fr/account/{url}")

    assert (response.status_code, response.url) == (302, f"/fr/accounts/login/?next=/fr/account/{url}")


def test_the_file_holds_everything_and_nobody_else(client: Client, person: User) -> None:
    UserFactory(email="other@example.org", display_name="Autre")

    response = client.get("/fr/account/data/download/")

    held = response.json()
    assert response["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert response["Content-Type"] == "application/json"
    assert set(held) == {"exported_at", "account", *(source.key for source in personal_data_sources)}
    account = held["account"]
    assert account["email_addresses"] == [{"email": "salma@example.org", "confirmed": True}]
    assert (account["public_id"], account["region"]) == (str(person.uuid), "Kasserine")
    (membership,) = account["memberships"]
    assert (membership["association"], membership["since"], membership["until"]) == (
        "Amal",
        "2025-01-01",
        None,
    )
    assert len(account["consents"]) == len(account["roles"]) == len(account["open_sessions"]) == 1
    assert "password" not in account
    assert "Autre" not in response.content.decode()


def test_every_personal_field_of_the_person_is_in_it(client: Client, person: User) -> None:
    account = client.get("/fr/account/data/download/").json()["account"]

    kept_back = {
        "id",
        "password",
        "is_superuser",
        "is_staff",
        "is_active",
        "erased_at",
        "uuid",
    }
    fields = {field.name for field in User._meta.concrete_fields} - kept_back
    assert fields - set(account) == set()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_page_reads_in_each_language(client: Client, person: User, language: str) -> None:
    response = client.get(f"/{language}/account/data/")

    page = response.content.decode()
    assert response.status_code == 200
    assert "salma@example.org" in page
    assert {"ar": "1 جانفي 2025", "fr": "1er janvier 2025", "en": "1 January 2025"}[language] in page


def test_the_page_escapes_what_it_shows(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(display_name="<script>alert(1)</script>")

    assert "<script>alert(1)" not in client.get("/fr/account/data/").content.decode()


def test_a_sources_own_words_are_used(client: Client, person: User) -> None:
    source = PersonalDataSource(
        key="test-tea",
        label="Tea",
        export=lambda user: [
            {
                "sort": "mint",
                "sugar": True,
                "poured_at": "2026-02-12",
                "cup": "3f2c-cup",
                "size": None,
                "spices": ["a", "b"],
            }
        ],
        erase=lambda user, at: None,
        labels={"sort": "kind of tea"},
        file_only=frozenset({"cup"}),
        words={"size": lambda size: size or "any size", "spices": str.upper},
    )
    personal_data_sources.register(source, origin="tests")
    try:
        page = client.get("/en/account/data/").content.decode()
        held = client.get("/en/account/data/download/").json()
    finally:
        personal_data_sources.unregister("test-tea")

    for words in ("Kind of tea", "mint", "12 February 2026", "Poured at", "any size", "A, B"):
        assert words in page
    assert "3f2c-cup" not in page
    assert (held["test-tea"][0]["cup"], held["test-tea"][0]["size"]) == ("3f2c-cup", None)


def test_languages_and_percentages_are_in_words() -> None:
    with translation.override("fr"):
        assert (language_name("ar"), language_name("xx"), language_name(None)) == ("Arabe", "xx", None)
        assert (percentage(50), percentage(0), percentage(None)) == ("50\u00a0%", "0\u00a0%", None)


def test_closing_says_what_remains_then_closes(client: Client, person: User) -> None:
    page = client.get("/fr/account/close/")
    response = client.post("/fr/account/close/", {"password": PASSWORD, "sure": "on"})

    assert page.status_code == 200
    assert (response.status_code, response.url) == (302, "/fr/accounts/login/")
    assert "_auth_user_id" not in client.session
    assert User.objects.get(pk=person.pk).erased_at is not None


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"password": PASSWORD}, "sure"),
        ({"sure": "on"}, "password"),
        ({"password": "wrong password", "sure": "on"}, "password"),
        ({}, "password"),
    ],
)
def test_closing_needs_password_and_word(
    client: Client, person: User, data: dict[str, str], field: str
) -> None:
    response = client.post("/fr/account/close/", data)

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert User.objects.get(pk=person.pk).erased_at is None


def test_failed_passwords_are_counted(client: Client, settings: Any, person: User) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1/5m/key"}
    client.post("/fr/account/close/", {"password": "wrong password", "sure": "on"})

    response = client.post("/fr/account/close/", {"password": PASSWORD, "sure": "on"})

    assert list(response.context["form"].errors) == ["password"]
    assert User.objects.get(pk=person.pk).erased_at is None


def test_closing_by_member_code(client: Client) -> None:
    user = UserFactory(email=None, member_code="TN4K72")
    client.force_login(user)

    client.post("/fr/account/close/", {"password": PASSWORD, "sure": "on"})

    assert User.objects.get().erased_at is not None


def test_the_last_administrator_is_told(client: Client) -> None:
    admin = make_administrator()
    client.force_login(admin)

    response = client.post("/fr/account/close/", {"password": PASSWORD, "sure": "on"})

    assert list(response.context["form"].errors) == ["__all__"]
    assert User.objects.get().erased_at is None


def test_times_and_lists_have_no_latin_comma_in_arabic(client: Client, person: User) -> None:
    User.objects.filter(pk=person.pk).update(date_joined=datetime(2026, 2, 12, 9, 42, tzinfo=UTC))

    page = client.get("/ar/account/data/").content.decode()

    assert "12 فيفري 2026 على الساعة 10:42" in page
    assert re.findall(r"<bdi>[^<]*\d{4}, \d[^<]*</bdi>", page) == []


@pytest.mark.parametrize(
    ("language", "text"), [("ar", "واحد، اثنان"), ("fr", "واحد, اثنان"), ("en", "واحد, اثنان")]
)
def test_lists_of_words(language: str, text: str) -> None:
    (entry,) = sections({"account": {"words": ["واحد", "اثنان"]}}, language)[0].children

    assert entry.value == text
