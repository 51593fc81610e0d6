"""Issuing in bulk: the earned and missing certificates of a course, a region or both.

The items of a run are fixed when it starts. Workers take them in small batches, whichever is free; each item is one
`issue.request`, under the enrolment's lock, and one `making.make`. So whatever is killed, there is one certificate for
each completion, and an item whose worker was lost is taken again.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Count, F, Min, Q, QuerySet

from courses.accounts.api import Region, User, in_subtrees, members_in
from courses.certificates.domain.course_basis import Bases
from courses.certificates.domain.eligibility import awaiting, blockers_of, without_certificate
from courses.certificates.domain.issue import request
from courses.certificates.domain.making import make, wait_after
from courses.certificates.enums import CertificateState, ItemState, RunState
from courses.certificates.interfaces.files import is_outage
from courses.certificates.models import IssueItem, IssueRun
from courses.progress.api import Enrolment

logger = logging.getLogger(__name__)

# Certificates that a worker takes at once. Until CLAIM has passed, nobody else touches them.
BATCH = 10
CLAIM = timedelta(seconds=60)
# How often an item may be begun: one that kills its worker each time must come to an end.
MAX_ATTEMPTS = 10
WAIT_FOR_THE_STORAGE = timedelta(minutes=10)
# Rows read and written at once while a run starts.
PORTION = 1000


@dataclass(frozen=True)
class Expected:
    """What a run would do: `complete` enrolments without a certificate, of which `issuable` wait for nobody."""

    complete: int
    issuable: int

    @property
    def waiting(self) -> int:
        """Those that wait for their holders."""
        return self.complete - self.issuable


@dataclass(frozen=True)
class Counts:
    """The items of a run by what became of them."""

    total: int
    issued: int
    blocked: int
    failed: int

    @property
    def done(self) -> int:
        return self.issued + self.blocked + self.failed

    @property
    def waiting(self) -> int:
        return self.total - self.done


def expected(course_key: UUID | None, region: Region | None) -> Expected:
    """Two queries."""
    missing = _missing(course_key, region)
    return Expected(complete=missing.count(), issuable=awaiting(missing).count())


def start(course_key: UUID | None, region: Region | None, *, by: User, at: datetime) -> IssueRun:
    """A run with an item for each complete enrolment without a certificate. The caller wakes the workers.

    A person who asks twice for the same gets the run that is under way. People come with their items even where they
    have something to do first (confirm an address): those are counted as waiting for the holder. Raises ValueError
    where nothing is missing.
    """
    with transaction.atomic():
        # Two presses of one button come one after the other.
        User.objects.select_for_update().get(pk=by.pk)
        under_way = IssueRun.objects.filter(
            state=RunState.RUNNING, course_key=course_key, region=region, requested_by=by
        ).first()
        if under_way is not None:
            return under_way
        run = IssueRun.objects.create(
            course_key=course_key, region=region, requested_by=by, requested_at=at, retry_at=at
        )
        ids = _missing(course_key, region).order_by("pk").values_list("pk", flat=True)
        missing = iter(list(ids))
        while items := [IssueItem(run=run, enrolment_id=pk) for pk in islice(missing, PORTION)]:
            IssueItem.objects.bulk_create(items)
        if not run.items.exists():
            raise ValueError("no certificate is missing")
    return run


def cancel(run_id: int, at: datetime) -> bool:
    """Stop a run; what a worker has in hand, ten at most for each, is still issued. False where it isn't running."""
    return bool(
        IssueRun.objects.filter(pk=run_id, state=RunState.RUNNING).update(
            state=RunState.CANCELLED, finished_at=at
        )
    )


def resume(run_id: int, at: datetime) -> bool:
    """Go on with a cancelled run; False where it isn't one. The caller wakes the workers."""
    cancelled = IssueRun.objects.filter(pk=run_id, state=RunState.CANCELLED)
    return bool(cancelled.update(state=RunState.RUNNING, finished_at=None, retry_at=at))


def work(run_id: int, at: datetime) -> bool:
    """Take a batch and issue it; whether there may be more to take now. The last one ends the run."""
    items = take(run_id, at, BATCH)
    bases: Bases = {}
    for item in items:
        _issue(item, at, bases)
    return bool(items) or not _end(run_id, at)


@transaction.atomic
def take(run_id: int, at: datetime, limit: int = BATCH) -> list[IssueItem]:
    """Claim up to `limit` items that nobody has; none of a run that isn't running."""
    free = _free(run_id, at).filter(run__state=RunState.RUNNING)
    # Two workers don't wait for one another. (SQLite has one writer at a time.)
    items = list(free.order_by("pk").select_for_update(of=("self",), skip_locked=True)[:limit])
    IssueItem.objects.filter(pk__in=[item.pk for item in items]).update(
        claimed_until=at + CLAIM, attempts=F("attempts") + 1
    )
    return items


def due(at: datetime) -> list[int]:
    """Ids of the running runs that have something to take."""
    running = IssueRun.objects.filter(state=RunState.RUNNING).filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=at)
    )
    return list(running.order_by("pk").values_list("pk", flat=True))


