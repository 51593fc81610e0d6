"""Weights and numbers in files: exact, bounded, and never guessed."""

import re
from decimal import Decimal
from fractions import Fraction

from courses.quizzes.types.numeric import parse_number, plain_number

MAX_DIGITS = 20
# Files round thirds, sixths and the like; nobody means 33.33333 / 100. With two places only the usual ones.
_DENOMINATORS = {0: 1, 1: 1, 2: 12}
_ANY_DENOMINATOR = 30
_PLACES = 5
_PERCENT = re.compile(r"(-?)(\d{1,3})(?:[.,](\d{0,12}))?", re.ASCII)
_SCIENTIFIC = re.compile(r"([+-]?(?:\d{1,20}(?:\.\d{0,20})?|\.\d{1,20}))[eE]([+-]?\d{1,2})", re.ASCII)
# `1,500` is one thousand five hundred to some and one and a half to others.
_UNCLEAR = re.compile(r"[+-]?\d{1,3},\d{3}")


def parse_percent(text: str) -> Fraction | None:
    """The fraction of a percentage as files write it (`50`, `-33.33333`); None for anything outside -100 to 100.

    A rounded third, sixth, seventh … is taken as what was meant.
    """
    found = _PERCENT.fullmatch(text.strip())
    if found is None:
        return None
    places = found[3] or ""
    exact = Fraction(int(found[2] + places), 100 * 10 ** len(places))
    if len(places) > 1:
        simple = exact.limit_denominator(_DENOMINATORS.get(len(places), _ANY_DENOMINATOR))
        # Some programs round, others cut off.
        if abs(simple - exact) * 10 ** (len(places) + 2) <= 1:
            exact = simple
    exact = -exact if found[1] else exact
    return exact if abs(exact) <= 1 else None


def write_percent(fraction: Fraction) -> str:
    """A fraction as a percentage with at most five places."""
    scaled = round(fraction * 100 * 10**_PLACES)
    return plain_number(Decimal(scaled).scaleb(-_PLACES))


def percent_is_exact(fraction: Fraction) -> bool:
    """Whether a fraction survives being written as a percentage."""
    return parse_percent(write_percent(fraction)) == fraction


def parse_decimal(text: str) -> Decimal | None:
    """The number in a file; None for what is none, or could be two (`1,500`)."""
    text = text.strip()
    found = _SCIENTIFIC.fullmatch(text)
    if found:
        number = Decimal(found[1]).scaleb(int(found[2]))
        return tidy(number) if len(plain_number(number)) <= 2 * MAX_DIGITS else None
    if _UNCLEAR.fullmatch(text):
        return None
    parsed = parse_number(text)
    return None if parsed is None else tidy(parsed)


def tidy(number: Decimal) -> Decimal:
    """The same number in its shortest form."""
    return Decimal(plain_number(number))
