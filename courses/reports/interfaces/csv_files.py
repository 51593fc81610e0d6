"""The reports as files that a spreadsheet opens, headers in the reader's language."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.lib.spreadsheets import Cell, csv_text
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.people import PersonRow
from courses.reports.domain.tables import ReportTable
from courses.reports.enums import LearningState
from courses.reports.interfaces.wording import row_label, state_label


def csv_response(name: str, header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> HttpResponse:
    """A download that no cache keeps. `name` is ASCII, without suffix."""
    response = HttpResponse(
        csv_text(header, rows, get_language() or "fr"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def totals_header(table: ReportTable, *, of_regions: bool) -> list[str]:
    head = (
        [_("Region"), _("Kind of region"), _("Code"), _("Part of")]
        if of_regions
        else [_("Association"), _("Region")]
    )
    columns = [
        f"{column.label} ({column.unit})" if column.unit else str(column.label) for column in table.columns
    ]
    return [
        *head,
        _("Members"),
        _("Enrolled"),
        _("In progress"),
        _("Completed"),
        _("Rate in percent"),
        *columns,
    ]


def totals_rows(table: ReportTable, *, of_regions: bool) -> list[list[Cell]]:
    """The rows of the table and its foot, as they stand on the screen."""
    lines: list[list[Cell]] = []
    for row in table.all_rows():
        head: list[Cell] = [row_label(row)]
        if of_regions:
            region = row.region
            head += [str(region.get_kind_display()), region.code] if region else ["", ""]
        head.append(row.within)
        figures = row.figures
        lines.append(
            [
                *head,
                figures.members,
                figures.enrolled,
                figures.in_progress,
                figures.completed,
                figures.rate,
                *row.extra,
            ]
        )
    return lines


def names_header(course_titles: Mapping[UUID, str]) -> list[str]:
    head = [_("Name"), _("Association"), _("Region"), _("Function"), _("Membership")]
    for title in course_titles.values():
        head += [title, _("%(course)s: completed on") % {"course": title}]
    return head


def names_rows(people: Iterable[PersonRow], filters: ReportFilters) -> list[list[Cell]]:
    """A line for each person in an association: membership, then state and day of completion by course."""
    lines: list[list[Cell]] = []
    for person in people:
        membership = person.membership
        line: list[Cell] = [
            person.name,
            membership.association.name,
            membership.association.region.name,
            str(membership.get_function_display()),
            str(membership.get_status_display()),
        ]
        for standing in person.standings:
            passed = standing.state == LearningState.PASSED and standing.completed_at
            line.append(state_label(standing.state, filters))
            line.append(timezone.localtime(standing.completed_at).date().isoformat() if passed else "")
        lines.append(line)
    return lines
