"""Signing up and in: what is asked, recorded, sent; where people land; how often they may try."""

import json
import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courses.accounts.enums import RegionKind
from courses.accounts.interfaces.entrance import normalise_login
from courses.accounts.models import ConsentRecord, Region, User
from tests.courses.accounts.landing import association_step, landing
from tests.factories.accounts import PASSWORD, RegionTree, UserFactory

pytestmark = pytest.mark.django_db


def answers(regions: RegionTree, **changes: Any) -> dict[str, Any]:
    return {
        "display_name": "سلمى بن علي",
        "email": "salma@example.org",
        "password1": "un long mot de passe",
        "region": regions.kasserine.pk,
        "adult": "on",
        **changes,
    }


def test_sign_up_makes_an_account_that_can_start_at_once(client: Client, regions: RegionTree) -> None:
    response = client.post("/ar/accounts/signup/", answers(regions))

    assert response.status_code == 302
    assert response.url == association_step("ar")
    user = User.objects.get()
    assert (user.email, user.member_code, user.display_name) == ("salma@example.org", None, "سلمى بن علي")
    assert (user.language, user.region, user.association_answer) == ("ar", regions.kasserine, "")
    assert (user.certificate_name_arabic, user.certificate_name_latin) == ("سلمى بن علي", "")
    assert user.adult_declared_at is not None
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.values_list("email", "verified").get() == ("salma@example.org", False)
    assert not ConsentRecord.objects.exists()


def test_sign_up_keeps_the_page_people_wanted(client: Client, regions: RegionTree) -> None:
    response = client.post("/fr/accounts/signup/", answers(regions, next="/fr/courses/jur/"))

    assert response.url == "/fr/account/association/?next=%2Ffr%2Fcourses%2Fjur%2F"


def test_sign_up_goes_nowhere_else(client: Client, regions: RegionTree) -> None:
    response = client.post("/fr/accounts/signup/", answers(regions, next="https://evil.example/"))

    assert response.url == association_step("fr")


def test_consents_are_recorded_with_text_language_and_time(client: Client, regions: RegionTree) -> None:
    client.post("/en/accounts/signup/", answers(regions, consent_news="on"))

    record = ConsentRecord.objects.get()
    assert (record.kind, record.language, record.withdrawn_at) == ("news", "en", None)
    assert record.text == "I agree to receive news of new courses by e-mail. I can withdraw this at any time."
    assert record.given_at == User.objects.get().adult_declared_at


def test_nothing_is_ticked_beforehand_and_no_birth_date_is_asked(client: Client, regions: RegionTree) -> None:
    page = client.get("/fr/accounts/signup/").content.decode()

    assert "checked" not in page
    assert "birth" not in page
    assert 'rel="stylesheet"' in page
    assert "placeholder" not in page


def add_morocco() -> None:
    names = {"name_fr": "Maroc", "name_ar": "المغرب", "name_en": "Morocco"}
    country = Region.add_root(code="MA", kind=RegionKind.COUNTRY, **names)
    country.add_child(
        code="MA-02", kind=RegionKind.REGION, name_fr="L'Oriental", name_ar="الشرق", name_en="Oriental"
    )


@pytest.mark.parametrize("path", ["/fr/accounts/signup/", "/fr/account/profile/"])
@pytest.mark.parametrize(
    ("countries", "own", "label"),
    [
        ("TN", "TN", "Governorate"),
        ("TN MA", "TN", "Governorate or region"),
        ("TN MA", "MA", "Region or governorate"),
        ("MA", "MA", "Region"),
        ("", "TN", "Region"),
    ],
)
def test_the_region_is_called_what_it_is_there(
    client: Client, settings: Any, regions: RegionTree, countries: str, own: str, label: str, path: str
) -> None:
    settings.ELEARN_COUNTRY = own
    if "TN" not in countries:
        Region.objects.get(code="TN").delete()
    if "MA" in countries:
        add_morocco()
    if "profile" in path:
        client.force_login(UserFactory())

    form = client.get(path).context["form"]

    assert form["region"].label == translation.gettext(label)


