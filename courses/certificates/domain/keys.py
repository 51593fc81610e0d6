"""The organisation's keys: one active for each purpose; retired ones stay, so that what they signed stays verifiable.

Private halves lie in the database, encrypted with ELEARN_KEY_PASSPHRASE, and are opened once in each process. A key for
PDFs carries an X.509 certificate that ends: from then on it seals nothing more, and what it sealed stays valid.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from courses.certificates.enums import CertificateState, KeyPurpose
from courses.certificates.interfaces import key_files
from courses.certificates.models import Certificate, SigningKey
from courses.lib.site_name import issuer_name

if TYPE_CHECKING:
    from courses.certificates.interfaces.key_files import KeyPair, PrivateKey, PublicKey

logger = logging.getLogger(__name__)

# So long before its end, administrators are told that a key is about to end.
EXPIRES_SOON = timedelta(days=60)


class NoKeyError(Exception):
    """There is no active key for the purpose."""


class KeyLockedError(NoKeyError):
    """ELEARN_KEY_PASSPHRASE is empty, or isn't the one with which the key was encrypted."""


class KeyExpiredError(NoKeyError):
    """The X.509 certificate of the active key has ended: a seal made now would be worth nothing to who looks closer."""


class KeyKnownError(Exception):
    """The key is here already, active or retired."""


# With these as the reason, a certificate waits for a key.
WAITING = tuple(error.__name__ for error in (NoKeyError, KeyLockedError, KeyExpiredError))


@dataclass(frozen=True)
class Expiry:
    """That a key ends at `at`, soon, or has ended then (`over`)."""

    key: SigningKey
    at: datetime
    over: bool


def of_purpose(purpose: KeyPurpose) -> QuerySet[SigningKey]:
    """Every key of a purpose, active and retired, newest first."""
    return SigningKey.objects.filter(purpose=purpose).order_by("-created_at", "-pk")


def active(purpose: KeyPurpose, at: datetime) -> SigningKey:
    """The key that signs now. One query.

    Where there is none, ELEARN_GENERATES_KEYS makes one, whoever asks first; otherwise NoKeyError is raised. One that
    has ended isn't replaced by itself, because somebody may have brought it: KeyExpiredError.
    """
    found = of_purpose(purpose).filter(retired_at__isnull=True).first()
    if found is not None:
        end = ends_at(found)
        if end is not None and at >= end:
            raise KeyExpiredError(f"key {found} ended on {end:%Y-%m-%d %H:%M} UTC")
        return found
    if not settings.ELEARN_GENERATES_KEYS:
        raise NoKeyError(f"no active key for {purpose.value}")
    return _first(purpose, at)


def complete_set(at: datetime) -> int:
    """Make a key for each purpose that has no active one, whatever the settings; how many were made."""
    missing = [
        purpose for purpose in KeyPurpose if not of_purpose(purpose).filter(retired_at__isnull=True).exists()
    ]
    for purpose in missing:
        _first(purpose, at)
    return len(missing)


def generate(purpose: KeyPurpose, at: datetime) -> SigningKey:
    """Make a new key and retire the one before it, in one transaction. Raises KeyLockedError without a passphrase."""
    return _take_over(purpose, _made(purpose, at), at)


def import_key(purpose: KeyPurpose, data: bytes, passphrase_of_file: str, at: datetime) -> SigningKey:
    """Take the key of a PKCS#12 or PEM file in the place of the active one, in one transaction.

    Raises key_files.KeyFileError for a file that doesn't serve, KeyKnownError for a key that is or was here, and
    KeyLockedError without a passphrase of our own.
    """
    return _take_over(purpose, key_files.read(purpose, data, passphrase_of_file, at), at)


@transaction.atomic
def retire(key: SigningKey, at: datetime) -> bool:
    """Take a key out of use for good: its private half is deleted. False where that was done before."""
    locked = SigningKey.objects.select_for_update().get(pk=key.pk)
    if locked.retired_at is not None:
        return False
    _retire(locked, at)
    return True


