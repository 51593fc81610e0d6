"""Making the file: render from the snapshot, seal, store, hash, READY. Safe to run twice, and to be killed anywhere."""

import hashlib
import logging
from datetime import datetime, timedelta

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F

from courses.certificates.domain.keys import NoKeyError, active
from courses.certificates.domain.qr import qr_text
from courses.certificates.domain.snapshot import content_of
from courses.certificates.enums import CertificateState, EventKind, ItemState, KeyPurpose, Supersession
from courses.certificates.interfaces import files
from courses.certificates.models import Certificate, CertificateEvent, IssueItem, SigningKey
from courses.certificates.signals import certificate_issued

logger = logging.getLogger(__name__)

# After this many attempts a person has to look; with the waits below they span more than three hours.
MAX_ATTEMPTS = 10
LONGEST_WAIT = timedelta(hours=1)
# How long to wait for a key; the day on which there is one again ends the wait.
WAIT_FOR_A_KEY = timedelta(minutes=10)
# As many attempts an outage counts for, however long it lasts: the waits grow to a quarter of an hour, and what fails
# for a reason of its own afterwards is still tried several times.
ATTEMPTS_OF_AN_OUTAGE = 4
# How long one attempt may take before it counts as lost.
ATTEMPT_TIME = timedelta(seconds=60)


def make(certificate_id: int, at: datetime) -> bool:
    """Make a PENDING certificate READY; True when this call did it.

    Anything else (READY already, FAILED, holder erased, unknown id) is left alone. The same snapshot gives
    the same sheet under the same name, so attempts that overlap do no harm; the row's lock lets one of them store
    and announce it. A failure is noted on the row and logged, not raised; only errors of the database are raised.
    Without the organisation's key, and while the storage or the time-stamp authority fails, nothing is made: the
    certificate waits, for as long as it takes.
    """
    certificate = _begin(certificate_id, at)
    if certificate is None:
        return False
    try:
        key = active(KeyPurpose.PDF, at)
        return _finish(certificate.pk, _seal(_render(certificate, at), key, at), key, at)
    except DatabaseError:
        raise
    except NoKeyError as error:
        logger.error("certificate %s waits for a key: %s", certificate.pk, error)
        _note_missing_key(certificate.pk, error, at)
        return False
    except Exception as error:
        # Whatever the renderer or the storage raises: the attempt failed, and the next one may not.
        logger.exception("certificate %s: attempt %s failed", certificate.pk, certificate.attempts)
        if files.is_outage(error):
            _note_outage(certificate.pk, error, at)
        else:
            _note_failure(certificate.pk, error, at)
        return False


def wait_after(attempts: int) -> timedelta:
    """How long to wait after so many failed attempts: two minutes, doubling, one hour at most."""
    return min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)


