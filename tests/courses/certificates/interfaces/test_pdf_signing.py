"""The seal of a PDF, to judges that didn't make it: poppler, qpdf, and pyHanko's own validator."""

import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from threading import Thread

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import TimestampRequestError
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

from courses.certificates.domain import keys
from courses.certificates.domain.making import make
from courses.certificates.enums import CertificateState, KeyPurpose
from courses.certificates.interfaces import files
from courses.certificates.interfaces.pdf.render import MAX_BYTES, render_certificate
from courses.certificates.interfaces.pdf.signing import sign
from courses.certificates.interfaces.pdf.validation import SealState, validate
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending
from tests.factories.keys import as_pem, as_pkcs12, certificate_of, p256_key, rsa_key

from .seals import der, gap, judged_by_pyhanko, pdfsig, private_info
from .sheets import content, extracted

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 3, 8, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def sheet() -> bytes:
    return render_certificate(content())


@pytest.fixture(params=["P-256", "RSA-2048", "RSA-4096 of a chain"])
def key(request):
    """The key that is made by default, and what organisations bring."""
    if request.param == "P-256":
        return keys.generate(KeyPurpose.PDF, AT - timedelta(days=30))
    if request.param == "RSA-2048":
        data = as_pkcs12(rsa_key(), certificate_of(rsa_key(), begins=AT), passphrase="p")
        return keys.import_key(KeyPurpose.PDF, data, "p", timezone.now())
    root_key, own = p256_key(), rsa_key(4096)
    root = certificate_of(root_key, name="Autorité racine de l'essai", ca=True, begins=AT)
    data = as_pem(own, certificate_of(own, issuer=(root, root_key), begins=AT), root)
    return keys.import_key(KeyPurpose.PDF, data, "", timezone.now())


def certificates(key):
    return x509.load_pem_x509_certificates(key.certificate_pem.encode())


def test_the_seal_covers_the_whole_file_and_the_sheet_is_as_it_was(sheet, key):
    sealed = sign(sheet, key, AT)

    status = judged_by_pyhanko(sealed, certificates(key)[-1])
    assert (status.intact, status.valid, status.trusted, status.docmdp_ok) == (True, True, True, True)
    assert status.bottom_line
    assert status.coverage.name == "ENTIRE_FILE"
    assert status.signing_cert.dump() == der(certificates(key)[0]).dump()
    assert sealed.startswith(sheet)
    assert len(sealed) - len(sheet) < 9_000
    assert len(sealed) <= MAX_BYTES


def test_it_is_a_certification_that_allows_no_change_and_calls_itself_a_technical_seal(sheet, key):
    reader = PdfFileReader(BytesIO(sign(sheet, key, AT)))

    (embedded,) = reader.embedded_signatures
    seal = embedded.sig_object
    assert (embedded.field_name, seal["/SubFilter"]) == ("Seal", "/ETSI.CAdES.detached")
    assert reader.root["/Perms"]["/DocMDP"] == seal
    assert seal["/Reference"][0]["/TransformParams"]["/P"] == 1
    assert seal["/Reason"] == "Technical seal of the issuer"
    assert embedded.self_reported_timestamp == AT
    assert [float(edge) for edge in embedded.sig_field["/Rect"]] == [0, 0, 0, 0]
    assert embedded.md_algorithm == "sha256"


def test_what_the_sheet_says_of_itself_stays(sheet, key):
    before, after = PdfFileReader(BytesIO(sheet)), PdfFileReader(BytesIO(sign(sheet, key, AT)))

    assert dict(after.trailer["/Info"]) == dict(before.trailer["/Info"])
    assert after.root["/Lang"] == before.root["/Lang"]
    assert ("/Metadata" in after.root) == ("/Metadata" in before.root)


def test_little_room_is_left_beside_the_signature(sheet, key):
    sealed = sign(sheet, key, AT)

    begin, end = gap(sealed)
    digits = sealed[begin + 1 : end - 1]
    spare = len(digits) - len(digits.rstrip(b"0"))
    assert 60 < spare < 1000


def test_two_seals_of_one_sheet_differ_and_are_both_valid(sheet):
    key = keys.generate(KeyPurpose.PDF, AT)

    first, second = sign(sheet, key, AT), sign(sheet, key, AT + timedelta(seconds=1))

    assert first != second
    for sealed in (first, second):
        assert validate(sealed, keys.known_certificates()).state == SealState.VALID


def test_a_retired_key_seals_nothing_more(sheet):
    key = keys.generate(KeyPurpose.PDF, AT)
    sign(sheet, key, AT)
    keys.retire(key, AT)
    key.refresh_from_db()

    with pytest.raises(keys.NoKeyError):
        sign(sheet, key, AT)