def test_regions_stand_in_their_groups(client: Client, regions: RegionTree) -> None:
    form = client.get("/fr/accounts/signup/").context["form"]

    assert list(form.fields["region"].choices)[1:] == [
        (
            "Centre-Ouest",
            [(regions.kasserine.pk, "Kasserine"), (regions.sidi_bouzid.pk, "Sidi Bouzid")],
        ),
        ("Sud-Est", [(regions.gabes.pk, "Gabès"), (regions.medenine.pk, "Médenine")]),
    ]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("display_name", ""),
        ("display_name", "🙂🙂"),
        ("display_name", "<script>"),
        ("display_name", "http://spam.example"),
        ("display_name", "a" * 81),
        ("email", ""),
        ("email", "salma"),
        ("password1", ""),
        ("password1", "short"),
        ("password1", "1234567890"),
        ("region", ""),
        ("region", "999999"),
        ("region", "abc"),
        ("adult", ""),
    ],
)
def test_bad_answers_make_no_account(client: Client, regions: RegionTree, field: str, value: str) -> None:
    response = client.post("/fr/accounts/signup/", answers(regions, **{field: value}))

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not User.objects.exists()


@pytest.mark.parametrize("place", ["country", "centre_ouest"])
def test_only_the_ends_of_the_tree_can_be_chosen(client: Client, regions: RegionTree, place: str) -> None:
    response = client.post("/fr/accounts/signup/", answers(regions, region=getattr(regions, place).pk))

    assert list(response.context["form"].errors) == ["region"]


@pytest.mark.parametrize(
    ("held", "typed"),
    [
        ({"email": "salma@example.org"}, "salma@example.org"),
        ({"email": "salma@example.org", "verified": False}, "Salma@Example.org"),
        ({"email": "other@example.org"}, "second@example.org"),
    ],
)
def test_a_taken_address_is_told_to_the_address_alone(
    client: Client, regions: RegionTree, held: dict[str, Any], typed: str
) -> None:
    """The page says what it would say of any address; the message tells the owner, and how to go on."""
    owner = UserFactory(language="en", **held)
    EmailAddress.objects.create(user=owner, email="Second@example.org")

    response = client.post("/fr/accounts/signup/", answers(regions, email=typed))
    page = client.get(response.url)

    assert (response.status_code, response.url) == (302, "/fr/accounts/confirm-email/")
    assert (User.objects.count(), "_auth_user_id" in client.session) == (1, False)
    (message,) = mail.outbox
    assert message.to == [typed.lower()]
    assert "/accounts/password/reset/" in message.body
    assert page.status_code == 200
    with translation.override("fr"):
        assert translation.gettext("Look into your inbox") in page.content.decode()


def test_the_message_to_the_owner_is_in_their_language(client: Client, regions: RegionTree) -> None:
    UserFactory(email="salma@example.org", language="en")

    client.post("/fr/accounts/signup/", answers(regions))

    (message,) = mail.outbox
    assert message.subject == "You have an account already · Ilmam"
    assert "http://localhost:8000/en/accounts/password/reset/" in message.body


def test_an_inbox_isnt_flooded_by_signing_up(client: Client, settings: Any, regions: RegionTree) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": "1/3m/key"}
    UserFactory(email="salma@example.org")

    answered = [client.post("/fr/accounts/signup/", answers(regions)) for _ in range(3)]

    assert [response.url for response in answered] == ["/fr/accounts/confirm-email/"] * 3
    assert len(mail.outbox) == 1


def test_whoever_tries_many_taken_addresses_is_stopped_for_free_ones_too(
    client: Client, settings: Any, regions: RegionTree
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"signup_taken": "2/h/ip"}
    for name in ("a", "b", "c"):
        UserFactory(email=f"{name}@example.org")

    tried = [
        client.post("/fr/accounts/signup/", answers(regions, email=f"{name}@example.org")).status_code
        for name in ("a", "b", "c", "free")
    ]

    assert tried == [302, 302, 429, 429]
    assert not User.objects.filter(email="free@example.org").exists()


def test_free_addresses_dont_count_as_taken(client: Client, settings: Any, regions: RegionTree) -> None:
    """A workshop signs up from one address of the network."""
    settings.ACCOUNT_RATE_LIMITS = {"signup_taken": "1/h/ip"}

    tried = [
        Client().post("/fr/accounts/signup/", answers(regions, email=f"{name}@example.org")).url
        for name in ("a", "b", "c")
    ]

    assert all("/account/association/" in url for url in tried)


