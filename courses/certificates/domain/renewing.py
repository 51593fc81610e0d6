"""Following a course again for a new certificate: the next cycle, for whose certificate ends soon or has ended."""

from datetime import datetime

from courses.certificates.domain.standing import standing_of
from courses.certificates.enums import Standing
from courses.certificates.models import Certificate
from courses.progress.api import Enrolment, PersonErased, current_enrolment, enrol_again

# Where following the course again is what helps.
RENEWABLE = frozenset({Standing.EXPIRING, Standing.EXPIRED})


class NotRenewable(ValueError):
    """The certificate is valid for long, or its end isn't what is wrong with it."""


def is_renewable(certificate: Certificate, at: datetime) -> bool:
    return certificate.is_ready and standing_of(certificate, at) in RENEWABLE


def following_cycle(certificate: Certificate) -> Enrolment | None:
    """The later enrolment of the holder in the same course; None where there is none yet. One query."""
    latest = current_enrolment(certificate.enrolment.user, certificate.course_key)
    return latest if latest is not None and latest.cycle > certificate.cycle else None


def follow_again(certificate: Certificate, *, locale: str, at: datetime) -> Enrolment:
    """Start the cycle whose certificate will take this one's place, or return it. Idempotent; the certificate stays.

    Raises NotRenewable, or courses.domain.outline.CourseNotFound for a course that isn't published any more.
    """
    if not is_renewable(certificate, at):
        raise NotRenewable(certificate.pk)
    try:
        return enrol_again(certificate.enrolment, locale=locale, at=at)
    except PersonErased as error:
        raise NotRenewable(certificate.pk) from error
