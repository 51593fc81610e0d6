"""Counting people by region and by association: one statement for all rows of a table.

A region holds the people of the associations in it or below it, and those who belong to no association and
live in it or below it. Territory paths are materialised, so 'in it or below it' is a prefix of the path: for
each depth of the tree people are grouped by the prefix of that depth. A person in two associations is one
person of each region and one of the region above both.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connections
from django.db.models import Case, Count, F, Max, QuerySet, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from courses.accounts.api import Membership, Region, User
from courses.progress.api import Enrolment
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


def figures_by_region(
    memberships: QuerySet[Membership],
    unattached: QuerySet[User],
    filters: ReportFilters,
    regions: Collection[Region],
    root: Region | None = None,
) -> TerritoryFigures:
    """Figures of these regions, and of everybody in `root` (in scope at all for None), in one query.

    memberships, unattached: those in scope (of ReportScope); `memberships` are open ones.
    """
    if root is not None:
        memberships = memberships.filter(association__region__path__startswith=root.path)
        unattached = unattached.filter(region__path__startswith=root.path)
    depths = sorted({region.depth for region in regions})
    by_path: dict[str, Figures] = {}
    total = alone_at_root = no_region = NOBODY
    unattached_count = 0
    for kind, key, *counts in _counted(memberships, unattached, filters, depths):
        figures = Figures(*counts)
        if kind == "prefix":
            by_path[key] = figures
        elif kind == "total":
            total = figures
        else:
            unattached_count += figures.members
            if key == "":
                no_region = figures
            elif root is not None and key == root.path:
                alone_at_root = figures
    return TerritoryFigures(by_path, total, no_region, alone_at_root, unattached_count)


# belonging: who counts where, each (person, region) once. learner: who has a matching enrolment, and whether one
# of them is complete. person: both together; `done` is null for somebody without a matching enrolment.
_PEOPLE = """
WITH belonging (user_id, path, attached) AS ({belonging}),
learner (user_id, done) AS ({learner}),
person AS (
    SELECT belonging.user_id, belonging.path, belonging.attached, learner.done
    FROM belonging LEFT JOIN learner ON learner.user_id = belonging.user_id
)
"""
_TOTAL_ARM = """
SELECT 'total', '', COUNT(*), COUNT(done), COALESCE(SUM(done), 0)
FROM (SELECT DISTINCT user_id, done FROM person) AS everybody
"""
_ALONE_ARM = """
SELECT 'alone', path, COUNT(*), COUNT(done), COALESCE(SUM(done), 0)
FROM person WHERE attached = 0 GROUP BY path
"""
_PREFIX_ARM = """
SELECT 'prefix', prefix, COUNT(*), COUNT(done), COALESCE(SUM(done), 0)
FROM (
    SELECT DISTINCT SUBSTR(path, 1, %s) AS prefix, user_id, done FROM person WHERE LENGTH(path) >= %s
) AS at_depth GROUP BY prefix
"""


def _counted(
    memberships: QuerySet[Membership],
    unattached: QuerySet[User],
    filters: ReportFilters,
    depths: Collection[int],
) -> list[tuple[str, str, int, int, int]]:
    """(kind, key, members, enrolled, completed): by prefix of each depth, in all, and of people without an
    association by path (empty for no region).

    The ORM writes who belongs where and who learnt what, so scope and filters stay where they are defined; it
    has no way to group a grouping again, hence the text around them. One statement: the database works out
    `person` once and groups it for each depth. Nothing of a request is in the text; values are parameters.
    """
    belonging = (
        memberships.order_by()
        .annotate(path=F("association__region__path"), attached=Value(1))
        .values_list("user_id", "path", "attached")
        .union(
            unattached.order_by()
            .annotate(path=Coalesce(F("region__path"), Value("")), attached=Value(0))
            .values_list("pk", "path", "attached")
        )
    )
    learner = (
        Enrolment.objects.filter(filters.matching(), user_id__in=RawSQL("SELECT user_id FROM belonging", []))
        .order_by()
        .values("user_id")
        .annotate(done=Max(Case(When(progress__completed_at__isnull=False, then=1), default=0)))
        .values_list("user_id", "done")
    )
    connection = connections[memberships.db]
    try:
        belonging_sql, belonging_params = belonging.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return []
    learner_sql, learner_params = learner.query.get_compiler(connection=connection).as_sql()
    statement = _PEOPLE.format(belonging=belonging_sql, learner=learner_sql) + " UNION ALL ".join(
        [_TOTAL_ARM, _ALONE_ARM, *(_PREFIX_ARM for _ in depths)]
    )
    lengths = [length for depth in depths for length in (depth * STEP, depth * STEP)]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*belonging_params, *learner_params, *lengths])
        rows: list[Any] = cursor.fetchall()
    return rows


def figures_by_association(
    memberships: QuerySet[Membership], filters: ReportFilters, association_ids: Collection[int]
) -> dict[int, Figures]:
    """Figures of these associations by their id, in one query; associations without people are absent."""
    enrolments = "user__enrolments__"
    rows = (
        memberships.filter(association__in=association_ids)
        .order_by()
        .values("association_id")
        .annotate(
            members=Count("user_id", distinct=True),
            enrolled=Count("user_id", distinct=True, filter=filters.matching(enrolments)),
            completed=Count("user_id", distinct=True, filter=filters.completed(enrolments)),
        )
        .values_list("association_id", "members", "enrolled", "completed")
    )
    return {pk: Figures(*figures) for pk, *figures in rows}
