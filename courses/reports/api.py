"""The door of the reports.

For a plugin that registers a `ReportColumn`: its `fetch` is called once for each table, with a `ReportRows`.

    def answered(rows: ReportRows) -> Mapping[RowKey, float | int | None]:
        return rows.count_people(User.objects.filter(…))

Iterating `ReportRows` gives `RowKey`s (`kind`: a `RowKind`; `code`: the region's code, the association's uuid,
or empty for the foot of a table), so the smallest column is `lambda rows: dict.fromkeys(rows, 42)`.
`rows.filters` is the `ReportFilters` in force, `rows.viewer` the person asking; `rows.count_people(people)`
counts in each row those of a queryset of users who belong to it, within the viewer's scope. Values are
numbers; None or an absent row shows a dash. The column is in the file as on the screen.
"""

from courses.reports.domain.figures import Figures
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.scope import OutOfScope, ReportScope, may_see_reports
from courses.reports.domain.tables import (
    ReportRow,
    ReportRows,
    ReportTable,
    RowKey,
    association_table,
    region_table,
)

__all__ = [
    "Figures",
    "OutOfScope",
    "ReportFilters",
    "ReportRow",
    "ReportRows",
    "ReportScope",
    "ReportTable",
    "RowKey",
    "association_table",
    "may_see_reports",
    "region_table",
]
