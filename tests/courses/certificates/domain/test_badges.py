"""Badges: who gets one, and what the status list says of each."""

import base64
import gzip
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from courses.certificates.domain import keys
from courses.certificates.domain.badges import badge_of, issuer_document, status_list
from courses.certificates.domain.privacy import NotShowableError
from courses.certificates.enums import KeyPurpose, Revocation, Standing
from courses.certificates.interfaces.badges.status import LIST_SIZE, place_of
from courses.certificates.models import Certificate, SigningKey
from courses.lib.ids import new_serial
from tests.factories.accounts import UserFactory
from tests.factories.certificates import certificate_in, make_pending, make_ready

pytestmark = pytest.mark.django_db

WITHDRAWN = {Standing.REVOKED, Standing.SUPERSEDED, Standing.HOLDER_ERASED}


def indexes(document):
    """The indexes whose bit is set, by the words of the recommendation."""
    encoded = document["credentialSubject"]["encodedList"]
    assert encoded[0] == "u"
    bits = gzip.decompress(base64.urlsafe_b64decode(encoded[1:] + "=" * (-len(encoded[1:]) % 4)))
    assert len(bits) == 16 * 1024
    return {
        position * 8 + bit
        for position, byte in enumerate(bits)
        for bit in range(8)
        if byte & (0b1000_0000 >> bit)
    }


@pytest.fixture
def holder():
    return UserFactory(certificate_name_latin="Zohra Trabelsi")


@pytest.mark.parametrize("standing", Standing)
def test_status_of_each_standing(standing, holder, course):
    certificate = certificate_in(standing, holder, course)
    other = make_ready(UserFactory(), course)

    found = indexes(status_list(0, timezone.now()))

    assert found == ({certificate.badge_position} if standing in WITHDRAWN else set())
    assert other.badge_position not in found


@pytest.mark.parametrize("standing", Standing)
def test_badge_is_signed_of_what_is_worth_something(standing, holder, course):
    certificate = certificate_in(standing, holder, course)

    if standing in WITHDRAWN:
        with pytest.raises(NotShowableError):
            badge_of(certificate, timezone.now())
    else:
        assert badge_of(certificate, timezone.now())["proof"]


def test_one_that_is_not_issued_has_none(holder, course):
    with pytest.raises(NotShowableError):
        badge_of(make_pending(holder, course), timezone.now())


def test_badge_costs_one_query(holder, course, django_assert_num_queries):
    certificate = make_ready(holder, course)
    badge_of(certificate, timezone.now())
    with django_assert_num_queries(1):
        badge_of(certificate, timezone.now())


def test_list_says_nothing_but_bits(holder, course, django_assert_num_queries):
    certificate = certificate_in(Standing.REVOKED, holder, course)
    keys.active(KeyPurpose.BADGE, timezone.now())
    at = timezone.now().replace(microsecond=0)

    with django_assert_num_queries(3):
        document = status_list(0, at)

    assert document["credentialSubject"].keys() == {
        "id",
        "type",
        "statusPurpose",
        "encodedList",
        "ttl",
    }
    assert document["validUntil"] == f"{at + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    text = json.dumps(document)
    for secret in (certificate.serial, str(certificate.uuid), Revocation.ISSUED_IN_ERROR, "Zohra", "JUR"):
        assert secret not in text
    # Full of random bits it would have 22 kB.
    assert len(text) < 25_000


def test_lists_are_as_many_as_certificates_need(holder, course):
    first = make_ready(holder, course)
    assert status_list(1, timezone.now()) is None
    far = copy_at(first, LIST_SIZE + 7, revoked_at=timezone.now(), revocation=Revocation.FRAUD)

    assert place_of(far.badge_position) == (1, 7)
    assert indexes(status_list(1, timezone.now())) == {7}
    assert indexes(status_list(0, timezone.now())) == set()
    assert status_list(2, timezone.now()) is None
    assert status_list(10**30, timezone.now()) is None


def test_first_list_is_there_before_the_first_certificate():
    assert indexes(status_list(0, timezone.now())) == set()


def test_issuer_lists_every_key_there_was(settings, django_assert_num_queries):
    settings.ELEARN_ISSUER_NAMES = {"fr": "Réseau des associations"}
    before = keys.active(KeyPurpose.BADGE, timezone.now())
    keys.active(KeyPurpose.QR, timezone.now())
    now = keys.generate(KeyPurpose.BADGE, timezone.now())

    with django_assert_num_queries(1):
        document = issuer_document()

    did = "did:web:localhost%3A8000:badges:issuer"
    assert document["id"] == did
    assert document["name"] == "Réseau des associations"
    assert [method["controller"] for method in document["verificationMethod"]] == [did, did]
    assert [method.keys() for method in document["verificationMethod"]] == [
        {"id", "type", "controller", "publicKeyMultibase"}
    ] * 2
    assert document["assertionMethod"] == [method["id"] for method in document["verificationMethod"]]
    assert len(set(document["assertionMethod"])) == 2
    assert SigningKey.objects.get(pk=before.pk).private_pem == ""
    assert now.private_pem not in json.dumps(document)


def test_issuer_without_keys_is_known_all_the_same():
    assert issuer_document()["verificationMethod"] == []


def test_without_a_key_nothing_is_signed(settings, holder, course):
    certificate = make_ready(holder, course)
    settings.ELEARN_GENERATES_KEYS = False
    for asked in (lambda: badge_of(certificate, timezone.now()), lambda: status_list(0, timezone.now())):
        with pytest.raises(keys.NoKeyError):
            asked()


def copy_at(certificate, position, **fields):
    copied = Certificate.objects.get(pk=certificate.pk)
    copied.pk, copied.uuid, copied.serial, copied.badge_position = None, uuid4(), new_serial(), position
    copied.version, copied.supersedes = certificate.version + 1, certificate
    for name, value in fields.items():
        setattr(copied, name, value)
    copied.save(force_insert=True)
    return copied
