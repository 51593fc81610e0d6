"""What a QR code carries behind the `#` of its address: a few facts, signed, for a phone without a connection.

`v1.` and then, in base64url without padding, these bytes (numbers big-endian):

| bytes | what |
| --- | --- |
| 1 | version of the layout, 1 |
| 4 | the beginning of the key's fingerprint |
| 10 | the serial, 5 bits for each of its 16 characters |
| 2, 2, 2 | completed on, issued on, last valid day: days since 1 January 1970; 0 for no end |
| rest | UTF-8: course code, initials in Latin and in Arabic letters (without dots), separated by line feeds |
| 64 | the ES256 signature (r, s) of all bytes before it |

Browsers never send what stands behind the `#`. The layout is on paper: another one gets another version.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from courses.lib.ids import ALPHABET

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

PREFIX = "v1."
VERSION = 1
# A longer code of a course, or more initials, would make the modules of the QR code too small.
MAX_CODE = 16
MAX_INITIALS = 8
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class QrFacts:
    """`initials_latin` and `initials_arabic` as the snapshot has them: `S. B. A.`."""

    serial: str
    course_code: str
    initials_latin: str
    initials_arabic: str
    completed_on: date
    issued_on: date
    valid_until: date | None


def fragment(facts: QrFacts, key: EllipticCurvePrivateKey, fingerprint: str) -> str:
    """The signed payload as it stands behind the `#`. `key` is on P-256, `fingerprint` is hexadecimal."""
    from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
    from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
    from cryptography.hazmat.primitives.hashes import SHA256

    payload = packed(facts, fingerprint)
    r, s = decode_dss_signature(key.sign(payload, ECDSA(SHA256())))
    return PREFIX + _base64(payload + r.to_bytes(32, "big") + s.to_bytes(32, "big"))


def packed(facts: QrFacts, fingerprint: str) -> bytes:
    """The payload without its signature."""
    serial = 0
    for character in facts.serial:
        serial = serial << 5 | ALPHABET.index(character)
    days = b"".join(_days(day) for day in (facts.completed_on, facts.issued_on, facts.valid_until))
    texts = (facts.course_code[:MAX_CODE], _letters(facts.initials_latin), _letters(facts.initials_arabic))
    return (
        bytes([VERSION]) + bytes.fromhex(fingerprint[:8]) + serial.to_bytes(10, "big") + days
    ) + "\n".join(texts).encode()


def jwk(key: EllipticCurvePublicKey, fingerprint: str) -> dict[str, str]:
    """A public key as browsers import it; `kid` is the whole fingerprint."""
    numbers = key.public_numbers()
    return {
        "kty": "EC",
        "crv": "P-256",
        "alg": "ES256",
        "use": "sig",
        "kid": fingerprint,
        "x": _base64(numbers.x.to_bytes(32, "big")),
        "y": _base64(numbers.y.to_bytes(32, "big")),
    }


def _days(day: date | None) -> bytes:
    return (0 if day is None else (day - _EPOCH).days).to_bytes(2, "big")


def _letters(initials: str) -> str:
    return "".join(sign for sign in initials if sign.isalpha())[:MAX_INITIALS]


def _base64(content: bytes) -> str:
    return urlsafe_b64encode(content).rstrip(b"=").decode()
