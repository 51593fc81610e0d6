"""`manage.py certificate_key`: clear errors, and never a private key on the screen."""

import io
import sys
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from django.core.management import CommandError, call_command
from django.utils import timezone

from courses.certificates.domain import keys
from courses.certificates.enums import KeyPurpose
from courses.certificates.models import SigningKey
from tests.factories.keys import DAY, as_pem, as_pkcs12, certificate_of, p256_key

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    output = io.StringIO()
    call_command("certificate_key", *arguments, stdout=output)
    assert "PRIVATE" not in output.getvalue()
    return output.getvalue()


def refused(*arguments: str) -> str:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    assert "PRIVATE" not in str(caught.value)
    return str(caught.value)


@pytest.fixture
def p12(tmp_path, monkeypatch):
    """A file of another organisation, and its passphrase in the environment."""
    private = p256_key()
    file = tmp_path / "seal.p12"
    file.write_bytes(as_pkcs12(private, certificate_of(private), passphrase="sésame"))
    monkeypatch.setenv("SEAL_PASSPHRASE", "sésame")
    return str(file)


def test_the_set_is_made_listed_and_retired():
    said = run("generate", "all")

    assert [line.split(":")[0] for line in said.splitlines()] == ["pdf", "badge", "qr"]
    listed = run("list").splitlines()
    assert len(listed) == 3
    for key in SigningKey.objects.all():
        (line,) = [found for found in listed if key.fingerprint[:16] in found]
        assert key.algorithm in line
        assert line.endswith("active")

    key = SigningKey.objects.get(purpose=KeyPurpose.QR)
    assert "no key is active" in run("retire", key.fingerprint[:8].upper())
    assert "retired" in run("list")
    assert refused("retire", key.fingerprint) == "This key was retired before."


def line_of(key: SigningKey) -> str:
    (line,) = [found for found in run("list").splitlines() if key.fingerprint[:16] in found]
    return line


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (timedelta(days=60, minutes=5), "active"),
        (timedelta(days=59), "active, expires soon"),
        (timedelta(minutes=5), "active, expires soon"),
        (timedelta(days=-1), "active, expired: nothing is sealed any more"),
    ],
)
def test_the_list_says_until_when_a_key_seals(left, said):
    end = timezone.now() + left
    private = p256_key()
    certificate = certificate_of(private, begins=end - 400 * DAY, ends=end)
    key = keys.import_key(KeyPurpose.PDF, as_pem(private, certificate), "", end - DAY)

    assert f"until {end:%Y-%m-%d %H:%M}" in line_of(key)
    assert line_of(key).endswith(f"  {said}")
    again = run("generate", "pdf", "--missing")
    assert again == f"pdf: {key.fingerprint[:16]} is active already{said.removeprefix('active')}\n"


def test_the_list_says_nothing_of_the_end_of_a_retired_key_nor_of_keys_without_one():
    old = keys.generate(KeyPurpose.PDF, timezone.now() - 3700 * DAY)
    run("generate", "all")
    old.refresh_from_db()

    assert line_of(old).endswith(f"retired {old.retired_at:%Y-%m-%d %H:%M}")
    assert "until" in line_of(old)
    for key in SigningKey.objects.exclude(purpose=KeyPurpose.PDF):
        assert "without end" in line_of(key)


def test_generating_again_rotates_and_missing_ones_only_where_asked():
    run("generate", "pdf")
    first = SigningKey.objects.get()

    assert "active already" in run("generate", "all", "--missing")
    assert SigningKey.objects.count() == 3
    run("generate", "pdf")

    first.refresh_from_db()
    assert first.retired_at is not None
    assert SigningKey.objects.count() == 4


def test_public_halves_are_listed_where_asked():
    run("generate", "all")

    said = run("list", "--public")

    assert said.count("BEGIN PUBLIC KEY") == 2
    assert said.count("BEGIN CERTIFICATE") == 1
    assert "BEGIN" not in run("list")


