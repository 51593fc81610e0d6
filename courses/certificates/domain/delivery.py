"""Handing out what was stored, and nothing else; and the record of who saw a name."""

import hashlib
import hmac
from datetime import datetime, timedelta

from courses.accounts.api import User
from courses.certificates.enums import EventKind
from courses.certificates.interfaces import files
from courses.certificates.models import Certificate, CertificateEvent

# Whoever opens a page again within this time looks at the same thing.
ONE_LOOK = timedelta(hours=1)


class DamagedFileError(Exception):
    """The stored file is missing, or isn't the one whose hash was recorded."""


def stored_bytes(certificate: Certificate) -> bytes:
    """The file of a READY certificate, byte for byte as issued. Raises DamagedFileError."""
    try:
        content = files.read(certificate.file_name)
    except OSError as error:
        raise DamagedFileError(f"certificate {certificate.pk}: {type(error).__name__}") from error
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), certificate.sha256):
        raise DamagedFileError(f"certificate {certificate.pk}: the hash differs")
    return content


def record_handing_out(certificate: Certificate, to: User, at: datetime) -> None:
    """Record that somebody other than the holder took the file: who and when. Nothing for the holder."""
    if certificate.enrolment.user_id != to.pk:
        CertificateEvent.objects.create(
            certificate=certificate, kind=EventKind.HANDED_OUT, at=at, actor_id=to.pk
        )


def record_look(certificate: Certificate, by: User, at: datetime) -> None:
    """Record that somebody other than the holder opened a page with the holder's name: who and when, once for each
    ONE_LOOK. Nothing once the name is erased.
    """
    if certificate.enrolment.user_id == by.pk or certificate.erased_at is not None:
        return
    looks = certificate.events.filter(kind=EventKind.LOOKED_AT, actor_id=by.pk)
    if not looks.filter(at__gt=at - ONE_LOOK).exists():
        CertificateEvent.objects.create(
            certificate=certificate, kind=EventKind.LOOKED_AT, at=at, actor_id=by.pk
        )
