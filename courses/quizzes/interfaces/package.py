"""Quizzes in course packages: `quiz.yaml`, all languages beside each other. Imports no model."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from courses.plugin_api.packages import Fields, Flow, LocalText, YamlValue, as_date

MAX_POINTS = 100
MAX_ATTEMPTS = 100
MAX_MINUTES = 600
# The longest texts that questions hold, in characters.
MAX_TITLE = 255
MAX_TEXT = 2000
MAX_LONG_TEXT = 4000
MAX_CHOICE = 500
MAX_REMARK = 1000
MAX_UNIT = 60
MAX_CHOICES = 20
PLACES = 6


@dataclass(frozen=True)
class Choice:
    """`id` is unique inside its question."""

    id: str
    correct: bool
    text: LocalText
    feedback: LocalText | None


@dataclass(frozen=True)
class ChoiceAnswer:
    """Of single_choice (exactly one choice is right) and multiple_choice (one right and one wrong at least)."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class BooleanAnswer:
    """Of true_false."""

    answer: bool


@dataclass(frozen=True)
class NumericAnswer:
    """Of numeric: right from answer - tolerance to answer + tolerance."""

    answer: Decimal
    tolerance: Decimal
    unit: LocalText | None


@dataclass(frozen=True)
class QuestionEntry:
    """`case`: the situation of a scenario. `feedback`: shown after submission."""

    id: str
    type: str
    points: int
    facts: tuple[str, ...]
    case: LocalText | None
    stem: LocalText
    answer: ChoiceAnswer | BooleanAnswer | NumericAnswer
    feedback: LocalText | None


@dataclass(frozen=True)
class QuizEntry:
    """`pass_mark` in percent, 0–100; `max_attempts` 0 for as many as wanted; `minutes` estimated."""

    id: str
    slug: str
    required: bool
    pass_mark: int
    max_attempts: int
    minutes: int
    law_checked_to: str | None
    title: LocalText
    intro: LocalText | None
    questions: tuple[QuestionEntry, ...]


class QuizCodec:
    """The `ActivityCodec` of quizzes."""

    key = "quiz"

    def read(self, fields: Fields) -> QuizEntry:
        entry = QuizEntry(
            id=fields.own_id(),
            slug=fields.slug(),
            required=fields.flag("required", default=True),
            pass_mark=fields.integer("pass_mark", 0, 100),
            max_attempts=fields.integer("max_attempts", 0, MAX_ATTEMPTS, default=0),
            minutes=fields.integer("minutes", 1, MAX_MINUTES),
            law_checked_to=fields.checked_to(),
            title=fields.line_by_language("title", MAX_TITLE),
            intro=fields.optional_text_by_language("intro", MAX_TEXT),
            questions=tuple(_question(row) for row in fields.rows("questions")),
        )
        fields.close()
        return entry

    def write(self, entry: QuizEntry) -> Mapping[str, YamlValue]:
        written: dict[str, Any] = {
            "id": entry.id,
            "slug": entry.slug,
            "required": entry.required,
            "pass_mark": entry.pass_mark,
            "max_attempts": entry.max_attempts,
            "minutes": entry.minutes,
        }
        if entry.law_checked_to:
            written["law_checked_to"] = as_date(entry.law_checked_to)
        written["title"] = entry.title
        if entry.intro:
            written["intro"] = entry.intro
        written["questions"] = [_write_question(question) for question in entry.questions]
        return written


# Questions


def _choices(fields: Fields) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    for row in fields.rows("choices"):
        choice = Choice(
            id=row.local_id(),
            correct=row.flag("correct"),
            text=row.text_by_language("text", MAX_CHOICE),
            feedback=row.optional_text_by_language("feedback", MAX_REMARK),
        )
        if choice.id and choice.id in {earlier.id for earlier in choices}:
            row.problem("id", f"two choices of this question have the id '{choice.id}'")
        row.close()
        choices.append(choice)
    if len(choices) > MAX_CHOICES:
        fields.problem("choices", f"there are {len(choices)} choices, but at most {MAX_CHOICES} are allowed")
    return tuple(choices)


def _single_choice(fields: Fields) -> ChoiceAnswer:
    choices = _choices(fields)
    right = sum(choice.correct for choice in choices)
    if fields.has("choices") and right != 1:
        fields.problem("choices", f"{right} choices are right, but a single_choice has exactly one")
    elif len(choices) == 1:
        fields.problem("choices", "a single_choice needs at least two choices")
    return ChoiceAnswer(choices)


def _multiple_choice(fields: Fields) -> ChoiceAnswer:
    choices = _choices(fields)
    right = sum(choice.correct for choice in choices)
    if fields.has("choices") and not 0 < right < len(choices):
        fields.problem("choices", "a multiple_choice needs at least one right and one wrong choice")
    return ChoiceAnswer(choices)


def _true_false(fields: Fields) -> BooleanAnswer:
    return BooleanAnswer(fields.flag("answer"))


def _numeric(fields: Fields) -> NumericAnswer:
    return NumericAnswer(
        answer=fields.decimal("answer", places=PLACES),
        tolerance=fields.decimal("tolerance", low=Decimal(0), default=Decimal(0), places=PLACES),
        unit=fields.optional_text_by_language("unit", MAX_UNIT),
    )


_ANSWERS: Mapping[str, Callable[[Fields], ChoiceAnswer | BooleanAnswer | NumericAnswer]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "numeric": _numeric,
}


def _question(fields: Fields) -> QuestionEntry:
    kind = fields.one_of("type", _ANSWERS)
    entry = QuestionEntry(
        id=fields.own_id(),
        type=kind,
        points=fields.integer("points", 1, MAX_POINTS, default=1),
        facts=fields.facts(),
        case=fields.optional_text_by_language("case", MAX_LONG_TEXT),
        stem=fields.text_by_language("stem", MAX_TEXT),
        answer=_ANSWERS[kind](fields) if kind in _ANSWERS else BooleanAnswer(False),
        feedback=fields.optional_text_by_language("feedback", MAX_LONG_TEXT),
    )
    # An unknown type has said enough: its other keys would only be called unknown as well.
    if kind in _ANSWERS:
        fields.close()
    return entry


def _write_question(entry: QuestionEntry) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": entry.id,
        "type": entry.type,
        "points": entry.points,
        "facts": Flow(entry.facts),
    }
    if entry.case:
        written["case"] = entry.case
    written["stem"] = entry.stem
    match entry.answer:
        case ChoiceAnswer(choices):
            written["choices"] = [_write_choice(choice) for choice in choices]
        case BooleanAnswer(answer):
            written["answer"] = answer
        case NumericAnswer(answer, tolerance, unit):
            written |= {"answer": answer, "tolerance": tolerance}
            if unit:
                written["unit"] = unit
    if entry.feedback:
        written["feedback"] = entry.feedback
    return written


def _write_choice(choice: Choice) -> dict[str, Any]:
    written: dict[str, Any] = {"id": choice.id, "correct": choice.correct, "text": choice.text}
    if choice.feedback:
        written["feedback"] = choice.feedback
    return written
