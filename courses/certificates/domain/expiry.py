"""Telling holders that their certificate expires soon: one letter for each certificate, some weeks before.

Nothing else happens at the end of validity: what a certificate is worth is read from its row (`domain.standing`).
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.db import transaction
from django.db.models import DateTimeField, Exists, F, OuterRef, QuerySet, Value

from courses.accounts.api import User, unconfirmed_address
from courses.certificates.domain.telling import Compose, is_for_now
from courses.certificates.enums import CertificateState, EventKind
from courses.certificates.models import Certificate, CertificateEvent
from courses.lib.letters import send_each

logger = logging.getLogger(__name__)

# So long before the end; of a certificate that was valid for less than twice as long, in the second half.
ANNOUNCED = timedelta(weeks=6)


def to_announce(at: datetime) -> QuerySet[Certificate]:
    """Certificates that expire soon, whose holder wasn't told yet, and whose place no other one takes, not even one
    that is being made. Nobody without an address, or whose account is closed, is told.
    """
    told = CertificateEvent.objects.filter(certificate=OuterRef("pk"), kind=EventKind.EXPIRY_ANNOUNCED)
    being_replaced = Certificate.objects.filter(supersedes=OuterRef("pk"), state=CertificateState.PENDING)
    now = Value(at, output_field=DateTimeField())
    return (
        Certificate.objects.filter(
            ~Exists(told),
            ~Exists(being_replaced),
            state=CertificateState.READY,
            expires_at__gt=at,
            expires_at__lte=at + ANNOUNCED,
            revoked_at__isnull=True,
            superseded_at__isnull=True,
            erased_at__isnull=True,
            enrolment__user__is_active=True,
            enrolment__user__erased_at__isnull=True,
            enrolment__user__email__isnull=False,
        )
        .exclude(enrolment__user__email="")
        .alias(left=F("expires_at") - now, gone=now - F("issued_at"))
        .filter(left__lte=F("gone"))
    )


def announce(compose: Compose, *, wants: Callable[[User], bool], at: datetime) -> int:
    """Tell each holder who agreed to reminders (`wants`); how many letters went. Idempotent.

    `compose` writes the letter in the holder's language and gives what sends it. The claim, an event of the history,
    is committed before the letter goes, so that no two workers send it. Only what the mail server refuses for now is
    given back for the next run: any other letter may be gone, or never will.
    """
    waiting = list(to_announce(at).order_by("expires_at", "pk").values_list("pk", flat=True))
    return send_each(waiting, lambda pk: _announce(pk, compose, wants, at), what="expiry of certificate")


def _announce(pk: int, compose: Compose, wants: Callable[[User], bool], at: datetime) -> int:
    claimed = _claim(pk, compose, wants, at)
    if claimed is None:
        return 0
    event, deliver = claimed
    try:
        deliver()
    except (SMTPResponseException, SMTPRecipientsRefused) as refusal:
        # Not its words: those of a refused recipient are an address.
        logger.error("certificate %s: letter of its expiry refused: %s", pk, type(refusal).__name__)
        if is_for_now(refusal):
            event.delete()
        return 0
    return 1


@transaction.atomic
def _claim(
    pk: int, compose: Compose, wants: Callable[[User], bool], at: datetime
) -> tuple[CertificateEvent, Callable[[], object]] | None:
    """The claim and what sends the letter; None where nobody is to be told (any more)."""
    list(Certificate.objects.select_for_update().filter(pk=pk).values_list("pk"))
    certificate = to_announce(at).select_related("enrolment__user").filter(pk=pk).first()
    if certificate is None:
        return None
    user = certificate.enrolment.user
    if unconfirmed_address(user) or not wants(user):
        return None
    deliver = compose(user, certificate)
    event = CertificateEvent.objects.create(certificate=certificate, kind=EventKind.EXPIRY_ANNOUNCED, at=at)
    return event, deliver
