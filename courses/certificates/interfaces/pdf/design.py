"""The look of the sheet: colours, measures, ornament and QR code, all drawn as vectors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from reportlab.lib.colors import HexColor

from .sheet import Sheet

# A4 on its side, in points.
WIDTH: Final = 841.8898
HEIGHT: Final = 595.2756


@dataclass(frozen=True, slots=True)
class Theme:
    """One accent, one warm neutral with its two tints, and the ink. Hexadecimal colours."""

    accent: str = "#17494D"
    warm: str = "#B3925F"
    warm_light: str = "#EFE6D6"
    paper: str = "#FDFBF7"
    ink: str = "#1F2A2B"
    soft: str = "#5A6362"


# The star band: a whole number of tiles along both sides, so that every corner holds a whole star.
TILES_ACROSS: Final = 55
TILES_DOWN: Final = 38
TILE: Final = (WIDTH - HEIGHT) / (TILES_ACROSS - TILES_DOWN)
MARGIN: Final = (WIDTH - TILES_ACROSS * TILE) / 2
# Inside the band and its rules: where nothing but text is.
FRAME: Final = MARGIN + TILE


def _star(
    radius: float, points: int = 8, density: float = 0.765367, turn: float = 0
) -> list[tuple[float, float]]:
    """The outline of a star around the origin; `density` is the inner radius in outer radii."""
    return [
        (
            (radius if i % 2 == 0 else radius * density) * math.cos(turn + math.pi * i / points),
            (radius if i % 2 == 0 else radius * density) * math.sin(turn + math.pi * i / points),
        )
        for i in range(2 * points)
    ]


def _polygon(sheet: Sheet, outline: list[tuple[float, float]], fill: int, stroke: int) -> None:
    path = sheet.beginPath()
    path.moveTo(*outline[0])
    for point in outline[1:]:
        path.lineTo(*point)
    path.close()
    sheet.drawPath(path, fill=fill, stroke=stroke)


def draw_background(sheet: Sheet, theme: Theme) -> None:
    """Paper tint, star band, and the two rules inside it."""
    sheet.setFillColor(HexColor(theme.paper))
    sheet.rect(0, 0, WIDTH, HEIGHT, fill=1, stroke=0)
    _draw_band(sheet, theme)
    sheet.setStrokeColor(HexColor(theme.accent))
    for inset, weight in ((4.6, 1.1), (7.6, 0.35)):
        sheet.setLineWidth(weight)
        edge = FRAME + inset
        sheet.rect(edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge, fill=0, stroke=1)


def _draw_band(sheet: Sheet, theme: Theme) -> None:
    """Eight-pointed stars in a row around the sheet, tip to tip, with half crosses between them."""
    sheet.beginForm("star", -TILE / 2, -TILE / 2, TILE / 2, TILE / 2)
    sheet.setFillColor(HexColor(theme.paper))
    sheet.setStrokeColor(HexColor(theme.warm))
    sheet.setLineWidth(0.4)
    sheet.setLineJoin(1)
    _polygon(sheet, _star(TILE / 2), 1, 1)
    sheet.setFillColor(HexColor(theme.warm))
    _polygon(sheet, _star(TILE * 0.15), 1, 0)
    sheet.endForm()

    sheet.setFillColor(HexColor(theme.warm_light))
    outer = sheet.beginPath()
    outer.rect(MARGIN, MARGIN, WIDTH - 2 * MARGIN, HEIGHT - 2 * MARGIN)
    outer.rect(FRAME, FRAME, WIDTH - 2 * FRAME, HEIGHT - 2 * FRAME)
    sheet.drawPath(outer, fill=1, stroke=0, fillMode=0)
    for column in range(TILES_ACROSS):
        for row in range(TILES_DOWN):
            if column in (0, TILES_ACROSS - 1) or row in (0, TILES_DOWN - 1):
                sheet.saveState()
                sheet.translate(MARGIN + (column + 0.5) * TILE, MARGIN + (row + 0.5) * TILE)
                sheet.doForm("star")
                sheet.restoreState()
    sheet.setStrokeColor(HexColor(theme.warm))
    sheet.setLineWidth(0.5)
    for edge in (MARGIN, FRAME):
        sheet.rect(edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge, fill=0, stroke=1)


def draw_rosette(sheet: Sheet, x: float, y: float, radius: float, colour: str) -> None:
    """Eight turned ellipses inside an eight-pointed star: the mark at the head of the sheet."""
    sheet.saveState()
    sheet.translate(x, y)
    sheet.setStrokeColor(HexColor(colour))
    sheet.setLineWidth(0.8)
    sheet.setLineJoin(1)
    _polygon(sheet, _star(radius), 0, 1)
    sheet.setLineWidth(0.3)
    for _ in range(8):
        sheet.rotate(22.5)
        sheet.ellipse(-radius * 0.68, -radius * 0.24, radius * 0.68, radius * 0.24, fill=0, stroke=1)
    sheet.setFillColor(HexColor(colour))
    _polygon(sheet, _star(radius * 0.13), 1, 0)
    sheet.restoreState()


def draw_divider(sheet: Sheet, x: float, bottom: float, top: float, theme: Theme) -> None:
    """A hairline between two columns, with a small star in its middle."""
    middle = (bottom + top) / 2
    sheet.setStrokeColor(HexColor(theme.warm))
    sheet.setLineWidth(0.5)
    sheet.line(x, bottom, x, middle - 9)
    sheet.line(x, middle + 9, x, top)
    sheet.saveState()
    sheet.translate(x, middle)
    sheet.setFillColor(HexColor(theme.warm))
    _polygon(sheet, _star(4.2), 1, 0)
    sheet.restoreState()


def draw_rule(sheet: Sheet, x: float, y: float, half: float, theme: Theme) -> None:
    """A centred hairline with a small star: the ornament under the title."""
    sheet.setStrokeColor(HexColor(theme.warm))
    sheet.setLineWidth(0.6)
    sheet.line(x - half, y, x - 8, y)
    sheet.line(x + 8, y, x + half, y)
    sheet.saveState()
    sheet.translate(x, y)
    sheet.setFillColor(HexColor(theme.warm))
    _polygon(sheet, _star(3.4), 1, 0)
    sheet.restoreState()


def draw_qr(sheet: Sheet, text: str, x: float, y: float, side: float, colour: str) -> None:
    """The QR code of a text in a square of `side` points; leave a tenth of that blank around it."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    matrix = code.get_matrix()
    module = side / len(matrix)
    sheet.setFillColor(HexColor(colour))
    path = sheet.beginPath()
    for outline in _outlines(matrix):
        corners = [(x + column * module, y + side - row * module) for row, column in outline]
        path.moveTo(*corners[0])
        for corner in corners[1:]:
            path.lineTo(*corner)
        path.close()
    sheet.drawPath(path, fill=1, stroke=0, fillMode=0)


