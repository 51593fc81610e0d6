"""Multibase and Multikey: how keys, signatures and lists are written in credentials."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
# The multicodec for a public Ed25519 key, as a varint.
_ED25519 = bytes((0xED, 0x01))


def base58(data: bytes) -> str:
    """`data` in base 58 (Bitcoin's alphabet) with multibase's mark `z`; each leading zero byte is one `1`."""
    number, digits = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + "1" * zeros + digits


def base64url(data: bytes) -> str:
    """`data` in base 64 for addresses, without padding, with multibase's mark `u`."""
    return "u" + base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")


def multikey(public: Ed25519PublicKey) -> str:
    """A public Ed25519 key as `publicKeyMultibase`: it begins with z6Mk."""
    return base58(_ED25519 + public.public_bytes_raw())