def counts_of(runs: Iterable[IssueRun]) -> dict[int, Counts]:
    """The items of each of these runs by what became of them, by id of the run. One query."""
    found: dict[int, dict[str, int]] = {run.pk: {} for run in runs}
    rows = IssueItem.objects.filter(run__in=list(found)).order_by().values_list("run_id", "state")
    for run_id, state, count in rows.annotate(count=Count("pk")):
        found[run_id][state] = count
    return {
        run_id: Counts(
            total=sum(of.values()),
            issued=of.get(ItemState.ISSUED, 0),
            blocked=of.get(ItemState.BLOCKED, 0),
            failed=of.get(ItemState.FAILED, 0),
        )
        for run_id, of in found.items()
    }


def reasons_of(run: IssueRun) -> dict[str, int]:
    """How often each reason stands on items that weren't issued: a `Blocker`, or the name of an error. One query."""
    rows = IssueItem.objects.filter(run=run).exclude(reason="").order_by("reason")
    return dict(rows.values_list("reason").annotate(n=Count("pk")))


def _missing(course_key: UUID | None, region: Region | None) -> QuerySet[Enrolment]:
    enrolments = Enrolment.objects.filter(user__erased_at__isnull=True)
    if course_key is not None:
        enrolments = enrolments.filter(course_key=course_key)
    if region is not None:
        people = members_in(Region.objects.filter(in_subtrees([region])))
        enrolments = enrolments.filter(user__in=people)
    return without_certificate(enrolments)


def _free(run_id: int, at: datetime) -> QuerySet[IssueItem]:
    return IssueItem.objects.filter(
        Q(claimed_until__isnull=True) | Q(claimed_until__lte=at),
        run_id=run_id,
        state=ItemState.WAITING,
        attempts__lt=MAX_ATTEMPTS,
    )


def _issue(item: IssueItem, at: datetime, bases: Bases) -> None:
    """Bring one item as far as it goes now. Only errors of the database are raised."""
    try:
        certificate = request(item.enrolment_id, at, in_bulk=True, bases=bases)
        if certificate is None:
            _settle(item, ItemState.BLOCKED, _why_not(item.enrolment_id))
            return
        # One that failed before is made again when its own time comes, by us or by the sweep.
        if certificate.state == CertificateState.PENDING and (
            certificate.attempts == 0 or certificate.retry_at is None or certificate.retry_at <= at
        ):
            make(certificate.pk, at)
        certificate.refresh_from_db()
    except DatabaseError:
        raise
    except Exception as error:
        # A plugin's variable, say: this one waits, the others don't wait for it.
        logger.exception("enrolment %s: its certificate couldn't be asked for", item.enrolment_id)
        begun = item.attempts + 1
        if is_outage(error):
            # Of the storage, while a design's pictures are copied: no attempt of the number after which it is left.
            waiting = IssueItem.objects.filter(pk=item.pk)
            waiting.update(claimed_until=at + WAIT_FOR_THE_STORAGE, attempts=item.attempts)
        elif begun >= MAX_ATTEMPTS:
            _settle(item, ItemState.FAILED, type(error).__name__)
        else:
            IssueItem.objects.filter(pk=item.pk).update(claimed_until=at + wait_after(begun))
        return
    if certificate.state == CertificateState.READY:
        _settle(item, ItemState.ISSUED)
    elif certificate.state == CertificateState.FAILED:
        _settle(item, ItemState.FAILED, certificate.failure)
    else:
        # Its attempts are counted on the certificate.
        IssueItem.objects.filter(pk=item.pk).update(
            claimed_until=certificate.retry_at or at + CLAIM, attempts=item.attempts
        )


def _why_not(enrolment_id: int) -> str:
    blockers = blockers_of(Enrolment.objects.select_related("user").get(pk=enrolment_id).user)
    return blockers[0].value if blockers else ""


def _settle(item: IssueItem, state: ItemState, reason: str = "") -> None:
    IssueItem.objects.filter(pk=item.pk).update(state=state, reason=reason[:60], claimed_until=None)


@transaction.atomic
def _end(run_id: int, at: datetime) -> bool:
    """End a run with nothing left to do; with something left for later, note when. False where something is free."""
    run = IssueRun.objects.select_for_update().get(pk=run_id)
    if run.state != RunState.RUNNING:
        return True
    if _free(run_id, at).exists():
        return False
    waiting = IssueItem.objects.filter(run_id=run_id, state=ItemState.WAITING)
    lost = waiting.filter(attempts__gte=MAX_ATTEMPTS, claimed_until__lte=at)
    lost.update(state=ItemState.FAILED, reason="worker lost", claimed_until=None)
    first = waiting.aggregate(first=Min("claimed_until"))["first"]
    if first is None:
        run.state, run.finished_at = RunState.DONE, at
    else:
        run.retry_at = first
    run.save(update_fields=["state", "finished_at", "retry_at"])
    return True
