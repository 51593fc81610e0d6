"""Asking for a certificate: one PENDING row for each complete enrolment, whoever asks and however often."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from courses.certificates.domain.badge_positions import free_position, is_taken
from courses.certificates.domain.course_basis import Bases, basis_of
from courses.certificates.domain.designs import design_of, freeze
from courses.certificates.domain.eligibility import blockers_of
from courses.certificates.domain.making import make
from courses.certificates.domain.queries import certificate_for, decided_in_bulk, following
from courses.certificates.domain.snapshot import build
from courses.certificates.enums import CertificateState, EventKind, Supersession
from courses.certificates.interfaces.files import file_name
from courses.certificates.models import Certificate, CertificateEvent, CourseRule, DesignVersion
from courses.certificates.signals import certificate_requested
from courses.domain.outline import CourseOutline
from courses.lib.ids import new_serial
from courses.progress.api import Enrolment

# How long the first attempt may take before the sweep queues the certificate again.
FIRST_RETRY = timedelta(seconds=60)


class _BasisNeeded(Exception):
    """A certificate can be asked for, and its course hasn't been read yet."""

    def __init__(self, course_key: UUID) -> None:
        super().__init__(str(course_key))
        self.course_key = course_key


def request(
    enrolment_id: int, at: datetime, *, in_bulk: bool = False, bases: Bases | None = None
) -> Certificate | None:
    """Make the PENDING certificate of a complete enrolment, or return the one that counts.

    None while the course isn't complete, something is missing on the holder's side (`blockers_of`), or the course's
    certificates are issued in bulk, this call isn't, and no run waited for this holder.

    Atomic, under the enrolment's lock, and idempotent;
    `certificate_requested` is sent once, after commit; not `in_bulk`, where the caller makes it at once. `bases` are
    shared, and filled, by the requests of one batch, which all have the same `at`. Raises Enrolment.DoesNotExist, and
    what `domain.designs.freeze` raises where a picture of the design is lost or broken.
    """
    bases = {} if bases is None else bases
    try:
        return _request(enrolment_id, at, in_bulk, bases)
    except _BasisNeeded as needed:
        course_key = needed.course_key
    # The lock is given back meanwhile: whatever happens before it is taken again is seen then.
    bases[course_key] = basis_of(course_key, at)
    return _request(enrolment_id, at, in_bulk, bases)


@transaction.atomic
def _request(enrolment_id: int, at: datetime, in_bulk: bool, bases: Bases) -> Certificate | None:
    # The erasure of a person takes this lock too: who comes second sees what the first one did. The person
    # and the progress are therefore read after it.
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    existing = certificate_for(enrolment)
    if existing is not None:
        return existing
    if enrolment.progress.completed_at is None or blockers_of(enrolment.user):
        return None
    basis = bases.get(enrolment.course_key)
    if basis is None:
        raise _BasisNeeded(enrolment.course_key)
    rule = basis.rule
    if not (in_bulk or rule.issues_at_completion or decided_in_bulk().filter(enrolment=enrolment).exists()):
        return None
    renewed = _renewed_by(enrolment)
    return create_pending(
        enrolment,
        at,
        rule=rule,
        design=basis.design,
        outlines=basis.outlines,
        supersedes=renewed,
        because=Supersession.RENEWED if renewed else None,
        announce=not in_bulk,
    )


