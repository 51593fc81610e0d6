"""The technical seal of a PDF: a PAdES signature (baseline B-B, or B-T with a time stamp) with the organisation's key.

It certifies that the file is as the organisation made it. It isn't a person's signature, and isn't sold as one.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings

from courses.certificates.domain.keys import private_half
from courses.certificates.models import SigningKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfSigner
    from pyhanko.sign.timestamps import TimeStamper

FIELD: Final = "Seal"
# Any reader of PDFs shows it, whatever the language of the sheet.
REASON: Final = "Technical seal of the issuer"
# Seconds for one answer of the time-stamp authority.
TSA_TIMEOUT: Final = 10
# Bytes of a signature beside its certificates: attributes, algorithms, the issuer's name once more; and a time stamp.
_ROOM: Final = 450
_ROOM_FOR_STAMP: Final = 8_000


def sign(pdf: bytes, key: SigningKey, at: datetime) -> bytes:
    """The file with a seal added after its last byte; what was there isn't touched, and nothing is to be seen.

    `at` is the time that the seal states. Each call gives other bytes. Raises `domain.keys.NoKeyError` for a key that
    can't sign (any more), pyhanko.sign.timestamps.TimestampRequestError where ELEARN_TSA_URL is set and doesn't answer.
    """
    signer, reserved = _signer(
        key.fingerprint, key.certificate_pem, private_half(key), settings.ELEARN_TSA_URL
    )
    writer = _writer_class()(BytesIO(pdf))
    session = signer.init_signing_session(writer)
    session.system_time = at
    return _signed(session, reserved)


@lru_cache
def _writer_class() -> type[IncrementalPdfFileWriter]:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    class Writer(IncrementalPdfFileWriter):
        def _update_meta(self) -> None:
            """What the sheet says of itself stays as it was written: pyHanko would put the clock's time over it."""

    return Writer


def _signed(session: Any, reserved: int) -> bytes:
    import asyncio

    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes

    document = session.prepare_tbs_document(validation_info=None, bytes_reserved=reserved)
    digest, output = document.digest_tbs_document()
    asyncio.run(
        document.perform_signature(
            digest.document_digest, PdfCMSSignedAttributes(signing_time=session.system_time)
        )
    )
    signed: bytes = output.getvalue()
    return signed


@lru_cache(maxsize=4)
def _signer(
    fingerprint: str, certificate_pem: str, private: PrivateKeyTypes, tsa_url: str
) -> tuple[PdfSigner, int]:
    """What signs with this key, and how many hexadecimal digits its signatures need at most."""
    from asn1crypto import cms, pem, x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
    from pyhanko.sign import fields, signers
    from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    class Sealer(signers.Signer):
        """With a key that is open already: pyHanko's own signer opens and checks it anew for each signature."""

        # What is built from parts is encoded again at each level around it: as bytes, once.

        async def signed_attrs(self, *args: Any, **kwargs: Any) -> cms.CMSAttributes:
            built = await super().signed_attrs(*args, **kwargs)
            return cms.CMSAttributes.load(built.dump())

        def signer_info(self, digest_algorithm: str, signed_attrs: Any, signature: bytes) -> cms.SignerInfo:
            built = super().signer_info(digest_algorithm, signed_attrs, signature)
            return cms.SignerInfo.load(built.dump())

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            if isinstance(private, rsa.RSAPrivateKey):
                return private.sign(data, padding.PKCS1v15(), hashes.SHA256())
            assert isinstance(private, ec.EllipticCurvePrivateKey)
            return private.sign(data, ec.ECDSA(hashes.SHA256()))

    ders = [der for _kind, _headers, der in pem.unarmor(certificate_pem.encode("ascii"), multiple=True)]
    own, *issuers = (x509.Certificate.load(der) for der in ders)
    store = SimpleCertificateStore()
    store.register_multiple(issuers)
    meta = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        reason=REASON,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        subfilter=fields.SigSeedSubFilter.PADES,
    )
    signature = private.key_size // 8 if isinstance(private, rsa.RSAPrivateKey) else 80
    issuer = len(own.issuer.dump())
    reserved = sum(map(len, ders)) + signature + issuer + _ROOM + (_ROOM_FOR_STAMP if tsa_url else 0)
    sealer = Sealer(signing_cert=own, cert_registry=store)
    return signers.PdfSigner(meta, sealer, timestamper=_timestamper(tsa_url)), 2 * reserved


def _timestamper(url: str) -> TimeStamper | None:
    if not url:
        return None
    from pyhanko.sign.timestamps.requests_client import RequestsHTTPTimeStamper

    return RequestsHTTPTimeStamper(url, timeout=TSA_TIMEOUT)
