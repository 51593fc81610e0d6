"""Badges: the same certificates as Open Badges 3.0 credentials, signed when asked for, and their public status."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django.conf import settings
from django.db.models import Q

from courses.certificates.domain import keys
from courses.certificates.domain.badge_positions import last_list
from courses.certificates.domain.privacy import NotShowableError, may_be_shown
from courses.certificates.domain.queries import issued
from courses.certificates.enums import KeyPurpose
from courses.certificates.interfaces.badges import issuer, status
from courses.certificates.interfaces.badges.credential import credential_of
from courses.certificates.interfaces.badges.proof import signed
from courses.certificates.models import Certificate, SigningKey
from courses.lib.site_name import issuer_name

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def badge_of(certificate: Certificate, at: datetime) -> dict[str, Any]:
    """The signed credential of an issued certificate. One query.

    The same row and key give the same bytes: the proof bears the time of issue. Raises NotShowableError for a
    certificate that isn't issued, or is revoked, replaced or its holder erased: nothing is signed anew of what isn't
    worth anything any more. Raises domain.keys.NoKeyError where there is no key.
    """
    if certificate.issued_at is None or not may_be_shown(certificate, at):
        raise NotShowableError
    return _signed(credential_of(certificate), created=certificate.issued_at, at=at)


def status_list(number: int, at: datetime) -> dict[str, Any] | None:
    """The signed list of the badges that aren't good any more; None for a list that no certificate can be in.

    Revoked, superseded, erased: the bit says no more than that, the verification page says which. Three queries.
    Raises domain.keys.NoKeyError.
    """
    if number > last_list():
        return None
    first = number * status.LIST_SIZE
    withdrawn = (
        issued()
        .filter(badge_position__gte=first, badge_position__lt=first + status.LIST_SIZE)
        .filter(Q(revoked_at__isnull=False) | Q(superseded_at__isnull=False) | Q(erased_at__isnull=False))
    )
    positions = withdrawn.values_list("badge_position", flat=True).order_by()
    indexes = (status.place_of(position)[1] for position in positions)
    return _signed(status.status_list(number, indexes, at), created=at, at=at)


def issuer_document() -> dict[str, Any]:
    """Who issues, with the public half of every key for badges there ever was. One query."""
    public = [_public_half(key) for key in keys.of_purpose(KeyPurpose.BADGE)]
    return issuer.issuer_document(public, issuer_name(settings.LANGUAGE_CODE))


def _signed(document: dict[str, Any], *, created: datetime, at: datetime) -> dict[str, Any]:
    key = keys.active(KeyPurpose.BADGE, at)
    # Keys for badges are made and imported as Ed25519 only.
    private = cast("Ed25519PrivateKey", keys.private_half(key))
    return signed(document, private, method=issuer.method_of(_public_half(key)), created=created)


def _public_half(key: SigningKey) -> Ed25519PublicKey:
    return cast("Ed25519PublicKey", keys.public_half(key))
