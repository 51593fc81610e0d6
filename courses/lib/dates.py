"""Dates and durations in words, outside requests: on paper, in e-mails, in exports.

Babel's data, because Django's Arabic prints the months of the Levant (يناير) and Tunisia says جانفي.
A bare language stands for its default country here: `ar` is Arabic of Tunisia, `en` British English. A
full locale (`ar_MA`, `ar-LY`, `fr_TN`) is taken as it is. Digits are Latin in every locale.
"""

from __future__ import annotations

import datetime
from functools import lru_cache

from babel import Locale
from babel.core import UnknownLocaleError
from babel.dates import format_date as _babel_format_date
from babel.units import format_unit

# No comma in Arabic: the Latin one is a stranger there, and its own stands badly between two figures.
_MOMENTS = {"ar": "{day} على الساعة {time}", "fr": "{day} à {time}", "en": "{day}, {time}"}

DEFAULT_LOCALES = {"ar": "ar_TN", "en": "en_GB", "fr": "fr"}


@lru_cache(maxsize=64)
def babel_locale(locale: str) -> Locale:
    """The Babel locale of a language code or locale, with `-` or `_`.

    Raises ValueError when Babel has no such locale.
    """
    name = locale.replace("-", "_")
    try:
        return Locale.parse(DEFAULT_LOCALES.get(name.lower(), name))
    except UnknownLocaleError as error:
        raise ValueError(f"unknown locale: {locale}") from error


def format_date(date: datetime.date, locale: str) -> str:
    """The day in words: `12 février 2026`, `12 فيفري 2026`, `12 February 2026`."""
    parsed = babel_locale(locale)
    # French ordinals: only the first of the month has one.
    day = "'1er'" if parsed.language == "fr" and date.day == 1 else "d"
    return _format(date, f"{day} MMMM y", parsed)


def format_month(date: datetime.date, locale: str) -> str:
    """The month in words: `février 2026`, `فيفري 2026`, `February 2026`."""
    return _format(date, "LLLL y", babel_locale(locale))


def format_moment(moment: datetime.datetime, locale: str) -> str:
    """Day and time of a moment that is in the reader's time zone: `12 février 2026 à 10:42`,
    `12 فيفري 2026 على الساعة 10:42`, `12 February 2026, 10:42`.
    """
    pattern = _MOMENTS.get(babel_locale(locale).language, _MOMENTS["en"])
    return pattern.format(day=format_date(moment.date(), locale), time=f"{moment:%H:%M}")


def format_duration(minutes: int, locale: str) -> str:
    """Hours and minutes in words: `3 heures 30 minutes`, `3 ساعات و30 دقيقة`, `1 hour`.

    Raises ValueError for a negative duration.
    """
    if minutes < 0:
        raise ValueError("a duration isn't negative")
    parsed = babel_locale(locale)
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(format_unit(hours, "hour", length="long", locale=parsed, numbering_system="latn"))
    if rest or not hours:
        parts.append(format_unit(rest, "minute", length="long", locale=parsed, numbering_system="latn"))
    return (" و" if parsed.language == "ar" else " ").join(parts)


def _format(date: datetime.date, pattern: str, locale: Locale) -> str:
    text = _babel_format_date(date, pattern, locale=locale)
    return text.translate(_LATIN_DIGITS)


# Some Arabic locales (Egypt, the Levant) print ٢٠٢٦; the platform writes 2026 everywhere.
_LATIN_DIGITS = {ord(digit): str(value) for value, digit in enumerate("٠١٢٣٤٥٦٧٨٩")}
