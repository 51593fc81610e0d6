"""Changing what the world is told of an issued certificate: revoking it, or putting a new version in its place.

A certificate itself never changes. Each verb is atomic, under the enrolment's lock and then the certificate's (the
order of `issue.request` and of an erasure), and idempotent: asked twice, it acts once.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import Error as DatabaseError
from django.db import transaction

from courses.accounts.api import User
from courses.certificates.domain.designs import design_of, languages_of
from courses.certificates.domain.eligibility import blockers_of, names_of
from courses.certificates.domain.issue import create_pending
from courses.certificates.domain.queries import certificate_for, following, rule_of
from courses.certificates.domain.snapshot import build
from courses.certificates.domain.standing import COUNTING, standing_of
from courses.certificates.enums import (
    CertificateState,
    ChangeRefusal,
    EventKind,
    Revocation,
    Supersession,
)
from courses.certificates.models import Certificate, CertificateEvent
from courses.progress.api import Enrolment

logger = logging.getLogger(__name__)

# A new certificate has another code and another day of issue; variables repeat what is said elsewhere.
NOT_COMPARED = frozenset({"serial", "verify_url", "issued_on", "variables"})
# How often a holder may have a certificate issued again without asking anybody.
OWN_CORRECTIONS = timedelta(days=1)
# And of one completion how often in all: then somebody looks at the name.
MAX_OWN_CORRECTIONS = 2
# Revoked for a mistake of ours, a certificate may be amended: another one takes its place.
OUR_MISTAKES = frozenset({Revocation.ISSUED_IN_ERROR, Revocation.WRONG_PERSON})


class ChangeRefused(Exception):
    """The certificate stays as it is; `why` says it in plain words (`ChangeRefusal.label`)."""

    def __init__(self, why: ChangeRefusal) -> None:
        super().__init__(why.value)
        self.why = why


@dataclass(frozen=True)
class Difference:
    """A printed field (a key of `CertificateContent`) that a new version would say otherwise."""

    field: str
    before: Any
    after: Any


@transaction.atomic
def revoke(
    certificate_id: int, why: Revocation, at: datetime, actor_id: int | None, note: str = ""
) -> Certificate:
    """Say that a certificate isn't worth anything, for the public reason `why`; `note` stays inside. For ever.

    Also one whose place was taken: what was wrong with it is found out later. A version that is still being made to
    take its place is given up with it; one that is issued is revoked on its own. Asked again, nothing changes: the
    first reason stands. Raises ChangeRefused (not issued) and Certificate.DoesNotExist.
    """
    _enrolment, certificate = _locked(certificate_id)
    if certificate.revoked_at is not None:
        return certificate
    if not certificate.is_ready:
        raise ChangeRefused(ChangeRefusal.NOT_READY)
    _revoke_row(certificate, why, at, actor_id, note)
    if certificate.superseded_at is not None:
        return certificate
    # A renewal of the course was earned on its own.
    versions = following(certificate).filter(enrolment_id=certificate.enrolment_id)
    for version in versions.select_for_update(of=("self",)).order_by("pk"):
        version.state, version.failure, version.retry_at = CertificateState.FAILED, "revoked", None
        version.save(update_fields=["state", "failure", "retry_at"])
        _revoke_row(version, why, at, actor_id, note)
    return certificate


def correct(certificate_id: int, at: datetime, actor_id: int | None, note: str = "") -> Certificate:
    """The PENDING version that takes a certificate's place with the holder's names and associations as they are now.

    What it says of the course, its day of completion and its end of validity stay. The old one is valid until the new
    one is READY. One that couldn't be made (FAILED) is replaced by the next version like an issued one; what is
    repeated is what the last issued version says. Asked again while a version is being made, the same one is returned.
    Raises ChangeRefused and Certificate.DoesNotExist.
    """
    return _replace(certificate_id, Supersession.CORRECTED, at, actor_id, note)


def amend(certificate_id: int, at: datetime, actor_id: int | None, note: str = "") -> Certificate:
    """As `correct`, with everything else that is printed as it is today too: the course's title, modules, provisions.

    The days of completion and of the end of validity stay. Also one that was revoked for a mistake of ours
    (`OUR_MISTAKES`): it stays revoked.
    """
    return _replace(certificate_id, Supersession.AMENDED, at, actor_id, note)


def refusal_of(certificate: Certificate, because: Supersession, at: datetime) -> ChangeRefusal | None:
    """Why a certificate can't be corrected or amended now; None where it can. To be sure, ask under the locks."""
    last = following(certificate).first()
    conditions: Mapping[ChangeRefusal, bool] = {
        ChangeRefusal.ERASED: certificate.erased_at is not None,
        ChangeRefusal.REVOKED: certificate.revoked_at is not None and not may_follow(certificate, because),
        ChangeRefusal.SUPERSEDED: certificate.superseded_at is not None or bool(last and last.is_ready),
        ChangeRefusal.NOT_READY: certificate.state == CertificateState.PENDING,
        ChangeRefusal.BEING_REPLACED: last is not None and last.state == CertificateState.PENDING,
        # A later cycle's; a version that failed is followed by the next one.
        ChangeRefusal.SUCCESSOR_FAILED: last is not None and last.cycle > certificate.cycle,
    }
    found = next((refusal for refusal, is_so in conditions.items() if is_so), None)
    if found is not None:
        return found
    if blockers_of(certificate.enrolment.user):
        return ChangeRefusal.HOLDER_UNREADY
    try:
        changed = differences(certificate, because, at)
    except ChangeRefused as refused:
        return refused.why
    return ChangeRefusal.UNCHANGED if because == Supersession.CORRECTED and not changed else None


