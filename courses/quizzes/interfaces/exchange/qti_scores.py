"""What answers of QTI are worth, as exact fractions of full marks."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from courses.quizzes.interfaces.exchange.entries import Choice, TrueFalse, clean_line
from courses.quizzes.interfaces.exchange.gift import NOT_A_NUMBER
from courses.quizzes.interfaces.exchange.numbers import parse_decimal
from courses.quizzes.interfaces.exchange.report import Unusable

# As editors write it, in our languages; the first word of each pair is 'true'.
_TRUTHS = (
    ("true", "false"),
    ("vrai", "faux"),
    ("صواب", "خطأ"),
    ("صحيح", "خطأ"),
)


def number(text: str) -> Decimal:
    """A number in a file. Raises Unusable for anything else."""
    found = parse_decimal(text)
    if found is None:
        raise Unusable(NOT_A_NUMBER, text=clean_line(text)[:50])
    return found


def fraction_of(worth: Decimal, best: Decimal) -> Fraction:
    """A share of full marks, from -1 to 1."""
    if best <= 0:
        return Fraction(0)
    return max(Fraction(-1), min(Fraction(1), Fraction(worth) / Fraction(best)))


def by_choice(
    names: Sequence[str], correct: Sequence[str], worth: Mapping[str, Decimal], *, several: bool
) -> dict[str, Fraction]:
    """What each choice is worth, by what a file says of each, or of all together.

    Where only the whole is right, each right choice is worth its share and each wrong one takes one away.
    """
    values = [worth.get(name, Decimal(0)) for name in names]
    if worth:
        positive = [value for value in values if value > 0]
        best = sum(positive, Decimal(0)) if several else max(positive, default=Decimal(0))
        return {name: fraction_of(value, best) for name, value in zip(names, values, strict=True)}
    right = set(correct) & set(names)
    share = Fraction(1, len(right)) if several and right else Fraction(1)
    return {name: share if name in right else -share if several else Fraction(0) for name in names}


def true_or_false(choices: Sequence[Choice]) -> TrueFalse | None:
    """Two choices that say true and false as such a question; None for any others."""
    words = tuple(choice.text.text.strip(" .").lower() for choice in choices)
    for pair in _TRUTHS:
        if words in (pair, pair[::-1]):
            first, second = choices if words == pair else choices[::-1]
            if {first.fraction, second.fraction} == {Fraction(0), Fraction(1)}:
                return TrueFalse(first.fraction == 1, first.feedback, second.feedback)
    return None


def exact_text(value: str) -> str:
    """A text in which a star is a star."""
    return value.replace("*", "\\*")
