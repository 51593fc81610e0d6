"""Measured text: logical text wrapped into shaped lines, and columns shrunk until they fit.

Lengths are in points, y upwards, unless said otherwise.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from courses.lib.bidi import Direction, clean, line_runs, resolve_levels, visual_runs

from .shaping import ShapedLine, shape_runs

# Line heights, in font sizes: Arabic needs room for marks above and tails below.
LEADING: dict[Direction, float] = {"ltr": 1.28, "rtl": 1.62}
# How far the letters of a line reach above and below its baseline, at least, in font sizes.
_ASCENT: dict[Direction, float] = {"ltr": 0.78, "rtl": 0.94}
_DESCENT: dict[Direction, float] = {"ltr": 0.26, "rtl": 0.46}
_BREAK_AFTER = frozenset(" -/–—\u2010")


class ContentDoesNotFitError(ValueError):
    """A text is too long for its place even at the smallest size that can be read."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: face (`regular`, `bold`, `italic`), size in points, colour, language."""

    face: str
    size: float
    colour: str
    language: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Placed:
    """A line at its place: left end and baseline. `ink` and sizes follow from `line` and `size`."""

    line: ShapedLine
    style: Style
    size: float
    x: float
    y: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The ink: left, bottom, right, top."""
        scale = self.size / 1000
        ink = self.line.ink
        return (
            self.x + ink.left * scale,
            self.y + ink.bottom * scale,
            self.x + ink.right * scale,
            self.y + ink.top * scale,
        )


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
            self._lines[start, end] = shape_runs(runs, self._face, self._language)
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


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text of a column: centred, wrapped, with `before` points above it."""

    text: str
    style: Style
    before: float = 0
    # A paragraph of one line that shrinks by this much at most before it wraps (1 means: wrap at once).
    shrink: float = 1
    align: str = "centre"

    def place(self, x: float, top: float, width: float, scale: float) -> tuple[list[Placed], float]:
        """The lines in the column that starts at `x`, and the y under the last one."""
        size = self.style.size * scale
        lines = self._lines(width, size)
        if len(lines) > 1 and self.shrink < 1:
            for step in (0.95, 0.9, 0.85, 0.8, 0.75, 0.7):
                if step < self.shrink:
                    break
                smaller = self._lines(width, size * step)
                if len(smaller) < len(lines):
                    lines, size = smaller, size * step
                    break
        placed: list[Placed] = []
        y = top - self.before * scale
        direction = self.style.direction
        for index, line in enumerate(lines):
            ascent = max(_ASCENT[direction] * size, line.ink.top * size / 1000)
            descent = max(_DESCENT[direction] * size, -line.ink.bottom * size / 1000)
            spare = LEADING[direction] * size - ascent - descent if index else 0
            y -= max(0, spare) + ascent
            left = {
                "centre": x + (width - line.width * size / 1000) / 2,
                "left": x,
                "right": x + width - line.width * size / 1000,
            }[self.align]
            placed.append(Placed(line, self.style, size, left, y))
            y -= descent
        return placed, y

    def natural_width(self, scale: float) -> float:
        """The width of the text on one line, in points."""
        return (
            max((line.width for line in self._lines(10_000, 1)), default=0) * self.style.size * scale / 1000
        )

    def _lines(self, width: float, size: float) -> tuple[ShapedLine, ...]:
        style = self.style
        return wrap(self.text, style.face, style.language, style.direction, round(width * 1000 / size, 1))


