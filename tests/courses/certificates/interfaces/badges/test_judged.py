"""Badges as others judge them: the schema of 1EdTech, openbadgeslib, and @digitalbazaar/vc."""

import copy
import json

import pytest
from django.utils import timezone

from courses.certificates.domain import keys
from courses.certificates.domain.badges import badge_of
from courses.certificates.domain.changing import revoke
from courses.certificates.enums import KeyPurpose, Revocation
from tests.courses.certificates.interfaces.badges import judges

pytestmark = pytest.mark.django_db


@pytest.fixture
def badge(certificate):
    """As it is downloaded: through JSON."""
    return json.loads(json.dumps(badge_of(certificate, timezone.now())))


def published(badge):
    """Everything that the badge refers to, as anybody gets it."""
    did, address = badge["issuer"]["id"], badge["credentialStatus"]["statusListCredential"]
    return {
        did: json.loads(judges.fetch(judges.issuer_address(did))),
        address: json.loads(judges.fetch(address)),
    }


class TestSchema:
    def test_badge_is_accepted(self, badge):
        assert judges.schema_errors(badge) == []

    @pytest.mark.parametrize(
        ("place", "value"),
        [
            (("validFrom",), "yesterday"),
            (("issuer",), {"name": "without an id"}),
            (("credentialSubject", "achievement"), {}),
            (("credentialSubject", "identifier", 0, "identityType"), "initials"),
            (("credentialSubject", "achievement", "achievementType"), "Diplomatic"),
            (("@context",), ["https://www.w3.org/2018/credentials/v1"] * 2),
        ],
    )
    def test_schema_has_teeth(self, badge, place, value):
        node = badge
        for step in place[:-1]:
            node = node[step]
        node[place[-1]] = value
        assert judges.schema_errors(badge) != []


class TestOpenBadgesLib:
    """Knows the issuer's document and the status list by their addresses, as any verifier in the world."""

    def test_badge_is_taken(self, badge):
        assert judges.refusal(badge, check_status=True) == ""

    def test_every_change_is_refused(self, badge):
        download = judges.keeper()
        assert judges.refusal(badge, download=download) == ""

        taken = [
            place
            for place, forged in judges.changed(badge)
            if judges.refusal(forged, download=download) == ""
        ]

        assert taken == []

    def test_revoked_badge_is_refused_for_its_status_alone(self, badge, certificate):
        revoke(certificate.pk, Revocation.ISSUED_IN_ERROR, timezone.now(), None)

        assert judges.refusal(badge) == ""
        assert "revo" in judges.refusal(badge, check_status=True)

    def test_badge_signed_before_a_new_key_stays_good(self, badge, certificate):
        keys.generate(KeyPurpose.BADGE, timezone.now())

        assert judges.refusal(badge, check_status=True) == ""
        renewed = badge_of(certificate, timezone.now())
        assert renewed["proof"][0]["verificationMethod"] != badge["proof"][0]["verificationMethod"]
        assert judges.refusal(renewed, check_status=True) == ""

    def test_badge_of_a_key_that_is_not_published_is_refused(self, badge):
        keys.of_purpose(KeyPurpose.BADGE).delete()
        keys.generate(KeyPurpose.BADGE, timezone.now())

        assert judges.refusal(badge) != ""

    def test_status_list_is_signed(self, badge):
        from openbadgeslib.ob3 import OB3VerificationError
        from openbadgeslib.ob3.did import resolve_verification_method
        from openbadgeslib.ob3.ldp import verify_data_integrity_proof

        statuses = published(badge)[badge["credentialStatus"]["statusListCredential"]]
        key = resolve_verification_method(statuses["proof"][0]["verificationMethod"], download=judges.fetch)
        verify_data_integrity_proof(statuses, key)

        statuses["credentialSubject"]["encodedList"] += "A"
        with pytest.raises(OB3VerificationError, match="signature"):
            verify_data_integrity_proof(statuses, key)


class TestDigitalBazaar:
    def test_badge_is_verified_and_every_change_refused(self, badge):
        places, forged = zip(*judges.changed(badge), strict=True)
        assert len(places) > 100

        good, *bad = judges.digitalbazaar([badge, *forged], published(badge))

        assert good == {"verified": True, "error": "", "status": False}
        taken = [place for place, verdict in zip(places, bad, strict=True) if verdict["verified"]]
        assert taken == []

    def test_status_is_read_and_its_signature_checked(self, badge, certificate):
        revoke(certificate.pk, Revocation.HOLDER_ASKED, timezone.now(), None)
        documents = published(badge)

        assert judges.digitalbazaar([badge], documents)[0]["status"] is True

        forged = copy.deepcopy(documents)
        forged[badge["credentialStatus"]["statusListCredential"]]["validUntil"] = "2099-01-01T00:00:00Z"
        assert "not verified" in judges.digitalbazaar([badge], forged)[0]["status"]
