"""Moodle's syntax of gaps in a passage: `{1:SHORTANSWER:=Tunis#Yes~%50%Sfax#Nearly}`."""

import re
from collections.abc import Mapping
from fractions import Fraction
from html.entities import html5

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.checks import check_parts, check_source
from courses.quizzes.interfaces.exchange.entries import (
    WHITE,
    Choice,
    ChoicesGap,
    Cloze,
    Gap,
    Near,
    NumberGap,
    NumericAnswer,
    Text,
    TextAnswer,
    TextFormat,
    TextGap,
    as_near,
    clean_line,
)
from courses.quizzes.interfaces.exchange.gift import NOT_A_NUMBER
from courses.quizzes.interfaces.exchange.numbers import parse_decimal, parse_percent, write_percent
from courses.quizzes.interfaces.exchange.report import Unusable
from courses.quizzes.types.numeric import plain_number

# How a gap is laid out (a list, buttons beside or below each other, shuffled) is for whoever shows it.
_SINGLE = ("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS",
           "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS")  # fmt: skip
_MULTIPLE = (
    "MULTIRESPONSE",
    "MR",
    "MULTIRESPONSE_H",
    "MRH",
    "MULTIRESPONSE_S",
    "MRS",
    "MULTIRESPONSE_HS",
    "MRHS",
)
_TEXT = ("SHORTANSWER", "SA", "MW")
_CASE = ("SHORTANSWER_C", "SAC", "MWC")
_NUMBER = ("NUMERICAL", "NM")
_START = re.compile(rf"\{{(\d{{0,3}}):({'|'.join(_SINGLE + _MULTIPLE + _TEXT + _CASE + _NUMBER)}):")
_END = re.compile(r"(?<!\\)\}")
_BETWEEN = re.compile(r"(?<!\\)~")
# The sign in a numeric entity begins no remark.
_REMARK = re.compile(r"(?<![\\&])(?<!&amp;)#")
_WEIGHT = re.compile(r"=|%([^%]{1,20})%")
_ESCAPED = re.compile(r'\\([}#~"/])')
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{0,31}));")
_SPECIAL = re.compile(r"[&~#}\\\n]|^[=%]")
_MARKUP: Mapping[str, str] = {"<": "&lt;", ">": "&gt;"}
_Answer = tuple[Fraction, str, str]


def parse_passage(source: str, format: TextFormat) -> Cloze:
    """The texts and gaps of a passage. Raises Unusable for a gap that can't be read."""
    check_source(source)
    parts: list[str | Gap] = []
    position = 0
    while start := _START.search(source, position):
        end = _END.search(source, start.end())
        if end is None:
            raise Unusable(_("The gap '%(gap)s' is not closed by a brace."), gap=clean_line(start[0]))
        parts.append(source[position : start.start()])
        alternatives = _BETWEEN.split(source[start.end() : end.start()])
        check_parts(parts)
        check_parts(alternatives)
        answers = [_answer(part) for part in alternatives if part.strip(WHITE)]
        parts.append(Gap(_gap(start[2], answers, format), int(start[1] or 1) or 1))
        position = end.end()
    return Cloze((*parts, source[position:]), format)


def write_passage(cloze: Cloze) -> str:
    """The reverse. Raises Unusable for a text that would be taken for a gap."""
    source = "".join(part if isinstance(part, str) else _written(part, cloze.format) for part in cloze.parts)
    read_again = parse_passage(source, cloze.format)
    if [isinstance(part, str) and part for part in read_again.parts] != [
        isinstance(part, str) and part for part in cloze.parts
    ]:
        raise Unusable(_("A text in the passage looks like a gap."))
    return source


def _gap(word: str, answers: list[_Answer], format: TextFormat) -> ChoicesGap | TextGap | NumberGap:
    if word in _NUMBER:
        return NumberGap(
            tuple(
                NumericAnswer(_near(text), fraction, Text(remark, format))
                for fraction, text, remark in answers
            )
        )
    if word in _TEXT or word in _CASE:
        variants = tuple(
            TextAnswer(text, fraction, Text(remark, format)) for fraction, text, remark in answers
        )
        return TextGap(variants, word in _CASE)
    choices = tuple(
        Choice(Text(text, format), fraction, Text(remark, format)) for fraction, text, remark in answers
    )
    return ChoicesGap(choices, word in _MULTIPLE)


def _answer(source: str) -> _Answer:
    source = source.strip(WHITE)
    weight = _WEIGHT.match(source)
    fraction: Fraction | None = Fraction(0)
    if weight:
        fraction = parse_percent(weight[1]) if weight[1] else Fraction(1)
        source = source[weight.end() :]
    if fraction is None:
        raise Unusable(
            _("'%(text)s' is no weight from -100 to 100 percent."), text=weight[0] if weight else ""
        )
    text, *remark = _REMARK.split(source, maxsplit=1)
    return fraction, _decoded(text), _decoded(remark[0]) if remark else ""


def _near(text: str) -> Near | None:
    if text.strip() == "*":
        return None
    value, colon, tolerance = text.partition(":")
    number, margin = parse_decimal(value), parse_decimal(tolerance if colon else "0")
    if number is None or margin is None or margin < 0:
        raise Unusable(NOT_A_NUMBER, text=clean_line(text)[:50])
    return Near(number, margin)


def _decoded(source: str) -> str:
    return _ENTITY.sub(_character, _ESCAPED.sub(r"\1", source))


def _character(found: re.Match[str]) -> str:
    if found[3]:
        return html5.get(found[3] + ";", found[0])
    code = int(found[1]) if found[1] else int(found[2], 16)
    return chr(code) if code <= 0x10FFFF else found[0]


def _encoded(text: str) -> str:
    return _SPECIAL.sub(lambda found: f"&#{ord(found[0])};", text)


def _written(gap: Gap, format: TextFormat) -> str:
    match gap.answer:
        case ChoicesGap(choices, multiple):
            word = "MULTIRESPONSE" if multiple else "MULTICHOICE"
            answers = [(choice.fraction, _encoded(choice.text.text), choice.feedback) for choice in choices]
        case TextGap(variants, case_sensitive):
            word = "SHORTANSWER_C" if case_sensitive else "SHORTANSWER"
            answers = [
                (variant.fraction, _plain(variant.text, format), variant.feedback) for variant in variants
            ]
        case NumberGap(numbers):
            word = "NUMERICAL"
            answers = [(number.fraction, _number(number), number.feedback) for number in numbers]
    written = [_weight(fraction) + text + _written_remark(remark) for fraction, text, remark in answers]
    return f"{{{gap.weight}:{word}:{'~'.join(written)}}}"


def _plain(text: str, format: TextFormat) -> str:
    """What a learner types is no HTML; the passage around it may be."""
    written = _encoded(text)
    if format is TextFormat.HTML:
        written = re.sub("[<>]", lambda found: _MARKUP[found[0]], written)
    return written


def _number(answer: NumericAnswer) -> str:
    if answer.accepts is None:
        return "*"
    near = as_near(answer.accepts)
    return f"{plain_number(near.value)}:{plain_number(near.tolerance)}"


def _weight(fraction: Fraction) -> str:
    if not fraction:
        return ""
    return "=" if fraction == 1 else f"%{write_percent(fraction)}%"


def _written_remark(text: Text) -> str:
    return f"#{_encoded(text.text)}" if text else ""
