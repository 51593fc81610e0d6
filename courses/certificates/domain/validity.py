"""How long a certificate is valid. Calendar months; the day of expiry is still a valid day, to its end."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from courses.lib.clock import add_months


@dataclass(frozen=True)
class Validity:
    """The last valid day, and the day of the month on which the chain of renewals that it belongs to began.

    The 31st and 29 February become the last day of a shorter month; `anchor_day` lets a renewal find back to them:
    31 January, 28 February, 31 March.
    """

    until: date
    anchor_day: int

    def prolonged(self, months: int) -> "Validity":
        """So many months later, as if all months since the beginning of the chain had been counted at once."""
        month = add_months(self.until.replace(day=1), months)
        last = monthrange(month.year, month.month)[1]
        return Validity(month.replace(day=min(self.anchor_day, last)), self.anchor_day)


def validity_of(completed_on: date, months: int | None, renewed: Validity | None = None) -> Validity | None:
    """How long a certificate is valid; None for one that doesn't expire.

    `renewed` is the validity of the certificate that this one renews: a course completed by its last day prolongs it, a
    later one counts from its own day and begins another chain.
    """
    if months is None:
        return None
    if renewed is not None and completed_on <= renewed.until:
        return renewed.prolonged(months)
    return Validity(add_months(completed_on, months), completed_on.day)


def anchor_of(completed_on: date, until: date) -> int:
    """The anchor day of a certificate that froze none: its day of completion where its end was counted from there."""
    last = monthrange(until.year, until.month)[1]
    return completed_on.day if min(completed_on.day, last) == until.day else until.day


def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first moment after `day` in `zone`, aware UTC."""
    after = day + timedelta(days=1)
    return datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
