"""Key pairs as bytes: making them, reading those that somebody brings, locking the private half with a passphrase."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from courses.certificates.enums import KeyPurpose
from courses.lib.clock import add_months

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
    from cryptography.x509 import Certificate

    PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey
    PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey

# An RSA key beyond this takes seconds for a signature.
_RSA_BITS = range(2048, 8193)
_YEARS_OF_A_CERTIFICATE = 10
# Bytes: X.509 has no room for a longer name.
_LONGEST_NAME = 64
_PEM_PRIVATE_KEY = re.compile(rb"-----BEGIN ([A-Z ]*PRIVATE KEY)-----.+?-----END \1-----", re.DOTALL)


class KeyProblem(StrEnum):
    """Why a file with a key isn't taken."""

    UNREADABLE = "This is neither a PKCS#12 file nor PEM with one private key."
    WRONG_PASSPHRASE = "The passphrase isn't the one of the file, or the file needs one."  # noqa: S105
    WRONG_TYPE = "A key of this type doesn't serve this purpose."
    NO_CERTIFICATE = "A key for PDFs needs its X.509 certificate in the same file."
    NOT_ITS_CERTIFICATE = "The key and the certificate don't belong together."
    EXPIRED = "The certificate has expired."
    NOT_YET_VALID = "The certificate isn't valid yet."
    NOT_FOR_SIGNING = "The certificate doesn't allow signatures."


class KeyFileError(Exception):
    def __init__(self, problem: KeyProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


class WrongPassphraseError(Exception):
    """The passphrase doesn't open the private half."""


@dataclass(frozen=True)
class KeyPair:
    """`algorithm`, `fingerprint` and the two PEM texts as `SigningKey` keeps them."""

    private: PrivateKey
    algorithm: str
    fingerprint: str
    public_pem: str
    certificate_pem: str = ""


def make(purpose: KeyPurpose, owner: str, at: datetime) -> KeyPair:
    """A new pair for a purpose; one for PDFs with a certificate that it signs itself, in the name of `owner`, valid for
    ten years from `at`.
    """
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519

    if purpose == KeyPurpose.BADGE:
        return _pair(ed25519.Ed25519PrivateKey.generate())
    private = ec.generate_private_key(ec.SECP256R1())
    return _pair(private, [_self_signed(private, owner, at)] if purpose == KeyPurpose.PDF else [])


def read(purpose: KeyPurpose, data: bytes, passphrase: str, at: datetime) -> KeyPair:
    """The pair in a PKCS#12 or PEM file; `passphrase` is empty for a file without. Raises KeyFileError."""
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

    private, certificates = (_from_pem if b"-----BEGIN" in data else _from_pkcs12)(data, passphrase)
    p256 = isinstance(private, ec.EllipticCurvePrivateKey) and isinstance(private.curve, ec.SECP256R1)
    fits = {
        KeyPurpose.PDF: p256 or (isinstance(private, rsa.RSAPrivateKey) and private.key_size in _RSA_BITS),
        KeyPurpose.BADGE: isinstance(private, ed25519.Ed25519PrivateKey),
        KeyPurpose.QR: p256,
    }
    if not fits[purpose]:
        raise KeyFileError(KeyProblem.WRONG_TYPE)
    return _pair(private, _chain(private, certificates, at) if purpose == KeyPurpose.PDF else [])


def locked(private: PrivateKey, passphrase: str) -> str:
    """The private half as encrypted PKCS#8, PEM."""
    from cryptography.hazmat.primitives import serialization

    return private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(passphrase.encode()),
    ).decode("ascii")


def opened(private_pem: str, passphrase: str) -> PrivateKey:
    """The private half that `locked` wrote. Raises WrongPassphraseError."""
    from cryptography.hazmat.primitives import serialization

    try:
        # Written by `locked`: checking again that the factors are prime would take longer than many signatures.
        return serialization.load_pem_private_key(  # type: ignore[return-value]
            private_pem.encode("ascii"), passphrase.encode() or None, unsafe_skip_rsa_key_validation=True
        )
    except (TypeError, ValueError) as error:
        raise WrongPassphraseError from error


def public_half(public_pem: str) -> PublicKey:
    from cryptography.hazmat.primitives import serialization

    return serialization.load_pem_public_key(public_pem.encode("ascii"))  # type: ignore[return-value]


@lru_cache(maxsize=16)
def end_of(certificate_pem: str) -> datetime:
    """The first moment at which the first certificate of a chain isn't valid any more, aware UTC."""
    from cryptography import x509

    return x509.load_pem_x509_certificate(certificate_pem.encode("ascii")).not_valid_after_utc


