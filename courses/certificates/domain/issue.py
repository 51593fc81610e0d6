"""Asking for a certificate: one PENDING row for each complete enrolment, whoever asks and however often."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from courses.certificates.domain.eligibility import blockers_of
from courses.certificates.domain.making import make
from courses.certificates.domain.snapshot import build
from courses.certificates.enums import CertificateState, EventKind
from courses.certificates.interfaces.files import file_name
from courses.certificates.models import Certificate, CertificateEvent
from courses.certificates.signals import certificate_requested
from courses.lib.ids import new_serial
from courses.progress.api import Enrolment

# How long the first attempt may take before the sweep queues the certificate again.
FIRST_RETRY = timedelta(seconds=60)


@transaction.atomic
def request(enrolment_id: int, at: datetime) -> Certificate | None:
    """Make the PENDING certificate of a complete enrolment, or return the certificate there is.

    None while the course isn't complete or something is missing on the holder's side (`blockers_of`). Atomic,
    under the enrolment's lock, and idempotent; `certificate_requested` is sent once, after commit. Raises
    Enrolment.DoesNotExist.
    """
    # The erasure of a person takes this lock too: who comes second sees what the first one did. The person
    # and the progress are therefore read after it.
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    existing = Certificate.objects.filter(enrolment=enrolment).first()
    if existing is not None:
        return existing
    if enrolment.progress.completed_at is None or blockers_of(enrolment.user):
        return None
    uuid, serial = uuid4(), new_serial()
    certificate = Certificate.objects.create(
        uuid=uuid,
        enrolment=enrolment,
        course_key=enrolment.course_key,
        cycle=enrolment.cycle,
        serial=serial,
        snapshot=build(enrolment, serial, at),
        completed_at=enrolment.progress.completed_at,
        requested_at=at,
        retry_at=at + FIRST_RETRY,
        file=file_name(uuid),
    )
    CertificateEvent.objects.create(certificate=certificate, kind=EventKind.REQUESTED, at=at)
    transaction.on_commit(
        lambda: certificate_requested.send_robust(sender=None, certificate_id=certificate.pk, at=at),
        robust=True,
    )
    return certificate


def request_for_user(user_id: int, at: datetime) -> list[Certificate]:
    """Ask for every certificate that a person has earned and doesn't hold: they just confirmed address or name."""
    from courses.certificates.domain.eligibility import without_certificate

    enrolments = without_certificate(Enrolment.objects.filter(user_id=user_id)).order_by("pk")
    found = [request(enrolment_id, at) for enrolment_id in enrolments.values_list("pk", flat=True)]
    return [certificate for certificate in found if certificate is not None]


def issue_now(enrolment_id: int, at: datetime) -> Certificate | None:
    """Request and make at once, without a worker (a demonstration, a command). None as for `request`."""
    certificate = request(enrolment_id, at)
    if certificate is None:
        return None
    make(certificate.pk, at)
    certificate.refresh_from_db()
    return certificate


@transaction.atomic
def retry(certificate_id: int, at: datetime, actor_id: int | None = None, reason: str = "") -> bool:
    """Give a FAILED certificate another round of attempts; False where it isn't FAILED or its holder is erased."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.state != CertificateState.FAILED or certificate.erased_at is not None:
        return False
    certificate.state, certificate.attempts, certificate.retry_at = CertificateState.PENDING, 0, at
    certificate.save(update_fields=["state", "attempts", "retry_at"])
    CertificateEvent.objects.create(
        certificate=certificate, kind=EventKind.RETRIED, at=at, actor_id=actor_id, reason=reason[:300]
    )
    transaction.on_commit(
        lambda: certificate_requested.send_robust(sender=None, certificate_id=certificate_id, at=at),
        robust=True,
    )
    return True
