"""Whether an uploaded file is a certificate as it was issued. Its bytes are hashed, never unpacked or kept."""

import hashlib
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from courses.certificates.domain.keys import known_certificates
from courses.certificates.domain.queries import issued
from courses.certificates.domain.verification import Verification, verification_of
from courses.certificates.interfaces.pdf.validation import SealState, validate
from courses.lib.ids import ALPHABET, SerialError, normalise_serial

# Our files name their certificate in plain bytes, as a keyword: in the printed form of its serial.
_GROUP = f"[{ALPHABET}]{{4}}"
_SERIAL = re.compile(rf"(?<![0-9A-Z-]){_GROUP}(?:-{_GROUP}){{3}}(?![0-9A-Z-])".encode())
# So many serials of one file are looked up, and so many texts that look like one are read.
MAX_SERIALS = 5
MAX_CANDIDATES = 50


class FileVerdict(StrEnum):
    """ISSUED: byte for byte what was issued. ALTERED: sealed by us, and changed since. NO_CERTIFICATE: our seal is
    right, and no certificate has these bytes. LOOKS_LIKE: it names a certificate of ours without a seal of ours.
    NOT_OURS: none of that.
    """

    ISSUED = "issued"
    ALTERED = "altered"
    NO_CERTIFICATE = "no_certificate"
    LOOKS_LIKE = "looks_like"
    NOT_OURS = "not_ours"


@dataclass(frozen=True)
class FileCheck:
    """`verification` is the certificate that the file is (ISSUED), else None. `names` is the serial of an issued
    certificate that stands in a file that isn't ISSUED; empty where there is none.
    """

    verdict: FileVerdict
    verification: Verification | None = None
    names: str = ""


def check_file(content: bytes, language: str, at: datetime) -> FileCheck:
    """What a file is, whatever its bytes; the caller limits their number.

    The hash comes first: it recognises the files of erased holders and of replaced and revoked certificates, also those
    issued before there were seals. Three queries at most.
    """
    found = issued().filter(sha256=hashlib.sha256(content).hexdigest()).first()
    if found is not None:
        return FileCheck(FileVerdict.ISSUED, verification_of(found, language, at))
    named = _named_in(content)
    match validate(content, known_certificates()).state:
        case SealState.BROKEN:
            return FileCheck(FileVerdict.ALTERED, names=named)
        case SealState.VALID:
            return FileCheck(FileVerdict.NO_CERTIFICATE, names=named)
        case _:
            return FileCheck(FileVerdict.LOOKS_LIKE if named else FileVerdict.NOT_OURS, names=named)


def _named_in(content: bytes) -> str:
    """The first serial in the bytes that was issued; empty where there is none among the first candidates."""
    serials: list[str] = []
    for match in islice(_SERIAL.finditer(content), MAX_CANDIDATES):
        with suppress(SerialError):
            serials.append(normalise_serial(match[0].decode()))
        if len(serials) == MAX_SERIALS:
            break
    if not serials:
        return ""
    known = set(issued().filter(serial__in=serials).values_list("serial", flat=True))
    return next((serial for serial in serials if serial in known), "")