def _pair(private: PrivateKey, certificates: list[Certificate] | None = None) -> KeyPair:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    public, form = private.public_key(), serialization.PublicFormat.SubjectPublicKeyInfo
    algorithm = "Ed25519"
    if isinstance(private, rsa.RSAPrivateKey):
        algorithm = f"RSA-{private.key_size}"
    elif isinstance(private, ec.EllipticCurvePrivateKey):
        algorithm = "P-256"
    return KeyPair(
        private,
        algorithm,
        hashlib.sha256(public.public_bytes(serialization.Encoding.DER, form)).hexdigest(),
        public.public_bytes(serialization.Encoding.PEM, form).decode("ascii"),
        "".join(
            certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
            for certificate in certificates or ()
        ),
    )


def _self_signed(private: ec.EllipticCurvePrivateKey, owner: str, at: datetime) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes

    text = owner.encode()[:_LONGEST_NAME].decode(errors="ignore").strip()
    name = x509.Name(
        [
            x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, text),
            x509.NameAttribute(x509.NameOID.COMMON_NAME, text),
        ]
    )
    end = add_months(at.date(), 12 * _YEARS_OF_A_CERTIFICATE)
    usages = dict.fromkeys(
        (
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    identifier = x509.SubjectKeyIdentifier.from_public_key(private.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        # Clocks of who checks it may go slow.
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at.replace(year=end.year, month=end.month, day=end.day))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, content_commitment=True, **usages), critical=True
        )
        .add_extension(identifier, critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False
        )
        .sign(private, hashes.SHA256())
    )


def _from_pem(data: bytes, passphrase: str) -> tuple[PrivateKey, list[Certificate]]:
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import serialization

    blocks = [match.group() for match in _PEM_PRIVATE_KEY.finditer(data)]
    if len(blocks) != 1:
        raise KeyFileError(KeyProblem.UNREADABLE)
    encrypted = b"ENCRYPTED" in blocks[0]
    try:
        private = serialization.load_pem_private_key(blocks[0], passphrase.encode() if encrypted else None)
        certificates = x509.load_pem_x509_certificates(data) if b"BEGIN CERTIFICATE" in data else []
    except (TypeError, ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError(KeyProblem.WRONG_PASSPHRASE if encrypted else KeyProblem.UNREADABLE) from error
    return private, certificates  # type: ignore[return-value]


def _from_pkcs12(data: bytes, passphrase: str) -> tuple[PrivateKey, list[Certificate]]:
    from asn1crypto.pkcs12 import Pfx
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import pkcs12

    try:
        Pfx.load(data, strict=True)["auth_safe"]["content_type"].native  # noqa: B018
    except (TypeError, ValueError, KeyError) as error:
        raise KeyFileError(KeyProblem.UNREADABLE) from error
    try:
        private, certificate, others = pkcs12.load_key_and_certificates(data, passphrase.encode() or None)
    except (TypeError, ValueError) as error:
        raise KeyFileError(KeyProblem.WRONG_PASSPHRASE) from error
    except UnsupportedAlgorithm as error:
        raise KeyFileError(KeyProblem.UNREADABLE) from error
    if private is None:
        raise KeyFileError(KeyProblem.UNREADABLE)
    return private, [*([certificate] if certificate else []), *others]  # type: ignore[return-value]


def _chain(private: PrivateKey, certificates: list[Certificate], at: datetime) -> list[Certificate]:
    """The key's own certificate and, after it, those of its issuers in the file. Raises KeyFileError."""
    from cryptography import x509

    if not certificates:
        raise KeyFileError(KeyProblem.NO_CERTIFICATE)
    own = next((found for found in certificates if found.public_key() == private.public_key()), None)
    if own is None:
        raise KeyFileError(KeyProblem.NOT_ITS_CERTIFICATE)
    if at >= own.not_valid_after_utc:
        raise KeyFileError(KeyProblem.EXPIRED)
    if at < own.not_valid_before_utc:
        raise KeyFileError(KeyProblem.NOT_YET_VALID)
    try:
        usage = own.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None
    except ValueError as error:
        raise KeyFileError(KeyProblem.UNREADABLE) from error
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise KeyFileError(KeyProblem.NOT_FOR_SIGNING)
    chain, left = [own], [found for found in certificates if found != own]
    while issuer := next((found for found in left if _issued(found, chain[-1])), None):
        chain.append(issuer)
        left.remove(issuer)
    return chain


def _issued(issuer: Certificate, certificate: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, TypeError, ValueError):
        return False
    return True
