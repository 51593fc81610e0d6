"""What certificates cost: the split of one, and how many a second workers issue in bulk.

`make bench` measures `split` in process. `python -m tests.benchmarks.certificates [--certificates 10000] [--workers 2]`
issues so many with real workers (on a Redis of their own where there is one, a new SQLite file or the PostgreSQL of
DATABASE_URL) and prints the rate and each worker's memory on the way.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

Times = dict[str, list[float]]
WHOLE = "certificate: asked for, made, announced"
PARTS = {"_render": "certificate: render", "_seal": "certificate: sign"}
STORE = "certificate: store"


def split(count: int = 30) -> Times:
    """Milliseconds of so many certificates, signing included: the whole, and its parts. Needs a database with a course."""
    from django.utils import timezone

    from courses.certificates.domain import making
    from courses.certificates.domain.issue import request
    from courses.certificates.interfaces import files

    times: Times = {name: [] for name in (WHOLE, *PARTS.values(), STORE)}
    enrolments = _completions(count)
    with (
        _timed(making, "_render", times[PARTS["_render"]]),
        _timed(making, "_seal", times[PARTS["_seal"]]),
        _timed(files, "store", times[STORE]),
    ):
        for enrolment in enrolments:
            start, at = time.perf_counter(), timezone.now()
            certificate = request(enrolment.pk, at, in_bulk=True)
            assert certificate is not None
            assert making.make(certificate.pk, at)
            times[WHOLE].append((time.perf_counter() - start) * 1000)
    return times


def summary(times: Times) -> str:
    """The rate of one worker process, and what the parts take of it."""
    whole = statistics.fmean(times[WHOLE])
    parts = {name.partition(": ")[2]: statistics.fmean(times[name]) for name in (*PARTS.values(), STORE)}
    parts["records"] = whole - sum(parts.values())
    shares = ", ".join(f"{name} {part / whole:.0%}" for name, part in parts.items())
    return f"{1000 / whole:.1f} certificates a second by one worker process, signing included: {shares}"


def _completions(count: int) -> list[Any]:
    from courses.models import CoursePage
    from tests.factories.certificates import complete_many

    course = CoursePage.objects.filter(live=True).order_by("path")[0]
    return complete_many(SimpleNamespace(key=course.translation_key), count)  # type: ignore[arg-type]


@contextmanager
def _timed(module: Any, name: str, times: list[float]) -> Iterator[None]:
    call: Callable[..., Any] = getattr(module, name)

    def timed(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        try:
            return call(*args, **kwargs)
        finally:
            times.append((time.perf_counter() - start) * 1000)

    setattr(module, name, timed)
    try:
        yield
    finally:
        setattr(module, name, call)


def main() -> int:
    from tests.courses.certificates.kills.processes import Redis

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificates", type=int, default=10_000)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    redis = Redis() if Redis.is_installed() else None
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as name:
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(name) / 'db.sqlite3'}"
        os.environ.update(
            DJANGO_SETTINGS_MODULE="tests.courses.certificates.kills.settings",
            ELEARN_DATA_DIR=name,
            ELEARN_KILLS_QUEUE=f"bench-{uuid4().hex}",
            ELEARN_BULK_TASKS=str(options.workers),
            CELERY_BROKER_URL=redis.url if redis else "filesystem://",
        )
        if redis:
            redis.start()
        try:
            return _issue(options.certificates, options.workers, Path(name))
        finally:
            if redis:
                redis.kill()


def _issue(count: int, workers: int, folder: Path) -> int:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.utils import timezone
    from wagtail.models import Locale

    from courses.certificates import tasks
    from courses.certificates.domain import runs
    from courses.certificates.enums import RunState
    from courses.certificates.models import CourseRule, IssueRun
    from elearn.celery import make_queue_folders
    from tests.courses.certificates.kills.processes import Worker
    from tests.factories.accounts import make_administrator
    from tests.factories.certificates import complete_many
    from tests.factories.courses import make_course, make_site

    make_queue_folders()
    call_command("migrate", verbosity=0)
    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES
    }
    course = make_course(make_site(SimpleNamespace(**locales)))
    CourseRule.objects.create(course_key=course.key, issues_at_completion=False)
    complete_many(course, count)
    started = [Worker(folder, settings.CELERY_TASK_DEFAULT_QUEUE) for _number in range(workers)]
    run = runs.start(course.key, None, by=make_administrator(), at=timezone.now())
    tasks.sweep_runs.delay()
    began, swept, shown = 0.0, time.monotonic(), -1
    first = 0
    try:
        while True:
            time.sleep(1)
            now = time.monotonic()
            issued = runs.counts_of([run])[run.pk].issued
            if issued and not began:
                # From the first batch on: a worker's start isn't part of its rate.
                began, first = now, issued
            if now - swept > 60:
                # What beat does.
                swept = now
                tasks.sweep_runs.delay()
            if issued * 10 // count > shown:
                shown = issued * 10 // count
                memory = ", ".join(f"{_resident(worker.process.pid)} MB" for worker in started)
                rate = (issued - first) / (now - began) if began and now > began else 0.0
                print(f"{issued:>6} issued, {rate:5.1f} a second, workers' memory: {memory}", flush=True)
            if IssueRun.objects.get(pk=run.pk).state != RunState.RUNNING:
                break
    finally:
        for worker in started:
            worker.stop()
    took = time.monotonic() - began
    print(f"{count} certificates by {workers} workers in {took:.0f} s: {(count - first) / took:.1f} a second")
    return 0 if runs.counts_of([run])[run.pk].issued == count else 1


def _resident(pid: int) -> int:
    """Megabytes of memory that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 2**20


if __name__ == "__main__":
    sys.exit(main())
