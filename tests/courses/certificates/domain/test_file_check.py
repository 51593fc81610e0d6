"""What an uploaded file is: the one that was issued, a changed copy of it, or not ours."""

import zlib
from datetime import UTC, datetime

import pytest

from courses.certificates.domain import keys
from courses.certificates.domain.delivery import stored_bytes
from courses.certificates.domain.erasure import erase
from courses.certificates.domain.file_check import FileVerdict, check_file
from courses.certificates.enums import KeyPurpose, Standing
from courses.certificates.interfaces.pdf.signing import sign
from courses.certificates.models import Certificate
from courses.lib.ids import display_serial, new_serial
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_ready
from tests.factories.courses import make_course

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.fixture
def certificate(course):
    return make_ready(UserFactory(), course)


@pytest.fixture
def pdf(certificate):
    return stored_bytes(certificate)


def verdict(content):
    return check_file(content, "fr", AT).verdict


def test_the_issued_bytes_with_what_they_are_worth(certificate, pdf, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = check_file(pdf, "ar", AT)

    assert (found.verdict, found.verification.serial, found.verification.course_title, found.names) == (
        FileVerdict.ISSUED,
        certificate.serial,
        "Course JUR ar",
        "",
    )


@pytest.mark.parametrize(
    ("changed", "standing"),
    [
        ({"superseded_at": AT}, Standing.SUPERSEDED),
        ({"revoked_at": AT, "revocation": "fraud"}, Standing.REVOKED),
        ({"expires_at": AT}, Standing.EXPIRED),
    ],
)
def test_the_file_is_known_whatever_became_of_the_certificate(certificate, pdf, changed, standing):
    Certificate.objects.filter(pk=certificate.pk).update(**changed)

    found = check_file(pdf, "fr", AT)

    assert (found.verdict, found.verification.standing) == (FileVerdict.ISSUED, standing)


def test_of_what_looks_like_serials_a_few_are_read(certificate):
    mistyped = b"0000-0000-0000-0001 "
    named = display_serial(certificate.serial).encode()

    near = check_file(b"%PDF-1.7 " + 49 * mistyped + named, "fr", AT)
    far = check_file(b"%PDF-1.7 " + 50 * mistyped + named, "fr", AT)

    assert (near.names, far.names) == (certificate.serial, "")


def test_a_copy_is_known_after_the_holder_was_erased(certificate, pdf, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        erase(certificate.enrolment.user, AT)

    found = check_file(pdf, "fr", AT)

    assert (found.verdict, found.verification.standing, found.verification.initials) == (
        FileVerdict.ISSUED,
        Standing.HOLDER_ERASED,
        "",
    )


@pytest.mark.parametrize("share", [0.1, 0.3, 0.6])
def test_one_changed_byte(pdf, certificate, share):
    place = int(len(pdf) * share)
    changed = pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]

    found = check_file(changed, "fr", AT)

    assert (found.verdict, found.verification) == (FileVerdict.ALTERED, None)
    assert found.names == certificate.serial


@pytest.mark.parametrize("added", [b"\n", b"\n% a remark", b"\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n"])
def test_something_added_behind_the_seal(pdf, added):
    assert verdict(pdf + added) == FileVerdict.ALTERED


def test_another_serial_in_somebodys_file(pdf, certificate, site):
    other = make_ready(UserFactory(), make_course(site, code="PLA"))
    swapped = pdf.replace(display_serial(certificate.serial).encode(), display_serial(other.serial).encode())

    found = check_file(swapped, "fr", AT)

    assert swapped != pdf
    # Nothing of either certificate is told, only where to look the named one up.
    assert (found.verdict, found.verification, found.names) == (FileVerdict.ALTERED, None, other.serial)


def test_a_copy_without_its_seal_looks_like_ours(pdf, certificate):
    end_of_unsealed = pdf.index(b"%%EOF") + 5

    found = check_file(pdf[:end_of_unsealed], "fr", AT)

    assert (found.verdict, found.names) == (FileVerdict.LOOKS_LIKE, certificate.serial)


def test_a_serial_that_was_never_issued_makes_nothing_look_like_ours():
    assert verdict(b"%PDF-1.7 (" + display_serial(new_serial()).encode() + b")") == FileVerdict.NOT_OURS


def test_sealed_by_us_and_no_certificate(pdf):
    unsealed = pdf[: pdf.index(b"%%EOF") + 6]
    resealed = sign(unsealed, keys.active(KeyPurpose.PDF, AT), AT)

    assert verdict(resealed) == FileVerdict.NO_CERTIFICATE


def test_the_seal_of_a_retired_key_is_known(pdf):
    keys.generate(KeyPurpose.PDF, AT)

    assert verdict(pdf) == FileVerdict.ISSUED
    assert verdict(pdf + b"\n") == FileVerdict.ALTERED


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7 /ByteRange [0 0 0 0]",
        b"%PDF-1.7 /ByteRange [0 9999999999 9999999999 9999999999]",
        b"%PDF-1.7 /ByteRange [0 10 5 1]",
        b"%PDF-" + b"/ByteRange[0 1 2 3]" * 20_000,
        # Unpacked, this would be a gigabyte: nothing is unpacked.
        b"%PDF-1.7\n1 0 obj\n<</Type/XRef/Filter/FlateDecode>>stream\n" + zlib.compress(bytes(50_000_000), 9),
        b"%PDF-1.7" + b"[" * 900_000,
        b"",
    ],
    ids=["short", "empty", "zeros", "huge", "backwards", "many", "bomb", "nested", "nothing"],
)
def test_whatever_else_is_not_ours(content):
    assert verdict(content) == FileVerdict.NOT_OURS


def test_many_serials_are_not_looked_up(django_assert_num_queries):
    content = b"%PDF-1.7 " + b" ".join(display_serial(new_serial()).encode() for _number in range(3000))

    with django_assert_num_queries(3):
        assert verdict(content) == FileVerdict.NOT_OURS