def test_the_same_form_twice_at_once_is_no_error(
    client: Client, regions: RegionTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    UserFactory(email="salma@example.org")
    monkeypatch.setattr(
        "courses.accounts.interfaces.entrance.SignupForm.validate_unique_email", lambda self, value: value
    )

    response = client.post("/fr/accounts/signup/", answers(regions))

    assert (response.status_code, response.url) == (302, "/fr/accounts/confirm-email/")
    assert User.objects.count() == 1


def test_somebody_elses_address_is_accepted_as_any_and_never_confirmed(client: Client) -> None:
    """The page of one's own address doesn't tell whose an address is; the link changes nothing."""
    owner = UserFactory(email="salma@example.org", verified=False)
    person = UserFactory(email="other@example.org")
    client.force_login(person)

    answered = [
        client.post("/fr/accounts/email/", {"email": address, "action_add": ""})
        for address in ("free@example.org", "Salma@example.org")
    ]
    link = next(line for line in mail.outbox[-1].body.splitlines() if line.startswith("http"))
    confirmed = Client().post(link, follow=True)

    assert [(response.status_code, response.url) for response in answered] == [
        (302, "/fr/accounts/email/")
    ] * 2
    assert confirmed.status_code == 200
    person.refresh_from_db()
    owner.refresh_from_db()
    assert (person.email, owner.email) == ("other@example.org", "salma@example.org")
    assert not EmailAddress.objects.filter(email="salma@example.org", verified=True).exists()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_confirmation_is_in_the_language_of_the_person(
    client: Client, regions: RegionTree, language: str
) -> None:
    client.post(f"/{language}/accounts/signup/", answers(regions))

    (message,) = mail.outbox
    assert message.to == ["salma@example.org"]
    with translation.override(language):
        subject = translation.gettext("Confirm your e-mail address")
    assert message.subject == f"{subject} · {'إلمام' if language == 'ar' else 'Ilmam'}"
    assert f"http://localhost:8000/{language}/accounts/confirm-email/" in message.body
    # A name in the message would let anybody send a text of theirs to a stranger's address.
    assert "سلمى" not in message.body


def test_the_link_confirms_the_address(client: Client, regions: RegionTree) -> None:
    client.post("/fr/accounts/signup/", answers(regions))
    link = next(line for line in mail.outbox[0].body.splitlines() if line.startswith("http"))

    page = client.get(link)
    response = client.post(link)

    assert page.status_code == 200
    assert (response.status_code, response.url) == (302, landing("fr"))
    assert EmailAddress.objects.get().verified


def test_a_mail_server_that_is_down_doesnt_lose_the_account(
    client: Client, regions: RegionTree, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Any) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)

    response = client.post("/en/accounts/signup/", answers(regions), follow=True)

    assert response.status_code == 200
    assert User.objects.count() == 1
    assert [str(message) for message in response.context["messages"]] == [
        "The e-mail couldn't be sent just now. Ask for it again later."
    ]


@pytest.mark.parametrize("typed", ["member@example.org", " Member@Example.org "])
def test_sign_in_by_address(client: Client, typed: str) -> None:
    UserFactory(email="member@example.org")

    response = client.post("/fr/accounts/login/", {"login": typed, "password": PASSWORD})

    assert (response.status_code, response.url) == (302, landing("fr"))


