"""The signed payload of the QR code: its layout, its signature, its size."""

from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import date

import pytest
import qrcode
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from qrcode.constants import ERROR_CORRECT_M

from courses.certificates.interfaces.qr_payload import QrFacts, fragment, jwk, packed
from courses.lib.ids import new_serial

FINGERPRINT = "e00dca004778015de584c05026274b35b6db4afa264acff50eaf0ac5ace9f3cc"
FACTS = QrFacts(
    serial="PNQJ4SNWYYGVK1Y0",
    course_code="JUR",
    initials_latin="S. B. A.",
    initials_arabic="س. ب. ع.",
    completed_on=date(2026, 2, 12),
    issued_on=date(2026, 2, 13),
    valid_until=date(2028, 2, 12),
)


@pytest.fixture(scope="module")
def key():
    return ec.generate_private_key(ec.SECP256R1())


def decoded(text):
    assert text.startswith("v1.")
    encoded = text.removeprefix("v1.")
    return urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


def verify(text, public):
    content = decoded(text)
    r, s = (int.from_bytes(part, "big") for part in (content[-64:-32], content[-32:]))
    public.verify(encode_dss_signature(r, s), content[:-64], ec.ECDSA(SHA256()))


def test_the_layout_is_the_one_on_paper():
    """Written out by hand: what is printed is read for ever."""
    serial = int("".join(f"{'0123456789ABCDEFGHJKMNPQRSTVWXYZ'.index(sign):05b}" for sign in FACTS.serial), 2)
    days = [(day - date(1970, 1, 1)).days for day in (FACTS.completed_on, FACTS.issued_on, FACTS.valid_until)]

    assert packed(FACTS, FINGERPRINT) == (
        b"\x01"
        + b"\xe0\x0d\xca\x00"
        + serial.to_bytes(10, "big")
        + b"".join(number.to_bytes(2, "big") for number in days)
        + "JUR\nSBA\nسبع".encode()
    )


def test_no_end_of_validity_is_zero():
    assert packed(replace(FACTS, valid_until=None), FINGERPRINT)[19:21] == b"\0\0"


def test_the_signature_is_checked_by_the_public_half(key):
    verify(fragment(FACTS, key, FINGERPRINT), key.public_key())


def test_any_changed_byte_is_noticed(key):
    text = fragment(FACTS, key, FINGERPRINT)
    content = decoded(text)
    for place in range(0, len(content), 7):
        r_s = bytearray(content)
        r_s[place] ^= 1
        signature = encode_dss_signature(
            *(int.from_bytes(r_s[a:b], "big") for a, b in ((-64, -32), (-32, None)))
        )
        with pytest.raises(InvalidSignature):
            key.public_key().verify(signature, bytes(r_s[:-64]), ec.ECDSA(SHA256()))


def test_the_public_half_for_browsers(key):
    found = jwk(key.public_key(), FINGERPRINT)

    x, y = (int.from_bytes(urlsafe_b64decode(found[name] + "=")) for name in ("x", "y"))
    numbers = key.public_key().public_numbers()
    assert (x, y, found["kid"]) == (numbers.x, numbers.y, FINGERPRINT)


@pytest.mark.parametrize(
    ("host", "facts"),
    [
        ("https://ilmam.tn", FACTS),
        ("https://formation.association-tunisienne.org", FACTS),
        (
            "https://formation.association-tunisienne.org",
            replace(
                FACTS,
                course_code="OBLIGATIONS-LEGALES-2026",
                initials_latin=" ".join("ABCDEFGHIJKL"),
                initials_arabic=" ".join("ابتثجحخدذرزس"),
            ),
        ),
    ],
    ids=["short", "usual", "longest"],
)
def test_the_modules_stay_large_enough_to_scan(key, host, facts):
    """At 72 points a module is at least a third of a millimetre wide."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(f"{host}/fr/verify/{new_serial()}/#{fragment(facts, key, FINGERPRINT)}")
    code.make(fit=True)

    millimetres = 25.4 / code.modules_count

    assert millimetres >= 0.33