@dataclass(frozen=True, slots=True)
class Cells:
    """Small facts beside each other: a label above a value, each cell as wide as its words need."""

    cells: tuple[tuple[Paragraph, Paragraph], ...]
    direction: Direction
    before: float = 0
    gutter: float = 22

    def place(self, x: float, top: float, width: float, scale: float) -> tuple[list[Placed], float]:
        placed: list[Placed] = []
        y = top - self.before * scale
        if not self.cells:
            return placed, y
        ordered = self.cells if self.direction == "ltr" else self.cells[::-1]
        widths, gutter = self._widths(ordered, width, scale)
        left = x + (width - sum(widths) - gutter * (len(widths) - 1)) / 2
        lefts = [left + sum(widths[:i]) + gutter * i for i in range(len(widths))]
        labels = [
            label.place(left, y, cell, scale)
            for left, cell, (label, _) in zip(lefts, widths, ordered, strict=True)
        ]
        values_top = min(bottom for _, bottom in labels)
        lowest = values_top
        for left, cell, (_, value), (lines, bottom) in zip(lefts, widths, ordered, labels, strict=True):
            placed.extend(_moved(lines, values_top - bottom))  # labels stand just above their values
            lines, under = value.place(left, values_top, cell, scale)
            placed.extend(lines)
            lowest = min(lowest, under)
        return placed, lowest

    def _widths(
        self, ordered: Sequence[tuple[Paragraph, Paragraph]], width: float, scale: float
    ) -> tuple[list[float], float]:
        """The width of each cell and the space between them; the widest give way when there isn't room."""
        natural = [max(part.natural_width(scale) for part in cell) + 1 for cell in ordered]
        gaps = len(ordered) - 1
        spare = width - sum(natural)
        if spare >= 10 * gaps:
            return natural, min(self.gutter, spare / gaps) if gaps else 0
        room = width - 10 * gaps
        limit = max(natural)
        while sum(min(limit, cell) for cell in natural) > room and limit > 20:
            limit -= 1
        return [min(limit, cell) for cell in natural], 10


Block = Paragraph | Cells


def _moved(lines: Sequence[Placed], up: float) -> list[Placed]:
    return [Placed(line.line, line.style, line.size, line.x, line.y + up) for line in lines]


def place_rows(
    columns: Sequence[tuple[Sequence[Block], float, float]], top: float, scale: float, extra: float = 0
) -> tuple[list[Placed], float]:
    """Columns (blocks, x, width) row by row, and the y under the last row.

    The first blocks of all columns stand on one baseline, then the second ones, and so on. `extra` points
    go above every row but the first.
    """
    placed: list[Placed] = []
    y = top
    for number, row in enumerate(zip_longest(*(blocks for blocks, _, _ in columns))):
        y -= extra if number else 0
        results = [
            block.place(x, y, width, scale)
            for block, (_, x, width) in zip(row, columns, strict=True)
            if block is not None
        ]
        baseline = min((lines[0].y for lines, _ in results if lines), default=y)
        for lines, bottom in results:
            drop = baseline - lines[0].y if lines else 0
            placed.extend(_moved(lines, drop))
            y = min(y, bottom + drop)
    return placed, y


def fit_columns(
    columns: Sequence[tuple[Sequence[Block], float, float]],
    top: float,
    bottom: float,
    *,
    spread: float = 0,
    above: float = 0.5,
    smallest: float = 0.56,
) -> list[Placed]:
    """Columns (blocks, x, width) between `top` and `bottom`, all at the largest common scale that fits.

    The scale goes from 1 down to `smallest`. What is left of the height goes between the rows, at most
    `spread` points each, and then a share of `above` over the text and the rest under it.

    Raises ContentDoesNotFitError when the smallest scale is too large.
    """
    rows = max(len(blocks) for blocks, _, _ in columns)
    fits, fails = _steps(smallest), -1  # scales as steps of two hundredths below 1
    if place_rows(columns, top, _scale(fits))[1] < bottom:
        raise ContentDoesNotFitError("the certificate's text doesn't fit on the sheet")
    while fits - fails > 1:
        middle = 0 if fails < 0 else (fits + fails) // 2
        if place_rows(columns, top, _scale(middle))[1] >= bottom:
            fits = middle
        else:
            fails = middle
    placed, lowest = place_rows(columns, top, _scale(fits))
    extra = min(spread, (lowest - bottom) / (rows + 1))
    if extra:
        placed, lowest = place_rows(columns, top, _scale(fits), extra)
    return _moved(placed, (bottom - lowest) * above)


def _scale(step: int) -> float:
    return 1 - step * 0.02


def _steps(smallest: float) -> int:
    return round((1 - smallest) / 0.02)
