import re
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.base import Frozen, Json, QuestionType, Text

if TYPE_CHECKING:
    from courses.quizzes.models import Question

MAX_LENGTH = 40
MAX_DIGITS = 20
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
# Signs that group thousands and can't be mistaken for a decimal sign.
_GROUPING = re.compile(r"(?<=\d)[\s'’٬](?=\d{3}(?!\d))")


def parse_number(text: str) -> Decimal | None:
    """The number that a person wrote, exactly; None for anything else.

    Digits of any script; decimal comma, point or Arabic ٫; thousands grouped by spaces, apostrophes or ٬. A
    single comma or point is always a decimal sign (`1,500` is one and a half); where both stand, the last one
    is; the same sign several times groups thousands. No exponents, no units, at most 20 digits.
    """
    if len(text) > MAX_LENGTH:
        return None
    plain = "".join(
        str(unicodedata.digit(char)) if unicodedata.category(char) == "Nd" else char
        for char in _visible(text)
    )
    plain = plain.strip().replace("−", "-").replace("٫", ".")
    previous = None
    while previous != plain:
        previous, plain = plain, _GROUPING.sub("", plain)
    plain = _one_decimal_sign(plain)
    if not _NUMBER.fullmatch(plain) or sum(char.isdigit() for char in plain) > MAX_DIGITS:
        return None
    return Decimal(plain)


def without_unit(text: str, units: Iterable[str]) -> str:
    """The text before one of these units where it ends with it and a digit stands before; else unchanged."""
    if len(text) > MAX_LENGTH:
        return text
    plain = _visible(text).strip()
    for unit in map(str.strip, units):
        # A unit that begins with a digit could be part of the number.
        if unit and not unit[0].isdigit():
            found = re.fullmatch(rf"(.*\d)\s*{re.escape(_visible(unit))}", plain, re.IGNORECASE | re.DOTALL)
            if found:
                return found[1]
    return text


def _visible(text: str) -> str:
    """Without direction marks and other invisible signs."""
    return "".join(char for char in text if unicodedata.category(char) != "Cf")


def _one_decimal_sign(text: str) -> str:
    commas, points = text.count(","), text.count(".")
    if commas and points:
        last, other = (",", ".") if text.rfind(",") > text.rfind(".") else (".", ",")
        whole, _sign, rest = text.rpartition(last)
        return f"{_ungrouped(whole, other)}.{rest}"
    sign = "," if commas else "."
    if commas + points > 1:
        return _ungrouped(text, sign)
    return text.replace(",", ".")


def _ungrouped(text: str, sign: str) -> str:
    """Without its thousands signs where they stand as such; unchanged (and no number) elsewhere."""
    grouped = re.fullmatch(rf"[+-]?\d{{1,3}}({re.escape(sign)}\d{{3}})+", text, re.ASCII)
    return text.replace(sign, "") if grouped else text


def plain_number(number: Decimal) -> str:
    """The shortest plain form: `500`, `0.5`, `-3`."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.removeprefix("+")


class Numeric(QuestionType):
    """A number within a tolerance. The value is its plain form as text, so that nothing is lost to floats."""

    key = "numeric"
    label = _("A number")
    template = "courses_quizzes/types/numeric.html"
    review_template = "courses_quizzes/types/numeric_review.html"
    not_understood = _("Write a number in digits only, for example 30.")
    uses = ("number", "tolerance", "unit")

    def problems(self, question: "Question") -> dict[str, list[Text]]:
        if question.number is None:
            return {"number": [_("Write the right number.")]}
        return {}

    def freeze(self, question: "Question") -> Frozen:
        number = question.number if question.number is not None else Decimal(0)
        return Frozen(
            texts={"unit": question.unit},
            answer={
                "number": plain_number(Decimal(number)),
                "tolerance": plain_number(Decimal(question.tolerance)),
            },
        )

    def tidied(self, raw: Any, texts: Sequence[Json]) -> Any:
        """Without the unit that was written after the number: `16 ans`, `500 دينار`."""
        return (
            without_unit(raw, [str(words.get("unit", "")) for words in texts])
            if isinstance(raw, str)
            else raw
        )

    def clean_answer(self, body: Json, raw: Any) -> str | None:
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            return None
        if isinstance(raw, int) and abs(raw) >= 10**MAX_DIGITS:
            return None
        number = parse_number(str(raw))
        return None if number is None else plain_number(number)

    def grade(self, body: Json, answer: Json, value: Any) -> Fraction:
        distance = abs(Fraction(value) - Fraction(answer["number"]))
        return Fraction(distance <= Fraction(answer["tolerance"]))

    def input_context(self, body: Json, texts: Json, value: Any) -> dict[str, Any]:
        return {"value": value or "", "unit": texts.get("unit", "")}

    def review_context(
        self, body: Json, answer: Json, texts: Json, remarks: Json, value: Any, *, reveal: bool
    ) -> dict[str, Any]:
        right = value is not None and self.grade(body, answer, value) == 1
        return {
            "value": value,
            "unit": texts.get("unit", ""),
            "verdict": "" if value is None else "right" if right else "wrong",
            "key": answer["number"] if reveal else "",
            "tolerance": answer["tolerance"] if reveal and answer["tolerance"] != "0" else "",
        }

    def in_words(self, body: Json, texts: Json, value: Any) -> str:
        return f"{value} {texts.get('unit', '')}".strip() if value is not None else ""
