"""Making the file: once, sealed, whatever happens in between."""

import hashlib
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from courses.certificates.domain import making
from courses.certificates.domain.keys import active, generate, known_certificates
from courses.certificates.domain.making import MAX_ATTEMPTS, make
from courses.certificates.enums import CertificateState, EventKind, KeyPurpose
from courses.certificates.interfaces import files
from courses.certificates.interfaces.pdf.validation import Seal, SealState, validate
from courses.certificates.models import Certificate
from courses.certificates.signals import certificate_issued
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending, make_ready

pytestmark = pytest.mark.django_db


@pytest.fixture
def pending(course):
    return make_pending(UserFactory(), course)


def events(certificate):
    return list(certificate.events.values_list("kind", flat=True))


def test_a_pending_certificate_becomes_ready_with_a_stored_hashed_file(pending):
    at = timezone.now()

    assert make(pending.pk, at) is True

    pending.refresh_from_db()
    stored = files.read(pending.file_name)
    assert stored.startswith(b"%PDF-")
    assert len(stored) < 150_000
    assert pending.sha256 == hashlib.sha256(stored).hexdigest()
    assert pending.signed_with == active(KeyPurpose.PDF, at)
    assert validate(stored, known_certificates()) == Seal(SealState.VALID, pending.signed_with.fingerprint)
    assert (pending.state, pending.issued_at, pending.attempts, pending.retry_at, pending.failure) == (
        CertificateState.READY,
        at,
        1,
        None,
        "",
    )
    assert events(pending) == [EventKind.REQUESTED, EventKind.ISSUED]


def test_making_again_changes_nothing(pending):
    make(pending.pk, timezone.now())
    before = Certificate.objects.values().get(pk=pending.pk)

    assert make(pending.pk, timezone.now()) is False

    assert Certificate.objects.values().get(pk=pending.pk) == before
    assert events(pending) == [EventKind.REQUESTED, EventKind.ISSUED]


def test_an_unknown_id_is_left_alone(db):
    assert make(987_654, timezone.now()) is False


def test_issued_is_said_once_after_commit(pending, django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, **facts):
        heard.append((facts["certificate_id"], facts["enrolment_id"]))

    certificate_issued.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            make(pending.pk, timezone.now())
            assert heard == []
        with django_capture_on_commit_callbacks(execute=True):
            make(pending.pk, timezone.now())
    finally:
        certificate_issued.disconnect(listen)
    assert heard == [(pending.pk, pending.enrolment_id)]


def test_what_a_killed_attempt_left_is_overwritten_under_the_same_name(pending):
    files.store(pending.file_name, b"%PDF-1.7 half a fi")

    make(pending.pk, timezone.now())

    pending.refresh_from_db()
    assert hashlib.sha256(files.read(pending.file_name)).hexdigest() == pending.sha256
    folder, _, name = pending.file_name.rpartition("/")
    same_stem = [found for found in files.private_storage().listdir(folder)[1] if found.startswith(name[:-4])]
    assert same_stem == [name]


def test_a_crash_after_storing_leaves_the_row_pending_and_the_next_attempt_overwrites_the_file(
    pending, monkeypatch
):
    def store_then_lose_the_database(name, content):
        files.private_storage().delete(name)
        original(name, content)
        raise DatabaseError

    original = files.store
    monkeypatch.setattr(making.files, "store", store_then_lose_the_database)
    with pytest.raises(DatabaseError), transaction.atomic():
        make(pending.pk, timezone.now())
    left_behind = files.read(pending.file_name)
    pending.refresh_from_db()
    assert pending.state == CertificateState.PENDING
    monkeypatch.setattr(making.files, "store", original)

    assert make(pending.pk, timezone.now()) is True

    pending.refresh_from_db()
    stored = files.read(pending.file_name)
    # Sealed anew.
    assert stored != left_behind
    assert pending.sha256 == hashlib.sha256(stored).hexdigest()
    folder, _, name = pending.file_name.rpartition("/")
    # Files of other tests may lie beside it.
    stem = name.removesuffix(".pdf")
    assert [one for one in files.private_storage().listdir(folder)[1] if one.startswith(stem)] == [name]


