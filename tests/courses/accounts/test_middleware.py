"""Rules for every request: private pages, the second factor, the admin's policy, the time zone."""

import html
from types import SimpleNamespace
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone, translation
from django.utils.translation import gettext

from courses.accounts.domain.roles import grant_role
from courses.accounts.enums import Role
from courses.accounts.middleware import PersonalMiddleware
from courses.accounts.models import User
from tests.courses.accounts.landing import landing
from tests.factories.accounts import (
    RegionTree,
    UserFactory,
    make_administrator,
    make_coordinator,
    make_trainer,
)

pytestmark = pytest.mark.django_db
NO_STORE = "max-age=0, no-cache, no-store, must-revalidate, private"


@pytest.mark.parametrize("url", ["/fr/account/profile/", "/fr/account/privacy/", "/fr/account/data/"])
def test_pages_of_signed_in_people_are_never_stored(client: Client, url: str) -> None:
    client.force_login(UserFactory())

    assert client.get(url)["Cache-Control"] == NO_STORE


def test_pages_of_visitors_may_be(client: Client) -> None:
    assert "no-store" not in client.get("/fr/account/privacy/").get("Cache-Control", "")


def test_a_view_that_says_how_it_may_be_stored_is_left_alone() -> None:
    request = RequestFactory().get("/")
    request.user = UserFactory()

    response = PersonalMiddleware(lambda _: HttpResponse(headers={"Cache-Control": "max-age=60"}))(request)

    assert response["Cache-Control"] == "max-age=60"


@pytest.mark.parametrize(
    ("zone", "name"),
    [("Africa/Casablanca", "Africa/Casablanca"), ("Nowhere/Land", "Africa/Tunis"), ("", "Africa/Tunis")],
)
def test_times_are_the_persons(zone: str, name: str) -> None:
    seen = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(timezone.get_current_timezone_name())
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = UserFactory(time_zone=zone)
    PersonalMiddleware(view)(request)

    assert (seen, timezone.get_current_timezone_name()) == ([name], "Africa/Tunis")


@pytest.fixture
def required(settings: Any) -> None:
    settings.ELEARN_SECOND_FACTOR_REQUIRED = True


def person(role: str, regions: RegionTree) -> User:
    if role == "coordinator":
        return make_coordinator(regions.kasserine)
    return {"trainer": make_trainer, "administrator": make_administrator, "member": UserFactory}[role]()


ACTIVATE = "/fr/accounts/2fa/totp/activate/"


@pytest.mark.parametrize("role", ["trainer", "coordinator", "administrator"])
@pytest.mark.parametrize("url", ["/fr/account/profile/", "/admin/", "/fr/associations/pending/", "/fr/"])
def test_people_with_a_role_set_up_a_second_factor_first(
    client: Client, regions: RegionTree, required: None, role: str, url: str
) -> None:
    client.force_login(person(role, regions))

    response = client.get(url)

    assert (response.status_code, response.url) == (302, ACTIVATE)


@pytest.mark.parametrize("role", ["trainer", "coordinator", "administrator"])
def test_those_who_have_one_go_on(client: Client, regions: RegionTree, required: None, role: str) -> None:
    user = person(role, regions)
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(user)

    assert client.get("/fr/account/profile/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(
    client: Client, regions: RegionTree, required: None
) -> None:
    user = make_coordinator(regions.kasserine)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    client.force_login(user)

    assert client.get("/fr/account/profile/").status_code == 302


def test_members_need_none(client: Client, required: None) -> None:
    client.force_login(UserFactory())

    assert client.get("/fr/account/profile/").status_code == 200


def test_without_the_requirement_nobody_is_sent(client: Client, regions: RegionTree) -> None:
    client.force_login(make_coordinator(regions.kasserine))

    assert client.get("/fr/account/profile/").status_code == 200


