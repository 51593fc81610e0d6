"""Dates for people, in the active language: Tunisian months in Arabic, Latin digits."""

from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from courses.lib.dates import format_date, format_duration, format_moment, format_month

register = template.Library()


def _day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def long_date(value: date | datetime | None) -> str:
    """`12 février 2026`; a moment is told in the current time zone. Empty for None."""
    return format_date(_day(value), get_language() or "fr") if value else ""


@register.filter
def month_year(value: date | datetime | None) -> str:
    """`février 2026`."""
    return format_month(_day(value), get_language() or "fr") if value else ""


@register.filter
def clock_time(value: datetime | None) -> str:
    """`10:42`, in the current time zone."""
    return timezone.localtime(value).strftime("%H:%M") if value else ""


@register.filter
def date_and_time(value: datetime | None) -> str:
    """`12 février 2026 à 10:42`, in the current time zone. Empty for None."""
    return format_moment(timezone.localtime(value), get_language() or "fr") if value else ""


@register.filter
def duration(minutes: int | None) -> str:
    """Minutes in words: `1 heure 20 minutes`. Empty for none."""
    return format_duration(minutes, get_language() or "fr") if minutes else ""
