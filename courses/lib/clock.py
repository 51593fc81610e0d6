"""Time: aware UTC inside, the local day and minute for people."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from django.utils import timezone


def now() -> datetime:
    """The current time, aware, UTC. Views and tasks take it once and pass it down as `at`."""
    return timezone.now()


def add_months(day: date, months: int) -> date:
    """`day` moved by calendar months; the 31st becomes the last day of a shorter month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def local_day(at: datetime) -> date:
    """The calendar day of `at` in the current time zone."""
    return timezone.localtime(at).date()


def local_day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of `day` and of the day after it, in the current time zone."""
    zone, after = timezone.get_current_timezone(), day + timedelta(days=1)
    return (
        datetime(day.year, day.month, day.day, tzinfo=zone),
        datetime(after.year, after.month, after.day, tzinfo=zone),
    )
