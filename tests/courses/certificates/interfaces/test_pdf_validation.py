"""Whose seal is it, and is the file as it was sealed: for any bytes an answer, and VALID for ours alone."""

import random
import time
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.utils import timezone
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_signer import PdfSigner

from courses.certificates.domain import keys
from courses.certificates.enums import KeyPurpose
from courses.certificates.interfaces.pdf.render import render_certificate
from courses.certificates.interfaces.pdf.signing import sign
from courses.certificates.interfaces.pdf.validation import Seal, SealState, validate
from tests.factories.keys import as_pkcs12, certificate_of, p256_key, rsa_key

from .seals import gap, signed_by_others
from .sheets import content

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 3, 8, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def sheet() -> bytes:
    return render_certificate(content())


@pytest.fixture(params=["P-256", "RSA"])
def key(request):
    if request.param == "P-256":
        return keys.generate(KeyPurpose.PDF, AT)
    data = as_pkcs12(rsa_key(), certificate_of(rsa_key()))
    return keys.import_key(KeyPurpose.PDF, data, "", timezone.now())


@pytest.fixture
def sealed(sheet, key) -> bytes:
    return sign(sheet, key, AT)


def state(pdf: bytes) -> SealState:
    return validate(pdf, keys.known_certificates()).state


def with_signature(pdf: bytes, der: bytes) -> bytes:
    """The file with another signature in the same place."""
    begin, end = gap(pdf)
    return pdf[: begin + 1] + der.hex().upper().encode().ljust(end - begin - 2, b"0") + pdf[end - 1 :]


def signature_of(pdf: bytes) -> bytes:
    begin, end = gap(pdf)
    return bytes.fromhex(pdf[begin + 1 : end - 1].decode())


# --- ours -------------------------------------------------------------------------------------------


def test_ours_is_valid_and_says_by_which_key(sealed, key):
    assert validate(sealed, keys.known_certificates()) == Seal(SealState.VALID, key.fingerprint)


def test_a_sheet_without_seal_is_unsigned(sheet, key):
    assert validate(sheet, keys.known_certificates()) == Seal(SealState.UNSIGNED)


def test_what_a_retired_key_sealed_is_valid_after_rotations_and_after_its_certificate_has_expired(sheet):
    private = p256_key()
    short = certificate_of(private, ends=timezone.now() + timedelta(seconds=1))
    old = keys.import_key(KeyPurpose.PDF, as_pkcs12(private, short), "", timezone.now())
    sealed = sign(sheet, old, timezone.now())

    keys.generate(KeyPurpose.PDF, timezone.now())
    keys.generate(KeyPurpose.PDF, timezone.now())
    time.sleep(1.2)

    assert validate(sealed, keys.known_certificates()) == Seal(SealState.VALID, old.fingerprint)


def test_one_flipped_byte_anywhere_is_caught(sealed):
    begin, end = gap(sealed)
    chance = random.Random(20260212)
    places = chance.sample(range(len(sealed)), 300) + list(range(begin - 300, end, 7))
    places += range(end - 40, len(sealed), 3)
    known = keys.known_certificates()

    for place in places:
        mask = chance.choice((0x01, 0x20, 0x80, 0xFF))
        changed = sealed[:place] + bytes([sealed[place] ^ mask]) + sealed[place + 1 :]
        assert validate(changed, known).state != SealState.VALID, (place, mask)


def test_one_flipped_byte_anywhere_in_the_signature_itself_is_caught(sealed):
    """Much of it isn't signed: versions, names of algorithms, certificates."""
    der, known = signature_of(sealed), keys.known_certificates()
    assert state(with_signature(sealed, der)) == SealState.VALID

    for place in range(len(der.rstrip(b"\0")) + 3):
        for mask in (0x01, 0x80):
            changed = der[:place] + bytes([der[place] ^ mask]) + der[place + 1 :]
            assert validate(with_signature(sealed, changed), known).state != SealState.VALID, (place, mask)


