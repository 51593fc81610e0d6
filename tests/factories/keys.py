"""Keys that somebody else made, as files, with `cryptography` alone."""

from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from django.utils import timezone

DAY = timedelta(days=1)


@lru_cache
def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """One for all tests: making it takes longer than all that is done with it."""
    return rsa.generate_private_key(65537, bits)


def p256_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def certificate_of(
    private: Any,
    *,
    name: str = "Association Ailleurs",
    issuer: tuple[x509.Certificate, Any] | None = None,
    begins: datetime | None = None,
    ends: datetime | None = None,
    signs: bool | None = True,
    ca: bool = False,
) -> x509.Certificate:
    """A certificate of this key; signed by itself unless there is an issuer (certificate and key). `signs` None: without
    a key usage.
    """
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = timezone.now()
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[0].subject if issuer else subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins or now - DAY)
        .not_valid_after(ends or now + 365 * DAY)
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    if signs is not None:
        usage = x509.KeyUsage(signs, signs, not signs, False, False, ca, False, False, False)
        builder = builder.add_extension(usage, critical=True)
    return builder.sign(issuer[1] if issuer else private, hashes.SHA256())


def as_pem(private: Any, *certificates: x509.Certificate, passphrase: str = "", old: bool = False) -> bytes:
    """PKCS#8 or (`old`) the form of OpenSSL before it, with the certificates after it."""
    form = serialization.PrivateFormat.TraditionalOpenSSL if old else serialization.PrivateFormat.PKCS8
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    key: bytes = private.private_bytes(serialization.Encoding.PEM, form, encryption)
    return key + b"".join(found.public_bytes(serialization.Encoding.PEM) for found in certificates)


def as_pkcs12(
    private: Any, certificate: x509.Certificate | None, *others: x509.Certificate, passphrase: str = ""
) -> bytes:
    encryption: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        encryption = serialization.BestAvailableEncryption(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(
        b"seal", private, certificate, list(others) or None, encryption
    )
