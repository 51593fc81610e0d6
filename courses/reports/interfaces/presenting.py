"""Rows as templates want them: texts and addresses ready, nothing left to glue together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.accounts.enums import AssociationStatus, MembershipStatus
from courses.lib.dates import format_date
from courses.plugin_api.registries import ReportColumn
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.people import PersonRow
from courses.reports.domain.tables import ReportRow, ReportTable
from courses.reports.enums import LearningState, PeriodBasis, RowKind
from courses.reports.interfaces.wording import number, percent, row_label, state_label
from courses.reports.models import NameExport

_TAG_STATES = {
    LearningState.PASSED: "done",
    LearningState.IN_PROGRESS: "progress",
    LearningState.NOT_YET: "todo",
}


@dataclass(frozen=True)
class Crumb:
    """A step of the way down; the template of breadcrumbs looks for both names of the text."""

    label: str
    url: str

    @property
    def title(self) -> str:
        return self.label


@dataclass(frozen=True)
class FigureRow:
    """A row of figures; `detail` says what kind of region it is or that an association isn't approved yet.

    strong: whether the row sums up others (a region with regions below it).
    """

    label: str
    detail: str
    url: str
    strong: bool
    members: int
    enrolled: int
    in_progress: int
    completed: int
    rate: str
    extra: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class FigureTable:
    rows: Sequence[FigureRow]
    foot: Sequence[FigureRow]
    columns: Sequence[str]
    unattached: int


@dataclass(frozen=True)
class StandingCell:
    course: str
    tag: str
    label: str
    day: str


@dataclass(frozen=True)
class PersonLine:
    name: str
    association: str
    association_url: str
    region: str
    function: str
    confirmed: bool
    membership: str
    cells: Sequence[StandingCell]


@dataclass(frozen=True)
class LogLine:
    """An export with names in words."""

    record: NameExport
    who: str
    what: str
    filters: Sequence[str]


def table_screen(table: ReportTable, query: str) -> FigureTable:
    """`query` keeps the filters in the links."""
    # What every row lies in is said once, by the total.
    total = table.foot[-1].region
    shown_within = total.name if total else ""

    def line(row: ReportRow) -> FigureRow:
        return row_screen(row, table.columns, query, shown_within)

    return FigureTable(
        [line(row) for row in table.rows],
        [line(row) for row in table.foot],
        [str(column.label) for column in table.columns],
        table.unattached,
    )


def row_screen(
    row: ReportRow, columns: Sequence[ReportColumn], query: str = "", shown_within: str = ""
) -> FigureRow:
    """One row; the region named `shown_within` isn't repeated in its detail."""
    figures = row.figures
    extra = [
        (str(column.label), number(value, column.unit))
        for value, column in zip(row.extra, columns, strict=True)
    ]
    return FigureRow(
        row_label(row),
        _detail(row, shown_within),
        _row_url(row, query),
        row.region is not None and row.region.numchild > 0,
        figures.members,
        figures.enrolled,
        figures.in_progress,
        figures.completed,
        percent(figures.rate),
        extra,
    )


def people_screen(
    rows: Iterable[PersonRow], filters: ReportFilters, course_titles: Mapping[UUID, str]
) -> list[PersonLine]:
    language = get_language() or "fr"
    lines = []
    for row in rows:
        membership = row.membership
        cells = [
            StandingCell(
                course_titles[standing.course_key],
                _tag(standing.state, filters),
                state_label(standing.state, filters),
                format_date(timezone.localtime(standing.completed_at).date(), language)
                if standing.completed_at
                else "",
            )
            for standing in row.standings
        ]
        lines.append(
            PersonLine(
                row.name,
                membership.association.name,
                reverse("reports:association", args=[membership.association.uuid]),
                membership.association.region.name,
                membership.get_function_display(),
                membership.status == MembershipStatus.CONFIRMED,
                membership.get_status_display(),
                cells,
            )
        )
    return lines


def log_lines(exports: Iterable[NameExport]) -> list[LogLine]:
    lines = []
    for export in exports:
        of = export.association or export.region
        lines.append(
            LogLine(
                export,
                export.exported_by.get_full_name() or _("closed account"),
                of.name if of else "",
                _logged_filters(export.filters),
            )
        )
    return lines


def _logged_filters(filters: Mapping[str, str | None]) -> list[str]:
    """The filters of a past export, in words."""
    texts = []
    if filters.get("course"):
        texts.append(_("Course: %(title)s") % {"title": filters.get("course_title") or filters["course"]})
    if filters.get("programme"):
        name = filters.get("programme_name") or filters["programme"]
        texts.append(_("Programme: %(name)s") % {"name": name})
    if filters.get("basis"):
        basis = PeriodBasis(str(filters["basis"])).label
        ends = {"since": filters.get("since") or "…", "until": filters.get("until") or "…"}
        texts.append(_("Period by %(basis)s: %(since)s to %(until)s") % {"basis": basis, **ends})
    if filters.get("search"):
        texts.append(_("Name: %(words)s") % {"words": filters["search"]})
    elif filters.get("search_removed_at"):
        texts.append(_("Name: removed since"))
    return texts


def _detail(row: ReportRow, shown_within: str) -> str:
    if row.key.kind == RowKind.REGION and row.region is not None:
        kind = str(row.region.get_kind_display())
        return f"{kind} · {row.within}" if row.within not in ("", shown_within) else kind
    if row.association is not None and row.association.status != AssociationStatus.APPROVED:
        return str(row.association.get_status_display())
    return ""


def _tag(state: LearningState, filters: ReportFilters) -> str:
    """The look of a state; something left out by filters isn't something to do."""
    if state == LearningState.NOT_YET and filters.narrows_enrolments:
        return "neutral"
    return _TAG_STATES[state]


def _row_url(row: ReportRow, query: str) -> str:
    if row.association is not None:
        return reverse("reports:association", args=[row.association.uuid]) + query
    if row.region is not None:
        return reverse("reports:region", args=[row.region.code]) + query
    return ""
