"""What every question must have, whatever the format, and how much it may hold."""

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import (
    Choice,
    ChoicesGap,
    Cloze,
    Entry,
    Gap,
    Matching,
    MultipleChoice,
    NumberGap,
    Numeric,
    NumericAnswer,
    Open,
    Ordering,
    ShortText,
    SingleChoice,
    TextAnswer,
    TextGap,
    TrueFalse,
    texts_of,
)
from courses.quizzes.interfaces.exchange.report import Unusable

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAX_TEXT = 20_000
MAX_SOURCE = 500_000
MAX_LINE = 2_000
MAX_PARTS = 200
MAX_POINTS = 1_000
MAX_IMAGES = 100

NO_QUESTION = _("It has no question text.")
NONE_RIGHT = _("None of its answers is right.")
EMPTY_ANSWER = _("One of its answers is empty.")


def kind_name(entry: Entry) -> "_StrPromise":
    """The kind of a question in words."""
    match entry.kind:
        case SingleChoice():
            return _("single choice")
        case MultipleChoice():
            return _("multiple choice")
        case TrueFalse():
            return _("true or false")
        case Numeric():
            return _("a number")
        case ShortText():
            return _("a short text")
        case Matching():
            return _("matching")
        case Ordering():
            return _("ordering")
        case Cloze():
            return _("a text with gaps")
        case Open():
            return _("a free answer")


def check_entry(entry: Entry) -> None:
    """Raises Unusable for a question that can't be asked or is beyond the limits."""
    if not entry.stem and not isinstance(entry.kind, Cloze):
        raise Unusable(NO_QUESTION)
    _check_size(entry)
    match entry.kind:
        case SingleChoice(choices) | MultipleChoice(choices):
            _check_choices(choices)
        case Numeric(answers):
            _check_numbers(answers)
        case ShortText(variants):
            _check_variants(variants)
        case Matching(pairs, distractors):
            _check_count(pairs, 2)
            if not all(pair.left and pair.right for pair in pairs) or not all(distractors):
                raise Unusable(_("One side of a pair is empty."))
            _check_count(distractors, 0)
        case Ordering(items):
            _check_count(items, 2)
            if not all(items):
                raise Unusable(EMPTY_ANSWER)
        case Cloze() as cloze:
            if not cloze.gaps:
                raise Unusable(_("It is called a text with gaps, but has no gap."))
            _check_count(cloze.gaps, 1)
            for gap in cloze.gaps:
                _check_gap(gap)


def _check_size(entry: Entry) -> None:
    if any(len(text.text) > MAX_TEXT for text in texts_of(entry)):
        raise Unusable(
            _("One of its texts is longer than %(limit)s characters. Shorten it, or give pictures as files."),
            limit=MAX_TEXT,
        )
    lines = [entry.name, entry.identifier, *entry.category, *entry.tags, *entry.provisions, entry.objective]
    lines += _lines_of(entry)
    if any(len(line) > MAX_LINE for line in lines):
        raise Unusable(
            _("One of its lines (name, category, tag, answer) is longer than %(limit)s characters."),
            limit=MAX_LINE,
        )
    many = (entry.tags, entry.category, entry.hints, entry.provisions)
    if len(entry.images) > MAX_IMAGES or any(len(parts) > MAX_PARTS for parts in many):
        raise Unusable(_("It has too many pictures, tags or categories."))
    if not 0 <= entry.points <= MAX_POINTS:
        raise Unusable(_("Its points are not between 0 and %(limit)s."), limit=MAX_POINTS)


def _lines_of(entry: Entry) -> list[str]:
    match entry.kind:
        case ShortText(answers):
            return [answer.text for answer in answers]
        case Matching(pairs, distractors):
            return [*(pair.right for pair in pairs), *distractors]
        case Numeric(_answers, unit):
            return [unit]
    return []


def check_parts(parts: Sequence[object]) -> None:
    """Raises Unusable for more answers or gaps than a question may have, before anything is made of them."""
    if len(parts) > MAX_PARTS:
        raise Unusable(_("It has more than %(limit)s answers or gaps."), limit=MAX_PARTS)


def check_source(source: str) -> None:
    """Raises Unusable for a question that is too long to be read."""
    if len(source) > MAX_SOURCE:
        raise Unusable(_("It is longer than %(limit)s characters."), limit=MAX_SOURCE)


def _check_count(parts: Sequence[object], least: int) -> None:
    if len(parts) < least:
        raise Unusable(
            _("Too few answers or parts: %(count)s instead of %(least)s."), count=len(parts), least=least
        )
    check_parts(parts)


def _check_choices(choices: Sequence[Choice]) -> None:
    _check_count(choices, 2)
    if not all(choice.text for choice in choices):
        raise Unusable(EMPTY_ANSWER)
    _check_fractions([choice.fraction for choice in choices])


def _check_variants(answers: Sequence[TextAnswer]) -> None:
    _check_count(answers, 1)
    if not all(answer.text for answer in answers):
        raise Unusable(EMPTY_ANSWER)
    _check_fractions([answer.fraction for answer in answers])


def _check_numbers(answers: Sequence[NumericAnswer]) -> None:
    _check_count(answers, 1)
    _check_fractions([answer.fraction for answer in answers if answer.accepts is not None])


def _check_fractions(fractions: Sequence[Fraction]) -> None:
    if not any(fraction > 0 for fraction in fractions):
        raise Unusable(NONE_RIGHT)
    if any(abs(fraction) > 1 for fraction in fractions):
        raise Unusable(_("The weight of an answer is not between -100 and 100 percent."))


def _check_gap(gap: Gap) -> None:
    match gap.answer:
        case ChoicesGap(choices):
            _check_choices(choices)
            texts = [text for choice in choices for text in (choice.text, choice.feedback)]
        case TextGap(variants):
            _check_variants(variants)
            texts = [answer.feedback for answer in variants]
        case NumberGap(answers):
            _check_numbers(answers)
            texts = [answer.feedback for answer in answers]
    if any(len(text.text) > MAX_LINE for text in texts):
        raise Unusable(_("A text in one of its gaps is longer than %(limit)s characters."), limit=MAX_LINE)
