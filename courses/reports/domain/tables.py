"""The rows of the reports: the screen and the file show what these functions return, nothing else."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from courses.accounts.api import Association, Membership, Region, User
from courses.plugin_api.registries import ReportColumn, report_columns
from courses.reports.domain.figures import (
    NOBODY,
    Figures,
    figures_by_association,
    figures_by_region,
)
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.scope import ReportScope
from courses.reports.enums import RowKind

# From open memberships and people without one to figures by row, and how many of the people have no association.
_Counter = Callable[[QuerySet[Membership], QuerySet[User]], tuple[Mapping["RowKey", Figures], int]]


@dataclass(frozen=True)
class RowKey:
    """Identity of a row. `code` is the region's code, the association's uuid as text, or empty."""

    kind: RowKind
    code: str = ""


TOTAL = RowKey(RowKind.TOTAL)
NO_REGION = RowKey(RowKind.NO_REGION)
NO_ASSOCIATION = RowKey(RowKind.NO_ASSOCIATION)


@dataclass(frozen=True)
class ReportRows(Collection[RowKey]):
    """What `ReportColumn.fetch` is called with, once for all the rows of a table.

    Iterating it gives the row keys, so `dict.fromkeys(rows, 42)` is a column. Answer a mapping from row key
    to number; a row that isn't in it shows a dash. `filters` says what the person asked for. The rows are
    already limited to what `viewer` may see: count people with `count_people`, which keeps to it.
    """

    viewer: User
    filters: ReportFilters
    keys: tuple[RowKey, ...]
    _count: Callable[[QuerySet[User]], dict[RowKey, int]] = field(repr=False, compare=False)

    def __iter__(self) -> Iterator[RowKey]:
        return iter(self.keys)

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, key: object) -> bool:
        return key in self.keys

    def count_people(self, people: QuerySet[User]) -> dict[RowKey, int]:
        """How many of these people each row counts; as many queries for one row as for thousands (at most 3)."""
        return self._count(people)


@dataclass(frozen=True)
class ReportRow:
    """One line. `region` or `association` is set for rows of that kind; `extra` follows the table's columns."""

    key: RowKey
    figures: Figures
    region: Region | None = None
    association: Association | None = None
    within: str = ""
    extra: tuple[float | int | None, ...] = ()


@dataclass(frozen=True)
class ReportTable:
    """Rows in order; `foot` holds the rows below them, the total last.

    columns: the registered columns, in the order of each row's `extra`.
    unattached: how many members of the total belong to no association.
    """

    rows: Sequence[ReportRow]
    foot: Sequence[ReportRow]
    columns: Sequence[ReportColumn]
    unattached: int

    @property
    def total(self) -> Figures:
        return self.foot[-1].figures

    def all_rows(self) -> list[ReportRow]:
        return [*self.rows, *self.foot]


def region_table(scope: ReportScope, filters: ReportFilters, region: Region | None = None) -> ReportTable:
    """A row for each visible region below `region` (every visible region for None), in the order of the tree.

    The total counts everybody in `region`; for None everybody in scope, and where the scope includes people
    without a region they have a row of their own before it. One query, and those of registered columns.
    """
    regions = scope.below(region) if region else scope.regions
    keys = {RowKey(RowKind.REGION, each.code): each.path for each in regions}

    def count(
        memberships: QuerySet[Membership], unattached: QuerySet[User]
    ) -> tuple[Mapping[RowKey, Figures], int]:
        territory = figures_by_region(memberships, unattached, filters, regions, region)
        figures = {key: territory.by_path.get(path, NOBODY) for key, path in keys.items()}
        return {**figures, NO_REGION: territory.no_region, TOTAL: territory.total}, territory.unattached

    figures, alone = count(scope.memberships, scope.unattached)
    rows = [
        ReportRow(
            RowKey(RowKind.REGION, each.code),
            figures[RowKey(RowKind.REGION, each.code)],
            region=each,
            within=scope.names_by_path.get(each.path[: -Region.steplen], ""),
        )
        for each in regions
    ]
    foot = [ReportRow(TOTAL, figures[TOTAL], region=region)]
    if region is None and scope.everybody:
        foot.insert(0, ReportRow(NO_REGION, figures[NO_REGION]))
    return _with_columns(scope, filters, rows, foot, alone, count)


