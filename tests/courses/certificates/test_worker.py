"""A real worker in a process of its own, killed with SIGKILL: exactly one certificate in the end.

Runs on the file-system transport with a database file, and on Redis where CELERY_BROKER_URL names one.
"""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection
from django.utils import timezone

from courses.certificates.enums import CertificateState, EventKind
from courses.certificates.models import Certificate
from tests import worker_crash
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending
from tests.factories.progress import make_enrolment

pytestmark = [
    pytest.mark.worker,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]
MAKE = "courses.certificates.tasks.make_certificate"
SWEEP = "courses.certificates.tasks.sweep_certificates"
PATIENCE = 60  # seconds for one step of a worker on a busy machine


class Workshop:
    """A database, a queue and a folder that this process shares with workers it starts and sees killed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.queue = f"test-{uuid4().hex}"
        self.database = folder / "db.sqlite3"
        self.process: subprocess.Popen[bytes] | None = None
        self.broker = settings.CELERY_BROKER_URL
        options = {"visibility_timeout": 2}
        if self.broker.startswith("filesystem"):
            messages = folder / "queue" / "messages"
            control = folder / "queue" / "control"
            messages.mkdir(parents=True)
            control.mkdir()
            options = {
                "data_folder_in": str(messages),
                "data_folder_out": str(messages),
                "control_folder": str(control),
            }
        worker_crash.queue_file(folder).write_text(self.queue)
        self.sender = Celery("sender", broker=self.broker, set_as_current=False)
        self.sender.conf.update(
            broker_transport_options=options, task_default_queue=self.queue, task_ignore_result=True
        )

    def share_database(self) -> None:
        """On SQLite the test's database is in memory: give the workers a copy of it in a file."""
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            with sqlite3.connect(self.database) as file:
                connection.connection.backup(file)
            file.execute("PRAGMA journal_mode=WAL")
            file.close()

    def look(self) -> None:
        """Bring what the workers did into the test's database."""
        if connection.vendor == "sqlite":
            with sqlite3.connect(self.database) as file:
                file.backup(connection.connection)
            file.close()

    def let_a_minute_pass(self) -> None:
        """What waits for its next attempt is due now."""
        self.look()
        Certificate.objects.filter(retry_at__isnull=False).update(retry_at=timezone.now())
        if connection.vendor == "sqlite":
            self.share_database()

    def send(self, task: str, *args: object) -> None:
        self.sender.send_task(task, args)

    def start_worker(self) -> None:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "elearn.settings.test",
            "ELEARN_DATA_DIR": str(self.folder),
            "DATABASE_URL": self._database_url(),
            "CELERY_BROKER_URL": self.broker,
            "CELERY_VISIBILITY_TIMEOUT": "2",
        }
        command = [sys.executable, "-m", "celery", "-A", "elearn", "worker", "--pool=solo", "-l", "WARNING"]
        command += ["-Q", self.queue, "--include", "tests.worker_crash"]
        command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log
            )

    def crash_at(self, point: str, certificate: Certificate) -> None:
        worker_crash.plan_crash(self.folder, point, certificate)

    def wait_for_the_kill(self) -> None:
        assert self.process is not None
        assert self.process.wait(PATIENCE) == -signal.SIGKILL, self.log()

    def wait_until(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.look()
            if done():
                return
            time.sleep(0.2)
        pytest.fail(f"nothing happened in {PATIENCE} seconds\n{self.log()}")

    def stop_worker(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def close(self) -> None:
        self.stop_worker()
        with self.sender.connection_for_write() as broker, broker.channel() as channel:
            channel.queue_delete(self.queue)
            if self.broker.startswith("redis"):
                # Bindings and messages that came back after a kill.
                left = channel.client.keys(f"*{self.queue}*")
                if left:
                    channel.client.delete(*left)
        self.sender.close()

    def files(self) -> list[Path]:
        return sorted(path for path in (self.folder / "private").rglob("*") if path.is_file())

    def log(self) -> str:
        path = self.folder / "worker.log"
        return path.read_text(errors="replace")[-4000:] if path.exists() else ""

    def _database_url(self) -> str:
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.database}"
        # The test's database: the same server, another name.
        address, _, query = os.environ["DATABASE_URL"].partition("?")
        base = address.rpartition("/")[0]
        return f"{base}/{connection.settings_dict['NAME']}" + (f"?{query}" if query else "")


@pytest.fixture
def workshop(tmp_path: Path) -> Iterator[Workshop]:
    place = Workshop(tmp_path)
    yield place
    place.close()


def is_ready(certificate: Certificate) -> Callable[[], bool]:
    rows = Certificate.objects.filter(pk=certificate.pk, state=CertificateState.READY)
    return lambda: rows.exists()


def test_a_worker_killed_at_any_point_leads_to_exactly_one_certificate(course, workshop):
    """The same worker's successors meet the three points one after the other: three kills, four starts."""
    at_render, at_store, at_ack = (make_pending(UserFactory(), course) for _number in range(3))
    workshop.share_database()

    # Killed with nothing made: the row is as it was, and one attempt counted.
    workshop.crash_at(worker_crash.BEFORE_RENDER, at_render)
    workshop.send(MAKE, at_render.pk)
    workshop.start_worker()
    workshop.wait_for_the_kill()
    workshop.look()
    at_render.refresh_from_db()
    assert (at_render.state, at_render.attempts, workshop.files()) == (CertificateState.PENDING, 1, [])

    # Killed between the file and the row: the file lies there, the row doesn't know.
    workshop.crash_at(worker_crash.AFTER_STORE, at_store)
    workshop.send(MAKE, at_store.pk)
    workshop.start_worker()
    workshop.wait_for_the_kill()
    workshop.look()
    at_store.refresh_from_db()
    left = workshop.folder / "private" / at_store.file_name
    assert (at_store.state, left.exists()) == (CertificateState.PENDING, True)

    # Killed when it is READY, before the broker heard of it.
    workshop.crash_at(worker_crash.AFTER_READY, at_ack)
    workshop.send(MAKE, at_ack.pk)
    workshop.start_worker()
    workshop.wait_for_the_kill()
    workshop.look()
    at_ack.refresh_from_db()
    assert at_ack.state == CertificateState.READY

    # A minute later: the sweep queues what is unfinished, and messages that were not lost come again.
    workshop.let_a_minute_pass()
    workshop.send(SWEEP)
    workshop.send(MAKE, at_ack.pk)
    workshop.start_worker()
    for certificate in (at_render, at_store):
        workshop.wait_until(is_ready(certificate))
    workshop.stop_worker()
    workshop.look()

    for certificate in (at_render, at_store, at_ack):
        before = certificate.sha256
        certificate.refresh_from_db()
        stored = (workshop.folder / "private" / certificate.file_name).read_bytes()
        assert certificate.sha256 == hashlib.sha256(stored).hexdigest()
        assert before in ("", certificate.sha256)
        kinds = list(certificate.events.values_list("kind", flat=True))
        assert kinds == [EventKind.REQUESTED, EventKind.ISSUED]
    assert len(workshop.files()) == Certificate.objects.count() == 3


def test_a_completion_whose_signal_was_lost_is_issued_by_the_sweep_alone(course, workshop):
    """Killed between the completion and the request: nobody ever asked, and still one certificate."""
    enrolment = make_enrolment(UserFactory(), course, done=4)
    from courses.certificates.models import CertificateEvent

    CertificateEvent.objects.all().delete()
    Certificate.objects.all().delete()
    workshop.share_database()

    workshop.send(SWEEP)
    workshop.send(SWEEP)
    workshop.start_worker()

    workshop.wait_until(lambda: Certificate.objects.filter(state=CertificateState.READY).exists())
    workshop.stop_worker()
    workshop.look()
    certificate = Certificate.objects.get()
    assert (certificate.enrolment_id, certificate.events.count()) == (enrolment.pk, 2)
    assert len(workshop.files()) == 1
