"""The reports in words: percentages, names of rows, filters in force."""

from collections.abc import Mapping
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.lib.dates import format_date
from courses.reports.domain.figures import Figures
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.tables import ReportRow
from courses.reports.enums import LearningState, PeriodBasis, RowKind

DASH = "—"


def percent(rate: int | None) -> str:
    """`30 %` as the language writes it; a dash for no rate."""
    return DASH if rate is None else _("%(rate)s %%") % {"rate": rate}


def number(value: float | int | None, unit: str = "") -> str:
    """A registered column's value: whole numbers plain, others with at most two decimals; a dash for none."""
    if value is None:
        return DASH
    text = str(value) if isinstance(value, int) else f"{round(value, 2):g}"
    return f"{text} {unit}" if unit else text


def row_label(row: ReportRow) -> str:
    """The name of a row, in the active language."""
    if row.key.kind == RowKind.NO_REGION:
        return _("No region given")
    if row.key.kind == RowKind.NO_ASSOCIATION:
        return _("Members without an association")
    if row.association is not None:
        return row.association.name
    if row.region is not None:
        return row.region.name
    return _("All your regions")


def figures_label(name: str, figures: Figures) -> str:
    """`Kasserine: 12 of 40 (30 %)`, the name of a link on the map."""
    if figures.rate is None:
        return _("%(name)s: no member") % {"name": name}
    return _("%(name)s: %(completed)s of %(members)s (%(rate)s)") % {
        "name": name,
        "completed": figures.completed,
        "members": figures.members,
        "rate": percent(figures.rate),
    }


def step(rate: int | None) -> str:
    """The class of a region on the map: `none` without members, 0 for 0 %, then five steps of 20 points."""
    if rate is None:
        return "none"
    return str(0 if rate == 0 else min(rate // 20, 4) + 1)


def legend() -> list[tuple[str, str]]:
    """(step, words) in order."""
    ranges = [("1", 1, 19), ("2", 20, 39), ("3", 40, 59), ("4", 60, 79), ("5", 80, 100)]
    words = [("none", _("no member")), ("0", percent(0))]
    for name, low, high in ranges:
        words.append((name, _("%(low)s to %(high)s") % {"low": low, "high": percent(high)}))
    return words


def state_label(state: LearningState, filters: ReportFilters) -> str:
    """Where a person is, in words; 'not in this selection' where filters may hide an enrolment."""
    if state == LearningState.NOT_YET and filters.narrows_enrolments:
        return _("not in this selection")
    return str(state.label)


def filter_sentences(
    filters: ReportFilters, course_titles: Mapping[UUID, str], programmes: Mapping[str, str]
) -> list[str]:
    """What the figures are limited to, one sentence each; empty for no filter."""
    language = get_language() or "fr"
    sentences = []
    if filters.course_key is not None:
        title = course_titles.get(filters.course_key, "")
        sentences.append(_("Course: %(title)s") % {"title": title})
    if filters.programme:
        name = programmes.get(filters.programme, filters.programme)
        sentences.append(_("Programme: %(name)s") % {"name": name})
    if filters.has_period:
        since = format_date(filters.since, language) if filters.since else None
        until = format_date(filters.until, language) if filters.until else None
        completion = filters.basis == PeriodBasis.COMPLETION
        if since and until:
            text = (
                _("Completed from %(since)s to %(until)s, both days included")
                if completion
                else _("Enrolled from %(since)s to %(until)s, both days included")
            )
        elif since:
            text = _("Completed since %(since)s") if completion else _("Enrolled since %(since)s")
        else:
            text = _("Completed up to %(until)s") if completion else _("Enrolled up to %(until)s")
        sentences.append(text % {"since": since, "until": until})
    return sentences
