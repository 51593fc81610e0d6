"""Handing out what was stored, and nothing else."""

import hashlib
import hmac

from courses.certificates.interfaces import files
from courses.certificates.models import Certificate


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
