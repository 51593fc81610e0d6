"""Handing out names: the one way, with permission, reason and record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from courses.accounts.api import Association, Region
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.people import PersonRow, named_memberships, person_rows
from courses.reports.domain.scope import OutOfScope, ReportScope
from courses.reports.models import REASON_MAX_LENGTH, REASON_MIN_LENGTH, NameExport

# Rows are read in portions: a region may have tens of thousands of people.
PORTION = 2000


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
        filters=_as_json(filters, course_titles, words),
        reason=reason,
        row_count=len(rows),
    )
    return NameList(record, rows)


def _as_json(filters: ReportFilters, course_titles: Mapping[UUID, str], words: str) -> dict[str, Any]:
    """The filters that were set, readable years later: the course with its title of that day."""
    asked: dict[str, Any] = {}
    if filters.course_key is not None:
        asked["course"] = str(filters.course_key)
        asked["course_title"] = course_titles.get(filters.course_key, "")
    if filters.programme:
        asked["programme"] = filters.programme
    if filters.has_period:
        asked["basis"] = filters.basis.value
        asked["since"] = filters.since.isoformat() if filters.since else None
        asked["until"] = filters.until.isoformat() if filters.until else None
    if words:
        asked["search"] = words
    return asked
