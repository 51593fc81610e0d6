from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.lib.clock import add_months, local_day, local_day_bounds, month_end


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 2, 28), 6, date(2026, 8, 28)),
    ],
)
def test_months_are_calendar_months(day, months, expected):
    assert add_months(day, months) == expected


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(-240, 240))
def test_moving_by_months_lands_in_the_right_month(day, months):
    moved = add_months(day, months)

    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == months
    assert moved.day == min(day.day, month_end(moved.year, moved.month).day)


def test_a_day_begins_at_midnight_in_tunis():
    start, end = local_day_bounds(date(2026, 3, 1))

    assert (start, end) == (datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 1, 23, tzinfo=UTC))
    assert local_day(datetime(2026, 2, 28, 23, 30, tzinfo=UTC)) == date(2026, 3, 1)
