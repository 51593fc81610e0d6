"""System checks of what the seal needs."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks
from django.db import OperationalError
from django.utils import timezone

from courses.certificates import checks
from courses.certificates.domain import keys
from courses.certificates.enums import KeyPurpose
from tests.factories.keys import DAY, as_pem, certificate_of, p256_key


def found(**options) -> set[str]:
    return {message.id for message in run_checks(**options) if "courses_certificates" in (message.id or "")}


@pytest.mark.parametrize(("passphrase", "warned"), [("", True), ("x" * 19, True), ("x" * 20, False)])
def test_a_deployment_without_a_long_passphrase_is_warned(settings, passphrase, warned):
    settings.ELEARN_KEY_PASSPHRASE = passphrase

    ids = found(tags=["security"], include_deployment_checks=True)

    assert ids == ({"courses_certificates.W001"} if warned else set())
    assert "courses_certificates.W001" not in found()


@pytest.mark.parametrize(
    ("url", "refused"),
    [
        ("", False),
        ("https://tsa.example.org/", False),
        ("http://tsa.example.org/tsr", False),
        ("tsa.example.org", True),
        ("file:///etc/passwd", True),
    ],
)
def test_the_address_of_a_time_stamp_authority_is_one(settings, url, refused):
    settings.ELEARN_TSA_URL = url

    assert ("courses_certificates.E003" in found()) is refused


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(days=60, minutes=5), set()),
        (timedelta(days=59), {"courses_certificates.W002"}),
        (timedelta(days=-1), {"courses_certificates.W003"}),
    ],
)
def test_the_end_of_the_seals_key_is_warned_of_where_the_database_is_looked_at(left, expected):
    end, private = timezone.now() + left, p256_key()
    certificate = certificate_of(private, begins=end - 400 * DAY, ends=end)
    keys.import_key(KeyPurpose.PDF, as_pem(private, certificate), "", end - DAY)

    assert found(databases=["default"]) == expected
    assert found() == set()


@pytest.mark.django_db
def test_without_a_key_there_is_no_end():
    assert found(databases=["default"]) == set()


def test_a_database_without_tables_is_left_to_others(monkeypatch):
    def missing(at):
        raise OperationalError("no such table")

    monkeypatch.setattr(checks, "expiry_of_seals", missing)

    assert found(databases=["default"]) == set()