@pytest.mark.parametrize("typed", ["TN4K72", "tn4k72", " tn4 k72 ", "TN٤K٧٢"])
def test_sign_in_by_member_code(client: Client, typed: str) -> None:
    user = UserFactory(email=None, member_code="TN4K72")

    response = client.post("/ar/accounts/login/", {"login": typed, "password": PASSWORD})

    assert (response.status_code, response.url) == (302, landing("ar"))
    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("member@example.org", "wrong password"),
        ("nobody@example.org", PASSWORD),
        ("NOCODE", PASSWORD),
        ("", PASSWORD),
        ("member@example.org", ""),
        ("x" * 300, PASSWORD),
        ("\x00", PASSWORD),
    ],
)
def test_wrong_sign_ins(client: Client, login: str, password: str) -> None:
    UserFactory(email="member@example.org")

    response = client.post("/fr/accounts/login/", {"login": login, "password": password})

    assert response.status_code == 200
    assert response.context["form"].errors
    assert "_auth_user_id" not in client.session


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: Client) -> None:
    UserFactory(email="member@example.org")

    known = client.post("/en/accounts/login/", {"login": "member@example.org", "password": "wrong one"})
    unknown = client.post("/en/accounts/login/", {"login": "nobody@example.org", "password": "wrong one"})
    code = client.post("/en/accounts/login/", {"login": "NOCODE", "password": "wrong one"})

    errors = [json.loads(page.context["form"].errors.as_json()) for page in (known, unknown, code)]
    texts = [error["login"][0]["message"] for error in errors]
    assert texts == ["This address or code and this password don't belong together."] * 3


def test_a_failed_sign_in_leads_to_its_field(client: Client) -> None:
    page = client.post(
        "/en/accounts/login/", {"login": "nobody@example.org", "password": "wrong one"}
    ).content.decode()

    assert '<a href="#id_login">' in page
    assert 'id="id_login_error"' in page
    (field,) = re.findall(r'<input[^>]*name="login"[^>]*>', page)
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_login_error"' in field


def test_sign_in_leads_to_the_wanted_page(client: Client) -> None:
    UserFactory(email="member@example.org")

    response = client.post(
        "/fr/accounts/login/",
        {"login": "member@example.org", "password": PASSWORD, "next": "/fr/courses/jur/"},
    )

    assert response.url == "/fr/courses/jur/"


def test_without_the_plugin_people_land_on_the_front_page(client: Client, settings: Any) -> None:
    settings.ELEARN_LANDING_URL_NAMES = ["absent:page"]
    UserFactory(email="member@example.org")

    response = client.post("/ar/accounts/login/", {"login": "member@example.org", "password": PASSWORD})

    assert response.url == "/ar/"


def test_an_inactive_account_doesnt_sign_in(client: Client) -> None:
    UserFactory(email="member@example.org", is_active=False)

    client.post("/fr/accounts/login/", {"login": "member@example.org", "password": PASSWORD})

    assert "_auth_user_id" not in client.session


def test_a_forgotten_password_is_reset_by_mail_in_the_persons_language(client: Client) -> None:
    UserFactory(email="member@example.org", language="en")

    client.post("/fr/accounts/password/reset/", {"email": "member@example.org"})

    (message,) = mail.outbox
    assert message.subject == "A new password · Ilmam"
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    assert link.startswith("http://localhost:8000/en/accounts/password/reset/key/")
    form = client.get(link, follow=True)
    response = client.post(
        form.redirect_chain[-1][0], {"password1": "une autre phrase", "password2": "une autre phrase"}
    )
    assert response.status_code == 302
    assert User.objects.get().check_password("une autre phrase")


def test_nobody_learns_by_resetting_whether_an_address_is_known(client: Client) -> None:
    response = client.post("/fr/accounts/password/reset/", {"email": "nobody@example.org"})

    assert (response.status_code, response.url) == (302, "/fr/accounts/password/reset/done/")
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("action", "url", "data"),
    [
        ("signup", "account_signup", {"email": "x"}),
        ("login", "account_login", {"login": "x@example.org", "password": "x"}),
        ("reset_password", "account_reset_password", {"email": "x@example.org"}),
    ],
)
def test_too_many_tries_answer_429(
    client: Client, settings: Any, regions: RegionTree, action: str, url: str, data: dict[str, str]
) -> None:
    settings.ACCOUNT_RATE_LIMITS = {action: "2/m/ip"}

    codes = [client.post(reverse(url), data).status_code for _ in range(3)]

    assert codes[2] == 429
    assert 429 not in codes[:2]


