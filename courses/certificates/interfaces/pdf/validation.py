"""Whose seal a PDF carries, and whether the file is still as it was sealed. Takes any bytes; reads no PDF.

A seal of ours covers every byte of its file but the place where it stands itself. So nothing of the PDF needs to be
understood, or unpacked, to judge it: the bytes around that place are hashed, and the signature of the hash is checked
with the organisation's own certificate. What it costs grows with the size of the file, whatever is in it.
"""

from __future__ import annotations

import hashlib
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asn1crypto import cms, x509

# So many signatures of a file are looked at, from the last one; ours has one.
MAX_SIGNATURES = 8
# A signature of ours, with its certificates and a time stamp, takes a few kB.
MAX_SIGNATURE_BYTES = 64 * 1024
_BYTE_RANGE = re.compile(
    rb"/ByteRange\s{0,16}\[\s{0,16}0\s{1,16}(\d{1,10})\s{1,16}(\d{1,10})\s{1,16}(\d{1,10})\s{0,64}\]"
)


class SealState(StrEnum):
    """VALID: one of our keys sealed these very bytes. BROKEN: a seal of ours is on it, and the file isn't what was
    sealed. FOREIGN: signed, but by nobody we know. UNSIGNED: no signature was found, or it's no PDF at all.
    """

    VALID = "valid"
    BROKEN = "broken"
    FOREIGN = "foreign"
    UNSIGNED = "unsigned"


@dataclass(frozen=True, slots=True)
class Seal:
    """What was found. `fingerprint`, that of the key (`SigningKey.fingerprint`), is empty unless VALID or BROKEN."""

    state: SealState
    fingerprint: str = ""


def validate(pdf: bytes, known: Mapping[str, str]) -> Seal:
    """The seal of a file. Never raises, whatever the bytes are; the caller limits their number.

    `known` are the certificates of all keys for PDFs, active and retired: PEM (the key's own first) by fingerprint, as
    `domain.keys.known_certificates()` gives them. A certificate that has expired since then still counts: what it
    sealed was sealed in its time. Time stamps aren't judged.
    """
    seals = [_seal_at(pdf, place, known) for place in deque(_BYTE_RANGE.finditer(pdf), MAX_SIGNATURES)]
    worst_last = (SealState.VALID, SealState.BROKEN, SealState.FOREIGN, SealState.UNSIGNED)
    return min(seals, key=lambda seal: worst_last.index(seal.state), default=Seal(SealState.UNSIGNED))


def _seal_at(pdf: bytes, place: re.Match[bytes], known: Mapping[str, str]) -> Seal:
    """What one signature, which says of itself that it covers the file but for a gap, is worth."""
    begin, end = int(place[1]), int(place[2])
    written = pdf[begin:end] if end - begin <= 2 * MAX_SIGNATURE_BYTES else b""
    try:
        # Whoever composed these bytes may have meant them to raise something.
        der = bytes.fromhex(written.decode("ascii").removeprefix("<").removesuffix(">"))
        signature = _read(der)
        fingerprint = _sealer(signature, known)
    except Exception:
        return Seal(SealState.UNSIGNED)
    if not fingerprint:
        return Seal(SealState.FOREIGN)
    try:
        whole = end + int(place[3]) == len(pdf) and written == b"<%s>" % der.hex().upper().encode()
        padded = not any(der[len(signature.info.dump()) :])
        digest = hashlib.sha256(pdf[:begin] + pdf[end:]).digest()
        valid = whole and padded and _is_intact(signature, known[fingerprint], digest)
    except Exception:
        valid = False
    return Seal(SealState.VALID if valid else SealState.BROKEN, fingerprint)


@dataclass(frozen=True, slots=True)
class _Signature:
    info: cms.ContentInfo
    signed: cms.SignedData
    signer: cms.SignerInfo


def _read(der: bytes) -> _Signature:
    from asn1crypto import cms

    info = cms.ContentInfo.load(der)
    if info["content_type"].native != "signed_data":
        raise ValueError("no signature")
    (signer,) = info["content"]["signer_infos"]
    return _Signature(info, info["content"], signer)


def _sealer(signature: _Signature, known: Mapping[str, str]) -> str:
    """The fingerprint of the known key that the signature says it's from; empty where it's none of them."""
    claimed = signature.signer["sid"].chosen
    for fingerprint, certificates in known.items():
        own = _certificates(certificates)[0]
        if (
            claimed["serial_number"].native == own.serial_number
            and claimed["issuer"].dump() == own.issuer.dump()
        ):
            return fingerprint
    return ""


def _certificates(pem_text: str) -> list[x509.Certificate]:
    from asn1crypto import pem, x509

    blocks = pem.unarmor(pem_text.encode("ascii"), multiple=True)
    return [x509.Certificate.load(der) for _kind, _headers, der in blocks]


def _is_intact(signature: _Signature, certificates: str, digest: bytes) -> bool:
    """Whether the key of these certificates signed this digest, and nothing was altered beside the signature either."""
    from pyhanko.sign.validation.generic_cms import validate_sig_integrity

    chain = _certificates(certificates)
    if signature.info.dump() != _as_written(signature, chain):
        return False
    intact, valid = validate_sig_integrity(signature.signer, chain[0], "data", digest)
    return intact and valid


def _as_written(signature: _Signature, chain: Sequence[x509.Certificate]) -> bytes:
    """The same signature as `signing` writes it. Much of what stands around a signature isn't signed itself, and a
    reader would overlook a change there.
    """
    from asn1crypto import cms

    own, signer = chain[0], signature.signer
    attached = [choice.chosen.dump() for choice in signature.signed["certificates"]]
    if sorted(attached) != sorted(certificate.dump() for certificate in chain):
        raise ValueError("other certificates")
    written = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number", {"issuer": own.issuer, "serial_number": own.serial_number}
        ),
        "digest_algorithm": {"algorithm": "sha256"},
        "signature_algorithm": {"algorithm": signer["signature_algorithm"]["algorithm"].native},
        "signed_attrs": signer["signed_attrs"],
        "signature": signer["signature"],
    }
    if signer["unsigned_attrs"]:
        written["unsigned_attrs"] = signer["unsigned_attrs"]
    content = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": signature.signed["certificates"],
        "signer_infos": [written],
    }
    whole: bytes = cms.ContentInfo({"content_type": "signed_data", "content": content}).dump()
    return whole
