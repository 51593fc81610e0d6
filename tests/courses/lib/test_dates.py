"""Dates in words: Tunisian months, Latin digits, French first of the month."""

from __future__ import annotations

import datetime

import pytest

from courses.lib.dates import format_date, format_duration, format_moment, format_month

TUNISIAN_MONTHS = ["جانفي", "فيفري", "مارس", "أفريل", "ماي", "جوان"]
TUNISIAN_MONTHS += ["جويلية", "أوت", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"]


@pytest.mark.parametrize("month", range(1, 13))
def test_arabic_months_are_those_of_tunisia(month: int) -> None:
    date = datetime.date(2026, month, 12)
    assert format_date(date, "ar") == f"12 {TUNISIAN_MONTHS[month - 1]} 2026"
    assert format_month(date, "ar") == f"{TUNISIAN_MONTHS[month - 1]} 2026"


@pytest.mark.parametrize(
    ("locale", "day", "month"),
    [
        ("fr", "12 février 2026", "février 2026"),
        ("en", "12 February 2026", "February 2026"),
        ("ar_MA", "12 فبراير 2026", "فبراير 2026"),
        ("ar-LY", "12 فبراير 2026", "فبراير 2026"),
        ("ar_EG", "12 فبراير 2026", "فبراير 2026"),
        ("fr_TN", "12 février 2026", "février 2026"),
    ],
)
def test_dates_by_locale(locale: str, day: str, month: str) -> None:
    date = datetime.date(2026, 2, 12)
    assert format_date(date, locale) == day
    assert format_month(date, locale) == month


def test_first_of_the_month_in_french() -> None:
    assert format_date(datetime.date(2026, 8, 1), "fr") == "1er août 2026"
    assert format_date(datetime.date(2026, 8, 1), "en") == "1 August 2026"
    assert format_date(datetime.date(2026, 8, 1), "ar") == "1 أوت 2026"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("fr", "1er août 2026 à 09:05"),
        ("en", "1 August 2026, 09:05"),
        ("ar", "1 أوت 2026 على الساعة 09:05"),
        ("ar_MA", "1 غشت 2026 على الساعة 09:05"),
    ],
)
def test_moments_have_no_latin_comma_in_arabic(locale: str, expected: str) -> None:
    assert format_moment(datetime.datetime(2026, 8, 1, 9, 5), locale) == expected


@pytest.mark.parametrize(
    ("minutes", "locale", "expected"),
    [
        (210, "fr", "3 heures 30 minutes"),
        (60, "fr", "1 heure"),
        (45, "en", "45 minutes"),
        (61, "en", "1 hour 1 minute"),
        (210, "ar", "3 ساعات و30 دقيقة"),
        (120, "ar", "ساعتان"),
        (660, "ar", "11 ساعة"),
        (0, "fr", "0 minute"),
    ],
)
def test_durations(minutes: int, locale: str, expected: str) -> None:
    assert format_duration(minutes, locale).replace("\u00a0", " ").replace("\u202f", " ") == expected


def test_refusals() -> None:
    with pytest.raises(ValueError, match="negative"):
        format_duration(-1, "fr")
    with pytest.raises(ValueError, match="unknown locale"):
        format_date(datetime.date(2026, 1, 1), "xx_XX")
