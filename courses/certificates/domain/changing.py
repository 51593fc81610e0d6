"""Changing what the world is told of an issued certificate: revoking it, or putting a new version in its place.

A certificate itself never changes. Each verb is atomic, under the enrolment's lock and then the certificate's (the
order of `issue.request` and of an erasure), and idempotent: asked twice, it acts once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from courses.accounts.api import User
from courses.certificates.domain.designs import design_of, languages_of
from courses.certificates.domain.eligibility import blockers_of, names_of
from courses.certificates.domain.issue import create_pending
from courses.certificates.domain.queries import rule_of
from courses.certificates.domain.snapshot import build
from courses.certificates.domain.standing import standing_of
from courses.certificates.enums import (
    CertificateState,
    ChangeRefusal,
    EventKind,
    Revocation,
    Standing,
    Supersession,
)
from courses.certificates.models import Certificate, CertificateEvent
from courses.progress.api import Enrolment

# A new certificate has another code and another day of issue; variables repeat what is said elsewhere.
NOT_COMPARED = frozenset({"serial", "verify_url", "issued_on", "variables"})
# How often a holder may have a certificate issued again without asking anybody.
OWN_CORRECTIONS = timedelta(days=1)


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

    A successor that is still being made is given up with it; one that is issued is revoked on its own. Asked again,
    nothing changes: the first reason stands. Raises ChangeRefused (not issued, superseded) and
    Certificate.DoesNotExist.
    """
    _enrolment, certificate = _locked(certificate_id)
    if certificate.revoked_at is not None:
        return certificate
    if not certificate.is_ready:
        raise ChangeRefused(ChangeRefusal.NOT_READY)
    if certificate.superseded_at is not None:
        raise ChangeRefused(ChangeRefusal.SUPERSEDED)
    _revoke_row(certificate, why, at, actor_id, note)
    following = Certificate.objects.select_for_update().filter(supersedes=certificate).first()
    # A renewal of the course was earned on its own.
    if following is not None and following.enrolment_id == certificate.enrolment_id:
        following.state, following.failure, following.retry_at = CertificateState.FAILED, "revoked", None
        following.save(update_fields=["state", "failure", "retry_at"])
        _revoke_row(following, why, at, actor_id, note)
    return certificate


def correct(certificate_id: int, at: datetime, actor_id: int | None, note: str = "") -> Certificate:
    """The PENDING version that takes a certificate's place with the holder's names and associations as they are now.

    What it says of the course, its days and its end of validity stay. The old one is valid until the new one is READY.
    Asked again while that one is being made, the same one is returned. Raises ChangeRefused and
    Certificate.DoesNotExist.
    """
    return _replace(certificate_id, Supersession.CORRECTED, at, actor_id, note)


def amend(certificate_id: int, at: datetime, actor_id: int | None, note: str = "") -> Certificate:
    """As `correct`, with everything else that is printed as it is today too: the course's title, modules, provisions.

    The days of completion and of the end of validity stay.
    """
    return _replace(certificate_id, Supersession.AMENDED, at, actor_id, note)


def refusal_of(certificate: Certificate, because: Supersession, at: datetime) -> ChangeRefusal | None:
    """Why a certificate can't be corrected or amended now; None where it can. To be sure, ask under the locks."""
    following = Certificate.objects.filter(supersedes=certificate).first()
    conditions: Mapping[ChangeRefusal, bool] = {
        ChangeRefusal.ERASED: certificate.erased_at is not None,
        ChangeRefusal.REVOKED: certificate.revoked_at is not None,
        ChangeRefusal.SUPERSEDED: certificate.superseded_at is not None,
        ChangeRefusal.NOT_READY: not certificate.is_ready,
        ChangeRefusal.SUCCESSOR_FAILED: following is not None and following.state == CertificateState.FAILED,
        ChangeRefusal.BEING_REPLACED: following is not None,
    }
    found = next((refusal for refusal, is_so in conditions.items() if is_so), None)
    if found is not None:
        return found
    if blockers_of(certificate.enrolment.user):
        return ChangeRefusal.HOLDER_UNREADY
    if because == Supersession.CORRECTED and not differences(certificate, because, at):
        return ChangeRefusal.UNCHANGED
    return None


def differences(certificate: Certificate, because: Supersession, at: datetime) -> list[Difference]:
    """What a new version would say otherwise, in the order of the printed fields. The holder has a name."""
    rule = rule_of(certificate.course_key)
    snapshot, _expires_at = build(
        certificate.enrolment,
        certificate.serial,
        at,
        rule=rule,
        languages=languages_of(design_of(rule)),
        supersedes=certificate,
        because=because,
    )
    before, after = certificate.snapshot["content"], snapshot["content"]
    return [
        Difference(field, before.get(field), value)
        for field, value in after.items()
        if field not in NOT_COMPARED and (before.get(field) or None) != (value or None)
    ]


def may_correct(certificate: Certificate, user: User, at: datetime) -> bool:
    """Whether this person may have the certificate issued again with the name they confirmed since: it is theirs, it
    counts, another name is printed on it, and no version of it was asked for within a day (`OWN_CORRECTIONS`).
    """
    if certificate.enrolment.user_id != user.pk or not certificate.is_ready:
        return False
    if standing_of(certificate, at) not in {Standing.VALID, Standing.EXPIRING}:
        return False
    content, names = certificate.snapshot["content"], names_of(user)
    if (content["holder_latin"], content["holder_arabic"]) == (names.latin, names.arabic):
        return False
    versions = Certificate.objects.filter(enrolment_id=certificate.enrolment_id, version__gt=1)
    if versions.filter(requested_at__gt=at - OWN_CORRECTIONS).exists():
        return False
    return refusal_of(certificate, Supersession.CORRECTED, at) is None


@transaction.atomic
def _replace(
    certificate_id: int, because: Supersession, at: datetime, actor_id: int | None, note: str
) -> Certificate:
    enrolment, certificate = _locked(certificate_id)
    # What was read before the locks may be old.
    certificate.enrolment = enrolment
    following = Certificate.objects.filter(supersedes=certificate).first()
    if following is not None and (following.state, following.supersedes_because) == (
        CertificateState.PENDING,
        because,
    ):
        return following
    refusal = refusal_of(certificate, because, at)
    if refusal is not None:
        raise ChangeRefused(refusal)
    return create_pending(
        enrolment,
        at,
        rule=rule_of(certificate.course_key),
        version=certificate.version + 1,
        supersedes=certificate,
        because=because,
        actor_id=actor_id,
        note=note,
    )


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