def test_a_file_is_imported_with_the_passphrase_of_a_variable(p12):
    said = run("import", "pdf", p12, "--passphrase-variable", "SEAL_PASSPHRASE")

    key = keys.active(KeyPurpose.PDF, timezone.now())
    assert said == f"pdf: {key.fingerprint[:16]} is active (P-256)\n"
    again = refused("import", "pdf", p12, "--passphrase-variable", "SEAL_PASSPHRASE")
    assert "imported before" in again
    assert key.fingerprint in again


def test_a_terminal_is_asked_for_the_passphrase(p12, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("getpass.getpass", lambda prompt: "sésame")

    assert "is active" in run("import", "pdf", p12)


def test_without_variable_and_terminal_the_passphrase_is_missed(p12, monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)

    assert "The passphrase isn't the one of the file" in refused("import", "pdf", p12)


def test_a_wrong_passphrase_is_told_and_not_repeated(p12, monkeypatch):
    monkeypatch.setenv("SEAL_PASSPHRASE", "open barley")

    said = refused("import", "pdf", p12, "--passphrase-variable", "SEAL_PASSPHRASE")

    assert "The passphrase isn't the one of the file" in said
    assert "open barley" not in said
    assert not SigningKey.objects.exists()


def test_a_variable_that_isnt_there_is_named(p12):
    assert "NOT_THERE" in refused("import", "pdf", p12, "--passphrase-variable", "NOT_THERE")


def expired():
    private = p256_key()
    return as_pem(
        private, certificate_of(private, begins=timezone.now() - 9 * DAY, ends=timezone.now() - DAY)
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (lambda: b"junk", "neither a PKCS#12 file nor PEM"),
        (lambda: b"0" * 200_000, "larger than any file with a key"),
        (lambda: as_pem(p256_key()), "needs its X.509 certificate"),
        (lambda: as_pem(p256_key(), certificate_of(p256_key())), "don't belong together"),
        (lambda: as_pem(ed25519.Ed25519PrivateKey.generate()), "doesn't serve this purpose"),
        (expired, "has expired"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path, data, said):
    file = tmp_path / "key"
    file.write_bytes(data())

    assert said in refused("import", "pdf", str(file))

    assert not SigningKey.objects.exists()


def test_a_file_that_cant_be_read_is_named(tmp_path):
    absent = str(tmp_path / "absent.p12")

    assert absent in refused("import", "badge", absent)
    assert str(tmp_path) in refused("import", "badge", str(tmp_path))


def test_a_passphrase_isnt_taken_from_the_command_line(p12):
    with pytest.raises(CommandError):
        run("import", "pdf", p12, "--passphrase", "sésame")


def test_without_a_passphrase_in_the_environment_nothing_is_made(settings, p12):
    settings.ELEARN_KEY_PASSPHRASE = ""

    assert "ELEARN_KEY_PASSPHRASE" in refused("generate", "all")
    assert "ELEARN_KEY_PASSPHRASE" in refused(
        "import", "pdf", p12, "--passphrase-variable", "SEAL_PASSPHRASE"
    )

    assert not SigningKey.objects.exists()
    assert run("list") == ""


@pytest.mark.parametrize(
    "fingerprint", ["abc", "0" * 64, "zzzzzzzz", "%_______"], ids=["short", "unknown", "no number", "wild"]
)
def test_a_key_is_retired_only_by_a_fingerprint_that_names_one(fingerprint):
    run("generate", "qr")

    refused("retire", fingerprint)

    assert SigningKey.objects.get().retired_at is None


@pytest.mark.parametrize(
    "arguments", [(), ("destroy",), ("generate",), ("generate", "pdfs"), ("import", "pdf")]
)
def test_a_command_that_says_too_little_or_something_else_is_refused(arguments):
    with pytest.raises(CommandError):
        run(*arguments)
