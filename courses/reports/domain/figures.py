"""Counting people by region and by association: each figure is one GROUP BY, however many rows there are.

A region holds the people of the associations in it or below it, and those who belong to no association and
live in it or below it. Territory paths are materialised, so 'in it or below it' is a prefix of the path: for
each depth of the tree people are grouped by the prefix of that depth, in one statement. A person in two
associations is counted once per prefix, so once in each region and once in the region above both.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, QuerySet, Value
from django.db.models.functions import Substr

from courses.accounts.api import Membership, Region, User
from courses.reports.domain.filters import ReportFilters

STEP = Region.steplen


@dataclass(frozen=True)
class Figures:
    """Numbers of people. `enrolled` are those with at least one enrolment that the filters let through,
    `completed` those of them who completed at least one such enrolment; each person counts once.
    """

    members: int = 0
    enrolled: int = 0
    completed: int = 0

    @property
    def in_progress(self) -> int:
        """Enrolled, and none of these enrolments complete."""
        return self.enrolled - self.completed

    @property
    def rate(self) -> int | None:
        """Completed ÷ members in percent, rounded down (100 means everybody); None where there is no member."""
        return self.completed * 100 // self.members if self.members else None

    def __add__(self, other: "Figures") -> "Figures":
        """The sum of two groups that share nobody."""
        return Figures(
            self.members + other.members, self.enrolled + other.enrolled, self.completed + other.completed
        )


NOBODY = Figures()


@dataclass(frozen=True)
class TerritoryFigures:
    """Figures by path of region and in all; of those who gave no region; of those without an association who
    live at the root itself; and the number of members without an association in all.
    """

    by_path: Mapping[str, Figures]
    total: Figures
    no_region: Figures
    alone_at_root: Figures
    unattached: int


@dataclass(frozen=True)
class _Source:
    """A set of people and the way to their region and enrolments. The sources share nobody."""

    name: str
    rows: "QuerySet[Any]"
    person: str
    region: str
    enrolments: str

    def counted(self, filters: ReportFilters) -> dict[str, Count]:
        return {
            "members": Count(self.person, distinct=True),
            "enrolled": Count(self.person, distinct=True, filter=filters.matching(self.enrolments)),
            "completed": Count(self.person, distinct=True, filter=filters.completed(self.enrolments)),
        }

    def grouped(
        self, rows: "QuerySet[Any]", filters: ReportFilters, kind: str, key: Substr | Value
    ) -> "QuerySet[Any, Any]":
        """One arm of the union: (source, kind, key, members, enrolled, completed) for each key."""
        labels = {"source": Value(self.name, CharField()), "kind": Value(kind, CharField()), "key": key}
        return (
            rows.order_by()
            .annotate(**labels)
            .values(*labels)
            .annotate(**self.counted(filters))
            .values_list(*labels, "members", "enrolled", "completed")
        )


def _sources(memberships: QuerySet[Membership], unattached: QuerySet[User]) -> tuple[_Source, _Source]:
    return (
        _Source("memberships", memberships, "user_id", "association__region__", "user__enrolments__"),
        _Source("unattached", unattached, "pk", "region__", "enrolments__"),
    )


def figures_by_region(
    memberships: QuerySet[Membership],
    unattached: QuerySet[User],
    filters: ReportFilters,
    depths: Collection[int],
    root: Region | None = None,
) -> TerritoryFigures:
    """Figures of every region of these depths, in one query; only below `root` where one is given.

    memberships, unattached: those in scope (of ReportScope); `memberships` are open ones.
    """
    nothing = Value("", CharField())
    arms = []
    for source in _sources(memberships, unattached):
        rows = source.rows
        if root is not None:
            rows = rows.filter(**{f"{source.region}path__startswith": root.path})
        for depth in sorted(depths):
            prefix = Substr(F(f"{source.region}path"), 1, depth * STEP)
            deep_enough = rows.filter(**{f"{source.region}depth__gte": depth})
            arms.append(source.grouped(deep_enough, filters, "path", prefix))
        arms.append(source.grouped(rows, filters, "total", nothing))
        if source.name == "unattached":
            # An association always has a region; only people without one may lack it.
            arms.append(source.grouped(rows.filter(region__isnull=True), filters, "no_region", nothing))
            if root is not None:
                arms.append(source.grouped(rows.filter(region=root), filters, "at_root", nothing))

    by_path: dict[str, Figures] = {}
    others = {"total": NOBODY, "no_region": NOBODY, "at_root": NOBODY}
    unattached_count = 0
    for source_name, kind, key, *counts in arms[0].union(*arms[1:], all=True):
        figures = Figures(*counts)
        if kind == "path":
            by_path[key] = by_path.get(key, NOBODY) + figures
        else:
            others[kind] += figures
        if kind == "total" and source_name == "unattached":
            unattached_count = figures.members
    return TerritoryFigures(
        by_path, others["total"], others["no_region"], others["at_root"], unattached_count
    )


def figures_by_association(
    memberships: QuerySet[Membership], filters: ReportFilters, association_ids: Collection[int]
) -> dict[int, Figures]:
    """Figures of these associations by their id, in one query; associations without people are absent."""
    source = _sources(memberships.filter(association__in=association_ids), User.objects.none())[0]
    rows = (
        source.rows.order_by()
        .values("association_id")
        .annotate(**source.counted(filters))
        .values_list("association_id", "members", "enrolled", "completed")
    )
    return {pk: Figures(*figures) for pk, *figures in rows}
