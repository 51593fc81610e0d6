"""Telling holders that their certificate is there: at most one letter for each certificate.

The claim (`mailed_at`) is committed before the letter goes. A worker that is killed between the two loses that letter,
and no worker ever sends it twice; the certificate is on the site either way. Only what the mail server certainly didn't
take is given back for another try.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.db import transaction
from django.db.models import QuerySet

from courses.accounts.api import User, unconfirmed_address
from courses.certificates.enums import CertificateState
from courses.certificates.models import Certificate

logger = logging.getLogger(__name__)

# Nobody is told of a certificate that is older: not when the mail server was down for long, nor when letters begin.
TOLD_WITHIN = timedelta(days=3)
# The task that follows the issue has this long before the sweep looks.
LEFT_AFTER = timedelta(minutes=5)
LIMIT = 500

# Writes the letter to somebody about a certificate and gives what hands it to the mail server.
Compose = Callable[[User, Certificate], Callable[[], object]]


def tell(certificate_id: int, compose: Compose, at: datetime) -> bool:
    """Send the letter of an issued certificate, once; whether it went.

    Not to who has no confirmed address or no account any more, and not about what was revoked or superseded meanwhile.
    Where `compose` raises, nothing is claimed. A letter that the server refuses for now is given back (False); one that
    it refuses for good isn't tried again. Whatever else the sending raises is passed on: the letter may be gone, so it
    stays claimed.
    """
    deliver = _claim(certificate_id, compose, at)
    if deliver is None:
        return False
    try:
        deliver()
    except (SMTPResponseException, SMTPRecipientsRefused) as refusal:
        # Not its words: those of a refused recipient are an address.
        logger.error("certificate %s: its letter was refused: %s", certificate_id, type(refusal).__name__)
        if is_for_now(refusal):
            Certificate.objects.filter(pk=certificate_id, mailed_at=at).update(mailed_at=None)
        return False
    return True


def untold(at: datetime) -> QuerySet[Certificate]:
    """Certificates of the last days whose holder may be written to and wasn't."""
    return Certificate.objects.filter(
        state=CertificateState.READY,
        mailed_at__isnull=True,
        issued_at__gt=at - TOLD_WITHIN,
        erased_at__isnull=True,
        revoked_at__isnull=True,
        superseded_at__isnull=True,
        enrolment__user__is_active=True,
        enrolment__user__erased_at__isnull=True,
        enrolment__user__email__isnull=False,
    ).exclude(enrolment__user__email="")


def left_untold(at: datetime, limit: int = LIMIT) -> list[int]:
    """Ids of those whose task must have been lost, the oldest first."""
    left = untold(at).filter(issued_at__lte=at - LEFT_AFTER)
    return list(left.order_by("issued_at", "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def _claim(certificate_id: int, compose: Compose, at: datetime) -> Callable[[], object] | None:
    """Mark the certificate as told and give what sends its letter; None where nobody is to be told of it."""
    # An erasure takes this lock too: who comes second sees what the first one did.
    waiting = Certificate.objects.select_for_update(of=("self",)).filter(
        pk=certificate_id, mailed_at__isnull=True
    )
    if not list(waiting.values_list("pk")):
        return None
    certificate = untold(at).select_related("enrolment__user").filter(pk=certificate_id).first()
    if certificate is None or unconfirmed_address(certificate.enrolment.user):
        return None
    deliver = compose(certificate.enrolment.user, certificate)
    Certificate.objects.filter(pk=certificate_id).update(mailed_at=at)
    return deliver


def is_for_now(refusal: SMTPResponseException | SMTPRecipientsRefused) -> bool:
    """Whether the server asks to come again (4xx)."""
    if isinstance(refusal, SMTPRecipientsRefused):
        return any(400 <= code < 500 for code, _words in refusal.recipients.values())
    return 400 <= refusal.smtp_code < 500