def association_table(
    scope: ReportScope,
    filters: ReportFilters,
    region: Region,
    associations: Iterable[Association],
) -> ReportTable:
    """A row for each of these associations (all at `region` itself), then the people there who belong to none.

    The foot ends with the total of the region. Two queries, one for `associations`, and those of columns.
    """
    listed = list(associations)
    keys = {RowKey(RowKind.ASSOCIATION, str(each.uuid)): each.pk for each in listed}

    def count(
        memberships: QuerySet[Membership], unattached: QuerySet[User]
    ) -> tuple[Mapping[RowKey, Figures], int]:
        found = figures_by_association(memberships, filters, list(keys.values()))
        territory = figures_by_region(memberships, unattached, filters, (), region)
        figures = {key: found.get(pk, NOBODY) for key, pk in keys.items()}
        figures[NO_ASSOCIATION] = territory.alone_at_root
        return {**figures, TOTAL: territory.total}, territory.unattached

    figures, alone = count(scope.memberships, scope.unattached)
    rows = [
        ReportRow(
            RowKey(RowKind.ASSOCIATION, str(each.uuid)),
            figures[RowKey(RowKind.ASSOCIATION, str(each.uuid))],
            association=each,
            within=region.name,
        )
        for each in listed
    ]
    foot = [
        ReportRow(NO_ASSOCIATION, figures[NO_ASSOCIATION], within=region.name),
        ReportRow(TOTAL, figures[TOTAL], region=region),
    ]
    return _with_columns(scope, filters, rows, foot, alone, count)


def association_row(
    scope: ReportScope, filters: ReportFilters, association: Association
) -> tuple[ReportRow, Sequence[ReportColumn]]:
    """The row of one association alone, as it stands in `association_table`, and the registered columns."""
    key = RowKey(RowKind.ASSOCIATION, str(association.uuid))

    def count(
        memberships: QuerySet[Membership], unattached: QuerySet[User]
    ) -> tuple[Mapping[RowKey, Figures], int]:
        found = figures_by_association(memberships, filters, [association.pk])
        return {key: found.get(association.pk, NOBODY)}, 0

    figures, _none = count(scope.memberships, scope.unattached)
    row = ReportRow(key, figures[key], association=association, within=association.region.name)
    table = _with_columns(scope, filters, [row], [], 0, count)
    return table.rows[0], table.columns


def _with_columns(
    scope: ReportScope,
    filters: ReportFilters,
    rows: list[ReportRow],
    foot: list[ReportRow],
    unattached: int,
    count: _Counter,
) -> ReportTable:
    """The table with the registered columns: one call of `fetch` for each."""

    def count_people(people: QuerySet[User]) -> dict[RowKey, int]:
        found, _alone = count(
            scope.memberships.filter(user__in=people), scope.unattached.filter(pk__in=people)
        )
        return {key: figures.members for key, figures in found.items() if key in keys}

    keys = tuple(row.key for row in (*rows, *foot))
    asked = ReportRows(scope.viewer, filters, keys, count_people)
    columns = sorted(report_columns, key=lambda column: (column.order, column.key))
    values = [column.fetch(asked) for column in columns]

    def complete(row: ReportRow) -> ReportRow:
        extra: tuple[Any, ...] = tuple(value.get(row.key) for value in values)
        return ReportRow(row.key, row.figures, row.region, row.association, row.within, extra)

    return ReportTable([complete(row) for row in rows], [complete(row) for row in foot], columns, unattached)
