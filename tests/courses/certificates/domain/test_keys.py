"""The organisation's keys: one active for each purpose, private halves encrypted, what was signed stays verifiable."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.certificates.domain import keys, making
from courses.certificates.domain.keys import KeyExpiredError, KeyKnownError, KeyLockedError, NoKeyError
from courses.certificates.domain.making import MAX_ATTEMPTS, make
from courses.certificates.domain.sweep import heal
from courses.certificates.enums import CertificateState, KeyPurpose
from courses.certificates.interfaces.key_files import KeyFileError, KeyProblem
from courses.certificates.models import SigningKey
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending
from tests.factories.keys import DAY, as_pem, as_pkcs12, certificate_of, p256_key, rsa_key

pytestmark = pytest.mark.django_db
AT = datetime(2026, 2, 12, 9, 30, tzinfo=UTC)
# Of a key for PDFs that was made then.
END = datetime(2036, 2, 12, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
TYPES = {
    KeyPurpose.PDF: (ec.EllipticCurvePrivateKey, "P-256"),
    KeyPurpose.BADGE: (ed25519.Ed25519PrivateKey, "Ed25519"),
    KeyPurpose.QR: (ec.EllipticCurvePrivateKey, "P-256"),
}


def public_bytes(public):
    return public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("purpose", KeyPurpose)
def test_a_key_that_was_made_is_active_of_the_right_type_and_encrypted(purpose, settings):
    key = keys.generate(purpose, AT)

    kind, algorithm = TYPES[purpose]
    assert keys.active(purpose, AT) == key
    assert (key.purpose, key.algorithm, key.created_at, key.retired_at) == (purpose, algorithm, AT, None)
    private = keys.private_half(key)
    assert isinstance(private, kind)
    assert public_bytes(private.public_key()) == public_bytes(keys.public_half(key))
    digest = hashes.Hash(hashes.SHA256())
    digest.update(public_bytes(keys.public_half(key)))
    assert key.fingerprint == digest.finalize().hex()
    assert key.private_pem.startswith("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    with pytest.raises((TypeError, ValueError)):
        serialization.load_pem_private_key(key.private_pem.encode(), None)
    assert bool(key.certificate_pem) is (purpose == KeyPurpose.PDF)


def test_the_certificate_of_a_seal_is_the_organisations_for_ten_years_and_for_signatures_only(settings):
    settings.LANGUAGE_CODE = "fr"
    settings.ELEARN_ISSUER_NAMES = {"fr": "Réseau des associations du Kef"}

    key = keys.generate(KeyPurpose.PDF, AT)

    certificate = x509.load_pem_x509_certificate(key.certificate_pem.encode())
    names = {name.oid: name.value for name in certificate.subject}
    assert names == dict.fromkeys(
        (x509.NameOID.ORGANIZATION_NAME, x509.NameOID.COMMON_NAME), "Réseau des associations du Kef"
    )
    assert certificate.subject == certificate.issuer
    certificate.verify_directly_issued_by(certificate)
    assert certificate.not_valid_after_utc == datetime(2036, 2, 12, 9, 30, tzinfo=UTC)
    assert certificate.not_valid_before_utc < AT
    extension = certificate.extensions.get_extension_for_class(x509.KeyUsage)
    usage = extension.value
    assert extension.critical
    assert (usage.digital_signature, usage.content_commitment) == (True, True)
    assert not any(
        (
            usage.key_encipherment,
            usage.data_encipherment,
            usage.key_agreement,
            usage.key_cert_sign,
            usage.crl_sign,
        )
    )
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints)
    assert (constraints.critical, constraints.value.ca) == (True, False)
    assert certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    assert certificate.serial_number.bit_length() > 64


def test_a_leap_day_and_a_long_arabic_name_fit_into_a_certificate(settings):
    settings.ELEARN_ISSUER_NAMES = {settings.LANGUAGE_CODE: "شبكة الجمعيات " * 10}

    key = keys.generate(KeyPurpose.PDF, datetime(2028, 2, 29, 23, 59, tzinfo=UTC))

    certificate = x509.load_pem_x509_certificate(key.certificate_pem.encode())
    assert certificate.not_valid_after_utc == datetime(2038, 2, 28, 23, 59, tzinfo=UTC)


def test_generating_rotates_and_the_retired_key_loses_its_private_half(django_assert_num_queries):
    first = keys.generate(KeyPurpose.PDF, AT)

    second = keys.generate(KeyPurpose.PDF, AT + DAY)

    first.refresh_from_db()
    assert (first.private_pem, first.retired_at) == ("", AT + DAY)
    assert first.certificate_pem
    with django_assert_num_queries(1):
        assert keys.active(KeyPurpose.PDF, AT) == second
    assert list(keys.of_purpose(KeyPurpose.PDF)) == [second, first]
    with pytest.raises(NoKeyError):
        keys.private_half(first)
    with django_assert_num_queries(1):
        assert keys.known_certificates() == {key.fingerprint: key.certificate_pem for key in (first, second)}


def test_keys_of_other_purposes_stay_when_one_is_rotated():
    badge, qr = keys.generate(KeyPurpose.BADGE, AT), keys.generate(KeyPurpose.QR, AT)

    keys.generate(KeyPurpose.PDF, AT)
    keys.generate(KeyPurpose.PDF, AT)

    assert keys.active(KeyPurpose.BADGE, AT) == badge
    assert keys.active(KeyPurpose.QR, AT) == qr
    assert len(keys.known_certificates()) == 2


def test_the_database_refuses_a_second_active_key_and_an_active_one_without_private_half():
    key = keys.generate(KeyPurpose.QR, AT)
    key.pk, key.fingerprint = None, "0" * 64

    with pytest.raises(IntegrityError), transaction.atomic():
        key.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        SigningKey.objects.update(private_pem="")


def test_retiring_leaves_no_active_key_and_is_said_once(settings):
    settings.ELEARN_GENERATES_KEYS = False
    key = keys.generate(KeyPurpose.BADGE, AT)

    assert keys.retire(key, AT) is True
    assert keys.retire(key, AT + DAY) is False

    key.refresh_from_db()
    assert (key.retired_at, key.private_pem) == (AT, "")
    with pytest.raises(NoKeyError):
        keys.active(KeyPurpose.BADGE, AT)


def test_a_missing_key_is_made_at_its_first_use_where_the_settings_say_so():
    key = keys.active(KeyPurpose.PDF, AT)

    assert (key.created_at, keys.active(KeyPurpose.PDF, AT)) == (AT, key)
    assert keys.complete_set(AT) == 2
    assert keys.complete_set(AT) == 0
    assert SigningKey.objects.count() == 3


def test_whoever_comes_second_gets_the_key_of_the_first(monkeypatch):
    made = keys._made

    def overtaken(purpose, at):
        pair = made(purpose, at)
        monkeypatch.setattr(keys, "_made", made)
        keys.active(purpose, at)
        return pair

    monkeypatch.setattr(keys, "_made", overtaken)

    assert keys.active(KeyPurpose.PDF, AT) == SigningKey.objects.get()


def test_without_the_setting_no_key_is_made(settings):
    settings.ELEARN_GENERATES_KEYS = False

    with pytest.raises(NoKeyError):
        keys.active(KeyPurpose.PDF, AT)

    assert not SigningKey.objects.exists()


@pytest.mark.parametrize("passphrase", ["", "another one"])
def test_without_the_right_passphrase_a_key_stays_locked(settings, passphrase):
    key = keys.generate(KeyPurpose.PDF, AT)
    settings.ELEARN_KEY_PASSPHRASE = passphrase

    with pytest.raises(KeyLockedError) as caught:
        keys.private_half(key)

    assert passphrase == "" or passphrase not in str(caught.value)


def test_without_a_passphrase_no_key_is_made_nor_the_one_before_retired(settings):
    key = keys.generate(KeyPurpose.PDF, AT)
    settings.ELEARN_KEY_PASSPHRASE = ""

    with pytest.raises(KeyLockedError):
        keys.generate(KeyPurpose.PDF, AT)

    assert SigningKey.objects.get() == key
    assert SigningKey.objects.get().retired_at is None


def test_a_key_is_opened_once_in_a_process(monkeypatch):
    key = keys.generate(KeyPurpose.PDF, AT)

    assert keys.private_half(key) is keys.private_half(SigningKey.objects.get(pk=key.pk))


# --- the end of a key -------------------------------------------------------------------------------


def test_a_key_whose_certificate_has_ended_seals_nothing_and_no_other_takes_its_place_by_itself():
    key = keys.generate(KeyPurpose.PDF, AT)

    assert keys.ends_at(key) == END
    assert keys.active(KeyPurpose.PDF, END - SECOND) == key
    with pytest.raises(KeyExpiredError):
        keys.active(KeyPurpose.PDF, END)

    assert SigningKey.objects.get() == key


@pytest.mark.parametrize("purpose", [KeyPurpose.BADGE, KeyPurpose.QR])
def test_a_key_without_a_certificate_doesnt_end(purpose):
    key = keys.generate(purpose, AT)

    assert (keys.ends_at(key), keys.expiry_of(key, END)) == (None, None)
    assert keys.active(purpose, END + 3650 * DAY) == key


@pytest.mark.parametrize(
    ("at", "over"),
    [
        (AT, None),
        (END - 60 * DAY - SECOND, None),
        (END - 60 * DAY, False),
        (END - SECOND, False),
        (END, True),
        (END + DAY, True),
    ],
)
def test_the_end_is_told_sixty_days_before(django_assert_num_queries, at, over):
    key = keys.generate(KeyPurpose.PDF, AT)
    keys.generate(KeyPurpose.QR, AT)

    with django_assert_num_queries(1):
        found = keys.expiry_of_seals(at)

    assert found == (None if over is None else keys.Expiry(key, END, over))


def test_the_end_of_a_retired_key_doesnt_matter():
    first = keys.generate(KeyPurpose.PDF, AT)
    keys.generate(KeyPurpose.PDF, END)
    first.refresh_from_db()

    assert keys.expiry_of(first, END) is None
    assert keys.expiry_of_seals(END) is None


def test_the_end_is_that_of_the_keys_own_certificate_and_not_of_its_issuer():
    root_key, private = p256_key(), p256_key()
    root = certificate_of(root_key, name="Racine", ca=True, ends=timezone.now() + 3 * DAY)
    own = certificate_of(private, issuer=(root, root_key))

    assert keys.ends_at(imported(as_pkcs12(private, own, root))) == own.not_valid_after_utc


def test_certificates_wait_for_the_successor_of_a_key_that_has_ended(course):
    keys.generate(KeyPurpose.PDF, AT)
    pending = make_pending(UserFactory(), course)

    for attempt in range(MAX_ATTEMPTS + 2):
        assert make(pending.pk, END + attempt * DAY) is False

    pending.refresh_from_db()
    assert (pending.state, pending.failure, pending.attempts, pending.signed_with) == (
        CertificateState.PENDING,
        "KeyExpiredError",
        0,
        None,
    )
    assert not making.files.private_storage().exists(pending.file_name)
    at = END + timedelta(minutes=1)
    assert pending.pk not in heal(at).to_make

    key = keys.generate(KeyPurpose.PDF, at)

    assert pending.pk in heal(at).to_make
    assert make(pending.pk, at) is True
    pending.refresh_from_db()
    assert (pending.signed_with, pending.failure) == (key, "")


# --- keys of others ---------------------------------------------------------------------------------


def imported(data, passphrase="", purpose=KeyPurpose.PDF):
    return keys.import_key(purpose, data, passphrase, timezone.now())


def test_a_pkcs12_with_rsa_and_the_chain_of_its_issuer_becomes_the_active_key():
    before = keys.generate(KeyPurpose.PDF, AT)
    root_key, key = p256_key(), rsa_key()
    root = certificate_of(root_key, name="Racine", ca=True)
    stranger = certificate_of(p256_key(), name="Étranger")
    own = certificate_of(key, issuer=(root, root_key))

    taken = imported(as_pkcs12(key, own, stranger, root, passphrase="sésame"), "sésame")

    assert (taken.algorithm, keys.active(KeyPurpose.PDF, AT)) == ("RSA-2048", taken)
    assert x509.load_pem_x509_certificates(taken.certificate_pem.encode()) == [own, root]
    assert isinstance(keys.private_half(taken), rsa.RSAPrivateKey)
    before.refresh_from_db()
    assert before.retired_at is not None
    assert "sésame" not in taken.private_pem


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("passphrase", ["", "sésame"])
def test_pem_of_any_form_is_taken(old, passphrase):
    key = p256_key()
    own, other = certificate_of(key, signs=None), certificate_of(p256_key())

    taken = imported(as_pem(key, other, own, passphrase=passphrase, old=old), passphrase)

    assert taken.algorithm == "P-256"
    assert x509.load_pem_x509_certificates(taken.certificate_pem.encode()) == [own]


def test_a_passphrase_for_a_file_without_one_does_no_harm():
    key = p256_key()

    assert imported(as_pem(key, certificate_of(key)), "needless").algorithm == "P-256"


@pytest.mark.parametrize(
    ("purpose", "make_key", "fits"),
    [
        (KeyPurpose.PDF, rsa_key, True),
        (KeyPurpose.PDF, lambda: rsa_key(1024), False),
        (KeyPurpose.PDF, lambda: ec.generate_private_key(ec.SECP384R1()), False),
        (KeyPurpose.PDF, ed25519.Ed25519PrivateKey.generate, False),
        (KeyPurpose.BADGE, ed25519.Ed25519PrivateKey.generate, True),
        (KeyPurpose.BADGE, p256_key, False),
        (KeyPurpose.QR, p256_key, True),
        (KeyPurpose.QR, lambda: ec.generate_private_key(ec.SECP256K1()), False),
        (KeyPurpose.QR, rsa_key, False),
    ],
)
def test_each_purpose_takes_its_types_only(purpose, make_key, fits):
    key = make_key()
    certificates = [] if isinstance(key, ed25519.Ed25519PrivateKey) else [certificate_of(key)]
    data = as_pem(key, *certificates)

    if fits:
        assert imported(data, purpose=purpose).purpose == purpose
    else:
        with pytest.raises(KeyFileError) as caught:
            imported(data, purpose=purpose)
        assert caught.value.problem == KeyProblem.WRONG_TYPE


def p12(**asked):
    key = p256_key()
    return as_pkcs12(key, certificate_of(key, **asked))


REFUSED = {
    "junk": (lambda: b"\x00\x01junk", "", KeyProblem.UNREADABLE),
    "nothing": (lambda: b"", "", KeyProblem.UNREADABLE),
    "another structure": (lambda: b"\x30\x03\x02\x01\x05", "", KeyProblem.UNREADABLE),
    "a certificate alone": (
        lambda: certificate_of(p256_key()).public_bytes(serialization.Encoding.PEM),
        "",
        KeyProblem.UNREADABLE,
    ),
    "two keys": (lambda: as_pem(p256_key()) + as_pem(p256_key()), "", KeyProblem.UNREADABLE),
    "a broken key": (
        lambda: b"-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n",
        "",
        KeyProblem.UNREADABLE,
    ),
    "a broken certificate": (
        lambda: as_pem(p256_key()) + b"-----BEGIN CERTIFICATE-----\nMIGH\n-----END CERTIFICATE-----\n",
        "",
        KeyProblem.UNREADABLE,
    ),
    "pkcs12 without a key": (
        lambda: as_pkcs12(None, certificate_of(p256_key())),
        "",
        KeyProblem.UNREADABLE,
    ),
    "wrong passphrase, pkcs12": (
        lambda: as_pkcs12(k := p256_key(), certificate_of(k), passphrase="right"),
        "wrong",
        KeyProblem.WRONG_PASSPHRASE,
    ),
    "no passphrase, pkcs12": (
        lambda: as_pkcs12(k := p256_key(), certificate_of(k), passphrase="right"),
        "",
        KeyProblem.WRONG_PASSPHRASE,
    ),
    "wrong passphrase, PEM": (
        lambda: as_pem(k := p256_key(), certificate_of(k), passphrase="right"),
        "wrong",
        KeyProblem.WRONG_PASSPHRASE,
    ),
    "no passphrase, PEM": (
        lambda: as_pem(k := p256_key(), certificate_of(k), passphrase="right"),
        "",
        KeyProblem.WRONG_PASSPHRASE,
    ),
    "no certificate": (lambda: as_pem(p256_key()), "", KeyProblem.NO_CERTIFICATE),
    "no certificate, pkcs12": (lambda: as_pkcs12(p256_key(), None), "", KeyProblem.NO_CERTIFICATE),
    "another key's certificate": (
        lambda: as_pem(p256_key(), certificate_of(p256_key())),
        "",
        KeyProblem.NOT_ITS_CERTIFICATE,
    ),
    "expired": (
        lambda: p12(begins=timezone.now() - 9 * DAY, ends=timezone.now() - DAY),
        "",
        KeyProblem.EXPIRED,
    ),
    "of tomorrow": (lambda: p12(begins=timezone.now() + DAY), "", KeyProblem.NOT_YET_VALID),
    "for encryption only": (lambda: p12(signs=False), "", KeyProblem.NOT_FOR_SIGNING),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_doesnt_serve_is_refused_with_its_reason_and_nothing_changes(case):
    make_data, passphrase, problem = REFUSED[case]
    before = keys.generate(KeyPurpose.PDF, AT)

    with pytest.raises(KeyFileError) as caught:
        imported(make_data(), passphrase)

    assert caught.value.problem == problem
    assert SigningKey.objects.get() == before
    assert SigningKey.objects.get().retired_at is None


def test_a_key_is_imported_once_even_after_it_was_retired():
    key = p256_key()
    data = as_pem(key, certificate_of(key))
    imported(data)
    with pytest.raises(KeyKnownError):
        imported(data)
    now_active = keys.generate(KeyPurpose.PDF, AT)

    with pytest.raises(KeyKnownError):
        imported(data)

    assert keys.active(KeyPurpose.PDF, AT) == now_active


# --- certificates that wait -------------------------------------------------------------------------


def test_without_a_key_nothing_is_made_and_with_one_it_goes_on(course, settings):
    pending = make_pending(UserFactory(), course)
    settings.ELEARN_GENERATES_KEYS = False
    at = timezone.now()

    for attempt in range(MAX_ATTEMPTS + 2):
        assert make(pending.pk, at + attempt * DAY) is False

    pending.refresh_from_db()
    assert (pending.state, pending.failure, pending.attempts) == (
        CertificateState.PENDING,
        "NoKeyError",
        0,
    )
    assert not making.files.private_storage().exists(pending.file_name)
    assert pending.pk not in heal(at).to_make

    key = keys.generate(KeyPurpose.PDF, at)
    keys.generate(KeyPurpose.QR, at)

    assert pending.pk in heal(at).to_make
    assert make(pending.pk, at) is True
    pending.refresh_from_db()
    assert (pending.signed_with, pending.failure) == (key, "")


def test_with_a_locked_key_it_waits_too(course, settings):
    keys.generate(KeyPurpose.PDF, AT)
    pending = make_pending(UserFactory(), course)
    settings.ELEARN_KEY_PASSPHRASE = "another one, after a move"
    at = timezone.now()

    assert make(pending.pk, at) is False

    pending.refresh_from_db()
    assert (pending.failure, pending.retry_at) == ("KeyLockedError", at + timedelta(minutes=10))
