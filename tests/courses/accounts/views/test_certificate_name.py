"""The page that asks for the name on certificates."""

from typing import Any

import pytest
from django.test import Client

from courses.accounts.models import User
from tests.factories.accounts import RegionTree, UserFactory

pytestmark = pytest.mark.django_db
URL = "/fr/account/certificate-name/"
LATIN, ARABIC = "certificate_name_latin", "certificate_name_arabic"


@pytest.fixture
def person(client: Client) -> User:
    user = UserFactory(
        display_name="سلمى",
        certificate_name_latin="",
        certificate_name_arabic="سلمى",
        certificate_name_confirmed_at=None,
    )
    client.force_login(user)
    return user


def test_visitors_sign_in_first(client: Client) -> None:
    response = client.get(URL)

    assert (response.status_code, response.url) == (302, f"/fr/accounts/login/?next={URL}")


def test_the_form_proposes_what_is_known_and_asks_for_both_scripts(client: Client, person: User) -> None:
    form = client.get(URL).context["form"]

    assert (form[ARABIC].value(), form[LATIN].value()) == ("سلمى", "")
    assert [form[LATIN].field.required, form[ARABIC].field.required] == [False, False]
    assert all(str(field.help_text) for field in form)


def test_it_says_how_a_certificate_gets_the_new_name(client: Client, person: User) -> None:
    page = client.get("/en/account/certificate-name/").content.decode()

    assert "can be issued again with the new name, from its own page" in page


def test_the_form_proposes_the_name_of_the_site_where_nothing_else_is_known(client: Client) -> None:
    client.force_login(
        UserFactory(display_name="Salma B.", certificate_name_latin="", certificate_name_arabic="")
    )

    form = client.get(URL).context["form"]

    assert (form[LATIN].value(), form[ARABIC].value()) == ("Salma B.", "")


@pytest.mark.parametrize(("language", "first"), [("ar", ARABIC), ("fr", LATIN), ("en", LATIN)])
def test_the_script_of_the_screen_comes_first(
    client: Client, person: User, language: str, first: str
) -> None:
    form = client.get(f"/{language}/account/certificate-name/").context["form"]

    assert next(iter(form.fields)) == first


def test_confirming_keeps_the_name_and_goes_back_to_where_it_was_asked(client: Client, person: User) -> None:
    response = client.post(URL, {LATIN: " Salma  Ben Ali", ARABIC: "سلمى بن علي", "next": "/fr/my-learning/"})

    assert (response.status_code, response.url) == (302, "/fr/my-learning/")
    person.refresh_from_db()
    assert (person.certificate_name_latin, person.certificate_name_arabic) == ("Salma Ben Ali", "سلمى بن علي")
    assert person.certificate_name_confirmed_at is not None


@pytest.mark.parametrize("data", [{LATIN: "Salma Ben Ali"}, {ARABIC: "سلمى بن علي"}])
def test_one_script_is_enough(client: Client, person: User, data: dict[str, str]) -> None:
    client.post(URL, data)

    person.refresh_from_db()
    assert {LATIN: person.certificate_name_latin, ARABIC: person.certificate_name_arabic} == {
        LATIN: "",
        ARABIC: "",
        **data,
    }
    assert person.certificate_name_confirmed_at is not None


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, LATIN),
        ({LATIN: " ", ARABIC: "\u200f"}, LATIN),
        ({LATIN: "سلمى"}, LATIN),
        ({LATIN: "S" * 81}, LATIN),
        ({LATIN: "Salma 🙂"}, LATIN),
        ({LATIN: "12345"}, LATIN),
        ({LATIN: "Salma\x00"}, LATIN),
        ({ARABIC: "Salma"}, ARABIC),
        ({ARABIC: "سلمى 🙂"}, ARABIC),
        ({ARABIC: "١٢٣"}, ARABIC),
        ({LATIN: "Salma", ARABIC: "🙂"}, ARABIC),
    ],
)
def test_names_that_cant_be_printed_change_nothing(
    client: Client, person: User, data: dict[str, str], field: str
) -> None:
    response = client.post(URL, data)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    person.refresh_from_db()
    assert (person.certificate_name_arabic, person.certificate_name_confirmed_at) == ("سلمى", None)


def test_the_way_back_stays_on_the_site(client: Client, person: User) -> None:
    response = client.post(URL, {LATIN: "Salma", "next": "//evil.example/"})

    assert response.url == "/fr/account/profile/"


def test_the_page_takes_no_query_of_its_own(
    client: Client, person: User, django_assert_num_queries: Any
) -> None:
    client.get(URL)

    # Session and person (who holds no role, so none is asked for).
    with django_assert_num_queries(2):
        client.get(URL)


def test_sign_up_proposes_a_name_and_confirms_none(client: Client, regions: RegionTree) -> None:
    client.post(
        "/ar/accounts/signup/",
        {
            "display_name": "سلمى بن علي",
            "email": "salma@example.org",
            "password1": "un long mot de passe",
            "region": regions.kasserine.pk,
            "adult": "on",
        },
    )

    user = User.objects.get()
    assert (user.certificate_name_arabic, user.certificate_name_confirmed_at) == ("سلمى بن علي", None)
