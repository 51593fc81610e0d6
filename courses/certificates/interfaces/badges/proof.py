"""The proof under a credential: a DataIntegrityProof with the cryptosuite eddsa-rdfc-2022."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from courses.certificates.interfaces.badges.linked_data import canonical
from courses.certificates.interfaces.badges.multibase import base58

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


def stamp(at: datetime) -> str:
    """An aware time as credentials write it: UTC, whole seconds."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signed(
    document: dict[str, Any], private: Ed25519PrivateKey, *, method: str, created: datetime
) -> dict[str, Any]:
    """The document with its proof. `method` is the address of the key in the issuer's document.

    The same document, key and time give the same bytes. `proof` is an array, as 1EdTech's schema reads it.
    """
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": stamp(created),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    # The options are read in the contexts of the document.
    digest = _sha256({"@context": document["@context"], **options}) + _sha256(document)
    return {**document, "proof": [{**options, "proofValue": base58(private.sign(digest))}]}


def _sha256(document: dict[str, Any]) -> bytes:
    return hashlib.sha256(canonical(document).encode()).digest()
