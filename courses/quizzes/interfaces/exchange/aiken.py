"""Aiken, the simplest format: a line that asks, lettered choices, one of them right, and nothing else."""

import re
from collections.abc import Sequence
from fractions import Fraction
from functools import partial

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.checks import kind_name
from courses.quizzes.interfaces.exchange.entries import (
    Choice,
    Entry,
    SingleChoice,
    Text,
    TextFormat,
    clean_line,
)
from courses.quizzes.interfaces.exchange.ledger import Ledger
from courses.quizzes.interfaces.exchange.no_place import without_a_place
from courses.quizzes.interfaces.exchange.report import Reading, Remark, Unusable

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CHOICE = re.compile(r"([A-Z])[.)][ \t](.*)")
_ANSWER = re.compile(r"ANSWER:[ \t]*(.*)")


class _Draft:
    """The lines of one question so far."""

    def __init__(self) -> None:
        self.line = 0
        self.stem: list[str] = []
        self.choices: list[tuple[int, str, str]] = []

    def entry(self, answer: str, losses: list[Remark]) -> Entry:
        letters = "".join(letter for _line, letter, _text in self.choices)
        for place, (line, letter, _text) in enumerate(self.choices):
            if place >= len(_LETTERS) or letter != _LETTERS[place]:
                raise Unusable(_("Choice %(letter)s is out of order."), line, letter=letter)
        if len(answer) != 1 or answer not in letters:
            raise Unusable(_("The answer '%(text)s' is none of its choices."), text=clean_line(answer)[:50])
        choices = tuple(
            Choice(Text(text), Fraction(letter == answer)) for _line, letter, text in self.choices
        )
        return Entry(Text("\n".join(self.stem)), SingleChoice(choices), line=self.line)


def read(text: str) -> Reading:
    """Every question of a decoded file. A bad one is reported and doesn't stop the rest."""
    ledger = Ledger()
    draft = _Draft()
    unanswered = Unusable(_("It has no line 'ANSWER:' after its choices."))
    for number, source in enumerate(text.split("\n"), start=1):
        line = source.strip(" \t")
        if not line:
            continue
        choice, answer = _CHOICE.fullmatch(line), _ANSWER.fullmatch(line)
        if not answer and not choice and draft.choices:
            ledger.leave_out("", draft.line, unanswered)
            draft = _Draft()
        draft.line = draft.line or number
        if answer:
            ledger.add("", draft.line, partial(draft.entry, answer[1].strip(" \t")))
            draft = _Draft()
        elif choice:
            # One too many is enough to be told.
            if len(draft.choices) <= len(_LETTERS):
                draft.choices.append((number, choice[1], choice[2]))
        else:
            draft.stem.append(line)
    if draft.line:
        ledger.leave_out("", draft.line, unanswered)
    return ledger.reading()


def losses_of(entry: Entry) -> list[Remark]:
    """What an Aiken file can't say of a question. Raises Unusable for one that it can't say at all."""
    if not isinstance(entry.kind, SingleChoice):
        raise Unusable(_("An Aiken file can't hold this kind of question: %(kind)s."), kind=kind_name(entry))
    choices = entry.kind.choices
    if sorted(choice.fraction for choice in choices) != [Fraction(0)] * (len(choices) - 1) + [Fraction(1)]:
        raise Unusable(_("An Aiken file has one right choice; all others are simply wrong."))
    if len(choices) > len(_LETTERS):
        raise Unusable(_("An Aiken file has at most %(limit)s choices."), limit=len(_LETTERS))
    for text in (entry.stem, *(choice.text for choice in choices)):
        if text.format is TextFormat.HTML or "\n" in text.text:
            raise Unusable(_("An Aiken file holds plain text on one line."))
    stem = entry.stem.text
    if len(stem) < 2 or _CHOICE.fullmatch(stem) or _ANSWER.fullmatch(stem):
        raise Unusable(_("In an Aiken file the question would be taken for a choice or an answer."))
    return [
        Remark(message)
        for message, lost in (
            (_("The name is not kept."), entry.name or entry.identifier),
            (_("The category and the tags are not kept."), entry.category or entry.tags),
            (_("The remarks on answers are not kept."), any(choice.feedback for choice in choices)),
            (_("The explanation is not kept."), entry.feedback),
            (_("The points are not kept."), entry.points != 1),
            (_("The pictures are not kept."), entry.images),
        )
        if lost
    ] + without_a_place(entry)


def write(entries: Sequence[Entry]) -> str:
    """The text of a file. Every entry must pass `losses_of`."""
    return "\n".join(_block(entry) for entry in entries)


def _block(entry: Entry) -> str:
    assert isinstance(entry.kind, SingleChoice)
    lines = [entry.stem.text]
    right = ""
    for letter, choice in zip(_LETTERS, entry.kind.choices, strict=False):
        lines.append(f"{letter}) {choice.text.text}")
        if choice.fraction == 1:
            right = letter
    return "\n".join([*lines, f"ANSWER: {right}"]) + "\n"
