"""Sheets with seals, ours and others'."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore


def der(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def private_info(private: Any) -> asn1_keys.PrivateKeyInfo:
    return asn1_keys.PrivateKeyInfo.load(
        private.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def signed_by_others(
    pdf: bytes, private: Any, certificate: x509.Certificate, *, field: str = "Theirs", pades: bool = True
) -> bytes:
    """As anybody with pyHanko would sign it."""
    signer = signers.SimpleSigner(der(certificate), private_info(private), SimpleCertificateStore())
    meta = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES if pades else SigSeedSubFilter.ADOBE_PKCS7_DETACHED,
    )
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    return signers.sign_pdf(writer, meta, signer).getvalue()


def judged_by_pyhanko(pdf: bytes, *trusted: x509.Certificate) -> Any:
    """The status of the only signature, to pyHanko's own validator."""
    (embedded,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[der(found) for found in trusted], allow_fetching=False)
    return validate_pdf_signature(embedded, context, ts_validation_context=context)


def pdfsig(pdf: bytes, folder: Path) -> str:
    """What poppler says of the signatures."""
    file = folder / "signed.pdf"
    file.write_bytes(pdf)
    return subprocess.run(["pdfsig", str(file)], capture_output=True, text=True).stdout


def gap(pdf: bytes) -> tuple[int, int]:
    """Begin and end of the place of the last signature, its brackets included."""
    numbers = pdf[pdf.rindex(b"/ByteRange") :].split(b"[")[1].split(b"]")[0].split()
    return int(numbers[1]), int(numbers[2])
