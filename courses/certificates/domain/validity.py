"""How long a certificate is valid. Calendar months; the day of expiry is still a valid day, to its end."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from courses.lib.clock import add_months


def valid_until(completed_on: date, months: int | None, renewed_from: date | None = None) -> date | None:
    """The last valid day; None for a certificate that doesn't expire.

    `renewed_from` is the last valid day of the certificate that this one renews: a course completed by that day
    prolongs from it, a later one counts from its own day. The 31st and 29 February become the last day of a shorter
    month.
    """
    if months is None:
        return None
    start = renewed_from if renewed_from is not None and completed_on <= renewed_from else completed_on
    return add_months(start, months)


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after `day` in `zone`, aware UTC."""
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
