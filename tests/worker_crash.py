"""Loaded into a real worker by the kill tests (`celery … --include tests.worker_crash`); the product knows
nothing of it.

The folder of the data holds a file `crash-at` that names a point and a certificate. The worker that reaches it
removes the file and kills itself with SIGKILL, as a power cut would. A file `queue-name` beside it names the
queue of this test, for what the worker itself queues: several suites may share a broker.
"""

import os
import signal
from datetime import datetime
from pathlib import Path
from typing import Any

from celery.signals import task_postrun, worker_ready
from django.conf import settings

from courses.certificates.domain import making
from courses.certificates.interfaces import files
from courses.certificates.models import Certificate
from courses.certificates.tasks import make_certificate, tell_holder

BEFORE_RENDER = "before-render"
AFTER_STORE = "after-store"
AFTER_READY = "after-ready"


def crash_file(data_dir: Path) -> Path:
    return data_dir / "crash-at"


def queue_file(data_dir: Path) -> Path:
    return data_dir / "queue-name"


def plan_crash(data_dir: Path, point: str, certificate: Certificate) -> None:
    """The next worker that reaches this point with this certificate dies there."""
    crash_file(data_dir).write_text(f"{point} {certificate.pk} {certificate.file_name}")


def _reached(point: str, *, pk: int | None = None, name: str = "") -> None:
    path = crash_file(settings.DATA_DIR)
    if not path.exists():
        return
    planned_point, planned_pk, planned_name = path.read_text().split()
    if planned_point == point and (str(pk) == planned_pk or name == planned_name):
        path.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


@worker_ready.connect
def _in_the_worker_only(**kwargs: Any) -> None:
    for task in (make_certificate, tell_holder):
        task.queue = queue_file(settings.DATA_DIR).read_text()
    render, store = making._render, files.store

    def crashing_render(certificate: Certificate, at: datetime) -> bytes:
        _reached(BEFORE_RENDER, pk=certificate.pk)
        return render(certificate, at)

    def crashing_store(name: str, content: bytes) -> None:
        store(name, content)
        _reached(AFTER_STORE, name=name)

    making._render = crashing_render
    files.store = crashing_store


@task_postrun.connect
def _after_the_task_before_its_message_is_acknowledged(task: Any, args: list[Any], **kwargs: Any) -> None:
    if task.name == make_certificate.name:
        _reached(AFTER_READY, pk=args[0])