@transaction.atomic
def give_up(certificate_id: int, reason: str, at: datetime) -> bool:
    """Mark a PENDING certificate as FAILED, for a person to look at; False where it isn't PENDING any more."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.state != CertificateState.PENDING:
        return False
    certificate.state, certificate.failure, certificate.retry_at = CertificateState.FAILED, reason[:300], None
    certificate.save(update_fields=["state", "failure", "retry_at"])
    CertificateEvent.objects.create(
        certificate=certificate, kind=EventKind.FAILED, at=at, reason=certificate.failure
    )
    logger.error("certificate %s could not be made: %s", certificate_id, certificate.failure)
    return True


def _begin(certificate_id: int, at: datetime) -> Certificate | None:
    """Count the attempt before it starts, so that one which kills its worker counts too."""
    pending = Certificate.objects.filter(
        pk=certificate_id, state=CertificateState.PENDING, erased_at__isnull=True
    )
    if not pending.update(attempts=F("attempts") + 1, retry_at=at + ATTEMPT_TIME):
        return None
    return pending.select_related("design").first()


def _render(certificate: Certificate, at: datetime) -> bytes:
    from courses.certificates.interfaces.pdf.render import render_certificate
    from courses.certificates.interfaces.pdf.spec import DesignSpec

    # Without a design it was asked for before there were any.
    spec = DesignSpec.from_dict(certificate.design.spec) if certificate.design else None
    return render_certificate(content_of(certificate.snapshot), spec=spec, qr_text=qr_text(certificate, at))


def _seal(pdf: bytes, key: SigningKey, at: datetime) -> bytes:
    from courses.certificates.interfaces.pdf.signing import sign

    return sign(pdf, key, at)


@transaction.atomic
def _finish(certificate_id: int, pdf: bytes, key: SigningKey, at: datetime) -> bool:
    """Store and announce under the row's lock: an erasure can't slip in between and leave a file behind. Those whose
    place it takes are locked before it, as whoever revokes or erases them locks them.
    """
    replaced = _replaced_by(certificate_id)
    locked = Certificate.objects.select_for_update().filter(pk__in=[*replaced, certificate_id]).order_by("pk")
    certificate = next(row for row in locked if row.pk == certificate_id)
    if certificate.state != CertificateState.PENDING or certificate.erased_at is not None:
        return False
    files.store(certificate.file_name, pdf)
    certificate.sha256, certificate.signed_with = hashlib.sha256(pdf).hexdigest(), key
    certificate.state, certificate.issued_at = CertificateState.READY, at
    certificate.failure, certificate.retry_at = "", None
    certificate.save(update_fields=["sha256", "signed_with", "state", "issued_at", "failure", "retry_at"])
    CertificateEvent.objects.create(certificate=certificate, kind=EventKind.ISSUED, at=at)
    _supersede(replaced, certificate, at)
    # Runs in bulk that had to leave it, for its holder or for a failure, count it after all.
    left = IssueItem.objects.filter(enrolment_id=certificate.enrolment_id)
    left.filter(state__in=[ItemState.BLOCKED, ItemState.FAILED]).update(state=ItemState.ISSUED, reason="")
    transaction.on_commit(
        lambda: certificate_issued.send_robust(
            sender=None, certificate_id=certificate.pk, enrolment_id=certificate.enrolment_id, at=at
        ),
        robust=True,
    )
    return True


def _replaced_by(certificate_id: int) -> list[int]:
    """The ids of all whose place a certificate takes, the nearest first. It is decided at the request, for ever."""
    found: list[int] = []
    above = Certificate.objects.filter(successor=certificate_id).values_list("pk", flat=True)
    while (pk := above.first()) is not None:
        found.append(pk)
        above = Certificate.objects.filter(successor=pk).values_list("pk", flat=True)
    return found


def _supersede(replaced: list[int], by: Certificate, at: datetime) -> None:
    """Those whose place a certificate takes were valid until now: also the one before a correction that was never
    made. A revoked one stays revoked as well.

    What became READY says why, whatever failed in between: seen from an earlier cycle it is a renewal, also where the
    renewal itself couldn't be made and was amended. Whoever asked for it is the actor; nobody, where a rule did.
    """
    if not replaced:
        return
    asked = by.events.filter(kind=EventKind.REQUESTED).order_by("at", "pk").first()
    actor_id = asked.actor_id if asked is not None else None
    waiting = Certificate.objects.filter(pk__in=replaced, superseded_at__isnull=True)
    for pk, cycle in list(waiting.order_by("pk").values_list("pk", "cycle")):
        because = Supersession.RENEWED if cycle < by.cycle else Supersession(by.supersedes_because)
        Certificate.objects.filter(pk=pk).update(superseded_at=at, superseded_because=because)
        CertificateEvent.objects.create(
            certificate_id=pk, kind=EventKind.SUPERSEDED, at=at, actor_id=actor_id, reason=because.value
        )


def _note_failure(certificate_id: int, error: Exception, at: datetime) -> None:
    # The class says what happened; a message might quote the holder's name.
    reason = type(error).__name__
    attempts = Certificate.objects.values_list("attempts", flat=True).get(pk=certificate_id)
    if attempts >= MAX_ATTEMPTS:
        give_up(certificate_id, reason, at)
        return
    Certificate.objects.filter(pk=certificate_id, state=CertificateState.PENDING).update(
        failure=reason, retry_at=at + wait_after(attempts)
    )


def _note_outage(certificate_id: int, error: Exception, at: datetime) -> None:
    """That isn't the certificate's fault either: it never comes to the last attempt by it."""
    pending = Certificate.objects.filter(pk=certificate_id, state=CertificateState.PENDING)
    pending.filter(attempts__gt=ATTEMPTS_OF_AN_OUTAGE).update(attempts=F("attempts") - 1)
    attempts = pending.values_list("attempts", flat=True).first()
    if attempts is not None:
        pending.update(failure=type(error).__name__, retry_at=at + wait_after(attempts))


def _note_missing_key(certificate_id: int, error: NoKeyError, at: datetime) -> None:
    """That isn't the certificate's fault: it is no attempt of the number after which a person has to look at it."""
    Certificate.objects.filter(pk=certificate_id, state=CertificateState.PENDING).update(
        failure=type(error).__name__, attempts=F("attempts") - 1, retry_at=at + WAIT_FOR_A_KEY
    )
