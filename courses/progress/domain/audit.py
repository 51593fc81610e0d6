"""Impossible states of the ledger, and how each is repaired."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef

from courses.domain.outline import CourseNotFound, CourseOutline, outline_of
from courses.progress.domain.queries import completed_keys_of
from courses.progress.domain.recording import recompute
from courses.progress.domain.rules import standing
from courses.progress.models import ActivityCompletion, CourseProgress, Enrolment

BATCH = 500


class Fault(StrEnum):
    """What can be wrong, with the name used on the command line.

    NO_SUMMARY: an enrolment without a progress row. WRONG_SUMMARY: an unfinished course whose figures differ
    from ledger and outline. COMPLETE_WITHOUT_EVIDENCE: complete, but not one completion stands behind it.
    COMPLETION_BEFORE_ENROLMENT: evidence older than the enrolment it hangs on.
    """

    NO_SUMMARY = "no-summary"
    WRONG_SUMMARY = "wrong-summary"
    COMPLETE_WITHOUT_EVIDENCE = "complete-without-evidence"
    COMPLETION_BEFORE_ENROLMENT = "completion-before-enrolment"


REPAIRABLE = frozenset({Fault.NO_SUMMARY, Fault.WRONG_SUMMARY})


@dataclass(frozen=True)
class Finding:
    """One impossible state. `detail` is a line for the operator, without names of people."""

    fault: Fault
    enrolment: Enrolment
    detail: str


def findings() -> Iterator[Finding]:
    """Every impossible state of the ledger, in batches: memory doesn't grow with the number of people."""
    without = Enrolment.objects.filter(~Exists(CourseProgress.objects.filter(enrolment=OuterRef("pk"))))
    for enrolment in without.order_by("pk").iterator(BATCH):
        yield Finding(Fault.NO_SUMMARY, enrolment, "no progress row")
    any_completion = ActivityCompletion.objects.filter(enrolment=OuterRef("pk"))
    hollow = Enrolment.objects.filter(progress__completed_at__isnull=False).filter(~Exists(any_completion))
    for enrolment in hollow.order_by("pk").iterator(BATCH):
        yield Finding(Fault.COMPLETE_WITHOUT_EVIDENCE, enrolment, "complete without any completion")
    early = any_completion.filter(completed_at__lt=OuterRef("enrolled_at"))
    for enrolment in Enrolment.objects.filter(Exists(early)).order_by("pk").iterator(BATCH):
        yield Finding(
            Fault.COMPLETION_BEFORE_ENROLMENT, enrolment, "a completion is older than the enrolment"
        )
    for enrolment, detail in _wrong_summaries():
        yield Finding(Fault.WRONG_SUMMARY, enrolment, detail)


def repair(finding: Finding, *, at: datetime) -> bool:
    """Repair what the ledger itself proves; False for faults that need a person."""
    if finding.fault not in REPAIRABLE:
        return False
    recompute(finding.enrolment, at=at)
    return True


def summaries_out_of_line() -> Iterator[Enrolment]:
    """Enrolments that a recomputation would change."""
    without = Enrolment.objects.filter(~Exists(CourseProgress.objects.filter(enrolment=OuterRef("pk"))))
    yield from without.order_by("pk").iterator(BATCH)
    for enrolment, _detail in _wrong_summaries():
        yield enrolment


def _wrong_summaries() -> Iterator[tuple[Enrolment, str]]:
    outlines: dict[UUID, CourseOutline | None] = {}
    last = 0
    unfinished = Enrolment.objects.filter(progress__completed_at__isnull=True, progress__isnull=False)
    while batch := list(unfinished.filter(pk__gt=last).select_related("progress").order_by("pk")[:BATCH]):
        done = completed_keys_of(batch)
        for enrolment in batch:
            if enrolment.course_key not in outlines:
                outlines[enrolment.course_key] = _outline_or_none(enrolment.course_key)
            outline = outlines[enrolment.course_key]
            if outline is None:
                continue
            now = standing(outline, done[enrolment.pk])
            kept = enrolment.progress
            if (kept.required_count, kept.done_count, kept.percent) != (
                now.required_count,
                now.done_count,
                now.percent,
            ):
                yield (
                    enrolment,
                    f"says {kept.done_count}/{kept.required_count}, ledger {now.done_count}/{now.required_count}",
                )
            elif now.complete:
                yield enrolment, "the ledger is complete, the summary isn't"
        last = batch[-1].pk


def _outline_or_none(course_key: UUID) -> CourseOutline | None:
    try:
        return outline_of(course_key, settings.LANGUAGE_CODE)
    except CourseNotFound:
        return None
