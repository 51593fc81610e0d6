"""The QR code, drawn as one vector path."""

from __future__ import annotations

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from reportlab.lib.colors import HexColor

from .sheet import Sheet


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