def test_failed_tries_on_one_account_are_limited(client: Client, settings: Any) -> None:
    UserFactory(email="member@example.org")
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/5m/key"}
    for _ in range(2):
        client.post("/en/accounts/login/", {"login": "member@example.org", "password": "wrong one"})

    response = client.post("/en/accounts/login/", {"login": "member@example.org", "password": PASSWORD})

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [
        "Too many failed tries. Wait five minutes and try again."
    ]


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("member@example.org", {"email": "member@example.org"}),
        ("MEMBER@Example.org", {"email": "member@example.org"}),
        ("tn4k72", {"email": None, "member_code": "TN4K72"}),
    ],
)
def test_another_host_header_is_no_other_account(
    client: Client, settings: Any, typed: str, stored: dict[str, Any]
) -> None:
    UserFactory(**stored)
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/5m/key"}
    for number, login in enumerate((typed, typed.upper())):
        client.post(
            "/en/accounts/login/",
            {"login": login, "password": "wrong one"},
            headers={"host": f"h{number}.example.org"},
        )

    response = client.post(
        "/en/accounts/login/", {"login": typed, "password": PASSWORD}, headers={"host": "h2.example.org"}
    )

    assert response.status_code == 200
    assert response.context["form"].non_field_errors() == [
        "Too many failed tries. Wait five minutes and try again."
    ]


@pytest.mark.parametrize("login", ["member@example.org", "nobody@example.org", "TN4K72", "TN0000"])
def test_a_failed_try_checks_one_password_whether_the_account_exists_or_not(
    client: Client, monkeypatch: pytest.MonkeyPatch, login: str
) -> None:
    UserFactory(email="member@example.org", member_code="TN4K72")
    checks: list[str] = []
    encode = MD5PasswordHasher.encode

    def count(self: MD5PasswordHasher, password: str, salt: str) -> str:
        checks.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", count)

    client.post("/en/accounts/login/", {"login": login, "password": "wrong one"})

    assert checks == ["wrong one"]


def test_links_in_mails_lead_to_the_configured_host(client: Client, settings: Any) -> None:
    settings.WAGTAILADMIN_BASE_URL = "https://learn.example.org"
    UserFactory(email="member@example.org")

    client.post(
        "/en/accounts/password/reset/", {"email": "member@example.org"}, headers={"host": "evil.example.com"}
    )

    text = mail.outbox[0].body
    assert "https://learn.example.org/fr/accounts/password/reset/" in text
    assert "evil.example.com" not in text


def test_limits_are_on_by_default() -> None:
    from elearn.settings import base

    assert set(base.ACCOUNT_RATE_LIMITS) >= {"signup", "login", "login_failed", "reset_password"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("  Salma@Example.org ", "Salma@Example.org"),
        ("ab-12", "AB-12"),
        ("١٢٣", "123"),
        ("a b\tc", "ABC"),
        ("", ""),
    ],
)
def test_what_was_typed_becomes_what_was_meant(typed: str, meant: str) -> None:
    assert normalise_login(typed) == meant


def test_the_second_sign_in_form_of_the_admin_leads_to_ours(client: Client) -> None:
    UserFactory(email="member@example.org", is_staff=True, is_superuser=True)

    response = client.post(
        "/admin/login/?next=/admin/", {"username": "member@example.org", "password": PASSWORD}
    )

    assert (response.status_code, response.url) == (302, "/fr/accounts/login/?next=/admin/")
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("asked", "reached"),
    [("", "/admin/"), ("?next=/admin/", "/admin/"), ("?next=/admin/pages/1/", "/admin/pages/1/")],
)
@pytest.mark.parametrize("second_factor", [False, True])
def test_the_sign_in_of_the_admin_leads_to_the_admin(
    client: Client, asked: str, reached: str, second_factor: bool
) -> None:
    """Through the form as it is on the page, and through the second step."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    user = UserFactory(email="trainer@example.org", is_staff=True)
    secret = "JBSWY3DPEHPK3PXP"
    if second_factor:
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})

    page = client.get(f"/admin/login/{asked}", follow=True)
    sent = {
        "login": "trainer@example.org",
        "password": PASSWORD,
        "next": page.context["redirect_field_value"],
    }
    response = client.post("/fr/accounts/login/", sent)
    if second_factor:
        assert response.url == "/fr/accounts/2fa/authenticate/"
        code = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))
        response = client.post(response.url, {"code": code})

    assert f'name="next" value="{reached}"' in page.content.decode()
    assert (response.status_code, response.url) == (302, reached)