def create_pending(
    enrolment: Enrolment,
    at: datetime,
    *,
    rule: CourseRule,
    design: DesignVersion | None = None,
    outlines: Mapping[str, CourseOutline] | None = None,
    version: int = 1,
    supersedes: Certificate | None = None,
    repeats: Certificate | None = None,
    because: Supersession | None = None,
    actor_id: int | None = None,
    note: str = "",
    announce: bool = True,
) -> Certificate:
    """The PENDING row with its frozen snapshot and design; to be called under the enrolment's lock. `actor_id` and
    `note`: who asked for it, and why, where a person did. `repeats`: whose days and words it keeps, where `supersedes`
    was never made. `announce`: whether `certificate_requested` is sent. `design` and `outlines` are read here, unless
    they were before.

    Raises ValueError where the course isn't complete, django.db.IntegrityError where the version, or a successor of
    `supersedes`, exists, and what `domain.designs.freeze` raises where a picture of the design is lost or broken.
    """
    completed_at = enrolment.progress.completed_at
    if completed_at is None:
        raise ValueError("the course isn't complete")
    uuid, serial = uuid4(), new_serial()
    before = repeats or supersedes
    # A correction says what the one before it says, in the same words and the same look.
    kept = before is not None and because == Supersession.CORRECTED
    if before is not None and kept:
        design = before.design
    elif design is None:
        design = freeze(design_of(rule), at)
    snapshot, expires_at = build(
        enrolment,
        serial,
        at,
        rule=rule,
        languages=tuple(design.spec["languages"]) if design else (),
        supersedes=before,
        because=because,
        outlines=outlines,
    )
    certificate = _create(
        uuid=uuid,
        enrolment=enrolment,
        version=version,
        course_key=enrolment.course_key,
        cycle=enrolment.cycle,
        serial=serial,
        snapshot=snapshot,
        design=design,
        completed_at=completed_at,
        requested_at=at,
        expires_at=expires_at,
        supersedes=supersedes,
        supersedes_because=because or "",
        shows_association=before is not None and _still_shown(before, snapshot),
        retry_at=at + FIRST_RETRY,
        file=file_name(uuid),
    )
    CertificateEvent.objects.create(
        certificate=certificate, kind=EventKind.REQUESTED, at=at, actor_id=actor_id, reason=note[:300]
    )
    if announce:
        transaction.on_commit(
            lambda: certificate_requested.send_robust(sender=None, certificate_id=certificate.pk, at=at),
            robust=True,
        )
    return certificate


def _create(**fields: Any) -> Certificate:
    """The row, its badge at a place of its own in the status lists: whoever loses a place to another takes the next."""
    while True:
        position = free_position()
        try:
            with transaction.atomic():
                return Certificate.objects.create(badge_position=position, **fields)
        except IntegrityError:
            if not is_taken(position):
                raise


def _still_shown(supersedes: Certificate, snapshot: Mapping[str, Any]) -> bool:
    """Whether the holder's choice to show the association goes on: it was made for the associations printed then."""
    before, after = supersedes.snapshot["content"], snapshot["content"]
    fields = ("association_latin", "association_arabic")
    return supersedes.shows_association and all(before[field] == after[field] for field in fields)


def _renewed_by(enrolment: Enrolment) -> Certificate | None:
    """The certificate of an earlier cycle that this enrolment's certificate takes the place of: the last one that
    counts, or the last of its corrections that are still being made; none where that one is revoked. Its row is locked:
    nothing else takes its place meanwhile.
    """
    if enrolment.cycle == 1:
        return None
    earlier = Certificate.objects.filter(
        enrolment__user_id=enrolment.user_id,
        course_key=enrolment.course_key,
        cycle__lt=enrolment.cycle,
        state=CertificateState.READY,
    )
    last = earlier.order_by("-cycle", "-version").select_for_update().first()
    while last is not None:
        successor = Certificate.objects.select_for_update().filter(supersedes=last).first()
        if successor is None:
            return None if last.revoked_at is not None else last
        # A renewal of a cycle in between stands for its own.
        last = successor if successor.enrolment_id == last.enrolment_id else None
    return None


def request_for_user(user_id: int, at: datetime) -> list[Certificate]:
    """Ask for every certificate that a person has earned and doesn't hold: they just confirmed address or name."""
    from courses.certificates.domain.eligibility import without_certificate

    enrolments = without_certificate(Enrolment.objects.filter(user_id=user_id)).order_by("pk")
    found = [request(enrolment_id, at) for enrolment_id in enrolments.values_list("pk", flat=True)]
    return [certificate for certificate in found if certificate is not None]


def issue_now(enrolment_id: int, at: datetime, *, in_bulk: bool = False) -> Certificate | None:
    """Request and make at once, without a worker (a demonstration, a command). None as for `request`."""
    certificate = request(enrolment_id, at, in_bulk=in_bulk)
    if certificate is None:
        return None
    make(certificate.pk, at)
    certificate.refresh_from_db()
    return certificate


@transaction.atomic
def retry(certificate_id: int, at: datetime, actor_id: int | None = None, reason: str = "") -> bool:
    """Give a FAILED certificate another round of attempts; False where it isn't FAILED, its holder is erased, it was
    revoked together with the one whose place it would have taken, or another one was asked for since.
    """
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if certificate.state != CertificateState.FAILED:
        return False
    if certificate.erased_at is not None or certificate.revoked_at is not None:
        return False
    if following(certificate).exists():
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