@pytest.mark.parametrize(
    "change",
    [
        lambda pdf: pdf + b"\n",
        lambda pdf: pdf + b"%comment\n",
        lambda pdf: b"\n" + pdf,
        lambda pdf: pdf[:-1],
        lambda pdf: pdf.replace(b"%PDF-1.7", b"%PDF-1.6", 1),
        lambda pdf: pdf.replace(signature_of(pdf).hex().upper().encode(), signature_of(pdf).hex().encode()),
    ],
    ids=["line added", "comment added", "line before", "cut", "version", "small letters"],
)
def test_any_change_of_ours_is_not_valid(sealed, change):
    changed = change(sealed)

    assert changed != sealed
    assert state(changed) in (SealState.BROKEN, SealState.UNSIGNED)


def test_an_update_appended_by_another_program_is_caught(sealed):
    writer = IncrementalPdfFileWriter(BytesIO(sealed))
    writer.root["/Lang"] = generic.pdf_string("zz")
    writer.update_root()
    updated = BytesIO()
    writer.write(updated)

    assert updated.getvalue().startswith(sealed)
    assert state(updated.getvalue()) == SealState.BROKEN


def test_the_signature_of_one_file_in_another_is_caught(sheet, key, sealed):
    other = sign(render_certificate(content(serial="0000000000000000")), key, AT)

    assert state(with_signature(sealed, signature_of(other))) == SealState.BROKEN


# --- others -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("pades", [True, False])
@pytest.mark.parametrize("make_key", [p256_key, rsa_key])
def test_signed_by_another_organisation_is_foreign(sheet, key, pades, make_key):
    private = make_key() if make_key is p256_key else rsa_key(3072)
    theirs = signed_by_others(sheet, private, certificate_of(private), pades=pades)

    assert validate(theirs, keys.known_certificates()) == Seal(SealState.FOREIGN)


def test_ours_of_another_installation_is_foreign(sealed, key):
    key.delete()
    keys.generate(KeyPurpose.PDF, AT)

    assert state(sealed) == SealState.FOREIGN
    assert validate(sealed, {}) == Seal(SealState.FOREIGN)


def test_a_forged_certificate_with_our_name_and_number_is_not_ours(sheet, key):
    """Whoever downloads a certificate knows the name and the number of ours."""
    ours = x509.load_pem_x509_certificate(key.certificate_pem.encode())
    private = rsa_key(3072)
    forged = (
        x509.CertificateBuilder()
        .subject_name(ours.subject)
        .issuer_name(ours.issuer)
        .public_key(private.public_key())
        .serial_number(ours.serial_number)
        .not_valid_before(ours.not_valid_before_utc)
        .not_valid_after(ours.not_valid_after_utc)
        .sign(private, hashes.SHA256())
    )

    assert state(signed_by_others(sheet, private, forged, field="Seal")) == SealState.BROKEN
    # The same, with our certificate in the place of the forged one.
    theirs = signed_by_others(sheet, private, forged)
    whole = cms.ContentInfo.load(signature_of(theirs))
    mixed = whole["content"].copy()
    ours_whole = cms.ContentInfo.load(signature_of(sign(sheet, key, AT)))
    mixed["certificates"] = ours_whole["content"]["certificates"]
    replaced = cms.ContentInfo({"content_type": "signed_data", "content": mixed}).dump()
    assert state(with_signature(theirs, replaced)) == SealState.BROKEN


def test_a_signature_of_others_over_ours_breaks_the_seal(sealed, monkeypatch):
    """pyHanko itself refuses to sign what allows no change."""
    monkeypatch.setattr(PdfSigner, "_enforce_certification_constraints", lambda self, reader: None)
    private = p256_key()

    theirs = signed_by_others(sealed, private, certificate_of(private))

    assert theirs.startswith(sealed)
    assert theirs.count(b"/ByteRange") == 2
    assert state(theirs) == SealState.BROKEN


# --- junk ---------------------------------------------------------------------------------------------


def nested(depth: int) -> bytes:
    data = b""
    for _level in range(depth):
        length = len(data)
        head = bytes([length]) if length < 128 else b"\x83" + length.to_bytes(3, "big")
        data = b"\x30" + head + data
    return data


