"""What an issued certificate is worth at a moment. Reads the row, and nothing else."""

from datetime import datetime, timedelta

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Q, Value
from django.db.models.lookups import LessThanOrEqual

from courses.certificates.enums import CertificateState, Standing
from courses.certificates.models import Certificate

# So long before its end a certificate counts as expiring: time enough to follow the course again. One that is valid for
# less than twice as long: in the second half of its validity.
EXPIRING = timedelta(days=60)
# What still counts.
COUNTING = frozenset({Standing.VALID, Standing.EXPIRING})


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
    if certificate.expires_at is None:
        return Standing.VALID
    if certificate.expires_at <= at:
        return Standing.EXPIRED
    left = certificate.expires_at - at
    # READY has a day of issue.
    in_second_half = certificate.issued_at is None or left <= at - certificate.issued_at
    return Standing.EXPIRING if left <= EXPIRING and in_second_half else Standing.VALID


def with_standing(standing: Standing, at: datetime) -> Q:
    """The condition 'is READY, and `standing_of` says this'."""
    now = Value(at, output_field=DateTimeField())
    left = ExpressionWrapper(F("expires_at") - now, output_field=DurationField())
    gone = ExpressionWrapper(now - F("issued_at"), output_field=DurationField())
    conditions = {
        Standing.REVOKED: Q(revoked_at__isnull=False),
        Standing.SUPERSEDED: Q(superseded_at__isnull=False),
        Standing.HOLDER_ERASED: Q(erased_at__isnull=False),
        Standing.EXPIRED: Q(expires_at__lte=at),
        # Never NULL: what is denied of NULL isn't true.
        Standing.EXPIRING: Q(expires_at__isnull=False, expires_at__lte=at + EXPIRING)
        & Q(LessThanOrEqual(left, gone)),
        Standing.VALID: Q(),
    }
    found = Q(state=CertificateState.READY) & conditions[standing]
    for stronger in Standing:
        if stronger == standing:
            break
        found &= ~conditions[stronger]
    return found
