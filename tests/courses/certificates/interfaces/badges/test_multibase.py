import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from courses.certificates.interfaces.badges.multibase import base58, base64url, multikey


@pytest.mark.parametrize(
    ("data", "text"),
    [
        # The examples of the draft on base 58 and of multibase.
        (b"Hello World!", "z2NEpo7TZRRrLZSi2U"),
        (b"\x00\x00\x28\x7f\xb4\xcd", "z11233QC4"),
        (b"yes mani !", "z7paNL19xttacUY"),
        (b"\x00yes mani !", "z17paNL19xttacUY"),
        (b"", "z"),
        (b"\x00", "z1"),
    ],
)
def test_base58(data, text):
    assert base58(data) == text


def test_base64url_has_no_padding():
    data = bytes(range(250, 256)) + b"x"
    text = base64url(data)
    assert text[0] == "u"
    assert not set(text) & set("+/=")
    assert base64.urlsafe_b64decode(text[1:] + "==") == data


def test_key_is_the_one_of_the_recommendation():
    """The pair of the test vectors of Data Integrity EdDSA Cryptosuites v1.0."""
    seed = bytes.fromhex("c96ef9ea10c5e414c471723aff9de72c35fa5b70fae97e8832ecac7d2e2b8ed6")
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
    assert multikey(public) == "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