def test_what_a_retired_key_sealed_stays_as_it_is(pending, course):
    make(pending.pk, timezone.now())
    before = files.read(pending.file_name)

    generate(KeyPurpose.PDF, timezone.now())
    later = make_ready(UserFactory(), course)

    pending.refresh_from_db()
    assert files.read(pending.file_name) == before
    assert pending.signed_with.retired_at is not None
    assert later.signed_with == active(KeyPurpose.PDF, timezone.now())
    for certificate in (pending, later):
        seal = validate(files.read(certificate.file_name), known_certificates())
        assert seal == Seal(SealState.VALID, certificate.signed_with.fingerprint)


def test_a_key_retired_between_sealing_and_storing_is_still_the_one_that_sealed(pending, monkeypatch):
    seal = making._seal

    def rotated_meanwhile(pdf, key, at):
        sealed = seal(pdf, key, at)
        generate(KeyPurpose.PDF, at)
        return sealed

    monkeypatch.setattr(making, "_seal", rotated_meanwhile)

    assert make(pending.pk, timezone.now()) is True

    pending.refresh_from_db()
    assert pending.signed_with.retired_at is not None
    found = validate(files.read(pending.file_name), known_certificates())
    assert found == Seal(SealState.VALID, pending.signed_with.fingerprint)


def test_a_failing_storage_is_noted_and_tried_again_later(pending, monkeypatch):
    at = timezone.now()

    def full(name, content):
        raise OSError("no space left for Salma Ben Ali")

    monkeypatch.setattr(making.files, "store", full)

    assert make(pending.pk, at) is False

    pending.refresh_from_db()
    assert (pending.state, pending.attempts, pending.failure, pending.retry_at) == (
        CertificateState.PENDING,
        1,
        "OSError",
        at + timedelta(minutes=2),
    )


def test_after_the_last_attempt_it_is_failed_with_its_reason(pending, monkeypatch):
    def broken(*arguments):
        raise ValueError("Salma Ben Ali doesn't fit")

    monkeypatch.setattr(making, "_render", broken)

    for _attempt in range(MAX_ATTEMPTS):
        make(pending.pk, timezone.now())

    pending.refresh_from_db()
    assert (pending.state, pending.attempts, pending.failure) == (
        CertificateState.FAILED,
        MAX_ATTEMPTS,
        "ValueError",
    )
    assert events(pending) == [EventKind.REQUESTED, EventKind.FAILED]
    assert make(pending.pk, timezone.now()) is False


def test_two_attempts_at_once_announce_one(pending, monkeypatch):
    """The second worker has rendered too when the first one commits."""
    render = making._render

    def overtaken(*arguments):
        pdf = render(*arguments)
        monkeypatch.setattr(making, "_render", render)
        assert make(pending.pk, timezone.now()) is True
        return pdf

    monkeypatch.setattr(making, "_render", overtaken)

    assert make(pending.pk, timezone.now()) is False

    assert events(pending) == [EventKind.REQUESTED, EventKind.ISSUED]


def test_the_database_refuses_a_ready_certificate_without_hash(pending):
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.filter(pk=pending.pk).update(
            state=CertificateState.READY, issued_at=timezone.now()
        )


def test_the_storage_answering_with_another_name_is_an_error(monkeypatch):
    class Renaming:
        deleted = ()

        def exists(self, name):
            return False

        def save(self, name, content):
            return "elsewhere.pdf"

        def delete(self, name):
            self.deleted += (name,)

    storage = Renaming()
    monkeypatch.setattr(files, "private_storage", lambda: storage)

    with pytest.raises(OSError):
        files.store("certificates/ab/ab.pdf", b"x")

    assert storage.deleted == ("elsewhere.pdf",)


def test_english_and_arabic_certificates_are_made(course):
    english = make_ready(UserFactory(), course, language="en")
    arabic = make_ready(UserFactory(certificate_name_latin=""), course, language="ar")

    assert english.snapshot["content"]["languages"] == ["en"]
    assert arabic.snapshot["content"]["languages"] == ["ar", "fr"]
