"""One question of `quiz.yaml`, all languages beside each other. Imports no model."""

from dataclasses import dataclass
from typing import Any

from courses.plugin_api.packages import Fields, Flow, LocalText
from courses.quizzes.interfaces.package_answers import (
    ANSWERS,
    MAX_LONG_TEXT,
    Answer,
    BooleanAnswer,
    Shown,
    read_picture,
    write_answer,
)

MAX_POINTS = 100
MAX_PICTURES = 4
# The longest texts that questions hold, in characters.
MAX_TEXT = 2000
MAX_PROVISIONS = 1000
MAX_CATEGORY = 120
MAX_TAG = 100
DIFFICULTIES = ("easy", "medium", "hard")
MEDIUM = "medium"


@dataclass(frozen=True)
class Picture:
    """One under the question's text; `id` is unique among them."""

    id: str
    shown: Shown


@dataclass(frozen=True)
class QuestionEntry:
    """`case`: the situation it is about; `scenario`: the id of one that several questions share. `category`: names from
    the outermost inwards. `feedback`: shown after submission. `provisions` and `hints`: one a line.
    """

    id: str
    type: str
    points: int
    facts: tuple[str, ...]
    case: LocalText | None
    stem: LocalText
    answer: Answer
    feedback: LocalText | None
    objective: str | None = None
    difficulty: str = MEDIUM
    scenario: str | None = None
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    provisions: LocalText | None = None
    hints: LocalText | None = None


def read_question(fields: Fields, objectives: set[str], scenarios: set[str]) -> QuestionEntry:
    """`objectives` and `scenarios`: the ids of those that the file holds."""
    kind = fields.one_of("type", ANSWERS)
    entry = QuestionEntry(
        id=fields.local_id(),
        type=kind,
        points=fields.integer("points", 1, MAX_POINTS, default=1),
        facts=fields.facts(),
        objective=_named(fields, "objective", objectives),
        difficulty=fields.one_of("difficulty", DIFFICULTIES) if fields.has("difficulty") else MEDIUM,
        scenario=_named(fields, "scenario", scenarios),
        category=fields.short_words("category", MAX_CATEGORY),
        tags=_tags(fields),
        case=fields.optional_text_by_language("case", MAX_LONG_TEXT),
        stem=fields.text_by_language("stem", MAX_TEXT),
        pictures=_pictures(fields),
        answer=ANSWERS[kind](fields) if kind in ANSWERS else BooleanAnswer(False),
        hints=fields.optional_text_by_language("hints", MAX_TEXT),
        provisions=fields.optional_text_by_language("provisions", MAX_PROVISIONS),
        feedback=fields.optional_text_by_language("feedback", MAX_LONG_TEXT),
    )
    # An unknown type has said enough: its other keys would only be called unknown as well.
    if kind in ANSWERS:
        fields.close()
    fields.share(entry.id, entry)
    return entry


def _named(fields: Fields, key: str, known: set[str]) -> str | None:
    """The id of an objective or a scenario of the file, if there is one."""
    identifier = fields.local_id(key) if fields.has(key) else None
    if identifier and identifier not in known:
        fields.problem(key, f"there is no {key} '{identifier}' in this quiz")
    return identifier


def _tags(fields: Fields) -> tuple[str, ...]:
    tags = fields.short_words("tags", MAX_TAG)
    if len({tag.casefold() for tag in tags}) < len(tags):
        fields.problem("tags", "a tag is named twice")
    return tuple(sorted(tags))


def _pictures(fields: Fields) -> tuple[Picture, ...]:
    pictures: list[Picture] = []
    for row in fields.rows("pictures") if fields.has("pictures") else ():
        picture = Picture(row.local_id(), read_picture(row, "file"))
        if picture.id and picture.id in {earlier.id for earlier in pictures}:
            row.problem("id", f"two pictures of this question have the id '{picture.id}'")
        row.close()
        pictures.append(picture)
    if len(pictures) > MAX_PICTURES:
        reason = f"there are {len(pictures)} pictures, but at most {MAX_PICTURES} are allowed"
        fields.problem("pictures", reason)
    return tuple(pictures)


def write_question(entry: QuestionEntry) -> dict[str, Any]:
    written: dict[str, Any] = {
        "id": entry.id,
        "type": entry.type,
        "points": entry.points,
        "facts": Flow(entry.facts),
    }
    if entry.objective:
        written["objective"] = entry.objective
    # Said where it says something: beside an objective, whose forms are to be equivalent, and where it isn't usual.
    if entry.objective or entry.difficulty != MEDIUM:
        written["difficulty"] = entry.difficulty
    if entry.scenario:
        written["scenario"] = entry.scenario
    for name in ("category", "tags"):
        if words := getattr(entry, name):
            written[name] = Flow(words)
    if entry.case:
        written["case"] = entry.case
    written["stem"] = entry.stem
    if entry.pictures:
        written["pictures"] = [
            {"id": picture.id, "file": picture.shown.file, "alt": picture.shown.alt}
            for picture in entry.pictures
        ]
    written |= write_answer(entry.answer)
    for name in ("hints", "provisions", "feedback"):
        if texts := getattr(entry, name):
            written[name] = texts
    return written