def holding(der_hex: bytes, *, before: bytes = b"%PDF-1.7\n", numbers: bytes | None = None) -> bytes:
    body = before + b"<" + der_hex + b">"
    tail = numbers or b"/ByteRange [0 %d %d 9]" % (len(before), len(body))
    return body + tail


JUNK = {
    "nothing": b"",
    "a byte": b"\0",
    "no pdf": b"GIF89a" + bytes(range(256)) * 40,
    "a head": b"%PDF-1.7\n",
    "no signature": b"%PDF-1.7\n/ByteRange [0 1 2 3]",
    "numbers beyond the file": b"%PDF-1.7\n/ByteRange [0 9999999999 9999999999 9999999999]",
    "numbers too long": b"/ByteRange [0 " + b"9" * 5000 + b" 1 1]",
    "backwards": b"%PDF-1.7 <00> /ByteRange [0 30 5 3]",
    "empty signature": holding(b""),
    "zeros": holding(b"0" * 4000),
    "no hexadecimals": holding(b"hello, world!"),
    "odd": holding(b"308"),
    "cut short": holding(b"3082FFFF06092A864886F70D010702"),
    "another structure": holding(b"3003020105"),
    "signed data without signer": holding(
        cms.ContentInfo(
            {
                "content_type": "signed_data",
                "content": {
                    "version": "v1",
                    "digest_algorithms": [],
                    "encap_content_info": {"content_type": "data"},
                    "signer_infos": [],
                },
            }
        )
        .dump()
        .hex()
        .encode()
    ),
    "encrypted data": holding(
        cms.ContentInfo({"content_type": "data", "content": b"x"}).dump().hex().encode()
    ),
    "nested without end": holding(nested(3000).hex().encode()),
    "indefinite lengths": holding(b"3080" * 8000),
    "larger than a signature": holding(b"30" * 200_000),
}


@pytest.mark.parametrize("case", JUNK)
def test_junk_has_an_answer(case):
    keys.generate(KeyPurpose.PDF, AT)

    assert validate(JUNK[case], keys.known_certificates()) == Seal(SealState.UNSIGNED)


def test_random_bytes_in_every_place_of_a_signature_have_an_answer(sheet):
    key = keys.generate(KeyPurpose.PDF, AT)
    sealed, chance, known = sign(sheet, key, AT), random.Random(7), keys.known_certificates()
    length = len(signature_of(sealed).rstrip(b"\0"))

    for _attempt in range(300):
        der = bytearray(signature_of(sealed))
        for _change in range(chance.randrange(1, 6)):
            der[chance.randrange(length)] = chance.randrange(256)
        if bytes(der) != signature_of(sealed):
            assert validate(with_signature(sealed, bytes(der)), known).state != SealState.VALID


def test_the_work_is_bounded_by_the_size_of_the_file(sheet):
    key = keys.generate(KeyPurpose.PDF, AT)
    sealed, known = sign(sheet, key, AT), keys.known_certificates()
    begin, end = gap(sealed)
    claims = b"/ByteRange [0 %d %d 77]\n" % (begin, end)
    bombs = [
        sealed + claims * (5_000_000 // len(claims)),
        b"/ByteRange" * 500_000,
        b"/ByteRange [0 " * 350_000,
        b"/ByteRange [0 1 1 1" + b" " * 5_000_000,
    ]

    for bomb in bombs:
        began = time.process_time()
        assert validate(bomb, known).state != SealState.VALID
        assert time.process_time() - began < 3


def test_the_pages_are_never_unpacked(sheet, monkeypatch):
    """A bomb within the file stays packed: nothing here can unpack anything."""
    import zlib

    sealed = sign(sheet, keys.generate(KeyPurpose.PDF, AT), AT)

    def refuse(*arguments, **options):
        raise AssertionError

    monkeypatch.setattr(zlib, "decompress", refuse)
    monkeypatch.setattr(zlib, "decompressobj", refuse)

    assert state(sealed) == SealState.VALID