def may_follow(revoked: Certificate, because: Supersession) -> bool:
    """Whether such a version may take the place of a revoked certificate, by the reason of the revocation."""
    return because == Supersession.AMENDED and revoked.revocation in OUR_MISTAKES


def differences(certificate: Certificate, because: Supersession, at: datetime) -> list[Difference]:
    """What a new version would say otherwise than the version that counts, in the order of the printed fields. The
    holder has a name. Raises ChangeRefused where it can't be known.
    """
    rule, repeated = rule_of(certificate.course_key), certificate_for(certificate.enrolment) or certificate
    with _unprintable_refused(certificate):
        snapshot, _expires_at = build(
            certificate.enrolment,
            certificate.serial,
            at,
            rule=rule,
            languages=languages_of(design_of(rule)),
            supersedes=repeated,
            because=because,
        )
    before, after = repeated.snapshot["content"], snapshot["content"]
    return [
        Difference(field, before.get(field), value)
        for field, value in after.items()
        if field not in NOT_COMPARED and (before.get(field) or None) != (value or None)
    ]


def may_correct(certificate: Certificate, user: User, at: datetime) -> bool:
    """Whether this person may have the certificate issued again with the name they confirmed since: it is theirs, it
    counts, another name is printed on it, no version of it was asked for within a day (`OWN_CORRECTIONS`), and they
    did so less than MAX_OWN_CORRECTIONS times.
    """
    if not _names_them_otherwise(certificate, user, at) or _corrected_often(certificate, user):
        return False
    versions = Certificate.objects.filter(enrolment_id=certificate.enrolment_id, version__gt=1)
    if versions.filter(requested_at__gt=at - OWN_CORRECTIONS).exists():
        return False
    return refusal_of(certificate, Supersession.CORRECTED, at) is None


def must_ask(certificate: Certificate, user: User, at: datetime) -> bool:
    """Whether only an administrator may correct it: another name is printed on it than this person, its holder,
    confirmed since, and they had it issued again MAX_OWN_CORRECTIONS times.
    """
    otherwise = _names_them_otherwise(certificate, user, at) and not blockers_of(user)
    return otherwise and _corrected_often(certificate, user)


def _names_them_otherwise(certificate: Certificate, user: User, at: datetime) -> bool:
    if certificate.enrolment.user_id != user.pk or not certificate.is_ready:
        return False
    if standing_of(certificate, at) not in COUNTING:
        return False
    content, names = certificate.snapshot["content"], names_of(user)
    return (content["holder_latin"], content["holder_arabic"]) != (names.latin, names.arabic)


def _corrected_often(certificate: Certificate, user: User) -> bool:
    asked_for = CertificateEvent.objects.filter(
        certificate__enrolment_id=certificate.enrolment_id,
        certificate__supersedes_because=Supersession.CORRECTED,
        kind=EventKind.REQUESTED,
        actor_id=user.pk,
    )
    return asked_for.count() >= MAX_OWN_CORRECTIONS


@transaction.atomic
def _replace(
    certificate_id: int, because: Supersession, at: datetime, actor_id: int | None, note: str
) -> Certificate:
    enrolment, certificate = _locked(certificate_id)
    # What was read before the locks may be old.
    certificate.enrolment = enrolment
    last = following(certificate).select_for_update(of=("self",)).first()
    if (
        last is not None
        and certificate.superseded_at is None
        and (last.enrolment_id, last.state, last.supersedes_because)
        == (enrolment.pk, CertificateState.PENDING, because)
    ):
        return last
    refusal = refusal_of(certificate, because, at)
    if refusal is not None:
        raise ChangeRefused(refusal)
    # Versions that were never made stay in the chain; the one that counts is repeated.
    before = last or certificate
    with _unprintable_refused(certificate):
        return create_pending(
            enrolment,
            at,
            rule=rule_of(certificate.course_key),
            version=before.version + 1,
            supersedes=before,
            repeats=certificate_for(enrolment),
            because=because,
            actor_id=actor_id,
            note=note,
        )


@contextmanager
def _unprintable_refused(certificate: Certificate) -> Iterator[None]:
    """Refuse where the content can't be put together: a picture of the design is lost, or a plugin's variable raises
    whatever it raises.
    """
    try:
        yield
    except DatabaseError:
        raise
    except Exception as error:
        logger.exception("certificate %s: no new version can be put together", certificate.pk)
        raise ChangeRefused(ChangeRefusal.UNPRINTABLE) from error


def _locked(certificate_id: int) -> tuple[Enrolment, Certificate]:
    """The enrolment and the certificate, in the order of their locks. Raises Certificate.DoesNotExist."""
    enrolment_id = Certificate.objects.values_list("enrolment_id", flat=True).get(pk=certificate_id)
    enrolment = Enrolment.objects.select_for_update().get(pk=enrolment_id)
    return enrolment, Certificate.objects.select_for_update().get(pk=certificate_id)


def _revoke_row(
    certificate: Certificate, why: Revocation, at: datetime, actor_id: int | None, note: str
) -> None:
    certificate.revoked_at, certificate.revocation = at, why
    certificate.save(update_fields=["revoked_at", "revocation"])
    CertificateEvent.objects.create(
        certificate=certificate, kind=EventKind.REVOKED, at=at, actor_id=actor_id, reason=note[:300]
    )
