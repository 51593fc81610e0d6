"""The map of a report: one drawing per country, its regions with figures as links."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse

from courses.accounts.api import Region
from courses.reports.domain.outline_map import OutlineMap, map_of_country
from courses.reports.domain.tables import ReportRow
from courses.reports.interfaces.wording import figures_label, step

# SVG text stands on its baseline: lower by this much, a figure sits in the middle.
_HALF_A_LETTER = 4.5


@dataclass(frozen=True)
class MapRegion:
    """A shape; `label` and `url` are empty for a region without figures on this screen."""

    path: str
    step: str
    label: str = ""
    url: str = ""
    figure: str = ""
    x_text: str = ""
    y_text: str = ""


@dataclass(frozen=True)
class MapView:
    """What the template draws: neutral shapes first, so that no outline hides a link's border.

    Numbers are texts with a decimal point: the template would print them with the language's comma.
    """

    country: str
    viewbox_width: str
    viewbox_height: str
    neutral: Sequence[MapRegion]
    links: Sequence[MapRegion]


def maps_of(rows: Sequence[ReportRow], names: dict[str, str], query: str) -> list[MapView]:
    """A map for each country in which a row's region has an outline; often one, none for regions without.

    names: names of the visible regions by path. query: the filters, to be kept when a region is followed.
    """
    by_country: dict[str, dict[str, ReportRow]] = {}
    for row in rows:
        if row.region is not None:
            country = row.region.path[: Region.steplen]
            by_country.setdefault(country, {})[row.region.code] = row
    views = []
    for country, by_code in by_country.items():
        drawing = map_of_country(country)
        if drawing is not None and any(shape.code in by_code for shape in drawing.shapes):
            views.append(_view(drawing, by_code, names.get(country, ""), query))
    return views


def _view(drawing: OutlineMap, by_code: dict[str, ReportRow], country: str, query: str) -> MapView:
    neutral, links = [], []
    for shape in drawing.shapes:
        row = by_code.get(shape.code)
        if row is None or row.region is None:
            neutral.append(MapRegion(shape.path, "outside"))
            continue
        rate = row.figures.rate
        links.append(
            MapRegion(
                shape.path,
                step(rate),
                figures_label(row.region.name, row.figures),
                reverse("reports:region", args=[shape.code]) + query,
                str(rate) if shape.has_room and rate is not None else "",
                f"{shape.x:g}",
                f"{shape.y + _HALF_A_LETTER:g}",
            )
        )
    return MapView(country, f"{drawing.width + 4:g}", f"{drawing.height + 4:g}", neutral, links)
