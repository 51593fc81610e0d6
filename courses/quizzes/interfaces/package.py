"""Quizzes in course packages: `quiz.yaml`, all languages beside each other. Imports no model."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from courses.plugin_api.packages import Fields, Flow, LocalText, YamlValue, as_date, key_for
from courses.quizzes.domain.drawing import Offered, Row, folded, pools, sure
from courses.quizzes.interfaces.package_questions import (
    DIFFICULTIES,
    MAX_CATEGORY,
    MAX_TAG,
    MAX_TEXT,
    QuestionEntry,
    read_question,
    write_question,
)
from courses.quizzes.interfaces.package_rules import all_rules, read_rules, unusual

MAX_ATTEMPTS = 100
MAX_MINUTES = 600
MAX_DRAW = 100
# The longest texts that quizzes hold, in characters.
MAX_TITLE = 255
MAX_OBJECTIVE = 255
MAX_SECTION = 120
MAX_SCENARIO_TITLE = 200
MAX_SCENARIO = 6000


@dataclass(frozen=True)
class ObjectiveEntry:
    """What questions test. `lesson`: the id of the one that teaches it, or None. `critical`: must be right to pass."""

    id: str
    lesson: str | None
    critical: bool
    statement: LocalText


@dataclass(frozen=True)
class ScenarioEntry:
    """A case that several questions are about."""

    id: str
    title: LocalText
    text: LocalText


@dataclass(frozen=True)
class Ask:
    """What a quiz asks at one place: a question, or `count` of those that meet all of the conditions given (`category`:
    its names from the outermost inwards). `section`: begins here.
    """

    question: str | None = None
    objective: str | None = None
    count: int = 0
    section: LocalText | None = None
    category: tuple[str, ...] = ()
    tag: str = ""
    difficulty: str = ""

    @property
    def drawn_from(self) -> str:
        """The conditions in words."""
        parts = (self.objective, " › ".join(self.category), self.tag, self.difficulty)
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class QuizEntry:
    """`pass_mark` in percent, 0–100; `max_attempts` 0 for as many as wanted; `minutes` estimated. `rules`: those of
    `package_rules` that aren't as usual.

    `asks` is empty where all questions are asked in their order; elsewhere questions, like objectives and scenarios
    everywhere, stand in the order of their ids.
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
    scenarios: tuple[ScenarioEntry, ...] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rows(self) -> tuple[Ask, ...]:
        """What is asked, in order, said for each place."""
        return self.asks or tuple(Ask(question=question.id) for question in self.questions)


def in_canonical_order(
    questions: Sequence[QuestionEntry],
    objectives: Sequence[ObjectiveEntry],
    scenarios: Sequence[ScenarioEntry],
    asks: Sequence[Ask],
) -> dict[str, Any]:
    """The parts of a quiz as a `QuizEntry` holds them."""
    if all(ask.question and not ask.section for ask in asks):
        order = [ask.question for ask in asks] or [question.id for question in questions]
        if sorted(map(str, order)) == sorted(question.id for question in questions):
            questions, asks = sorted(questions, key=lambda question: order.index(question.id)), ()
    if asks:
        questions = sorted(questions, key=lambda question: _natural(question.id))
    return {
        "questions": tuple(questions),
        "objectives": tuple(sorted(objectives, key=lambda objective: _natural(objective.id))),
        "scenarios": tuple(sorted(scenarios, key=lambda scenario: _natural(scenario.id))),
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
            "rules": read_rules(fields),
            "law_checked_to": fields.checked_to(),
            "title": fields.line_by_language("title", MAX_TITLE),
            "intro": fields.optional_text_by_language("intro", MAX_TEXT),
        }
        rows = list(fields.rows("objectives")) if fields.has("objectives") else []
        objectives = [_objective(row) for row in rows]
        cases = list(fields.rows("scenarios")) if fields.has("scenarios") else []
        scenarios = [_scenario(row) for row in cases]
        asked = list(fields.rows("asks")) if fields.has("asks") else []
        asks = [_ask(row) for row in asked]
        own = {objective.id for objective in objectives}, {scenario.id for scenario in scenarios}
        questions = [read_question(row, *own) for row in fields.rows("questions")]
        _check_asks(fields, asks, asked, questions)
        for name, of, told in (("objective", rows, "tests"), ("scenario", cases, "is about")):
            _check_use(
                of, {getattr(question, name) for question in questions}, f"no question {told} the {name}"
            )
        entry = QuizEntry(**head, **in_canonical_order(questions, objectives, scenarios, asks))
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
        written |= unusual(all_rules(entry.rules))
        if entry.law_checked_to:
            written["law_checked_to"] = as_date(entry.law_checked_to)
        written["title"] = entry.title
        if entry.intro:
            written["intro"] = entry.intro
        if entry.objectives:
            written["objectives"] = [_write_objective(objective) for objective in entry.objectives]
        if entry.scenarios:
            written["scenarios"] = [
                {"id": scenario.id, "title": scenario.title, "text": scenario.text}
                for scenario in entry.scenarios
            ]
        if entry.asks:
            written["asks"] = [_write_ask(ask) for ask in entry.asks]
        written["questions"] = [write_question(question) for question in entry.questions]
        return written


