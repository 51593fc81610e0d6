"""Loaded into a real worker by the kill tests (`celery … --include tests.worker_crash`); the product knows
nothing of it.

The folder of the data holds a file `crash-at` with the name of a point. The worker that reaches the point
removes the file and kills itself with SIGKILL, as a power cut would. A file `queue-name` beside it names the
queue of this test, for what the worker itself queues: several suites may share a broker.
"""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from celery.signals import task_postrun, worker_ready
from django.conf import settings

from courses.certificates.domain import making
from courses.certificates.interfaces import files
from courses.certificates.tasks import make_certificate

BEFORE_RENDER = "before-render"
AFTER_STORE = "after-store"
AFTER_READY = "after-ready"


def crash_file(data_dir: Path) -> Path:
    return data_dir / "crash-at"


def queue_file(data_dir: Path) -> Path:
    return data_dir / "queue-name"


def _reached(point: str) -> None:
    path = crash_file(settings.DATA_DIR)
    if path.exists() and path.read_text() == point:
        path.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


def _before(point: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def crashing(*args: Any, **kwargs: Any) -> Any:
        _reached(point)
        return function(*args, **kwargs)

    return crashing


def _after(point: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def crashing(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        _reached(point)
        return result

    return crashing


@worker_ready.connect
def _in_the_worker_only(**kwargs: Any) -> None:
    make_certificate.queue = queue_file(settings.DATA_DIR).read_text()
    making._render = _before(BEFORE_RENDER, making._render)
    files.store = _after(AFTER_STORE, files.store)


@task_postrun.connect
def _after_the_task_before_its_message_is_acknowledged(task: Any, **kwargs: Any) -> None:
    if task.name == make_certificate.name:
        _reached(AFTER_READY)
