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
    'true' or 'false' (true_false), for each of the `lines` what is chosen beside it (matching, ordering)."""

    id: str
    type: str
    case: str
    stem: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]
    lines: tuple[str, ...] = ()


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
    lines: tuple[str, ...] = ()
    if kind == "matching":
        lines = tuple(collapsed(pair["prompt"][language]) for pair in entry["pairs"])
        right = tuple(collapsed(pair["option"][language]) for pair in entry["pairs"])
        wrong = right[1:] + right[:1]
    elif kind == "ordering":
        lines = tuple(collapsed(item["text"][language]) for item in entry["items"])
        right = tuple(str(place) for place in range(1, len(lines) + 1))
        wrong = right[1:] + right[:1]
    elif kind == "numeric":
        right, wrong = (str(entry["answer"]),), (str(entry["answer"] + entry.get("tolerance", 0) + 7),)
    elif kind == "true_false":
        right, wrong = (("true",), ("false",)) if entry["answer"] else (("false",), ("true",))
    else:
        choices = [(collapsed(choice["text"][language]), choice["correct"]) for choice in entry["choices"]]
        right = tuple(text for text, correct in choices if correct)
        wrong = tuple(text for text, correct in choices if not correct)[:1]
    case = collapsed(entry["case"][language]) if "case" in entry else ""
    return Question(entry["id"], kind, case, collapsed(entry["stem"][language]), right, wrong, lines)


def question_shown(language: str, case: str, stem: str) -> Question:
    """The question with this case (empty for none) and stem: twins of an objective may ask the same of two cases.
    Raises LookupError where none or several have them.
    """
    wanted = (collapsed(case), collapsed(stem))
    found = [question for question in questions(language) if (question.case, question.stem) == wanted]
    if len(found) != 1:
        raise LookupError(f"{len(found)} questions say {wanted!r} in {language}")
    return found[0]