# Objectives, scenarios, and what is asked


def _objective(fields: Fields) -> ObjectiveEntry:
    entry = ObjectiveEntry(
        id=fields.local_id(),
        lesson=fields.lesson_id("lesson") if fields.has("lesson") else None,
        critical=fields.flag("critical", default=False),
        statement=fields.line_by_language("statement", MAX_OBJECTIVE),
    )
    fields.close()
    fields.share(entry.id, entry)
    return entry


def _scenario(fields: Fields) -> ScenarioEntry:
    entry = ScenarioEntry(
        id=fields.local_id(),
        title=fields.line_by_language("title", MAX_SCENARIO_TITLE),
        text=fields.text_by_language("text", MAX_SCENARIO),
    )
    fields.close()
    fields.share(entry.id, entry)
    return entry


def _ask(fields: Fields) -> Ask:
    section = fields.line_by_language("section", MAX_SECTION) if fields.has("section") else None
    if fields.has("question"):
        ask = Ask(question=fields.local_id("question"), section=section)
    else:
        if not any(fields.has(name) for name in ("objective", "category", "tag", "difficulty")):
            fields.problem("count", "it says neither a question nor what to draw from")
        ask = Ask(
            objective=fields.local_id("objective") if fields.has("objective") else None,
            category=fields.short_words("category", MAX_CATEGORY),
            tag=fields.optional_line("tag", MAX_TAG) or "",
            difficulty=fields.one_of("difficulty", DIFFICULTIES) if fields.has("difficulty") else "",
            count=fields.integer("count", 1, MAX_DRAW),
            section=section,
        )
    fields.close()
    return ask


def _check_asks(
    fields: Fields, asks: Sequence[Ask], rows: Sequence[Fields], questions: Sequence[QuestionEntry]
) -> None:
    """Each row can be asked: there is its question, once, or there are enough to draw. And nothing stands in the file
    that nothing would bring back: an export writes what a quiz may ask.
    """
    known = {question.id for question in questions}
    seen: set[str] = set()
    for ask, row in zip(asks, rows, strict=True):
        if ask.question:
            if ask.question not in known:
                row.problem("question", f"there is no question '{ask.question}' in this quiz")
            if ask.question in seen:
                row.problem("question", f"the question '{ask.question}' is asked twice")
            seen.add(ask.question)
    wanted, offered = _as_drawn(asks, questions)
    for place, there in sure(wanted, offered).items():
        if there < asks[place].count:
            reason = f"{asks[place].count} questions of '{asks[place].drawn_from}' are asked, but there are {there}"
            rows[place].problem("count", reason)
    possible = {key for keys in pools(wanted, offered).values() for key in keys}
    for question in questions if asks else ():
        if question.id and question.id not in seen and key_for(question.id) not in possible:
            fields.problem("asks", f"nothing asks the question '{question.id}'")


def _as_drawn(
    asks: Sequence[Ask], questions: Sequence[QuestionEntry]
) -> tuple[list[Row], dict[UUID, Offered]]:
    """The rows and the questions as the drawing of an attempt takes them: objectives and categories by numbers."""
    numbers: dict[Any, int] = {}

    def number(name: Any) -> int:
        return numbers.setdefault(name, len(numbers))

    wanted = [
        Row(
            question=key_for(ask.question) if ask.question else None,
            count=ask.count,
            objective=number(ask.objective) if ask.objective else None,
            category=number(ask.category) if ask.category else None,
            tag=ask.tag,
            difficulty=ask.difficulty,
        )
        for ask in asks
    ]
    offered = {
        key_for(question.id): Offered(
            key=key_for(question.id),
            objective=number(question.objective) if question.objective else None,
            categories=frozenset(
                number(question.category[:depth]) for depth in range(1, len(question.category) + 1)
            ),
            tags=frozenset(map(folded, question.tags)),
            difficulty=question.difficulty,
        )
        for question in questions
    }
    return wanted, offered


def _check_use(rows: Sequence[Fields], used: set[str | None], problem: str) -> None:
    for row in rows:
        identifier = row.local_id()
        if identifier and identifier not in used:
            row.problem("id", f"{problem} '{identifier}'")


def _write_objective(entry: ObjectiveEntry) -> dict[str, Any]:
    lesson = {"lesson": entry.lesson} if entry.lesson else {}
    return {"id": entry.id, **lesson, "critical": entry.critical, "statement": entry.statement}


def _write_ask(ask: Ask) -> dict[str, Any]:
    written: dict[str, Any] = {}
    if ask.section:
        written["section"] = ask.section
    if ask.question:
        return {**written, "question": ask.question}
    if ask.objective:
        written["objective"] = ask.objective
    if ask.category:
        written["category"] = Flow(ask.category)
    for name in ("tag", "difficulty"):
        if value := getattr(ask, name):
            written[name] = value
    return {**written, "count": ask.count}
