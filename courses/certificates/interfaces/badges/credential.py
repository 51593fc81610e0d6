"""A certificate as an OpenBadgeCredential (Open Badges 3.0, W3C Verifiable Credentials 2.0), not yet signed."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from courses.certificates.interfaces.badges.issuer import issuer_id, site
from courses.certificates.interfaces.badges.linked_data import CREDENTIALS, OPEN_BADGES
from courses.certificates.interfaces.badges.proof import stamp
from courses.certificates.interfaces.badges.status import status_entry
from courses.certificates.interfaces.pdf.wording import WORDINGS
from courses.certificates.models import Certificate

# What it took, in the words of the certificate.
CRITERIA = {
    "ar": "متابعة الدورة التكوينية واجتياز اختبارها بنجاح.",
    "fr": "Avoir suivi la formation et réussi le test.",
    "en": "Having followed the course and passed its test.",
}


def credential_of(certificate: Certificate) -> dict[str, Any]:
    """What an issued certificate says, from its frozen snapshot alone: course, days, initials.

    Its id is the address that verifies it, for people too. The name, the files and the account stay out; the
    association is there only while the holder shows it. Raises ValueError for a certificate that isn't issued.
    """
    if certificate.issued_at is None:
        raise ValueError("the certificate isn't issued")
    content = certificate.snapshot["content"]
    languages = _languages(content)
    main = languages[0]
    title = content["course_title"][main]
    credential = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": content["verify_url"],
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{WORDINGS[main].title} – {title}",
        "description": WORDINGS[main].disclaimer,
        "issuer": {
            "id": issuer_id(),
            "type": ["Profile"],
            "name": content["issuer"][main],
            "url": site(),
        },
        "validFrom": stamp(certificate.issued_at),
        "credentialSubject": {
            "id": f"{content['verify_url']}#holder",
            "type": ["AchievementSubject"],
            "activityEndDate": _start_of_day(certificate.snapshot),
            "achievement": {
                "id": f"urn:uuid:{certificate.course_key}",
                "type": ["Achievement"],
                "achievementType": "CertificateOfCompletion",
                "name": title,
                "description": "\n".join(_titles(content, languages)),
                "inLanguage": main,
                "criteria": {"narrative": "\n\n".join(CRITERIA[language] for language in languages)},
            },
        },
        "credentialStatus": status_entry(certificate.badge_position),
    }
    if content["course_code"]:
        credential["credentialSubject"]["achievement"]["humanCode"] = content["course_code"]
    if certificate.expires_at is not None:
        credential["validUntil"] = stamp(certificate.expires_at)
    if identifiers := _identifiers(certificate, main):
        credential["credentialSubject"]["identifier"] = identifiers
    return credential


def _languages(content: dict[str, Any]) -> list[str]:
    """Those of the sheet, the main one first, then the others that the course has a title in."""
    return list(dict.fromkeys([*content["languages"], *content["course_title"]]))


def _titles(content: dict[str, Any], languages: list[str]) -> list[str]:
    return list(dict.fromkeys(content["course_title"][language] for language in languages))


def _identifiers(certificate: Certificate, main: str) -> list[dict[str, Any]]:
    """Initials, and the association of a holder who shows it: in each script there is, the main language's first."""
    content, initials = certificate.snapshot["content"], certificate.snapshot["initials"]
    scripts = ("arabic", "latin") if main == "ar" else ("latin", "arabic")
    known = [("ext:initials", initials[script]) for script in scripts]
    if certificate.shows_association:
        known += [("ext:association", content[f"association_{script}"]) for script in scripts]
    return [
        {"type": "IdentityObject", "hashed": False, "identityType": kind, "identityHash": text}
        for kind, text in known
        if text
    ]


def _start_of_day(snapshot: dict[str, Any]) -> str:
    """The day of the completion where the holder's association is; the time of day is nobody's business."""
    zone = ZoneInfo(snapshot.get("time_zone") or settings.TIME_ZONE)
    day = date.fromisoformat(snapshot["content"]["completed_on"])
    return datetime.combine(day, time.min, zone).isoformat()
