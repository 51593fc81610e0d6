"""The play: an issue in bulk with its disasters, and what must be true in the end."""

import hashlib
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import F
from django.utils import timezone

from courses.certificates import tasks
from courses.certificates.domain import runs
from courses.certificates.domain.telling import LEFT_AFTER, left_untold
from courses.certificates.enums import CertificateState, EventKind, ItemState, RunState
from courses.certificates.models import Certificate, CertificateEvent, CourseRule, IssueItem, IssueRun
from courses.progress.models import Enrolment
from tests.courses.certificates.kills.processes import Redis, Worker
from tests.courses.certificates.kills.storage import outage
from tests.factories.accounts import make_administrator
from tests.factories.certificates import complete_many
from tests.factories.courses import CourseTree

# Without a step forward for so long, time passes.
STUCK = 8
_ADDRESS = re.compile(r"/certificates/([0-9a-f-]{36})/")


class Play:
    """One run of `count` certificates with `kills` dead workers, a restarted broker and a storage that fails."""

    def __init__(
        self,
        course: CourseTree,
        *,
        count: int,
        kills: int,
        workers: int,
        seed: int,
        down: float,
        redis: Redis | None,
    ) -> None:
        self.random = random.Random(seed)
        self.count, self.kills, self.down, self.redis = count, kills, down, redis
        self.folder, self.queue = Path(settings.DATA_DIR), settings.CELERY_TASK_DEFAULT_QUEUE
        CourseRule.objects.create(course_key=course.key, issues_at_completion=False)
        complete_many(course, count)
        self.run = runs.start(course.key, None, by=make_administrator(), at=timezone.now())
        self.workers = [Worker(self.folder, self.queue) for _number in range(workers)]
        self.killed_at: list[int] = []
        self.deadline = time.monotonic() + 400 + count

    def play(self) -> dict[str, Any]:
        """What happened, and in `wrong` every promise that wasn't kept."""
        began = time.monotonic()
        try:
            tasks.sweep_runs.delay()
            for at_least, act in self._disasters():
                self._wait(lambda at_least=at_least: self.ready() >= at_least)
                time.sleep(self.random.uniform(0, 0.3))
                act()
                self.let_a_minute_pass()
            self._wait(lambda: IssueRun.objects.get(pk=self.run.pk).state != RunState.RUNNING)
            took = time.monotonic() - began
            Certificate.objects.update(issued_at=F("issued_at") - LEFT_AFTER - timedelta(seconds=1))
            self._wait(lambda: not left_untold(timezone.now()))
        finally:
            for worker in self.workers:
                worker.stop()
        return self._judged() | {"seconds": round(took), "killed_at": self.killed_at}

    def ready(self) -> int:
        return Certificate.objects.filter(state=CertificateState.READY).count()

    def let_a_minute_pass(self) -> None:
        """Every claim and every wait is over, and the sweeps look: also at what a worker that lives has in hand."""
        now = timezone.now()
        IssueItem.objects.filter(state=ItemState.WAITING, claimed_until__gt=now).update(claimed_until=now)
        IssueRun.objects.update(retry_at=now)
        Certificate.objects.filter(state=CertificateState.PENDING).update(retry_at=now)
        cache.clear()
        for sweep in (tasks.sweep_runs, tasks.sweep_certificates, tasks.sweep_letters):
            sweep.delay()

    def _disasters(self) -> list[tuple[int, Callable[[], None]]]:
        """What happens once so many are ready: kills at random points, and each outage once in between."""
        acts: list[Callable[[], None]] = [self._kill_a_worker] * self.kills + [self._fail_the_storage]
        acts += [self._restart_the_broker] if self.redis else []
        self.random.shuffle(acts)
        points = sorted(self.random.sample(range(1, self.count * 9 // 10), len(acts)))
        return list(zip(points, acts, strict=True))

    def _kill_a_worker(self) -> None:
        number = self.random.randrange(len(self.workers))
        self.workers[number].kill()
        self.killed_at.append(self.ready())
        self.workers[number] = Worker(self.folder, self.queue)

    def _fail_the_storage(self) -> None:
        outage().touch()
        time.sleep(self.down)
        outage().unlink()

    def _restart_the_broker(self) -> None:
        assert self.redis is not None
        self.redis.kill()
        time.sleep(min(self.down, 5))
        self.redis.start()

    def _wait(self, done: Callable[[], bool]) -> None:
        """Until it is done; where nothing moves, a minute passes."""
        moved, seen = time.monotonic(), -1
        while not done():
            now = time.monotonic()
            if now > self.deadline:
                raise SystemExit(f"stuck at {self.ready()} of {self.count}\n{self._log()}")
            if (ready := self.ready()) != seen:
                moved, seen = now, ready
            elif now - moved > STUCK:
                self.let_a_minute_pass()
                moved = now
            time.sleep(0.2)

    def _judged(self) -> dict[str, Any]:
        ready = Certificate.objects.filter(state=CertificateState.READY)
        issued = Counter(
            CertificateEvent.objects.filter(kind=EventKind.ISSUED).values_list("certificate_id", flat=True)
        )
        private = self.folder / "private"
        stored = {str(path.relative_to(private)) for path in private.rglob("*") if path.is_file()}
        named = dict(ready.values_list("file", "sha256"))
        letters = self._letters()
        twice = {uuid: count for uuid, count in letters.items() if count > 1}
        lost = ready.count() - len(letters)
        wrong = {
            "without a certificate": self.count - ready.values("enrolment_id").distinct().count(),
            "completions with several": ready.count() - ready.values("enrolment_id").distinct().count(),
            "certificates that aren't ready": Certificate.objects.exclude(
                state=CertificateState.READY
            ).count(),
            "announced more than once": sum(count > 1 for count in issued.values()),
            "orphan files": len(stored - named.keys()),
            "missing files": len(named.keys() - stored),
            "damaged files": sum(
                hashlib.sha256((private / name).read_bytes()).hexdigest() != named[name]
                for name in stored & named.keys()
            ),
            "double letters": len(twice),
            # Each kill may fall between a claim and its letter.
            "letters lost beyond the kills": max(0, lost - self.kills),
            "items not issued": self.run.items.exclude(state=ItemState.ISSUED).count(),
        }
        return {
            "completions": Enrolment.objects.count(),
            "ready": ready.count(),
            "files": len(stored),
            "letters": sum(letters.values()),
            "letters lost": lost,
            "most attempts at one": max(Certificate.objects.values_list("attempts", flat=True)),
            "wrong": {what: count for what, count in wrong.items() if count},
        }

    def _letters(self) -> Counter[str]:
        """How many letters went about each certificate."""
        found: Counter[str] = Counter()
        for path in (self.folder / "mail").glob("*.log"):
            found.update(_ADDRESS.findall(path.read_text(errors="replace")))
        return found

    def _log(self) -> str:
        return (self.folder / "worker.log").read_text(errors="replace")[-3000:]


def printed(result: dict[str, Any]) -> str:
    return json.dumps(result, indent=2)
