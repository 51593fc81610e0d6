"""The download of a badge, and the documents that let anybody check it."""

import json
import socket
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext

from courses.accounts.enums import Role
from courses.certificates.domain.changing import revoke
from courses.certificates.enums import EventKind, Revocation, Standing
from courses.certificates.models import CertificateEvent
from courses.lib.ids import display_serial
from tests.factories.accounts import RoleGrantFactory, UserFactory, make_administrator
from tests.factories.certificates import certificate_in, make_pending, make_ready

pytestmark = pytest.mark.django_db
ISSUER = "/badges/issuer/did.json"
STATUS = "/badges/status/0.json"


@pytest.fixture
def holder(regions):
    return UserFactory(certificate_name_latin="Zohra Trabelsi", region=regions.kasserine)


@pytest.fixture
def ready(holder, course):
    return make_ready(holder, course)


def badge_of(certificate):
    return reverse("certificates:badge", args=[certificate.uuid])


def page_of(certificate):
    return reverse("certificates:certificate", args=[certificate.uuid])


class TestDownload:
    def test_holder_gets_a_file_that_names_nobody(self, client, holder, ready):
        client.force_login(holder)

        response = client.get(badge_of(ready))

        assert response.status_code == 200
        assert response["Content-Type"] == "application/vc"
        assert response["Cache-Control"] == "no-store"
        assert response["Content-Disposition"] == (
            f'attachment; filename="badge-{display_serial(ready.serial)}.json"'
        )
        assert "Access-Control-Allow-Origin" not in response
        assert json.loads(response.content)["id"].endswith(f"/verify/{ready.serial}/")
        assert b"Zohra" not in response.content

    def test_same_bytes_each_time_and_nobody_is_asked(self, client, holder, ready):
        client.force_login(holder)
        first = client.get(badge_of(ready)).content

        with patch.object(socket, "getaddrinfo", side_effect=AssertionError("asked the network")):
            assert client.get(badge_of(ready)).content == first

    def test_costs_few_queries(self, client, holder, ready, django_assert_num_queries):
        client.force_login(holder)
        client.get(badge_of(ready))
        with django_assert_num_queries(4):  # session, user, certificate, key
            client.get(badge_of(ready))

    def test_nobody_else_gets_one(self, client, ready, regions):
        coordinator = UserFactory()
        RoleGrantFactory(
            user=coordinator, role=Role.COORDINATOR, region=regions.kasserine, may_export_names=True
        )
        for person in (UserFactory(), coordinator, make_administrator()):
            client.force_login(person)
            assert client.get(badge_of(ready)).status_code == 404
        client.logout()
        assert client.get(badge_of(ready)).status_code == 302
        assert not CertificateEvent.objects.filter(kind=EventKind.HANDED_OUT).exists()

    def test_one_that_is_being_made_has_none(self, client, holder, course):
        client.force_login(holder)
        pending = make_pending(holder, course)
        assert client.get(badge_of(pending)).status_code == 404
        assert badge_of(pending) not in client.get(page_of(pending)).content.decode()

    @pytest.mark.parametrize("standing", [it for it in Standing if it != Standing.HOLDER_ERASED])
    def test_page_offers_it_where_there_is_one(self, standing, client, holder, course):
        certificate = certificate_in(standing, holder, course)
        client.force_login(holder)
        worth = standing in {Standing.VALID, Standing.EXPIRING, Standing.EXPIRED}

        assert client.get(badge_of(certificate)).status_code == (200 if worth else 404)
        assert (badge_of(certificate) in client.get(page_of(certificate)).content.decode()) == worth

    def test_erased_holder_has_none(self, client, holder, course):
        certificate = certificate_in(Standing.HOLDER_ERASED, holder, course)
        for person in (holder, make_administrator()):
            client.force_login(person)
            assert client.get(badge_of(certificate)).status_code in (302, 404)

    def test_administrator_sees_no_button(self, client, ready):
        client.force_login(make_administrator())
        assert badge_of(ready) not in client.get(page_of(ready)).content.decode()

    def test_without_a_key_it_is_said_in_words(self, client, holder, ready, settings):
        settings.ELEARN_GENERATES_KEYS = False
        client.force_login(holder)

        response = client.get(badge_of(ready))

        assert response.status_code == 503
        assert escape(gettext("No badge just now")) in response.content.decode()


class TestPublicDocuments:
    @pytest.mark.parametrize(
        ("address", "content_type"),
        [(ISSUER, "application/did+ld+json"), (STATUS, "application/vc")],
    )
    def test_anybody_may_read_them_for_a_while(self, client, ready, address, content_type):
        response = client.get(address)

        assert response.status_code == 200
        assert response["Content-Type"] == content_type
        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cache-Control"] == "public, max-age=300"
        assert not response.cookies

    @pytest.mark.parametrize("address", [ISSUER, STATUS])
    def test_nothing_is_written(self, client, address):
        assert client.post(address).status_code == 405
        assert client.delete(address).status_code == 405

    def test_addresses_are_for_ever(self):
        assert reverse("badges:issuer") == ISSUER
        assert reverse("badges:status", args=[0]) == STATUS

    def test_list_is_kept_for_five_minutes(self, client, ready, django_assert_num_queries):
        before = client.get(STATUS).content
        revoke(ready.pk, Revocation.FRAUD, timezone.now(), None)

        with django_assert_num_queries(0):
            assert client.get(STATUS).content == before

        cache.clear()
        after = json.loads(client.get(STATUS).content)
        assert after["credentialSubject"] != json.loads(before)["credentialSubject"]

    def test_list_that_no_certificate_is_in(self, client, ready):
        """What isn't there is looked for once more under a language."""
        for number in (1, 10**40):
            assert client.get(f"/badges/status/{number}.json", follow=True).status_code == 404

    def test_one_address_may_ask_so_often(self, client, settings):
        settings.ELEARN_VERIFY_PER_MINUTE = 3

        answers = [client.get(address).status_code for address in (ISSUER, STATUS, ISSUER, STATUS)]

        assert answers == [200, 200, 200, 429]

    def test_without_a_key_there_is_no_list_yet(self, client, settings):
        settings.ELEARN_GENERATES_KEYS = False
        assert client.get(STATUS).status_code == 503
        assert client.get(ISSUER).status_code == 200
