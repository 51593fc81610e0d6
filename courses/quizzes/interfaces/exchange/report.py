"""What became of each question of a file, in words that a trainer can act on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import Entry

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

MAX_ENTRIES = 10_000


@dataclass(frozen=True)
class Remark:
    """A translatable message with its values; `str()` says it in the active language, without the line."""

    message: "_StrOrPromise"
    values: Mapping[str, Any] = field(default_factory=dict)
    line: int = 0

    def __str__(self) -> str:
        return str(self.message) % self.values


class ExchangeError(Exception):
    """A file that can't be read or written at all: what is wrong, where, and what to do about it."""

    def __init__(self, remark: Remark) -> None:
        self.remark = remark
        super().__init__(remark)

    @property
    def line(self) -> int:
        return self.remark.line

    def __str__(self) -> str:
        if not self.line:
            return str(self.remark)
        return str(_("Line %(line)s: %(problem)s") % {"line": self.line, "problem": self.remark})


class Unusable(Exception):
    """One question that can't be taken or written; the others can."""

    def __init__(self, message: "_StrOrPromise", line: int = 0, **values: Any) -> None:
        self.remark = Remark(message, values, line)
        super().__init__(self.remark)


class State(StrEnum):
    TAKEN = "taken"
    WITH_LOSSES = "with_losses"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Outcome:
    """What became of one question. `remarks`: each loss, or the one reason for which it was left out.

    `entry` is None for what was left out while reading. `source`: the file inside a package, whose lines count.
    """

    state: State
    name: str
    line: int
    remarks: tuple[Remark, ...] = ()
    entry: Entry | None = None
    source: str = ""


@dataclass(frozen=True)
class Reading:
    """Everything that a file holds, in its order."""

    outcomes: tuple[Outcome, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What was taken, with or without losses."""
        return tuple(outcome.entry for outcome in self.outcomes if outcome.entry is not None)


def outcome_of(entry: Entry, losses: tuple[Remark, ...] | list[Remark]) -> Outcome:
    """Taken, with these losses."""
    remarks = tuple(losses)
    return Outcome(State.WITH_LOSSES if remarks else State.TAKEN, entry.name, entry.line, remarks, entry)


def left_out(error: Unusable, name: str, line: int) -> Outcome:
    """Left out; the reason stands at its own line, or where the question begins."""
    remark = error.remark
    if not remark.line:
        remark = Remark(remark.message, remark.values, line)
    return Outcome(State.LEFT_OUT, name, line, (remark,))


def too_many() -> ExchangeError:
    return ExchangeError(
        Remark(
            _("The file holds more than %(limit)s questions. Divide it into several files."),
            {"limit": MAX_ENTRIES},
        )
    )