@pytest.mark.parametrize("url", ["/fr/accounts/logout/", "/fr/accounts/email/", "/ar/accounts/2fa/"])
def test_the_way_there_and_out_stays_open(
    client: Client, regions: RegionTree, required: None, url: str
) -> None:
    client.force_login(make_coordinator(regions.kasserine))

    assert client.get(url).status_code == 200


def test_confirming_the_address_stays_open(client: Client, regions: RegionTree, required: None) -> None:
    client.force_login(make_coordinator(regions.kasserine, verified=False))

    response = client.get("/fr/accounts/confirm-email/unknown-key/")

    assert response.status_code == 200


def test_the_whole_way_to_a_second_factor(client: Client, regions: RegionTree, required: None) -> None:
    """Sign in, activate with a real code, sign out, and be asked for a code at the next sign-in."""
    from allauth.mfa.totp.internal import auth

    from tests.factories.accounts import PASSWORD

    make_coordinator(regions.kasserine, email="coordinator@example.org")
    credentials = {"login": "coordinator@example.org", "password": PASSWORD}
    client.post("/fr/accounts/login/", credentials)
    proof = client.get(ACTIVATE)
    client.post(proof.url, {"password": PASSWORD})
    page = client.get(ACTIVATE)
    secret = page.context["form"].secret
    code = auth.format_hotp_value(auth.hotp_value(secret, next(auth.yield_hotp_counters_from_time())))

    activated = client.post(ACTIVATE, {"code": code})
    free = client.get("/fr/account/profile/")
    client.post("/fr/accounts/logout/")
    asked = client.post("/fr/accounts/login/", credentials)

    assert page.status_code == 200
    assert activated.status_code == 302
    assert free.status_code == 200
    assert (asked.status_code, asked.url) == (302, "/fr/accounts/2fa/authenticate/")
    assert "_auth_user_id" not in client.session
    assert client.get(asked.url).status_code == 200


def test_the_admin_has_its_own_content_policy(client: Client, site: SimpleNamespace) -> None:
    client.force_login(make_administrator())

    assert "'unsafe-inline'" in client.get("/admin/")["Content-Security-Policy"]
    assert "'unsafe-inline'" not in client.get("/fr/account/profile/")["Content-Security-Policy"]


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("url", ["/admin/", "/admin/pages/1/", "/admin/nowhere/"])
@pytest.mark.parametrize("role", ["member", "coordinator"])
def test_who_has_no_access_to_the_admin_is_told_so(
    client: Client, regions: RegionTree, role: str, url: str, language: str
) -> None:
    """A page of its own, in the person's language, instead of a sign-in that sends back."""
    user = person(role, regions)
    User.objects.filter(pk=user.pk).update(language=language)
    client.force_login(user)

    response = client.get(url)

    assert response.status_code == 403
    assert response["Content-Language"] == language
    assert response["Cache-Control"] == NO_STORE
    page = html.unescape(response.content.decode())
    with translation.override(language):
        assert gettext("This part is for trainers and administrators") in page
    assert f'<html lang="{language}"' in page
    assert f'<a class="btn btn--primary" href="{landing(language)}">' in page


def test_programs_of_the_page_are_refused_as_wagtail_refuses_them(client: Client) -> None:
    client.force_login(UserFactory())

    response = client.get("/admin/pages/1/", headers={"x-requested-with": "XMLHttpRequest"})

    assert response.status_code == 403


@pytest.mark.parametrize("role", [Role.TRAINER, Role.ADMINISTRATOR])
def test_trainers_and_administrators_enter_the_admin(
    client: Client, site: SimpleNamespace, role: Role
) -> None:
    user = UserFactory()
    grant_role(user, role, by=None, at=timezone.now())
    client.force_login(user)

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("url", ["/admin/", "/admin/pages/1/"])
def test_visitors_sign_in_and_come_back(client: Client, url: str) -> None:
    response = client.get(url)

    assert (response.status_code, response.url) == (302, f"/fr/accounts/login/?next={url}")