@pytest.mark.pdf_tools
class TestToOtherTools:
    def test_poppler_and_qpdf_find_nothing_wrong(self, sheet, key, tmp_path):
        sealed = sign(sheet, key, AT)

        said = pdfsig(sealed, tmp_path)
        assert said.count("Signature #") == 1
        assert "Signature Validation: Signature is Valid." in said
        assert "Total document signed" in said
        assert "Signature Type: ETSI.CAdES.detached" in said
        checked = subprocess.run(
            ["qpdf", "--check", str(tmp_path / "signed.pdf")], capture_output=True, text=True
        )
        assert (checked.returncode, checked.stderr) == (0, "")

    def test_the_same_is_seen_and_read(self, sheet, tmp_path):
        sealed = sign(sheet, keys.generate(KeyPurpose.PDF, AT), AT)

        def pixels(pdf, name):
            (tmp_path / name).write_bytes(pdf)
            command = ["pdftoppm", "-r", "100", "-singlefile", str(tmp_path / name)]
            picture = subprocess.run(command, check=True, capture_output=True).stdout
            assert picture.startswith(b"P6")
            return picture

        assert pixels(sealed, "after.pdf") == pixels(sheet, "before.pdf")
        assert extracted(sealed, tmp_path) == extracted(sheet, tmp_path)

    @pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.9])
    def test_one_flipped_byte_of_the_sheet_is_caught(self, sheet, tmp_path, share):
        sealed = sign(sheet, keys.generate(KeyPurpose.PDF, AT), AT)
        # Within a stream of the sheet, so that the file can still be read.
        place = sheet.index(b"stream", int(len(sheet) * share)) + 40
        changed = sealed[:place] + bytes([sealed[place] ^ 1]) + sealed[place + 1 :]

        assert "Signature is Valid" in pdfsig(sealed, tmp_path)
        assert "Signature is Valid" not in pdfsig(changed, tmp_path)
        assert not judged_by_pyhanko(changed).intact
        assert validate(changed, keys.known_certificates()).state == SealState.BROKEN

    def test_the_file_that_a_holder_gets_is_sealed(self, course, tmp_path):
        certificate = make_pending(UserFactory(), course)

        make(certificate.pk, timezone.now())

        stored = files.read(certificate.file_name)
        assert "Signature is Valid" in pdfsig(stored, tmp_path)
        assert "Total document signed" in pdfsig(stored, tmp_path)


# --- time stamps --------------------------------------------------------------------------------------


class Authority(HTTPServer):
    """A time-stamp authority on this machine; `broken` answers with an error."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.private = rsa_key()
        self.certificate = stamping(self.private)
        self.dummy = DummyTimeStamper(der(self.certificate), private_info(self.private), fixed_dt=AT)
        self.broken, self.asked = False, 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Answer(BaseHTTPRequestHandler):
    server: Authority

    def do_POST(self) -> None:
        self.server.asked += 1
        asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(503 if self.server.broken else 200)
        kind = "text/plain" if self.server.broken else "application/timestamp-reply"
        self.send_header("Content-Type", kind)
        self.end_headers()
        if not self.server.broken:
            self.wfile.write(self.server.dummy.request_tsa_response(asked).dump())

    def log_message(self, *arguments: object) -> None:
        """Nothing: the tests look for themselves."""


def stamping(private) -> x509.Certificate:
    """The certificate of an authority: it says that it stamps time, and nothing else."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Horodatage")])
    now = timezone.now()
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(min(AT, now) - timedelta(days=1))
        .not_valid_after(now + timedelta(days=99))
        .add_extension(x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(private, hashes.SHA256())
    )


@pytest.fixture
def authority(settings) -> Iterator[Authority]:
    server = Authority()
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.ELEARN_TSA_URL = server.url
    yield server
    server.shutdown()
    server.server_close()
    thread.join(10)


def test_an_authority_dates_the_seal(sheet, authority):
    key = keys.generate(KeyPurpose.PDF, AT)

    sealed = sign(sheet, key, AT)

    status = judged_by_pyhanko(sealed, certificates(key)[0], authority.certificate)
    assert status.bottom_line
    assert status.timestamp_validity.timestamp == AT
    assert status.timestamp_validity.intact
    assert authority.asked == 1
    assert validate(sealed, keys.known_certificates()).state == SealState.VALID
    assert len(sealed) <= MAX_BYTES


def test_an_authority_that_fails_is_an_attempt_that_failed_and_is_tried_again(course, authority):
    certificate = make_pending(UserFactory(), course)
    authority.broken = True
    at = timezone.now()

    assert make(certificate.pk, at) is False

    certificate.refresh_from_db()
    assert (certificate.state, certificate.attempts) == (CertificateState.PENDING, 1)
    assert (certificate.failure, certificate.retry_at > at) == ("TimestampRequestError", True)
    assert not files.private_storage().exists(certificate.file_name)
    authority.broken = False
    assert make(certificate.pk, at) is True


def test_an_authority_that_isnt_there_is_told_apart(sheet, settings):
    settings.ELEARN_TSA_URL = "http://127.0.0.1:9/"

    with pytest.raises(TimestampRequestError):
        sign(sheet, keys.generate(KeyPurpose.PDF, AT), AT)
