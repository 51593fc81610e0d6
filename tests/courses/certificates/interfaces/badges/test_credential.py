"""What a badge says of a certificate, and what it doesn't."""

import json
import socket

import pytest
from django.utils import timezone

from courses.certificates.domain.badges import badge_of
from courses.certificates.domain.privacy import show_association
from courses.certificates.interfaces.badges.credential import credential_of
from courses.certificates.interfaces.badges.proof import stamp
from courses.certificates.models import Certificate
from tests.factories.certificates import make_pending, make_ready
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db


def test_credential_of_a_certificate(certificate, course):
    content = certificate.snapshot["content"]

    assert credential_of(certificate) == {
        "@context": [
            "https://www.w3.org/ns/credentials/v2",
            "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        ],
        "id": f"http://localhost:8000/fr/verify/{certificate.serial}/",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"Attestation de suivi de formation – {content['course_title']['fr']}",
        "description": (
            "Formation, et non conseil juridique\u00a0; cette attestation ne constate la conformité au droit "
            "ni d’une personne ni d’une association."
        ),
        "issuer": {
            "id": "did:web:localhost%3A8000:badges:issuer",
            "type": ["Profile"],
            "name": content["issuer"]["fr"],
            "url": "http://localhost:8000",
        },
        "validFrom": stamp(certificate.issued_at),
        "validUntil": stamp(certificate.expires_at),
        "credentialSubject": {
            "id": f"http://localhost:8000/fr/verify/{certificate.serial}/#holder",
            "type": ["AchievementSubject"],
            "activityEndDate": f"{content['completed_on']}T00:00:00+01:00",
            "identifier": [
                {
                    "type": "IdentityObject",
                    "hashed": False,
                    "identityType": kind,
                    "identityHash": text,
                }
                for kind, text in (
                    ("ext:initials", "Z. B. S."),
                    ("ext:initials", "ز. ب. ص."),
                    ("ext:association", "Les Amis du Jebel"),
                    ("ext:association", "جمعية أحباء الجبل"),
                )
            ],
            "achievement": {
                "id": f"urn:uuid:{course.key}",
                "type": ["Achievement"],
                "achievementType": "CertificateOfCompletion",
                "name": content["course_title"]["fr"],
                "description": "\n".join(content["course_title"][code] for code in ("fr", "ar", "en")),
                "inLanguage": "fr",
                "humanCode": "JUR",
                "criteria": {
                    "narrative": "Avoir suivi la formation et réussi le test.\n\n"
                    "متابعة الدورة التكوينية واجتياز اختبارها بنجاح.\n\n"
                    "Having followed the course and passed its test."
                },
            },
        },
        "credentialStatus": {
            "id": f"http://localhost:8000/badges/status/0.json#{certificate.badge_position}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(certificate.badge_position),
            "statusListCredential": "http://localhost:8000/badges/status/0.json",
        },
    }


def test_main_language_comes_first(holder, course):
    credential = credential_of(make_ready(holder, course, language="ar"))

    assert credential["name"].startswith("شهادة متابعة تكوين – ")
    assert credential["credentialSubject"]["achievement"]["inLanguage"] == "ar"
    assert [entry["identityHash"] for entry in credential["credentialSubject"]["identifier"]] == [
        "ز. ب. ص.",
        "Z. B. S.",
    ]


def test_without_an_end_nothing_is_said_of_one(holder, course):
    assert "validUntil" not in credential_of(make_ready(holder, course))


def test_nothing_else_of_the_person(certificate, holder):
    show_association(certificate.pk, False, timezone.now(), holder.pk)
    certificate.refresh_from_db()
    text = json.dumps(credential_of(certificate), ensure_ascii=False)

    for secret in (
        "Zohra", "Salah", "زهرة", "صالح", "Amis", "أحباء", "association\"",
        holder.email, str(certificate.uuid), certificate.sha256, certificate.file_name, "mailto",
    ):  # fmt: skip
        assert secret not in text


def test_two_certificates_of_one_person_have_nothing_in_common_that_names_them(holder, course, site):
    first = credential_of(make_ready(holder, course))
    second = credential_of(make_ready(holder, make_course(site, code="FIN")))

    assert first["credentialSubject"]["id"] != second["credentialSubject"]["id"]


def test_what_the_day_of_today_says_changes_nothing(certificate, holder, course, settings):
    before = badge_of(certificate, timezone.now())
    holder.certificate_name_latin = "Somebody Else"
    holder.save()
    for page in course.pages.values():
        page.title = "Another title"
        page.save_revision().publish()
    settings.ELEARN_ISSUER_NAMES = {"fr": "Somebody else"}

    assert badge_of(Certificate.objects.get(pk=certificate.pk), timezone.now()) == before


def test_same_certificate_and_key_give_the_same_bytes(certificate, monkeypatch):
    badge_of(certificate, timezone.now())
    monkeypatch.setattr(socket, "socket", lambda *_args, **_named: pytest.fail("asked the network"))

    again = [json.dumps(badge_of(certificate, timezone.now())) for _ in range(2)]

    assert again[0] == again[1]


def test_one_that_is_not_issued_has_no_badge(holder, course):
    pending = make_pending(holder, course)
    with pytest.raises(ValueError, match="isn't issued"):
        credential_of(pending)


def test_snapshot_of_the_first_version_has_a_badge(certificate):
    """Certificates from before there were time zones and ends of validity."""
    snapshot = certificate.snapshot
    del snapshot["time_zone"]
    for key in ("valid_until", "provisions"):
        del snapshot["content"][key]
    Certificate.objects.filter(pk=certificate.pk).update(snapshot={**snapshot, "version": 1}, expires_at=None)
    certificate.refresh_from_db()

    badge = badge_of(certificate, timezone.now())

    assert badge["credentialSubject"]["activityEndDate"][:10] == snapshot["content"]["completed_on"]
