"""A quiet sheet: a thin frame whose upper edge carries the colour, and text that begins where its line begins."""

from __future__ import annotations

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
from courses.certificates.interfaces.pdf.spec import DesignSpec
from courses.certificates.interfaces.pdf.wording import Wording

_FRAME: Final = 30.0
_EDGE: Final = 7.0
_GUTTER: Final = 56.0


def page(spec: DesignSpec) -> Page:
    width, height = size_of(spec)
    portrait = height > width
    return Page(
        width=width,
        height=height,
        side=64.0 if portrait else 72.0,
        inset=_FRAME + 8,
        foot=92.0 if portrait else 82.0,
    )


def compose(job: Job) -> list[Placed]:
    """Draw the sheet's frame and rules, and return its lines of text at their places."""
    page = job.page
    _draw_frame(job)
    lines, top = _head(job)
    foot, bottom = draw_foot(job, centred=False)
    _hairline(job, page.side, bottom + 10, page.width - page.side)
    lines += foot
    bottom += 18
    if len(job.columns) == 1:
        return lines + _alone(job, top, bottom)
    return lines + (_stacked if page.portrait else _beside)(job, top, bottom)


def _alone(job: Job, top: float, bottom: float) -> list[Placed]:
    page, wording = job.page, job.words[0]
    title, y = fit_from_top([([_title(job, wording, 34)], page.side, page.text_width)], top, top - 110)
    _bar(job, wording, page.side, page.text_width, y - 10)
    setting = Setting(job.palette, "start", 1.2 if page.portrait else 1.24)

    def made(themes: bool) -> list[Column]:
        return [(blocks(job.content, wording, setting, themes=themes), page.side, page.text_width)]

    spread = 24 if page.portrait else 9
    return title + fit(made, y - 26, bottom, themes=job.spec.shows_themes, spread=spread, above=0.2)


def _beside(job: Job, top: float, bottom: float) -> list[Placed]:
    """A column for each language: the left-to-right one from the left edge, the other from the right edge."""
    page = job.page
    width = (page.text_width - _GUTTER) / 2
    lefts = (page.side, page.side + width + _GUTTER)
    titles = [([_title(job, wording, 23)], x, width) for wording, x in zip(job.columns, lefts, strict=True)]
    lines, y = fit_from_top(titles, top, top - 90)
    for wording, x in zip(job.columns, lefts, strict=True):
        _bar(job, wording, x, width, y - 9)
    setting = Setting(job.palette, "start")

    def made(themes: bool) -> list[Column]:
        return [
            (blocks(job.content, wording, setting, themes=themes), x, width)
            for wording, x in zip(job.columns, lefts, strict=True)
        ]

    job.sheet.setStrokeColor(HexColor(job.palette.warm))
    job.sheet.setLineWidth(0.4)
    job.sheet.line(page.width / 2, bottom + 2, page.width / 2, top - 4)
    return lines + fit(made, y - 22, bottom, themes=job.spec.shows_themes, spread=9, above=0.4)


def _stacked(job: Job, top: float, bottom: float) -> list[Placed]:
    """The languages one under the other, the main one first, with a hairline between them."""
    page = job.page
    setting = Setting(job.palette, "start")

    def made(themes: bool) -> list[Column]:
        parts: list[Block] = []
        for number, wording in enumerate(job.words):
            parts += [Gap(30)] if number else []
            parts.append(_title(job, wording, 21 if number else 25))
            body = blocks(job.content, wording, setting, themes=themes)
            parts += [Gap(5), *body]
        return [(parts, page.side, page.text_width)]

    lines = fit(made, top, bottom, themes=job.spec.shows_themes, spread=6, above=0.2)
    _hairline(job, page.side, between(job.words[1].language, lines), page.width - page.side)
    return lines


def _head(job: Job) -> tuple[list[Placed], float]:
    """The issuer where the lines begin and the logos at the other end; or the issuer's two names with the logos
    between them. And the y under all of it.
    """
    page = job.page
    middle = page.height - 74
    two = len(job.columns) == 2
    boxes = logo_boxes(job, page.text_width * (0.46 if two else 0.56))
    across = row_width(boxes)
    room = page.text_width - (across + 24 if boxes else 0)
    begins, ends = page.side, page.width - page.side - across
    draw_logos(job, boxes, (page.width - across) / 2 if two else begins if job.mirrored else ends, middle)
    width = (room - 24) / 2 if two else room
    at_right = (page.width - page.side - width, "right")
    places = (
        ((page.side, "left"), at_right) if two else (at_right,) if job.mirrored else ((page.side, "left"),)
    )
    columns: list[Column] = [
        ([issuer(job, wording, align)], x, width)
        for wording, (x, align) in zip(job.columns, places, strict=True)
    ]
    lines = fit_columns(columns, middle + 22, middle - 22)
    return lines, middle - (44 if page.portrait else 34)


def _title(job: Job, wording: Wording, size: float) -> Paragraph:
    face = "bold" if wording.direction == "rtl" else "regular"
    align = "right" if wording.direction == "rtl" else "left"
    return Paragraph(
        wording.title, style_of(wording, face, size, job.palette.accent), 0, shrink=0.75, align=align
    )


def _draw_frame(job: Job) -> None:
    sheet, page = job.sheet, job.page
    sheet.setStrokeColor(HexColor(job.palette.warm))
    sheet.setLineWidth(0.7)
    sheet.rect(_FRAME, _FRAME, page.width - 2 * _FRAME, page.height - 2 * _FRAME, fill=0, stroke=1)
    sheet.setFillColor(HexColor(job.palette.accent))
    sheet.rect(_FRAME, page.height - _FRAME - _EDGE, page.width - 2 * _FRAME, _EDGE, fill=1, stroke=0)


def _bar(job: Job, wording: Wording, x: float, width: float, y: float) -> None:
    """A short strong stroke under a title, where its line begins."""
    left = x + width - 34 if wording.direction == "rtl" else x
    job.sheet.setFillColor(HexColor(job.palette.warm))
    job.sheet.rect(left, y, 34, 2, fill=1, stroke=0)


def _hairline(job: Job, left: float, y: float, right: float) -> None:
    job.sheet.setStrokeColor(HexColor(job.palette.warm))
    job.sheet.setLineWidth(0.5)
    job.sheet.line(left, y, right, y)
