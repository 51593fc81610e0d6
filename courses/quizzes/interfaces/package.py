"""Quizzes in course packages: `quiz.yaml`, all languages beside each other. Imports no model."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courses.plugin_api.packages import Fields, Flow, LocalText, YamlValue, as_date
from courses.quizzes.interfaces.package_answers import (
    ANSWERS,
    MAX_LONG_TEXT,
    Answer,
    BooleanAnswer,
    write_answer,
)

MAX_POINTS = 100
MAX_ATTEMPTS = 100
MAX_MINUTES = 600
MAX_DRAW = 100
# The longest texts that quizzes hold, in characters.
MAX_TITLE = 255
MAX_TEXT = 2000
MAX_OBJECTIVE = 255
MAX_SECTION = 120
MAX_PROVISIONS = 1000
DIFFICULTIES = ("easy", "medium", "hard")
MEDIUM = "medium"


@dataclass(frozen=True)
class ObjectiveEntry:
    """What questions test. `lesson`: the id of the one that teaches it, or None. `critical`: must be right to pass."""

    id: str
    lesson: str | None
    critical: bool
    statement: LocalText


@dataclass(frozen=True)
class Ask:
    """What a quiz asks at one place: a question, or `count` of those of an objective. `section`: begins here."""

    question: str | None = None
    objective: str | None = None
    count: int = 0
    section: LocalText | None = None


@dataclass(frozen=True)
class QuestionEntry:
    """`case`: the situation it is about. `feedback`: shown after submission. `provisions` and `hints`: one a line."""

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
    provisions: LocalText | None = None
    hints: LocalText | None = None


@dataclass(frozen=True)
class QuizEntry:
    """`pass_mark` in percent, 0–100; `max_attempts` 0 for as many as wanted; `minutes` estimated.

    `asks` is empty where all questions are asked in their order; elsewhere questions, like objectives everywhere,
    stand in the order of their ids.
    """

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
    objectives: tuple[ObjectiveEntry, ...] = ()
    asks: tuple[Ask, ...] = ()

    @property
    def rows(self) -> tuple[Ask, ...]:
        """What is asked, in order, said for each place."""
        return self.asks or tuple(Ask(question=question.id) for question in self.questions)


def in_canonical_order(
    questions: Sequence[QuestionEntry], objectives: Sequence[ObjectiveEntry], asks: Sequence[Ask]
) -> dict[str, Any]:
    """The three parts of a quiz as a `QuizEntry` holds them."""
    if not any(ask.objective or ask.section for ask in asks):
        order = [ask.question for ask in asks] or [question.id for question in questions]
        if sorted(map(str, order)) == sorted(question.id for question in questions):
            questions, asks = sorted(questions, key=lambda question: order.index(question.id)), ()
    if asks:
        questions = sorted(questions, key=lambda question: _natural(question.id))
    return {
        "questions": tuple(questions),
        "objectives": tuple(sorted(objectives, key=lambda objective: _natural(objective.id))),
        "asks": tuple(asks),
    }


def _natural(identifier: str) -> list[tuple[int, int, str]]:
    """Q2 before Q10."""
    parts = re.split(r"(\d+)", identifier)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts]


class QuizCodec:
    """The `ActivityCodec` of quizzes."""

    key = "quiz"

    def read(self, fields: Fields) -> QuizEntry:
        head: dict[str, Any] = {
            "id": fields.own_id(),
            "slug": fields.slug(),
            "required": fields.flag("required", default=True),
            "pass_mark": fields.integer("pass_mark", 0, 100),
            "max_attempts": fields.integer("max_attempts", 0, MAX_ATTEMPTS, default=0),
            "minutes": fields.integer("minutes", 1, MAX_MINUTES),
            "law_checked_to": fields.checked_to(),
            "title": fields.line_by_language("title", MAX_TITLE),
            "intro": fields.optional_text_by_language("intro", MAX_TEXT),
        }
        rows = list(fields.rows("objectives")) if fields.has("objectives") else []
        objectives = [_objective(row) for row in rows]
        asked = list(fields.rows("asks")) if fields.has("asks") else []
        asks = [_ask(row) for row in asked]
        questions = [
            read_question(row, {objective.id for objective in objectives}) for row in fields.rows("questions")
        ]
        _check_asks(asks, asked, questions)
        _check_use(fields, objectives, rows, questions, asks)
        entry = QuizEntry(**head, **in_canonical_order(questions, objectives, asks))
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
        if entry.objectives:
            written["objectives"] = [_write_objective(objective) for objective in entry.objectives]
        if entry.asks:
            written["asks"] = [_write_ask(ask) for ask in entry.asks]
        written["questions"] = [write_question(question) for question in entry.questions]
        return written


# Objectives and what is asked of them


def _objective(fields: Fields) -> ObjectiveEntry:
    entry = ObjectiveEntry(
        id=fields.own_id(),
        lesson=fields.lesson_id("lesson") if fields.has("lesson") else None,
        critical=fields.flag("critical", default=False),
        statement=fields.line_by_language("statement", MAX_OBJECTIVE),
    )
    fields.close()
    return entry


def _ask(fields: Fields) -> Ask:
    section = fields.line_by_language("section", MAX_SECTION) if fields.has("section") else None
    if fields.has("question"):
        ask = Ask(question=fields.local_id("question"), section=section)
    else:
        ask = Ask(
            objective=fields.local_id("objective"),
            count=fields.integer("count", 1, MAX_DRAW),
            section=section,
        )
    fields.close()
    return ask


def _check_asks(asks: Sequence[Ask], rows: Sequence[Fields], questions: Sequence[QuestionEntry]) -> None:
    """Each row can be asked: there is its question, once, or there are enough of its objective."""
    fixed = {ask.question for ask in asks if ask.question}
    known = {question.id for question in questions}
    left = Counter(question.objective for question in questions if question.id not in fixed)
    seen: set[str] = set()
    for ask, row in zip(asks, rows, strict=True):
        if ask.question:
            if ask.question not in known:
                row.problem("question", f"there is no question '{ask.question}' in this quiz")
            if ask.question in seen:
                row.problem("question", f"the question '{ask.question}' is asked twice")
            seen.add(ask.question)
        elif ask.objective:
            if left[ask.objective] < ask.count:
                there = max(0, left[ask.objective])
                reason = f"{ask.count} questions of '{ask.objective}' are asked, but there are {there}"
                row.problem("count", reason)
            left[ask.objective] -= ask.count


def _check_use(
    fields: Fields,
    objectives: Sequence[ObjectiveEntry],
    rows: Sequence[Fields],
    questions: Sequence[QuestionEntry],
    asks: Sequence[Ask],
) -> None:
    """Nothing stands in the file that nothing would bring back: an export writes what a quiz may ask."""
    tested = {question.objective for question in questions}
    for objective, row in zip(objectives, rows, strict=True):
        if objective.id not in tested:
            row.problem("id", f"no question tests the objective '{objective.id}'")
    names = {ask.question for ask in asks} | {ask.objective for ask in asks if ask.objective}
    for question in questions if asks else ():
        if question.id not in names and question.objective not in names:
            fields.problem("asks", f"nothing asks the question '{question.id}'")


def _write_objective(entry: ObjectiveEntry) -> dict[str, Any]:
    lesson = {"lesson": entry.lesson} if entry.lesson else {}
    return {"id": entry.id, **lesson, "critical": entry.critical, "statement": entry.statement}


def _write_ask(ask: Ask) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if ask.section:
        written["section"] = ask.section
    if ask.question:
        return {**written, "question": ask.question}
    return {**written, "objective": ask.objective, "count": ask.count}


# Questions


def read_question(fields: Fields, objectives: set[str]) -> QuestionEntry:
    kind = fields.one_of("type", ANSWERS)
    objective = fields.local_id("objective") if fields.has("objective") else None
    if objective and objective not in objectives:
        fields.problem("objective", f"there is no objective '{objective}' in this quiz")
    entry = QuestionEntry(
        id=fields.own_id(),
        type=kind,
        points=fields.integer("points", 1, MAX_POINTS, default=1),
        facts=fields.facts(),
        objective=objective,
        difficulty=fields.one_of("difficulty", DIFFICULTIES) if fields.has("difficulty") else MEDIUM,
        case=fields.optional_text_by_language("case", MAX_LONG_TEXT),
        stem=fields.text_by_language("stem", MAX_TEXT),
        answer=ANSWERS[kind](fields) if kind in ANSWERS else BooleanAnswer(False),
        hints=fields.optional_text_by_language("hints", MAX_TEXT),
        provisions=fields.optional_text_by_language("provisions", MAX_PROVISIONS),
        feedback=fields.optional_text_by_language("feedback", MAX_LONG_TEXT),
    )
    # An unknown type has said enough: its other keys would only be called unknown as well.
    if kind in ANSWERS:
        fields.close()
    return entry


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
    if entry.case:
        written["case"] = entry.case
    written["stem"] = entry.stem
    written |= write_answer(entry.answer)
    for name in ("hints", "provisions", "feedback"):
        if texts := getattr(entry, name):
            written[name] = texts
    return written
