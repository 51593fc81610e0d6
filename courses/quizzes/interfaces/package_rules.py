"""The rules of a quiz in course packages: each a key of `quiz.yaml` with the name that the page has for it, written
where it isn't usual. Imports no model.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from courses.plugin_api.packages import Fields
from courses.quizzes.enums import FeedbackMode, Layout, ResultRule, ShownFrom, StaleLanguage


@dataclass(frozen=True)
class Number:
    """A whole number from 0 to `most`."""

    usual: int
    most: int

    def read(self, fields: Fields, name: str) -> int:
        return fields.integer(name, 0, self.most, default=self.usual)


@dataclass(frozen=True)
class Flag:
    usual: bool

    def read(self, fields: Fields, name: str) -> bool:
        return fields.flag(name, default=self.usual)


@dataclass(frozen=True)
class Word:
    """One of `allowed`."""

    usual: str
    allowed: tuple[str, ...]

    def read(self, fields: Fields, name: str) -> str:
        return fields.one_of(name, self.allowed) if fields.has(name) else self.usual


@dataclass(frozen=True)
class Moment:
    """A day and time, or none."""

    usual: None = None

    def read(self, fields: Fields, name: str) -> datetime | None:
        return fields.moment(name)


_SHOWN = Word(ShownFrom.AFTER.value, tuple(ShownFrom.values))
# In the order in which they are written. The pass mark and the attempts allowed stand in every file.
RULES: Mapping[str, Number | Flag | Word | Moment] = {
    "result_rule": Word(ResultRule.HIGHEST.value, tuple(ResultRule.values)),
    "delay_minutes": Number(0, 60 * 24 * 30),
    "reopen_after": Number(0, 100),
    "layout": Word(Layout.QUESTION.value, tuple(Layout.values)),
    "forward_only": Flag(False),
    "shuffle_questions": Flag(False),
    "shuffle_choices": Flag(False),
    "penalty_percent": Number(0, 100),
    "opens_at": Moment(),
    "closes_at": Moment(),
    "time_limit_minutes": Number(0, 60 * 24),
    "extendable": Flag(True),
    "grace_seconds": Number(60, 3600),
    "feedback_mode": Word(FeedbackMode.AFTER.value, tuple(FeedbackMode.values)),
    "show_score": _SHOWN,
    "show_verdicts": _SHOWN,
    "show_remarks": _SHOWN,
    "show_answers": _SHOWN,
    "show_explanations": _SHOWN,
    "before_form": Flag(False),
    "refreshers": Flag(True),
    "stale_language": Word(StaleLanguage.SOURCE.value, tuple(StaleLanguage.values)),
}


def read_rules(fields: Fields) -> dict[str, Any]:
    """The rules that aren't as usual."""
    rules = {name: rule.read(fields, name) for name, rule in RULES.items()}
    _check(fields, rules)
    return unusual(rules)


def unusual(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Of a value for each rule, those that a file has to say."""
    return {name: rules[name] for name, rule in RULES.items() if rules[name] != rule.usual}


def all_rules(said: Mapping[str, Any]) -> dict[str, Any]:
    """A value for each rule, from those that a file says."""
    return {name: said.get(name, rule.usual) for name, rule in RULES.items()}


def _check(fields: Fields, rules: Mapping[str, Any]) -> None:
    """What `QuizPage.clean` asks, told with its line."""
    opens, closes = rules["opens_at"], rules["closes_at"]
    if opens and closes and closes <= opens:
        fields.problem("closes_at", "the quiz can't close before it opens")
    for name, value in rules.items():
        if name.startswith("show_") and value == ShownFrom.CLOSED and not closes:
            fields.problem(name, f"'{name}' is closed, but the quiz has no 'closes_at'")
    told_at_once = (ShownFrom.DURING, ShownFrom.AFTER)
    if rules["feedback_mode"] != FeedbackMode.AFTER and rules["show_verdicts"] not in told_at_once:
        mode = rules["feedback_mode"]
        reason = f"feedback '{mode}' tells right or wrong at once: 'show_verdicts' must be during or after"
        fields.problem("show_verdicts", reason)
