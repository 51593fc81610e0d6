"""What anybody may learn of a serial. Reads the row, never the file."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from courses.certificates.domain.queries import issued
from courses.certificates.domain.standing import standing_of
from courses.certificates.enums import Revocation, Standing, Supersession
from courses.certificates.models import Certificate
from courses.lib.clock import add_months, local_day
from courses.lib.ids import SerialError, normalise_serial

# Nobody types this much; longer input isn't looked at.
MAX_TYPED_LENGTH = 100


@dataclass(frozen=True)
class Verification:
    """The public part of a certificate: nothing of the person but initials, empty once they are erased.

    `since` is the day of the revocation or supersession; `reason` says why it was revoked, or what replaced it, in
    public words; empty for any other standing.
    `associations` are those of a holder who chose to show them, empty otherwise.
    """

    standing: Standing
    serial: str
    initials: str
    course_title: str
    course_code: str
    completed_on: date
    issued_on: date
    valid_until: date | None
    since: date | None
    reason: Any
    associations: tuple[str, ...]
    law_checked_to: date | None
    law_needs_recheck: bool


def read_serial(typed: str) -> str:
    """The canonical serial of what somebody typed. Raises courses.lib.ids.SerialError."""
    if len(typed) > MAX_TYPED_LENGTH:
        raise SerialError("length")
    return normalise_serial(typed)


def verify(serial: str, language: str, at: datetime) -> Verification | None:
    """What a canonical serial stands for at a moment, in words of `language`; None for one that was never issued.

    One query.
    """
    certificate = issued().filter(serial=serial).first()
    return None if certificate is None else verification_of(certificate, language, at)


def verification_of(certificate: Certificate, language: str, at: datetime) -> Verification:
    """The public part of an issued certificate."""
    content = certificate.snapshot["content"]
    checked_to = _day(content["law_checked_to"])
    titles = content["course_title"]
    known = certificate.snapshot["initials"]
    changed = certificate.revoked_at or certificate.superseded_at
    return Verification(
        standing=standing_of(certificate, at),
        serial=certificate.serial,
        initials=next(iter(in_reading_order(known["arabic"], known["latin"], language)), ""),
        course_title=titles.get(language) or next(iter(titles.values())),
        course_code=content["course_code"],
        completed_on=date.fromisoformat(content["completed_on"]),
        issued_on=date.fromisoformat(content["issued_on"]),
        valid_until=_day(content.get("valid_until")),
        since=changed and local_day(changed),
        reason=public_reason(certificate),
        associations=(
            in_reading_order(content["association_arabic"], content["association_latin"], language)
            if certificate.shows_association
            else ()
        ),
        law_checked_to=checked_to,
        law_needs_recheck=checked_to is not None
        and add_months(checked_to, settings.ELEARN_LAW_RECHECK_MONTHS) < local_day(at),
    )


def public_reason(certificate: Certificate) -> Any:
    """Why it was revoked, or else what it was replaced by, in words that may be shown to anybody; empty where neither
    happened. They tell nothing of the holder, and not which certificate took its place.
    """
    if certificate.revocation:
        return Revocation(certificate.revocation).label
    if certificate.superseded_because:
        return Supersession(certificate.superseded_because).public
    return ""


def in_reading_order(arabic: str, latin: str, language: str) -> tuple[str, ...]:
    """The texts there are, the one in the script of `language` first."""
    return tuple(filter(None, (arabic, latin) if language == "ar" else (latin, arabic)))


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
