"""What is right, in the questions of course packages: each type's keys of `quiz.yaml`. Imports no model."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import override

from courses.plugin_api.packages import Fields, LocalText
from courses.quizzes.enums import ChoiceScoring
from courses.quizzes.types.passage import differences, parse_passage
from courses.quizzes.types.text_matching import accepts_anything, normalised

# The longest texts that questions hold, in characters.
MAX_LONG_TEXT = 4000
MAX_CHOICE = 500
MAX_REMARK = 1000
MAX_UNIT = 60
MAX_CHOICES = 20
MAX_ACCEPTED = 200
MAX_PROMPT = 300
MAX_OPTION = 200
MAX_ITEM = 300
MAX_ALT = 300
MAX_CRITERION = 300
MAX_CRITERION_POINTS = 100
PLACES = 6
# What a partly right answer to a multiple_choice earns; the first where it isn't said.
SCORINGS = tuple(ChoiceScoring.values)


@dataclass(frozen=True)
class Shown:
    """A picture: its path in the package, and what it shows in words."""

    file: str
    alt: LocalText


@dataclass(frozen=True)
class Choice:
    """`id` is unique inside its question."""

    id: str
    correct: bool
    text: LocalText
    feedback: LocalText | None
    picture: Shown | None = None


@dataclass(frozen=True)
class ChoiceAnswer:
    """Of single_choice (exactly one choice is right) and multiple_choice (one right and one wrong at least)."""

    choices: tuple[Choice, ...]
    scoring: str = SCORINGS[0]


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
class TextAnswer:
    """Of short_text: what is accepted, one a line."""

    accepted: LocalText


@dataclass(frozen=True)
class Pair:
    """`id` is unique inside its question, among pairs and distractors."""

    id: str
    prompt: LocalText
    option: LocalText


@dataclass(frozen=True)
class Distractor:
    """An option that belongs to no prompt."""

    id: str
    option: LocalText


@dataclass(frozen=True)
class MatchingAnswer:
    """Of matching."""

    pairs: tuple[Pair, ...]
    distractors: tuple[Distractor, ...]
    partial_credit: bool


@dataclass(frozen=True)
class Item:
    """`id` is unique inside its question."""

    id: str
    text: LocalText


@dataclass(frozen=True)
class OrderingAnswer:
    """Of ordering: the items in their right order."""

    items: tuple[Item, ...]
    partial_credit: bool


@dataclass(frozen=True)
class PassageAnswer:
    """Of cloze: the passage with its gaps (`types.passage`), the same ones in every language."""

    passage: LocalText
    partial_credit: bool


@dataclass(frozen=True)
class Criterion:
    """`id` is unique inside its question; `points`: at most."""

    id: str
    text: LocalText
    points: int


@dataclass(frozen=True)
class RubricAnswer:
    """Of open_answer: what a person marks it by."""

    rubric: tuple[Criterion, ...]


Answer = (
    ChoiceAnswer
    | BooleanAnswer
    | NumericAnswer
    | TextAnswer
    | MatchingAnswer
    | OrderingAnswer
    | PassageAnswer
    | RubricAnswer
)


def _choices(fields: Fields) -> tuple[Choice, ...]:
    choices: list[Choice] = []
    for row in fields.rows("choices"):
        choice = Choice(
            id=row.local_id(),
            correct=row.flag("correct"),
            text=row.text_by_language("text", MAX_CHOICE),
            picture=read_picture(row, "picture") if row.has("picture") else None,
            feedback=row.optional_text_by_language("feedback", MAX_REMARK),
        )
        if choice.id and choice.id in {earlier.id for earlier in choices}:
            row.problem("id", f"two choices of this question have the id '{choice.id}'")
        row.close()
        choices.append(choice)
    if len(choices) > MAX_CHOICES:
        fields.problem("choices", f"there are {len(choices)} choices, but at most {MAX_CHOICES} are allowed")
    return tuple(choices)


def read_picture(fields: Fields, key: str) -> Shown:
    """A picture whose path stands under `key`, with its `alt`."""
    return Shown(fields.picture(key), fields.line_by_language("alt", MAX_ALT))


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
    return ChoiceAnswer(choices, fields.one_of("scoring", SCORINGS) if fields.has("scoring") else SCORINGS[0])


def _true_false(fields: Fields) -> BooleanAnswer:
    return BooleanAnswer(fields.flag("answer"))


def _numeric(fields: Fields) -> NumericAnswer:
    return NumericAnswer(
        answer=fields.decimal("answer", places=PLACES),
        tolerance=fields.decimal("tolerance", low=Decimal(0), default=Decimal(0), places=PLACES),
        unit=fields.optional_text_by_language("unit", MAX_UNIT),
    )


def _short_text(fields: Fields) -> TextAnswer:
    accepted = fields.text_by_language("accepted", MAX_LONG_TEXT)
    for language, text in accepted.items():
        lines = [line.strip() for line in text.split("\n")]
        if text and not any(normalised(line) for line in lines):
            fields.problem("accepted", f"nothing is accepted in '{language}'")
        if any(accepts_anything(line) for line in lines):
            fields.problem("accepted", f"a line in '{language}' would accept any answer")
        if any(len(line) > MAX_ACCEPTED for line in lines):
            fields.problem("accepted", f"a line in '{language}' has more than {MAX_ACCEPTED} characters")
    return TextAnswer(accepted)


def _cloze(fields: Fields) -> PassageAnswer:
    texts = fields.text_by_language("passage", MAX_LONG_TEXT)
    passages = {language: parse_passage(text) for language, text in texts.items() if text}
    original = next(iter(passages.values()), None)
    # Packages are read in English, whatever the reader's language.
    with override("en"):
        for language, text in texts.items():
            if not text or original is None:
                continue
            passage = parse_passage(text)
            problems = passage.problems or differences(original, passage)
            for problem in problems:
                fields.problem("passage", f"in '{language}': {problem}")
    return PassageAnswer(texts, fields.flag("partial_credit", default=True))


def _matching(fields: Fields) -> MatchingAnswer:
    pairs, distractors = [], []
    seen: set[str] = set()
    for row in fields.rows("pairs"):
        pairs.append(
            Pair(
                _new_id(row, seen),
                row.line_by_language("prompt", MAX_PROMPT),
                row.line_by_language("option", MAX_OPTION),
            )
        )
        row.close()
    for row in fields.rows("distractors") if fields.has("distractors") else ():
        distractors.append(Distractor(_new_id(row, seen), row.line_by_language("option", MAX_OPTION)))
        row.close()
    _check_options(fields, pairs, distractors)
    return MatchingAnswer(tuple(pairs), tuple(distractors), fields.flag("partial_credit", default=True))


def _check_options(fields: Fields, pairs: Sequence[Pair], distractors: Sequence[Distractor]) -> None:
    if len(pairs) == 1:
        fields.problem("pairs", "a matching needs at least two pairs")
    if len(pairs) + len(distractors) > MAX_CHOICES:
        fields.problem("pairs", f"there are more than {MAX_CHOICES} pairs and distractors")
    for language in fields.languages:
        prompts = [pair.prompt.get(language, "") for pair in pairs]
        options = {pair.option.get(language, "") for pair in pairs}
        others = [distractor.option.get(language, "") for distractor in distractors]
        if len(set(prompts)) < len(prompts):
            fields.problem("pairs", f"two prompts are the same in '{language}'")
        if len(pairs) > 1 and len(options | set(others)) < 2:
            fields.problem("pairs", f"all options are the same in '{language}'")
        if len(set(others)) < len(others) or options & set(others):
            fields.problem("distractors", f"a distractor is the same as another option in '{language}'")
    # Options that are one in a language are one in all: no language tells two of them apart.
    if len({len({pair.option.get(language, "") for pair in pairs}) for language in fields.languages}) > 1:
        fields.problem("pairs", "options that are the same in one language differ in another")


def _ordering(fields: Fields) -> OrderingAnswer:
    items: list[Item] = []
    seen: set[str] = set()
    for row in fields.rows("items"):
        items.append(Item(_new_id(row, seen), row.line_by_language("text", MAX_ITEM)))
        row.close()
    if len(items) == 1:
        fields.problem("items", "an ordering needs at least two items")
    if len(items) > MAX_CHOICES:
        fields.problem("items", f"there are {len(items)} items, but at most {MAX_CHOICES} are allowed")
    for language in fields.languages:
        texts = [item.text.get(language, "") for item in items]
        if len(set(texts)) < len(texts):
            fields.problem("items", f"two items are the same in '{language}'")
    return OrderingAnswer(tuple(items), fields.flag("partial_credit", default=True))


def _open_answer(fields: Fields) -> RubricAnswer:
    criteria: list[Criterion] = []
    seen: set[str] = set()
    for row in fields.rows("rubric"):
        criterion = Criterion(
            _new_id(row, seen),
            row.line_by_language("text", MAX_CRITERION),
            row.integer("points", 1, MAX_CRITERION_POINTS),
        )
        criteria.append(criterion)
        row.close()
    if len(criteria) > MAX_CHOICES:
        fields.problem("rubric", f"there are {len(criteria)} criteria, but at most {MAX_CHOICES} are allowed")
    for language in fields.languages:
        texts = [criterion.text.get(language, "") for criterion in criteria]
        if len(set(texts)) < len(texts):
            fields.problem("rubric", f"two criteria are the same in '{language}'")
    return RubricAnswer(tuple(criteria))


def _new_id(row: Fields, seen: set[str]) -> str:
    identifier = row.local_id()
    if identifier and identifier in seen:
        row.problem("id", f"the id '{identifier}' is used twice in this question")
    seen.add(identifier)
    return identifier


ANSWERS: Mapping[str, Callable[[Fields], Answer]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _cloze,
    "open_answer": _open_answer,
}


def write_answer(answer: Answer) -> dict[str, Any]:
    """The keys of an answer, in canonical order."""
    written: dict[str, Any] = {}
    match answer:
        case ChoiceAnswer(choices, scoring):
            written["choices"] = [_write_choice(choice) for choice in choices]
            if scoring != SCORINGS[0]:
                written["scoring"] = scoring
        case BooleanAnswer(is_true):
            written["answer"] = is_true
        case NumericAnswer(number, tolerance, unit):
            written |= {"answer": number, "tolerance": tolerance}
            if unit:
                written["unit"] = unit
        case TextAnswer(accepted):
            written["accepted"] = accepted
        case MatchingAnswer(pairs, distractors, partial_credit):
            written["pairs"] = [
                {"id": pair.id, "prompt": pair.prompt, "option": pair.option} for pair in pairs
            ]
            if distractors:
                written["distractors"] = [{"id": other.id, "option": other.option} for other in distractors]
            written["partial_credit"] = partial_credit
        case OrderingAnswer(items, partial_credit):
            written["items"] = [{"id": item.id, "text": item.text} for item in items]
            written["partial_credit"] = partial_credit
        case PassageAnswer(passage, partial_credit):
            written |= {"passage": passage, "partial_credit": partial_credit}
        case RubricAnswer(rubric):
            written["rubric"] = [
                {"id": criterion.id, "text": criterion.text, "points": criterion.points}
                for criterion in rubric
            ]
    return written


def _write_choice(choice: Choice) -> dict[str, Any]:
    written: dict[str, Any] = {"id": choice.id, "correct": choice.correct, "text": choice.text}
    if choice.picture:
        written |= {"picture": choice.picture.file, "alt": choice.picture.alt}
    if choice.feedback:
        written["feedback"] = choice.feedback
    return written
