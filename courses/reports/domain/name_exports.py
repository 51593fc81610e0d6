"""Handing out names: the one way, with permission, reason and record."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from courses.accounts.api import Association, Region
from courses.lib.search_text import search_key
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.people import PersonRow, named_memberships, person_rows
from courses.reports.domain.scope import OutOfScope, ReportScope
from courses.reports.models import REASON_MAX_LENGTH, REASON_MIN_LENGTH, NameExport

# Rows are read in portions: a region may have tens of thousands of people.
PORTION = 2000
# How long a record says by which name its list was searched.
SEARCH_KEPT = timedelta(days=365)
# Shorter pieces of a name are in nearly every name.
PIECE_LENGTH = 2


class NamesNotAllowed(PermissionError):
    """The person follows the region but wasn't given the permission to export names."""


@dataclass(frozen=True)
class NameList:
    """What was handed out and the record of it."""

    record: NameExport
    rows: list[PersonRow]


@transaction.atomic
def export_names(
    scope: ReportScope,
    filters: ReportFilters,
    *,
    of: Region | Association,
    reason: str,
    course_titles: Mapping[UUID, str],
    at: datetime,
    words: str = "",
    programme_name: str = "",
) -> NameList:
    """The people of the associations in a region and below, or of one association, with a standing for each
    course of `course_titles`; and the record that they were handed out, in the same transaction.

    Not repeatable in effect: each call hands out a list and is recorded. People without an association are in
    no list. Raises OutOfScope, NamesNotAllowed, and ValueError for a reason that is too short or too long.
    """
    region = of if isinstance(of, Region) else of.region
    if region not in scope.regions:
        raise OutOfScope(region.code)
    if not scope.may_export_names(region):
        raise NamesNotAllowed(region.code)
    reason = reason.strip()
    if not REASON_MIN_LENGTH <= len(reason) <= REASON_MAX_LENGTH:
        raise ValueError("a reason has 10 to 500 characters")
    association = of if isinstance(of, Association) else None
    memberships = list(
        named_memberships(scope, association=association, region=None if association else region, words=words)
    )
    rows: list[PersonRow] = []
    for start in range(0, len(memberships), PORTION):
        rows += person_rows(memberships[start : start + PORTION], filters, tuple(course_titles))
    record = NameExport.objects.create(
        exported_by=scope.viewer,
        exported_at=at,
        region=None if association else region,
        association=association,
        filters=_as_json(filters, course_titles, programme_name, words),
        reason=reason,
        row_count=len(rows),
    )
    return NameList(record, rows)


def _as_json(
    filters: ReportFilters, course_titles: Mapping[UUID, str], programme_name: str, words: str
) -> dict[str, Any]:
    """The filters that were set, readable years later: course and programme with their names of that day."""
    asked: dict[str, Any] = {}
    if filters.course_key is not None:
        asked["course"] = str(filters.course_key)
        asked["course_title"] = course_titles.get(filters.course_key, "")
    if filters.programme:
        asked["programme"] = filters.programme
        asked["programme_name"] = programme_name
    if filters.has_period:
        asked["basis"] = filters.basis.value
        asked["since"] = filters.since.isoformat() if filters.since else None
        asked["until"] = filters.until.isoformat() if filters.until else None
    if words:
        asked["search"] = words
    return asked


def forget_names(names: Iterable[str], *, at: datetime) -> int:
    """Take the searched name out of every record that may have looked for somebody of these names; how many.

    One word in common, or a part of one, is enough: rather a name too many than one that is left. The record
    itself stays. Atomic and idempotent.
    """
    keys = [key for key in map(search_key, names) if key]

    def is_meant(record: NameExport) -> bool:
        pieces = [
            piece for piece in search_key(record.filters["search"]).split() if len(piece) >= PIECE_LENGTH
        ]
        return any(piece in key for piece in pieces for key in keys)

    return _remove_search(NameExport.objects.all(), is_meant, at)


def remove_old_searches(*, at: datetime) -> int:
    """Take the searched name out of the records that are older than SEARCH_KEPT; how many. Atomic, idempotent."""
    return _remove_search(
        NameExport.objects.filter(exported_at__lt=at - SEARCH_KEPT), lambda record: True, at
    )


def _remove_search(
    records: QuerySet[NameExport], is_meant: Callable[[NameExport], bool], at: datetime
) -> int:
    with transaction.atomic():
        found = [
            record
            for record in records.filter(filters__has_key="search").order_by("pk").select_for_update()
            if is_meant(record)
        ]
        for record in found:
            del record.filters["search"]
            record.filters["search_removed_at"] = at.isoformat()
            record.save(update_fields=["filters"])
    return len(found)
