"""System checks of what the seal needs."""

import pytest
from django.core.checks import run_checks


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
