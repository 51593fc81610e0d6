"""Passages with gaps: reading what a trainer wrote. Pure: no model, no setting.

A gap stands in double brackets:

- `[[right|wrong|wrong]]`: to choose from, the right one first (learners see another order);
- `[[=right|also right]]`: to write; `text_matching` says what is the same, `*` stands for any text;
- `[[#30]]`, `[[#30±2]]` (or `+-`): a number, with digits and signs as `numeric` reads them.

`\\|` is a bar inside a gap. Gaps are numbered from 1, in the order of the passage.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.quizzes.types.numeric import parse_number
from courses.quizzes.types.text_matching import accepts_anything, normalised, visible

MAX_GAPS = 20
MAX_CHOICES = 20
MAX_LENGTH = 200
_OPEN, _CLOSE = "[[", "]]"
_BAR = re.compile(r"(?<!\\)\|")
_TOLERANCE = re.compile(r"±|\+/?[-−]")


class GapKind(StrEnum):
    CHOICE = "choice"
    TEXT = "text"
    NUMBER = "number"


@dataclass(frozen=True)
class Gap:
    """`words`: the choices with the right one first, or what is accepted. `number` and `tolerance`: of a number."""

    kind: GapKind
    words: tuple[str, ...] = ()
    number: Decimal = Decimal(0)
    tolerance: Decimal = Decimal(0)

    @property
    def form(self) -> tuple[GapKind, int]:
        """What must be the same in every language: the kind, and how many choices there are."""
        return self.kind, len(self.words) if self.kind is GapKind.CHOICE else 0


@dataclass(frozen=True)
class Passage:
    """`pieces`: the text before, between and after the gaps, one more than gaps. `problems`: words for the trainer."""

    pieces: tuple[str, ...]
    gaps: tuple[Gap, ...]
    problems: tuple[Any, ...]


def parse_passage(source: str) -> Passage:
    """Read a passage. Total: a gap that can't be read is text, and a problem that names its number."""
    pieces = [""]
    gaps: list[Gap] = []
    problems: list[Any] = []
    rest, number = source.replace("\r\n", "\n"), 0
    while True:
        before, opened, rest = rest.partition(_OPEN)
        if _CLOSE in before:
            problems.append(_("There is a ]] without its [[."))
        pieces[-1] += before
        if not opened:
            break
        number += 1
        inside, closed, after = rest.partition(_CLOSE)
        if not closed or _OPEN in inside:
            problems.append(_("Gap %(number)d isn't closed: ]] is missing.") % {"number": number})
            pieces[-1] += opened
            continue
        rest = after
        found, wrong = _gap(inside)
        problems += [word % {"number": number} for word in wrong]
        if wrong:
            pieces[-1] += f"{opened}{inside}{closed}"
        else:
            gaps.append(found)
            pieces.append("")
    if not number:
        problems.append(_("Write at least one gap, between [[ and ]]."))
    if number > MAX_GAPS:
        problems.append(_("A passage has at most 20 gaps."))
    return Passage(tuple(pieces), tuple(gaps), tuple(problems))


def _gap(inside: str) -> tuple[Gap, list[Any]]:
    """The gap between a pair of brackets, and what is wrong with it."""
    body = inside.strip()
    if body.startswith("#"):
        return _number(body[1:])
    accepted = body.startswith("=")
    raw = _BAR.split(body.removeprefix("="))
    words = tuple(dict.fromkeys(visible(word.replace("\\|", "|")) for word in raw))
    if accepted:
        words = tuple(word for word in words if word)
        return Gap(GapKind.TEXT, words), _text_problems(words)
    found: list[Any] = []
    if "" in words or len(raw) < 2:
        found.append(_("Gap %(number)d: write at least two choices, and no empty one."))
    elif len(words) < len(raw):
        found.append(_("Gap %(number)d: two choices are the same."))
    if len(raw) > MAX_CHOICES:
        found.append(_("Gap %(number)d: at most 20 choices."))
    if any(len(word) > MAX_LENGTH for word in words):
        found.append(_("Gap %(number)d: a choice has at most 200 characters."))
    return Gap(GapKind.CHOICE, words), found


def _text_problems(words: Sequence[str]) -> list[Any]:
    found: list[Any] = []
    if not any(normalised(word) for word in words):
        found.append(_("Gap %(number)d: write at least one answer that is accepted."))
    if any(accepts_anything(word) for word in words):
        found.append(_("Gap %(number)d: nothing but * would accept any answer."))
    if any(len(word) > MAX_LENGTH for word in words):
        found.append(_("Gap %(number)d: an accepted answer has at most 200 characters."))
    return found


def _number(text: str) -> tuple[Gap, list[Any]]:
    number, *tolerances = (parse_number(part) for part in _TOLERANCE.split(text))
    tolerance = tolerances[0] if tolerances else Decimal(0)
    if number is None or tolerance is None or tolerance < 0 or len(tolerances) > 1:
        return Gap(GapKind.NUMBER), [_("Gap %(number)d: write a number, for example 30, 2,5 or 30±2.")]
    return Gap(GapKind.NUMBER, number=number, tolerance=tolerance), []


def differences(original: Passage, variant: Passage) -> list[Any]:
    """Where the gaps of another language aren't those of the original; words for the trainer."""
    if len(original.gaps) != len(variant.gaps):
        return [
            _("The original has %(original)d gaps, this language has %(here)d.")
            % {"original": len(original.gaps), "here": len(variant.gaps)}
        ]
    found: list[Any] = []
    for number, (first, second) in enumerate(zip(original.gaps, variant.gaps, strict=True), start=1):
        if first.kind is not second.kind:
            found.append(_("Gap %(number)d is of another kind in the original.") % {"number": number})
        elif first.form != second.form:
            found.append(
                _("Gap %(number)d has %(original)d choices in the original.")
                % {"number": number, "original": len(first.words)}
            )
    return found
