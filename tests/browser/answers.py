"""The answer key of the shipped course, read from its package: what a person who knows the law would answer."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

PACKAGE = Path(__file__).resolve().parent.parent.parent / "courses" / "packages" / "legal-obligations"


@dataclass(frozen=True)
class Question:
    """A question in one language. right, wrong: texts of choices to tick (choices), a number as text (numeric),
    'true' or 'false' (true_false)."""

    id: str
    type: str
    stem: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def collapsed(text: str) -> str:
    return " ".join(text.split())


@cache
def course() -> dict[str, Any]:
    return yaml.safe_load((PACKAGE / "course.yaml").read_text(encoding="utf-8"))


@cache
def questions(language: str) -> tuple[Question, ...]:
    """Every question of every module, in the order of the modules."""
    found: list[Question] = []
    for module in course()["modules"]:
        quiz = yaml.safe_load((PACKAGE / "modules" / module / "quiz.yaml").read_text(encoding="utf-8"))
        found += [_question(entry, language) for entry in quiz["questions"]]
    return tuple(found)


def _question(entry: dict[str, Any], language: str) -> Question:
    kind = entry["type"]
    if kind == "numeric":
        right, wrong = (str(entry["answer"]),), (str(entry["answer"] + entry.get("tolerance", 0) + 7),)
    elif kind == "true_false":
        right, wrong = (("true",), ("false",)) if entry["answer"] else (("false",), ("true",))
    else:
        choices = [(collapsed(choice["text"][language]), choice["correct"]) for choice in entry["choices"]]
        right = tuple(text for text, correct in choices if correct)
        wrong = tuple(text for text, correct in choices if not correct)[:1]
    return Question(entry["id"], kind, collapsed(entry["stem"][language]), right, wrong)


def question_by_stem(language: str, shown: str) -> Question:
    """The question whose stem is in the shown text. Raises LookupError where none or several are."""
    text = collapsed(shown)
    found = [question for question in questions(language) if question.stem in text]
    if len(found) != 1:
        raise LookupError(f"{len(found)} questions have the stem {text!r} in {language}")
    return found[0]
