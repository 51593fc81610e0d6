"""What anybody may learn of a serial. Reads the row, never the file."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from courses.certificates.domain.queries import issued
from courses.certificates.enums import Verdict
from courses.certificates.models import Certificate
from courses.lib.clock import add_months
from courses.lib.ids import SerialError, normalise_serial

# Nobody types this much; longer input isn't looked at.
MAX_TYPED_LENGTH = 100


@dataclass(frozen=True)
class Verification:
    """The public part of a certificate: nothing of the person but initials, empty once they are erased."""

    verdict: Verdict
    serial: str
    initials: str
    course_title: str
    course_code: str
    completed_on: date
    issued_on: date
    law_checked_to: date | None
    law_needs_recheck: bool


def read_serial(typed: str) -> str:
    """The canonical serial of what somebody typed. Raises courses.lib.ids.SerialError."""
    if len(typed) > MAX_TYPED_LENGTH:
        raise SerialError("length")
    return normalise_serial(typed)


def verify(serial: str, language: str, today: date) -> Verification | None:
    """What a canonical serial stands for, in words of `language`; None for one that was never issued.

    One query. `today` decides whether the law counts as not re-checked since.
    """
    certificate = issued().filter(serial=serial).first()
    return None if certificate is None else verification_of(certificate, language, today)


def verification_of(certificate: Certificate, language: str, today: date) -> Verification:
    """The public part of an issued certificate."""
    content = certificate.snapshot["content"]
    checked_to = content["law_checked_to"] and date.fromisoformat(content["law_checked_to"])
    months = settings.ELEARN_LAW_RECHECK_MONTHS
    titles = content["course_title"]
    known = certificate.snapshot["initials"]
    by_script = (known["arabic"], known["latin"])
    return Verification(
        verdict=Verdict.HOLDER_ERASED if certificate.erased_at else Verdict.VALID,
        serial=certificate.serial,
        initials=next(filter(None, by_script if language == "ar" else by_script[::-1]), ""),
        course_title=titles.get(language) or next(iter(titles.values())),
        course_code=content["course_code"],
        completed_on=date.fromisoformat(content["completed_on"]),
        issued_on=date.fromisoformat(content["issued_on"]),
        law_checked_to=checked_to,
        law_needs_recheck=bool(checked_to) and add_months(checked_to, months) < today,
    )