def private_half(key: SigningKey) -> PrivateKey:
    """What signs, as an object of `cryptography`. Raises NoKeyError for a retired key and KeyLockedError."""
    if not key.private_pem:
        raise NoKeyError(f"key {key} is retired")
    try:
        return _opened(key.private_pem, _passphrase())
    except key_files.WrongPassphraseError as error:
        raise KeyLockedError(f"ELEARN_KEY_PASSPHRASE doesn't open key {key}") from error


def public_half(key: SigningKey) -> PublicKey:
    """What verifies, of an active or a retired key."""
    return key_files.public_half(key.public_pem)


def ends_at(key: SigningKey) -> datetime | None:
    """The end of a key's own X.509 certificate; None for a key without."""
    return key_files.end_of(key.certificate_pem) if key.certificate_pem else None


def expiry_of(key: SigningKey, at: datetime) -> Expiry | None:
    """Where the key ends within EXPIRES_SOON, or has ended; None where it doesn't matter (yet, or any more)."""
    end = ends_at(key)
    if end is None or key.retired_at is not None or end - at > EXPIRES_SOON:
        return None
    return Expiry(key, end, over=at >= end)


def expiry_of_seals(at: datetime) -> Expiry | None:
    """That of the active key for PDFs. One query, for columns that there were from the beginning."""
    keys = of_purpose(KeyPurpose.PDF).filter(retired_at__isnull=True)
    key = keys.only("purpose", "fingerprint", "certificate_pem", "created_at", "retired_at").first()
    return None if key is None else expiry_of(key, at)


def known_certificates() -> dict[str, str]:
    """The X.509 certificates of all keys for PDFs, active and retired: PEM by fingerprint. One query."""
    return dict(of_purpose(KeyPurpose.PDF).values_list("fingerprint", "certificate_pem"))


# Opening takes longer than signing.
_opened = lru_cache(maxsize=8)(key_files.opened)


def _passphrase() -> str:
    passphrase: str = settings.ELEARN_KEY_PASSPHRASE
    if not passphrase:
        raise KeyLockedError("ELEARN_KEY_PASSPHRASE isn't set")
    return passphrase


def _made(purpose: KeyPurpose, at: datetime) -> KeyPair:
    return key_files.make(purpose, issuer_name(settings.LANGUAGE_CODE), at)


def _first(purpose: KeyPurpose, at: datetime) -> SigningKey:
    """The key that is made where there is none; the constraint says whose, where two make one."""
    pair = _made(purpose, at)
    try:
        with transaction.atomic():
            return _store(purpose, pair, at)
    except IntegrityError:
        return SigningKey.objects.get(purpose=purpose, retired_at__isnull=True)


def _take_over(purpose: KeyPurpose, pair: KeyPair, at: datetime) -> SigningKey:
    """Only the first keys of a purpose have nothing to lock: of two at once, one is refused and comes again."""
    try:
        return _replace(purpose, pair, at)
    except IntegrityError:
        return _replace(purpose, pair, at)


@transaction.atomic
def _replace(purpose: KeyPurpose, pair: KeyPair, at: datetime) -> SigningKey:
    # Every key of the purpose is locked, because the active one may change while we wait for it.
    list(SigningKey.objects.select_for_update().filter(purpose=purpose).order_by("pk").values_list("pk"))
    if SigningKey.objects.filter(fingerprint=pair.fingerprint).exists():
        raise KeyKnownError(pair.fingerprint)
    for key in SigningKey.objects.filter(purpose=purpose, retired_at__isnull=True):
        _retire(key, at)
    taken = _store(purpose, pair, at)
    logger.info("key %s is active", taken)
    return taken


def _retire(key: SigningKey, at: datetime) -> None:
    key.private_pem, key.retired_at = "", at
    key.save(update_fields=["private_pem", "retired_at"])
    logger.info("key %s retired", key)


def _store(purpose: KeyPurpose, pair: KeyPair, at: datetime) -> SigningKey:
    key = SigningKey.objects.create(
        purpose=purpose,
        algorithm=pair.algorithm,
        fingerprint=pair.fingerprint,
        public_pem=pair.public_pem,
        private_pem=key_files.locked(pair.private, _passphrase()),
        certificate_pem=pair.certificate_pem,
        created_at=at,
    )
    # Certificates that waited for a key needn't wait any longer.
    Certificate.objects.filter(state=CertificateState.PENDING, failure__in=WAITING).update(retry_at=at)
    return key
