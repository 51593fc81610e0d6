"""Who issues: a did:web, and its document with every public key that badges were ever signed with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.urls import reverse

from courses.certificates.interfaces.badges.linked_data import OPEN_BADGES
from courses.certificates.interfaces.badges.multibase import multikey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

DID = "https://www.w3.org/ns/did/v1"
MULTIKEY = "https://w3id.org/security/multikey/v1"


def site() -> str:
    """The address of the site, without a slash at its end."""
    return str(settings.WAGTAILADMIN_BASE_URL).rstrip("/")


def issuer_id() -> str:
    """The did:web of the address where `issuer_document` is published: `did:web:example.org:badges:issuer`."""
    parts = urlsplit(site() + reverse("badges:issuer"))
    folders = parts.path.strip("/").split("/")[:-1]
    return ":".join(["did", "web", quote(parts.netloc, safe=""), *folders])


def method_of(public: Ed25519PublicKey) -> str:
    """The address of a key in the issuer's document."""
    return f"{issuer_id()}#{multikey(public)}"


def issuer_document(keys: Iterable[Ed25519PublicKey], name: str) -> dict[str, Any]:
    """The DID document, which is an Open Badges profile as well.

    Retired keys are listed like the active one and without an end: a verifier takes `expires` and `revoked` of a key
    for all that it ever signed, and old badges would fail.
    """
    issuer = issuer_id()
    methods = [
        {
            "id": f"{issuer}#{key}",
            "type": "Multikey",
            "controller": issuer,
            "publicKeyMultibase": key,
        }
        for key in map(multikey, keys)
    ]
    return {
        "@context": [DID, MULTIKEY, OPEN_BADGES],
        "id": issuer,
        "type": ["Profile"],
        "name": name,
        "url": site(),
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }
