"""A band of eight-pointed stars around the sheet, everything centred: a certificate for the wall."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from reportlab.lib.colors import HexColor

from courses.certificates.interfaces.pdf.body import Setting, blocks, fit, style_of
from courses.certificates.interfaces.pdf.foot import draw_foot
from courses.certificates.interfaces.pdf.head import draw_logos, issuer, logo_boxes, row_width
from courses.certificates.interfaces.pdf.layout import (
    Block,
    Column,
    Gap,
    Paragraph,
    Placed,
    between,
    fit_columns,
    fit_from_top,
)
from courses.certificates.interfaces.pdf.page import Job, Page, size_of
from courses.certificates.interfaces.pdf.sheet import Sheet
from courses.certificates.interfaces.pdf.spec import DesignSpec

_GUTTER: Final = 44.0
_BAND_MARGIN: Final = 22.0


@dataclass(frozen=True, slots=True)
class Band:
    """A whole number of tiles along both sides, so that every corner holds a whole star. Lengths in points."""

    across: int
    down: int
    tile: float
    margin: float

    @classmethod
    def around(cls, width: float, height: float) -> Band:
        """The band whose tiles fit a sheet best: about as wide as a finger's nail, and near the edge."""
        shorter, longer = sorted((width, height))
        more = round((longer - shorter) / 14.5)
        tile = (longer - shorter) / more
        few = round((shorter - 2 * _BAND_MARGIN) / tile)
        across, down = (few + more, few) if width > height else (few, few + more)
        return cls(across, down, tile, (shorter - few * tile) / 2)

    @property
    def inside(self) -> float:
        """From the edge of the sheet to the inner edge of the band."""
        return self.margin + self.tile


def page(spec: DesignSpec) -> Page:
    width, height = size_of(spec)
    portrait = height > width
    return Page(
        width=width,
        height=height,
        side=62.0 if portrait else 70.0,
        inset=Band.around(width, height).inside + 9,
        foot=88.0 if portrait else 80.0,
    )


def compose(job: Job) -> list[Placed]:
    """Draw the sheet's ornaments, and return its lines of text at their places."""
    _draw_frame(job)
    lines = _head(job)
    title, top = _title(job)
    lines += title
    foot, bottom = draw_foot(job, centred=True)
    return lines + foot + _bodies(job, top, bottom + 10)


def _bodies(job: Job, top: float, bottom: float) -> list[Placed]:
    page, columns = job.page, job.columns
    shows = job.spec.shows_themes

    def made(language: int, large: float, themes: bool) -> list[Block]:
        return blocks(job.content, columns[language], Setting(job.palette, "centre", large), themes=themes)

    if len(columns) == 1:
        inset = page.side + (16 if page.portrait else 60)
        large = 1.2 if page.portrait else 1.22

        def alone(themes: bool) -> list[Column]:
            return [(made(0, large, themes), inset, page.width - 2 * inset)]

        spread = 26 if page.portrait else 9
        return fit(alone, top, bottom, themes=shows, spread=spread, above=0.5)
    if page.portrait:
        return _stacked(job, top, bottom)
    width = (page.text_width - _GUTTER) / 2

    def beside(themes: bool) -> list[Column]:
        return [(made(i, 1, themes), page.side + i * (width + _GUTTER), width) for i in range(2)]

    _draw_divider(job, page.width / 2, bottom + 6, top - 8)
    return fit(beside, top, bottom, themes=shows, spread=9, above=0.5)


def _stacked(job: Job, top: float, bottom: float) -> list[Placed]:
    """The languages one under the other, the main one first, with a small rule between them."""
    page = job.page
    gap = 26.0
    setting = Setting(job.palette, "centre")

    def stacked(themes: bool) -> list[Column]:
        first, second = (blocks(job.content, wording, setting, themes=themes) for wording in job.words)
        return [([*first, Gap(gap), *second], page.side + 6, page.text_width - 12)]

    lines = fit(stacked, top, bottom, themes=job.spec.shows_themes, spread=7, above=0.5)
    _draw_rule(job, page.width / 2, between(job.words[1].language, lines), 60)
    return lines


def _head(job: Job) -> list[Placed]:
    """The logos, or else a rosette, in the middle; the issuer on both sides of it or (one language) under it."""
    page = job.page
    middle = page.height - (80 if page.portrait else 72)
    boxes = logo_boxes(job, page.text_width * (0.5 if len(job.words) == 2 else 1))
    across = row_width(boxes) or 38.0
    if boxes:
        draw_logos(job, boxes, (page.width - across) / 2, middle)
    else:
        _draw_rosette(job.sheet, page.width / 2, middle, 19, job.palette.accent)
    if len(job.columns) == 1:
        return fit_columns(
            [([issuer(job, job.columns[0], "centre")], page.side, page.text_width)], middle - 23, middle - 47
        )
    width = (page.text_width - across) / 2 - 18
    places = (page.side, page.width - page.side - width)
    columns = [
        ([issuer(job, wording, align)], x, width)
        for wording, align, x in zip(job.columns, ("left", "right"), places, strict=True)
    ]
    return fit_columns(columns, middle + 24, middle - 24)


def _title(job: Job) -> tuple[list[Placed], float]:
    """The title in each language, the main one large, and the y under the rule below it."""
    page, palette, main = job.page, job.palette, job.words[0]
    top = page.height - (94 if len(job.words) > 1 else 124) - (6 if main.direction == "ltr" else 0)
    top -= (16 if page.portrait else 0) + (5 if job.spec.logos else 0)
    titles: list[Block] = []
    for index, wording in enumerate(job.words):
        face = "bold" if wording.direction == "rtl" and not index else "regular"
        size, colour = (17, palette.soft) if index else (32, palette.accent)
        style = style_of(wording, face, size, colour)
        titles.append(Paragraph(wording.title, style, 3 if index else 0, shrink=0.7))
    lines, y = fit_from_top([(titles, page.side, page.text_width)], top, top - 110)
    _draw_rule(job, page.width / 2, y - 9, 90)
    return lines, y - 18


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


def _draw_frame(job: Job) -> None:
    """The star band, and the two rules inside it."""
    sheet, page = job.sheet, job.page
    band = Band.around(page.width, page.height)
    _draw_band(job, band)
    sheet.setStrokeColor(HexColor(job.palette.accent))
    for inset, weight in ((4.6, 1.1), (7.6, 0.35)):
        sheet.setLineWidth(weight)
        edge = band.inside + inset
        sheet.rect(edge, edge, page.width - 2 * edge, page.height - 2 * edge, fill=0, stroke=1)


def _draw_band(job: Job, band: Band) -> None:
    """Eight-pointed stars in a row around the sheet, tip to tip, with half crosses between them."""
    sheet, page, palette = job.sheet, job.page, job.palette
    tile, margin = band.tile, band.margin
    sheet.beginForm("star", -tile / 2, -tile / 2, tile / 2, tile / 2)
    sheet.setFillColor(HexColor(palette.paper))
    sheet.setStrokeColor(HexColor(palette.warm))
    sheet.setLineWidth(0.4)
    sheet.setLineJoin(1)
    _polygon(sheet, _star(tile / 2), 1, 1)
    sheet.setFillColor(HexColor(palette.warm))
    _polygon(sheet, _star(tile * 0.15), 1, 0)
    sheet.endForm()

    sheet.setFillColor(HexColor(palette.warm_light))
    outer = sheet.beginPath()
    for edge in (margin, band.inside):
        outer.rect(edge, edge, page.width - 2 * edge, page.height - 2 * edge)
    sheet.drawPath(outer, fill=1, stroke=0, fillMode=0)
    for column in range(band.across):
        for row in range(band.down):
            if column in (0, band.across - 1) or row in (0, band.down - 1):
                sheet.saveState()
                sheet.translate(margin + (column + 0.5) * tile, margin + (row + 0.5) * tile)
                sheet.doForm("star")
                sheet.restoreState()
    sheet.setStrokeColor(HexColor(palette.warm))
    sheet.setLineWidth(0.5)
    for edge in (margin, band.inside):
        sheet.rect(edge, edge, page.width - 2 * edge, page.height - 2 * edge, fill=0, stroke=1)


def _draw_rosette(sheet: Sheet, x: float, y: float, radius: float, colour: str) -> None:
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


def _draw_divider(job: Job, x: float, bottom: float, top: float) -> None:
    """A hairline between two columns, with a small star in its middle."""
    middle = (bottom + top) / 2
    job.sheet.setStrokeColor(HexColor(job.palette.warm))
    job.sheet.setLineWidth(0.5)
    job.sheet.line(x, bottom, x, middle - 9)
    job.sheet.line(x, middle + 9, x, top)
    _draw_mark(job, x, middle, 4.2)


def _draw_rule(job: Job, x: float, y: float, half: float) -> None:
    """A centred hairline with a small star: the ornament under the title."""
    job.sheet.setStrokeColor(HexColor(job.palette.warm))
    job.sheet.setLineWidth(0.6)
    job.sheet.line(x - half, y, x - 8, y)
    job.sheet.line(x + 8, y, x + half, y)
    _draw_mark(job, x, y, 3.4)


def _draw_mark(job: Job, x: float, y: float, radius: float) -> None:
    job.sheet.saveState()
    job.sheet.translate(x, y)
    job.sheet.setFillColor(HexColor(job.palette.warm))
    _polygon(job.sheet, _star(radius), 1, 0)
    job.sheet.restoreState()
