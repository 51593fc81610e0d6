"""Logical text wrapped into shaped lines: measured, balanced, with the levels of the whole paragraph.

Widths are in thousandths of the font size.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from courses.lib.bidi import Direction, clean, line_runs, resolve_levels, visual_runs

from .shaping import ShapedLine, shape_runs

_BREAK_AFTER = frozenset(" -/–—\u2010")


def wrap(text: str, face: str, language: str, direction: Direction, width: float) -> tuple[ShapedLine, ...]:
    """The lines of a text, none wider than `width` (in thousandths of the font size), of similar length.

    As few lines as possible; then the narrowest measure that keeps their number, so that a centred title
    doesn't leave one word alone. A word wider than `width` is cut between two signs.
    """
    prepared = _prepared(clean(text), face, language, direction)
    # Pieces are measured one by one; joined, they may differ by a little kerning.
    for allowance in (1, 0.98, 0.94, 0.88):
        lines = tuple(prepared.line(start, end) for start, end in _balanced(prepared, width * allowance))
        if all(line.width <= width for line in lines):
            break
    return lines


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch that stays on one line: its bounds in the text and its width without the last space."""

    start: int
    end: int
    width: float
    space: float


class _Prepared:
    """A paragraph with its levels resolved and its pieces measured once."""

    def __init__(self, text: str, face: str, language: str, direction: Direction) -> None:
        self.text = text
        self.direction = direction
        self._face = face
        self._language = language
        self._levels = resolve_levels(text, direction)
        self._lines: dict[tuple[int, int], ShapedLine] = {}
        self.space = shape_runs(visual_runs(" ", direction), face, language).width
        bounds = [0] if text else []
        bounds += [i for i in range(1, len(text)) if text[i - 1] in _BREAK_AFTER and text[i] != " "]
        self.pieces = [
            self._piece(start, end) for start, end in zip(bounds, [*bounds[1:], len(text)], strict=False)
        ]

    def line(self, start: int, end: int) -> ShapedLine:
        """The shaped line of a stretch, without the spaces at its end."""
        while end > start and self.text[end - 1] == " ":
            end -= 1
        if (start, end) not in self._lines:
            runs = line_runs(self.text, self._levels, self.direction, start, end)
            self._lines[start, end] = shape_runs(runs, self._face, self._language, self.direction)
        return self._lines[start, end]

    def _piece(self, start: int, end: int) -> _Piece:
        return _Piece(start, end, self.line(start, end).width, self.space * (self.text[end - 1] == " "))

    def cut(self, piece: _Piece, width: float) -> list[_Piece]:
        """A piece that is too wide for a line, in parts of at most that width, never between a letter and
        its marks."""
        parts: list[_Piece] = []
        start = piece.start
        while start < piece.end:
            end = start + 1
            for candidate in range(start + 1, piece.end + 1):
                inside = candidate < piece.end and unicodedata.combining(self.text[candidate])
                if not inside:
                    if candidate > start + 1 and self.line(start, candidate).width > width:
                        break
                    end = candidate
            parts.append(self._piece(start, end))
            start = end
        return parts


@lru_cache(maxsize=256)
def _prepared(text: str, face: str, language: str, direction: Direction) -> _Prepared:
    return _Prepared(text, face, language, direction)


def _balanced(prepared: _Prepared, width: float) -> list[tuple[int, int]]:
    """The bounds of lines of similar length, as few as possible."""
    pieces = [
        part
        for piece in prepared.pieces
        for part in ([piece] if piece.width <= width else prepared.cut(piece, width))
    ]
    lines = _filled(pieces, width)
    if len(lines) > 1:
        low, high = max(piece.width for piece in pieces), width
        while high - low > 100:
            middle = (low + high) / 2
            tried = _filled(pieces, middle)
            if len(tried) <= len(lines):
                high, lines = middle, tried
            else:
                low = middle
    return lines


def _filled(pieces: Sequence[_Piece], width: float) -> list[tuple[int, int]]:
    lines: list[tuple[int, int]] = []
    total = 0.0
    for piece in pieces:
        if lines and total + piece.width <= width:
            lines[-1] = (lines[-1][0], piece.end)
            total += piece.width + piece.space
        else:
            lines.append((piece.start, piece.end))
            total = piece.width + piece.space
    return lines
