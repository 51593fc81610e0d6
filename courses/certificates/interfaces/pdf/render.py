"""A certificate as a PDF: A4 on its side, one language or two beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any
from urllib.parse import urlsplit

from reportlab.lib.colors import HexColor

from courses.lib.bidi import is_rtl
from courses.lib.dates import format_date, format_duration, format_month
from courses.lib.ids import display_serial

from . import design
from .content import CertificateContent
from .design import HEIGHT, WIDTH, Theme
from .layout import Block, Cells, Paragraph, Placed, Style, fit_columns, place_rows
from .sheet import Sheet
from .wording import NBSP, WORDINGS, Wording, fill

_SIDE = 70.0  # from the edge of the sheet to the text
_GUTTER = 44.0
_FOOT_TOP = 158.0
_FOOT_BOTTOM = 80.0
_QR_SIDE = 72.0
_VERIFY_WIDTH = 210.0
_SIGNATURE_WIDTH = 230.0

MAX_BYTES = 150_000


def render_certificate(
    content: CertificateContent,
    *,
    wordings: Mapping[str, Wording] = WORDINGS,
    theme: Theme | None = None,
) -> bytes:
    """The PDF of a certificate. The same content, wordings and theme give the same bytes.

    Raises KeyError for a language without wording and for a placeholder without a value, and
    ContentDoesNotFitError when a text is too long for the sheet even at the smallest size.
    """
    theme = theme or Theme()
    words = [wordings[language] for language in content.languages]
    main = words[0]
    sheet = Sheet((WIDTH, HEIGHT), day=content.issued_on, lang=main.language)
    title = fill(main.title, values_of(content, main))
    sheet.setTitle(f"{title} · {content.course_title[main.language]}")
    sheet.setAuthor(content.issuer[main.language])
    # Metadata is shown by indexes and previews: it says what the document is, not whose.
    others = [fill(wording.title, values_of(content, wording)) for wording in words[1:]]
    sheet.setSubject(" · ".join([*others, content.course_code]))
    sheet.setKeywords(display_serial(content.serial))
    sheet.setCreator(content.issuer[main.language])
    sheet.setViewerPreference("DisplayDocTitle", "true")
    if main.direction == "rtl":
        sheet.setViewerPreference("Direction", "/R2L")
    design.draw_background(sheet, theme)
    for placed in compose(sheet, content, words, theme):
        sheet.setFillColor(HexColor(placed.style.colour))
        sheet.draw_line(placed.line, placed.x, placed.y, placed.size, placed.style.language)
    return sheet.finish()


def values_of(content: CertificateContent, wording: Wording) -> dict[str, str]:
    """What the placeholders of a wording stand for: the frozen variables, and the sheet's own words, which no
    variable replaces. Course and day come from the content for certificates that froze no variables.
    """
    minutes, law, score = content.estimated_minutes, content.law_checked_to, content.score_percent
    return {
        "course_code": content.course_code,
        "completed_on": format_date(content.completed_on, wording.locale),
        "programme": "",
        **content.variables.get(wording.language, {}),
        "issued_on": format_date(content.issued_on, wording.locale),
        "duration": "" if minutes is None else format_duration(minutes, wording.locale),
        "law_month": "" if law is None else format_month(law, wording.locale),
        "score": "" if score is None else str(score),
    }


def compose(sheet: Sheet, content: CertificateContent, words: list[Wording], theme: Theme) -> list[Placed]:
    """Draw the ornaments of the sheet, and return its lines of text at their places.

    Raises KeyError for a placeholder in a wording that has no value.
    """
    words = [_filled(wording, values_of(content, wording)) for wording in words]
    # Columns go by direction: a left-to-right language on the left, whichever is the main one.
    ordered = sorted(words, key=lambda wording: wording.direction == "rtl") if len(words) == 2 else words
    lines: list[Placed] = []
    lines += _head(sheet, content, ordered, theme)
    title_lines, top = _title(sheet, words, theme)
    lines += title_lines
    bottom = _FOOT_TOP + 10
    if len(ordered) == 2:
        width = (WIDTH - 2 * _SIDE - _GUTTER) / 2
        columns = [
            (_body(content, wording, theme, True), _SIDE + i * (width + _GUTTER), width)
            for i, wording in enumerate(ordered)
        ]
        design.draw_divider(sheet, WIDTH / 2, bottom + 6, top - 8, theme)
    else:
        inset = _SIDE + 60
        columns = [(_body(content, ordered[0], theme, False), inset, WIDTH - 2 * inset)]
    lines += fit_columns(columns, top, bottom, spread=9)
    lines += _foot(sheet, content, ordered, theme)
    return lines


def _filled(wording: Wording, values: Mapping[str, str]) -> Wording:
    filled: dict[str, Any] = {
        item.name: fill(getattr(wording, item.name), values) for item in fields(wording)
    }
    return replace(wording, **filled)


def _style(wording: Wording, face: str, size: float, colour: str) -> Style:
    """Arabic is set a size larger than Latin, and never slanted."""
    if wording.direction == "rtl":
        face = "regular" if face == "italic" else face
        size *= 1.12
    return Style(face, size, colour, wording.language, wording.direction)


def _own(text: str, style: Style) -> Style:
    """The style for a name, which keeps its own direction wherever it is printed."""
    return replace(style, direction="rtl" if is_rtl(text) else "ltr")


def _head(sheet: Sheet, content: CertificateContent, ordered: list[Wording], theme: Theme) -> list[Placed]:
    """The mark in the middle, and the issuer on both sides of it or (one language) under it."""
    middle = HEIGHT - 72
    design.draw_rosette(sheet, WIDTH / 2, middle, 19, theme.accent)
    issuers = [
        Paragraph(
            content.issuer[wording.language],
            _style(wording, "bold", 11, theme.accent),
            shrink=0.8,
            align="centre" if len(ordered) == 1 else ("left", "right")[index],
        )
        for index, wording in enumerate(ordered)
    ]
    if len(ordered) == 1:
        width = WIDTH - 2 * _SIDE
        return fit_columns([(issuers, _SIDE, width)], middle - 22, middle - 46)
    width = WIDTH / 2 - _SIDE - 40
    places = (_SIDE, WIDTH - _SIDE - width)
    columns = [([issuer], x, width) for issuer, x in zip(issuers, places, strict=True)]
    return fit_columns(columns, middle + 24, middle - 24)


def _title(sheet: Sheet, words: list[Wording], theme: Theme) -> tuple[list[Placed], float]:
    """The title in each language, the main one large, and the y under the rule below it."""
    main = words[0]
    top = HEIGHT - (94 if len(words) > 1 else 124) - (6 if main.direction == "ltr" else 0)
    blocks: list[Block] = []
    for index, wording in enumerate(words):
        face = "bold" if wording.direction == "rtl" and not index else "regular"
        size, colour = (17, theme.soft) if index else (32, theme.accent)
        style = _style(wording, face, size, colour)
        blocks.append(Paragraph(wording.title, style, 3 if index else 0, shrink=0.7))
    lines, y = place_rows([(blocks, _SIDE, WIDTH - 2 * _SIDE)], top, 1)
    design.draw_rule(sheet, WIDTH / 2, y - 9, 90, theme)
    return lines, y - 18


def _body(content: CertificateContent, wording: Wording, theme: Theme, narrow: bool) -> list[Block]:
    language = wording.language
    large = 1.0 if narrow else 1.22

    def paragraph(
        text: str, face: str, size: float, colour: str, before: float, shrink: float = 1
    ) -> Paragraph:
        return Paragraph(text, _style(wording, face, size * large, colour), before * large, shrink)

    def name(text: str, face: str, size: float, colour: str, before: float, shrink: float) -> Paragraph:
        made = paragraph(text, face, size, colour, before, shrink)
        return replace(made, style=_own(text, made.style))

    blocks: list[Block] = [
        paragraph(wording.intro, "italic", 11.5, theme.soft, 0),
        name(content.holder(language), "bold", 25, theme.accent, 3, 0.7),
    ]
    association = content.association(language)
    if association:
        blocks.append(name(association, "regular", 11.5, theme.ink, 1, 0.85))
    blocks += [
        paragraph(wording.statement, "italic", 11.5, theme.soft, 6),
        paragraph(content.course_title[language], "bold", 16.5, theme.ink, 2, shrink=0.85),
        paragraph(wording.passed, "italic", 11.5, theme.soft, 2),
        _facts(content, wording, theme, large),
    ]
    reference = [wording.reference]
    themes = content.themes.get(language, ())
    if themes:
        reference.append(f"{wording.themes_label} {themes[0]}")
        reference += themes[1:]
    blocks.append(paragraph(f"{NBSP}· ".join(reference), "regular", 8.2, theme.soft, 7))
    return blocks


def _facts(content: CertificateContent, wording: Wording, theme: Theme, large: float) -> Cells:
    facts = [(wording.completed_label, wording.completed)]
    if content.estimated_minutes is not None:
        facts.append((wording.duration_label, wording.duration))
    if content.score_percent is not None:
        facts.append((wording.score_label, wording.score))
    if content.law_checked_to is not None:
        facts.append((wording.law_label, wording.law))
    cells = tuple(
        (
            Paragraph(label, _style(wording, "regular", 7.6 * large, theme.soft)),
            Paragraph(value, _style(wording, "regular", 10 * large, theme.ink), 1, shrink=0.85),
        )
        for label, value in facts
    )
    return Cells(cells, wording.direction, before=9 * large)


def _foot(sheet: Sheet, content: CertificateContent, ordered: list[Wording], theme: Theme) -> list[Placed]:
    """The code and how to check it, the signature, and what the certificate isn't.

    A sheet in Arabic alone begins on the right, so there the code stands on the right.
    """
    mirrored = all(wording.direction == "rtl" for wording in ordered)
    qr_x = WIDTH - _SIDE - _QR_SIDE if mirrored else _SIDE
    design.draw_qr(sheet, content.verify_url, qr_x, _FOOT_BOTTOM, _QR_SIDE, theme.ink)
    text_x = qr_x - 12 - _VERIFY_WIDTH if mirrored else qr_x + _QR_SIDE + 12
    lines = _verification(content, ordered, theme, text_x, "right" if mirrored else "left")
    signature_x = _SIDE if mirrored else WIDTH - _SIDE - _SIGNATURE_WIDTH
    lines += _signature(sheet, content, ordered, theme, signature_x)
    disclaimers: list[Block] = [
        Paragraph(wording.disclaimer, _style(wording, "regular", 7.2, theme.soft)) for wording in ordered
    ]
    lines += fit_columns([(disclaimers, _SIDE, WIDTH - 2 * _SIDE)], _FOOT_BOTTOM - 3, 49)
    return lines


def _verification(
    content: CertificateContent, ordered: list[Wording], theme: Theme, x: float, align: str
) -> list[Placed]:
    latin = next((w for w in ordered if w.direction == "ltr"), WORDINGS["en"])
    address = urlsplit(content.verify_url)
    blocks: list[Block] = []
    for wording in ordered:
        style = _style(wording, "regular", 8.6, theme.soft)
        blocks.append(Paragraph(wording.verify, style, align=align))
    blocks.append(
        Paragraph(
            display_serial(content.serial),
            _style(latin, "bold", 12.5, theme.accent),
            3,
            shrink=0.8,
            align=align,
        )
    )
    blocks.append(
        Paragraph(
            f"{address.netloc}{address.path}",
            _style(latin, "regular", 7.6, theme.ink),
            1,
            shrink=0.7,
            align=align,
        )
    )
    return fit_columns([(blocks, x, _VERIFY_WIDTH)], _FOOT_BOTTOM + _QR_SIDE, _FOOT_BOTTOM)


def _signature(
    sheet: Sheet, content: CertificateContent, ordered: list[Wording], theme: Theme, x: float
) -> list[Placed]:
    width = _SIGNATURE_WIDTH
    issued: list[Block] = [
        Paragraph(wording.issued, _style(wording, "regular", 9.2, theme.ink)) for wording in ordered
    ]
    lines = fit_columns([(issued, x, width)], _FOOT_TOP - 2, _FOOT_TOP - 36, above=0)
    line_y = _FOOT_BOTTOM + 24
    sheet.setStrokeColor(HexColor(theme.warm))
    sheet.setLineWidth(0.6)
    sheet.line(x, line_y, x + width, line_y)
    signed: list[Block] = [
        Paragraph(
            f"{wording.signature} · {content.issuer[wording.language]}",
            _style(wording, "regular", 8.2, theme.soft),
            shrink=0.7,
        )
        for wording in ordered
    ]
    return lines + fit_columns([(signed, x, width)], line_y - 3, _FOOT_BOTTOM - 6, above=0)
