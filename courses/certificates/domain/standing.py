"""What an issued certificate is worth at a moment. Reads the row, and nothing else."""

from datetime import datetime, timedelta

from django.db.models import Q

from courses.certificates.enums import CertificateState, Standing
from courses.certificates.models import Certificate

# So long before its end a certificate counts as expiring: time enough to follow the course again.
EXPIRING = timedelta(days=60)


def standing_of(certificate: Certificate, at: datetime) -> Standing:
    """The first that is true in the order of `Standing`. The certificate is READY; `at` is aware.

    The moment `expires_at` itself is expired.
    """
    if certificate.revoked_at is not None:
        return Standing.REVOKED
    if certificate.superseded_at is not None:
        return Standing.SUPERSEDED
    if certificate.erased_at is not None:
        return Standing.HOLDER_ERASED
    if certificate.expires_at is None or at < certificate.expires_at - EXPIRING:
        return Standing.VALID
    return Standing.EXPIRING if at < certificate.expires_at else Standing.EXPIRED


def with_standing(standing: Standing, at: datetime) -> Q:
    """The condition 'is READY, and `standing_of` says this'."""
    conditions = {
        Standing.REVOKED: Q(revoked_at__isnull=False),
        Standing.SUPERSEDED: Q(superseded_at__isnull=False),
        Standing.HOLDER_ERASED: Q(erased_at__isnull=False),
        Standing.EXPIRED: Q(expires_at__lte=at),
        Standing.EXPIRING: Q(expires_at__lte=at + EXPIRING),
        Standing.VALID: Q(),
    }
    found = Q(state=CertificateState.READY) & conditions[standing]
    for stronger in Standing:
        if stronger == standing:
            break
        found &= ~conditions[stronger]
    return found
