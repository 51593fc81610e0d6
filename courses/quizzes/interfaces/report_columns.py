"""Columns of the regional report: passed, remembered after 30 days, before and after.

A share or a mean of fewer than five people isn't shown: it would tell of one of them.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from courses.plugin_api.registries import ReportColumn
from courses.quizzes.domain.remembering import asked_again, paired, passed, remembered

LEAST_PEOPLE: Final = 5
# Percentages are sums of these parts: a sum over people is made of counts of people.
BITS: Final = (1, 2, 4, 8, 16, 32, 64)


def _matching(rows: Any) -> Any:
    """The enrolments that a report is limited to, from an attempt or a refresher."""
    return rows.filters.matching("enrolment__")


def people_who_passed(rows: Any) -> Mapping[Any, int]:
    return rows.count_people(passed(_matching(rows)))  # type: ignore[no-any-return]


def share_that_remembers(rows: Any) -> Mapping[Any, int | None]:
    """Of the people asked after 30 days, how many remember, in percent, rounded down."""
    asked = rows.count_people(asked_again(_matching(rows)))
    if not any(asked.values()):
        return {}
    right = rows.count_people(remembered(_matching(rows)))
    return {key: right.get(key, 0) * 100 // count for key, count in asked.items() if count >= LEAST_PEOPLE}


def mean_before(rows: Any) -> Mapping[Any, int | None]:
    return _mean(rows, "before")


def mean_after(rows: Any) -> Mapping[Any, int | None]:
    return _mean(rows, "after")


def _mean(rows: Any, name: str) -> Mapping[Any, int | None]:
    """Over people who have both, in percent, rounded down. No further query where nobody has."""
    people = paired(_matching(rows))
    counts = rows.count_people(people)
    if not any(counts.values()):
        return {}
    sums: dict[Any, int] = dict.fromkeys(counts, 0)
    for bit in BITS:
        with_bit = people.alias(part=F(name).bitand(bit)).filter(part__gt=0)
        for key, count in rows.count_people(with_bit).items():
            sums[key] += bit * count
    return {key: sums[key] // count for key, count in counts.items() if count >= LEAST_PEOPLE}


COLUMNS: Final = (
    ReportColumn("quizzes.passed", _("Passed a test"), people_who_passed, order=200),
    ReportColumn(
        "quizzes.remembered", _("Remembered after 30 days"), share_that_remembers, unit="%", order=210
    ),
    ReportColumn("quizzes.before", _("Before the course"), mean_before, unit="%", order=220),
    ReportColumn("quizzes.after", _("After the course"), mean_after, unit="%", order=230),
)