def _outlines(matrix: list[list[bool]]) -> list[list[tuple[int, int]]]:
    """The edges between dark and light modules as closed paths: no seams between modules at any zoom."""
    size = len(matrix)
    follow: dict[tuple[int, int], list[tuple[int, int]]] = {}

    def dark(row: int, column: int) -> bool:
        return 0 <= row < size and 0 <= column < size and matrix[row][column]

    for row in range(size):
        for column in range(size):
            if not matrix[row][column]:
                continue
            corners = [(row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column)]
            neighbours = [(row - 1, column), (row, column + 1), (row + 1, column), (row, column - 1)]
            for index, neighbour in enumerate(neighbours):
                if not dark(*neighbour):
                    follow.setdefault(corners[index], []).append(corners[(index + 1) % 4])
    outlines = []
    while follow:
        start = min(follow)
        outline, here = [start], start
        while True:
            ahead = follow[here].pop()
            if not follow[here]:
                del follow[here]
            if len(outline) > 1 and _straight(outline[-2], outline[-1], ahead):
                outline[-1] = ahead
            else:
                outline.append(ahead)
            here = ahead
            if here == start:
                break
        outlines.append(outline[:-1])
    return outlines


def _straight(a: tuple[int, int], b: tuple[int, int], c: tuple[int, int]) -> bool:
    return (a[0] == b[0] == c[0]) or (a[1] == b[1] == c[1])
