"""A storage that is down: for as long as it takes, nothing is lost, given up or made twice."""

import hashlib
import logging
from datetime import timedelta

import pytest
from django.core.files.storage import FileSystemStorage
from django.utils import timezone

from courses.certificates.domain import making
from courses.certificates.domain.delivery import DamagedFileError, stored_bytes
from courses.certificates.domain.making import ATTEMPTS_OF_AN_OUTAGE, MAX_ATTEMPTS, make, wait_after
from courses.certificates.domain.runs import WAIT_FOR_THE_STORAGE, start, work
from courses.certificates.domain.sweep import heal
from courses.certificates.enums import CertificateState, EventKind, RunState
from courses.certificates.interfaces import files
from courses.certificates.interfaces.pdf.render import stored_picture
from courses.certificates.models import Certificate, IssueItem
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.certificates import complete_many, make_pending, make_ready
from tests.factories.designs import make_design

pytestmark = pytest.mark.django_db
STEP, HOURS, DAY = timedelta(minutes=5), timedelta(hours=6), timedelta(days=1)


class EndpointConnectionError(Exception):
    """As S3's: no OSError."""


class Unreliable(FileSystemStorage):
    """While it has an `error`, every call raises it."""

    error: Exception | None = None
    saved = 0

    def _fail(self):
        if self.error is not None:
            raise self.error

    def _open(self, name, mode="rb"):
        self._fail()
        return super()._open(name, mode)

    def _save(self, name, content):
        self._fail()
        self.saved += 1
        return super()._save(name, content)

    def exists(self, name):
        self._fail()
        return super().exists(name)

    def delete(self, name):
        self._fail()
        super().delete(name)


@pytest.fixture
def storage(tmp_path, monkeypatch):
    stored_picture.cache_clear()
    storage = Unreliable(location=tmp_path)
    monkeypatch.setattr(files, "private_storage", lambda: storage)
    return storage


def sweep_for(certificate, began, lasts):
    """Sweeps, each followed by the worker at once; how often it was tried."""
    tried, at = 0, began
    while at < began + lasts:
        at += STEP
        for certificate_id in heal(at).to_make:
            tried += 1
            make(certificate_id, at)
    certificate.refresh_from_db()
    return tried


@pytest.mark.parametrize(
    ("error", "lasts"),
    [
        (OSError("no space left"), HOURS),
        (ConnectionRefusedError(), HOURS),
        (EndpointConnectionError("https://s3/Salma"), DAY),
    ],
    ids=["full", "refused", "s3"],
)
def test_after_a_day_without_storage_it_is_made_once(course, storage, caplog, error, lasts):
    certificate = make_pending(UserFactory(), course)
    began, storage.error = certificate.requested_at, error

    with caplog.at_level(logging.ERROR):
        tried = sweep_for(certificate, began, lasts)

    assert (certificate.state, certificate.failure) == (
        CertificateState.PENDING,
        "StorageError" if isinstance(error, EndpointConnectionError) else type(error).__name__,
    )
    # The waits grow, to a quarter of an hour.
    longest = wait_after(ATTEMPTS_OF_AN_OUTAGE)
    assert lasts / (longest + STEP) <= tried <= lasts / longest + ATTEMPTS_OF_AN_OUTAGE
    assert certificate.attempts == ATTEMPTS_OF_AN_OUTAGE
    assert len([record for record in caplog.records if record.levelno == logging.ERROR]) == tried

    storage.error = None
    sweep_for(certificate, began + lasts, longest + STEP)

    assert certificate.state == CertificateState.READY
    kinds = list(certificate.events.values_list("kind", flat=True))
    assert kinds == [EventKind.REQUESTED, EventKind.ISSUED]
    folder, _, name = certificate.file_name.rpartition("/")
    assert (storage.listdir(folder)[1], storage.saved) == ([name], 1)
    assert hashlib.sha256(files.read(certificate.file_name)).hexdigest() == certificate.sha256
    assert sweep_for(certificate, began + 2 * DAY, timedelta(hours=1)) == 0


def test_a_fault_of_its_own_still_ends_in_failed_after_an_outage(course, storage, monkeypatch):
    certificate = make_pending(UserFactory(), course)
    began, storage.error = certificate.requested_at, OSError()
    sweep_for(certificate, began, HOURS)
    storage.error = None

    def broken(*arguments):
        raise ValueError("Salma Ben Ali doesn't fit")

    monkeypatch.setattr(making, "_render", broken)
    tried = sweep_for(certificate, began + HOURS, DAY)

    assert (certificate.state, certificate.failure) == (CertificateState.FAILED, "ValueError")
    assert tried == MAX_ATTEMPTS - ATTEMPTS_OF_AN_OUTAGE


def test_an_outage_after_faults_gives_none_of_them_back(course, storage):
    certificate = make_pending(UserFactory(), course)
    Certificate.objects.filter(pk=certificate.pk).update(attempts=MAX_ATTEMPTS - 1)
    storage.error = OSError()

    sweep_for(certificate, certificate.requested_at, DAY)

    assert (certificate.state, certificate.attempts) == (CertificateState.PENDING, MAX_ATTEMPTS - 1)


def test_a_picture_that_is_gone_is_no_outage(course, storage):
    make_design(logos=1, is_default=True)
    certificate = make_pending(UserFactory(), course)
    storage.delete(certificate.design.spec["logos"][0]["name"])

    sweep_for(certificate, certificate.requested_at, DAY)

    assert (certificate.state, certificate.failure) == (CertificateState.FAILED, "FileNotFoundError")


def test_a_picture_that_is_broken_is_no_outage(course, storage):
    make_design(logos=1, is_default=True)
    certificate = make_pending(UserFactory(), course)
    files.store(certificate.design.spec["logos"][0]["name"], b"broken")

    sweep_for(certificate, certificate.requested_at, DAY)

    assert (certificate.state, certificate.failure) == (CertificateState.FAILED, "ValueError")


def test_a_run_in_bulk_waits_where_the_pictures_of_its_design_cannot_be_copied(course, storage):
    make_design(logos=1, is_default=True)
    complete_many(course, 2)
    at, storage.error = timezone.now(), EndpointConnectionError()
    run = start(course.key, None, by=make_administrator(), at=at)
    for _round in range(2 * MAX_ATTEMPTS):
        while work(run.pk, at):
            pass
        at += WAIT_FOR_THE_STORAGE
    run.refresh_from_db()
    assert (run.state, Certificate.objects.count()) == (RunState.RUNNING, 0)

    storage.error = None
    while work(run.pk, at):
        pass

    run.refresh_from_db()
    assert (run.state, set(IssueItem.objects.values_list("state", flat=True))) == (RunState.DONE, {"issued"})


def test_a_download_meanwhile_is_refused_as_with_a_disk(course, storage):
    certificate = make_ready(UserFactory(), course)
    storage.error = EndpointConnectionError("https://s3/Salma")

    with pytest.raises(DamagedFileError) as caught:
        stored_bytes(certificate)

    assert "Salma" not in f"{caught.value} {caught.value.__cause__}"
