"""Collects what becomes of each question while a file is read."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from courses.quizzes.interfaces.exchange.checks import check_entry
from courses.quizzes.interfaces.exchange.entries import Entry
from courses.quizzes.interfaces.exchange.report import (
    MAX_ENTRIES,
    Outcome,
    Reading,
    Remark,
    Unusable,
    left_out,
    outcome_of,
    too_many,
)


class Ledger:
    """One outcome for each question, in the file's order. Raises ExchangeError past the limit of questions."""

    def __init__(self) -> None:
        self._outcomes: list[Outcome] = []
        # The file of a package that is being read.
        self.source = ""

    def add(self, name: str, line: int, make: Callable[[list[Remark]], Entry]) -> None:
        """Take what `make` returns, with the losses that it notes; leave it out if it raises Unusable."""
        losses: list[Remark] = []
        try:
            entry = make(losses)
            check_entry(entry)
        except Unusable as error:
            self._add(left_out(error, name, line))
        else:
            self._add(outcome_of(entry, _placed(losses, line)))

    def leave_out(self, name: str, line: int, reason: Unusable) -> None:
        self._add(left_out(reason, name, line))

    def reading(self) -> Reading:
        return Reading(tuple(self._outcomes))

    def _add(self, outcome: Outcome) -> None:
        if len(self._outcomes) >= MAX_ENTRIES:
            raise too_many()
        self._outcomes.append(replace(outcome, source=self.source) if self.source else outcome)


def _placed(losses: Iterable[Remark], line: int) -> list[Remark]:
    """Each loss once, with the line of its question where it has none."""
    placed: list[Remark] = []
    for loss in losses:
        remark = loss if loss.line else Remark(loss.message, loss.values, line)
        if remark not in placed:
            placed.append(remark)
    return placed
