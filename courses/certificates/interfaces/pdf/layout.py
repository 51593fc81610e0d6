"""Measured text: paragraphs and facts in columns, shrunk until they fit.

Lengths are in points, y upwards, unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from courses.lib.bidi import Direction

from .shaping import ShapedLine
from .wrapping import wrap

# Line heights, in font sizes: Arabic needs room for marks above and tails below.
LEADING: dict[Direction, float] = {"ltr": 1.28, "rtl": 1.62}
# How far the letters of a line reach above and below its baseline, at least, in font sizes.
_ASCENT: dict[Direction, float] = {"ltr": 0.78, "rtl": 0.94}
_DESCENT: dict[Direction, float] = {"ltr": 0.26, "rtl": 0.46}
# Between two facts, in points.
_LEAST_GUTTER = 10.0


class ContentDoesNotFitError(ValueError):
    """A text is too long for its place even at the smallest size that can be read."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set: face (`regular`, `bold`, `italic`), size in points, colour, language.

    No shrinking sets it smaller than `least` points (or than its own size, if that is smaller).
    """

    face: str
    size: float
    colour: str
    language: str
    direction: Direction
    least: float = 0

    def scaled(self, scale: float) -> float:
        """The size in points at a scale."""
        return max(self.size * scale, min(self.size, self.least))


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
        size = self.style.scaled(scale)
        lines = self._lines(width, size)
        if len(lines) > 1 and self.shrink < 1:
            for step in (0.95, 0.9, 0.85, 0.8, 0.75, 0.7):
                if step < self.shrink or size * step < self.style.least:
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
            max((line.width for line in self._lines(10_000, 1)), default=0) * self.style.scaled(scale) / 1000
        )

    def _lines(self, width: float, size: float) -> tuple[ShapedLine, ...]:
        style = self.style
        return wrap(self.text, style.face, style.language, style.direction, round(width * 1000 / size, 1))


@dataclass(frozen=True, slots=True)
class Cells:
    """Small facts beside each other: a label above a value, each cell as wide as its words need.

    More than three that have no room beside each other stand in two rows.
    """

    cells: tuple[tuple[Paragraph, Paragraph], ...]
    direction: Direction
    before: float = 0
    gutter: float = 22
    align: str = "centre"

    def place(self, x: float, top: float, width: float, scale: float) -> tuple[list[Placed], float]:
        placed: list[Placed] = []
        y = top - self.before * scale
        for number, row in enumerate(self._rows(width, scale)):
            lines, y = self._place_row(row, x, y - (5 * scale if number else 0), width, scale)
            placed += lines
        return placed, y

    def _rows(self, width: float, scale: float) -> list[tuple[tuple[Paragraph, Paragraph], ...]]:
        if not self.cells:
            return []
        # A label may wrap; a value that has to makes a second row the better choice.
        room = sum(_least_width(cell, scale) for cell in self.cells) + _LEAST_GUTTER * (len(self.cells) - 1)
        half = (len(self.cells) + 1) // 2
        rows = (
            [self.cells] if room <= width or len(self.cells) <= 3 else [self.cells[:half], self.cells[half:]]
        )
        return rows if self.direction == "ltr" else [row[::-1] for row in rows]

    def _place_row(
        self, row: Sequence[tuple[Paragraph, Paragraph]], x: float, y: float, width: float, scale: float
    ) -> tuple[list[Placed], float]:
        placed: list[Placed] = []
        widths, gutter = self._widths(row, width, scale)
        spare = width - sum(widths) - gutter * (len(widths) - 1)
        left = x + {"centre": spare / 2, "left": 0, "right": spare}[self.align]
        lefts = [left + sum(widths[:i]) + gutter * i for i in range(len(widths))]
        labels = [
            label.place(left, y, cell, scale)
            for left, cell, (label, _) in zip(lefts, widths, row, strict=True)
        ]
        values_top = min(bottom for _, bottom in labels)
        lowest = values_top
        for left, cell, (_, value), (lines, bottom) in zip(lefts, widths, row, labels, strict=True):
            placed.extend(_moved(lines, values_top - bottom))  # labels stand just above their values
            lines, under = value.place(left, values_top, cell, scale)
            placed.extend(lines)
            lowest = min(lowest, under)
        return placed, lowest

    def _widths(
        self, row: Sequence[tuple[Paragraph, Paragraph]], width: float, scale: float
    ) -> tuple[list[float], float]:
        """The width of each cell and the space between them; the widest give way when there isn't room."""
        natural = [max(part.natural_width(scale) for part in cell) + 1 for cell in row]
        gaps = len(row) - 1
        spare = width - sum(natural)
        if spare >= _LEAST_GUTTER * gaps:
            return natural, min(self.gutter, spare / gaps) if gaps else 0
        room = width - _LEAST_GUTTER * gaps
        limit = max(natural)
        while sum(min(limit, cell) for cell in natural) > room and limit > 20:
            limit -= 1
        return [min(limit, cell) for cell in natural], _LEAST_GUTTER


def _least_width(cell: tuple[Paragraph, Paragraph], scale: float) -> float:
    """That of a fact whose label stands on two lines."""
    label, value = cell
    return max(label.natural_width(scale) * 0.62, value.natural_width(scale)) + 1


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing but height, which shrinks along."""

    height: float

    def place(self, x: float, top: float, width: float, scale: float) -> tuple[list[Placed], float]:
        return [], top - self.height * scale


Block = Paragraph | Cells | Gap
# Blocks from top to bottom, the left end, and the width.
Column = tuple[Sequence[Block], float, float]


def _moved(lines: Sequence[Placed], up: float) -> list[Placed]:
    return [Placed(line.line, line.style, line.size, line.x, line.y + up) for line in lines]


def place_rows(
    columns: Sequence[Column], top: float, scale: float, extra: float = 0
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
    columns: Sequence[Column],
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
    scale = _fitting(columns, top, bottom, smallest)
    placed, lowest = place_rows(columns, top, scale)
    extra = min(spread, (lowest - bottom) / (rows + 1))
    if extra:
        placed, lowest = place_rows(columns, top, scale, extra)
    return _moved(placed, (bottom - lowest) * above)


def fit_from_top(
    columns: Sequence[Column], top: float, bottom: float, *, smallest: float = 0.56
) -> tuple[list[Placed], float]:
    """Columns from `top` on, as `fit_columns` scales them, and the y under them: at least `bottom`.

    Raises ContentDoesNotFitError when the smallest scale is too large.
    """
    return place_rows(columns, top, _fitting(columns, top, bottom, smallest))


def between(language: str, lines: Sequence[Placed]) -> float:
    """The y halfway between the lines in a language and those of another one above them."""
    upper = min(line.box[1] for line in lines if line.style.language != language)
    lower = max(line.box[3] for line in lines if line.style.language == language)
    return (upper + lower) / 2


def _fitting(columns: Sequence[Column], top: float, bottom: float, smallest: float) -> float:
    """The largest scale from 1 down to `smallest`, in steps of two hundredths, at which the columns fit."""
    fits, fails = round((1 - smallest) / 0.02), -1
    if place_rows(columns, top, 1 - fits * 0.02)[1] < bottom:
        raise ContentDoesNotFitError("the certificate's text doesn't fit on the sheet")
    while fits - fails > 1:
        middle = 0 if fails < 0 else (fits + fails) // 2
        if place_rows(columns, top, 1 - middle * 0.02)[1] >= bottom:
            fits = middle
        else:
            fails = middle
    return 1 - fits * 0.02
