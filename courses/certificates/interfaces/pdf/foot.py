"""The foot of every look: the code and how to check it, who signs, and what the certificate isn't."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from reportlab.lib.colors import HexColor

from courses.lib.ids import display_serial

from .body import Setting, own_direction, style_of
from .layout import Block, Paragraph, Placed, fit_columns
from .page import Job
from .qr import draw_qr
from .spec import Signatory
from .wording import WORDINGS, Wording

_GAP = 12.0
_PICTURE = 40.0  # height of a signature
_QR = 72.0
_ISSUED = 160.0  # width of the day of issue at the end of the row with the code


@dataclass(frozen=True, slots=True)
class _Places:
    """Left end and width of the text beside the code and of the signatures; the y of the lines they sign on; how
    large the code is, and the y above all of it.
    """

    verify: tuple[float, float]
    signed: tuple[float, float]
    line: float
    code: float
    top: float


def draw_foot(job: Job, *, centred: bool) -> tuple[list[Placed], float]:
    """Draw code, signatures and rules; the lines of text, and the y above the foot.

    A sheet in Arabic alone begins on the right, so there the code stands on the right.
    """
    page, signatories = job.page, job.spec.signatories
    places = _places(job)
    code_x = page.width - page.side - places.code if job.mirrored else page.side
    draw_qr(job.sheet, job.qr_text, code_x, page.foot, places.code, job.palette.ink)
    job.areas.append((code_x, page.foot, code_x + places.code, page.foot + places.code))
    lines = _verification(job, places)
    if signatories:
        lines += _signatures(job, places, centred)
    else:
        lines += _issuer_signs(job, places, centred)
    setting = Setting(job.palette, "centre" if centred else "start")
    disclaimers: list[Block] = [
        setting.paragraph(wording, wording.disclaimer, "regular", 7.2, job.palette.soft, 0)
        for wording in job.columns
    ]
    lowest = page.inset + 12
    lines += fit_columns([(disclaimers, page.side, page.text_width)], page.foot - 3, lowest)
    return lines, places.top


def _places(job: Job) -> _Places:
    page, count = job.page, len(job.spec.signatories)
    beside = page.text_width - _QR - _GAP
    if not count:
        signed = min(230.0, beside * 0.46)
        verify = min(210.0, beside - signed - 16)
        line = page.foot + (34 if page.portrait else 24)
        start, end = _from_start(job, _QR + _GAP, verify), _from_end(job, signed)
        return _Places(start, end, line, _QR, page.foot + 78)
    under = 34.0 if len(job.words) == 1 else 58.0
    if page.portrait:
        # One row across the sheet above the code.
        line = page.foot + _QR + 16 + under
        across = (page.side, page.text_width)
        return _Places(
            _from_start(job, _QR + _GAP, beside - _ISSUED - 16), across, line, _QR, line + _PICTURE + 4
        )
    code = _QR if len(job.words) == 1 else 84.0
    verify_width = 168.0 if count == 3 else 205.0
    signed = min(page.text_width - code - _GAP - verify_width - 24, 185.0 * count)
    line = page.foot + under
    top = max(line + _PICTURE + 4, page.foot + code + 6)
    return _Places(_from_start(job, code + _GAP, verify_width), _from_end(job, signed), line, code, top)


def _from_start(job: Job, offset: float, width: float) -> tuple[float, float]:
    page = job.page
    return (page.width - page.side - offset - width if job.mirrored else page.side + offset), width


def _from_end(job: Job, width: float) -> tuple[float, float]:
    page = job.page
    return (page.side if job.mirrored else page.width - page.side - width), width


def _verification(job: Job, places: _Places) -> list[Placed]:
    """What stands beside the code; on a wide sheet with signatures the day of issue too."""
    palette, page = job.palette, job.page
    align = "right" if job.mirrored else "left"
    latin = next((w for w in job.columns if w.direction == "ltr"), WORDINGS["en"])
    address = urlsplit(job.content.verify_url)
    blocks: list[Block] = []
    issued = _issued(job, align) if job.spec.signatories and not page.portrait else []
    blocks += issued
    blocks += [
        Paragraph(
            wording.verify,
            style_of(wording, "regular", 8.6, palette.soft),
            3 if issued and not index else 0,
            align=align,
        )
        for index, wording in enumerate(job.columns)
    ]
    serial = style_of(latin, "bold", 12.5, palette.accent)
    blocks.append(Paragraph(display_serial(job.content.serial), serial, 3, shrink=0.8, align=align))
    shown = style_of(latin, "regular", 7.6, palette.ink)
    blocks.append(Paragraph(f"{address.netloc}{address.path}", shown, 1, shrink=0.7, align=align))
    return fit_columns([(blocks, *places.verify)], page.foot + places.code, page.foot)


def _issued(job: Job, align: str) -> list[Block]:
    return [
        Paragraph(wording.issued, style_of(wording, "regular", 9.2, job.palette.ink), align=align)
        for wording in job.columns
    ]


def _issuer_signs(job: Job, places: _Places, centred: bool) -> list[Placed]:
    """The day of issue, a line, and the issuer's name under it."""
    page, palette = job.page, job.palette
    align = _align(job, centred)
    lines = fit_columns([(_issued(job, align), *places.signed)], places.top - 2, places.top - 36, above=0)
    _rule(job, *places.signed, places.line)
    signed: list[Block] = [
        Paragraph(
            f"{wording.signature} · {job.content.issuer[wording.language]}",
            style_of(wording, "regular", 8.2, palette.soft),
            shrink=0.7,
            align=align,
        )
        for wording in job.columns
    ]
    return lines + fit_columns([(signed, *places.signed)], places.line - 3, page.foot - 6, above=0)


def _signatures(job: Job, places: _Places, centred: bool) -> list[Placed]:
    """Each signatory: the picture of the signature or the room for it, a line, the name and the function."""
    signatories = job.spec.signatories
    left, width = places.signed
    gap = 16.0
    each = min((width - gap * (len(signatories) - 1)) / len(signatories), 190.0)
    across = each * len(signatories) + gap * (len(signatories) - 1)
    if job.page.portrait:
        left += (width - across) / 2 if centred else (width - across) * job.mirrored
    elif not job.mirrored:
        left += width - across
    ordered = signatories[::-1] if job.mirrored else signatories
    columns = []
    for number, signatory in enumerate(ordered):
        x = left + number * (each + gap)
        if signatory.picture is not None:
            box = (x + 8, places.line + 1, x + each - 8, places.line + _PICTURE)
            job.draw(signatory.picture, box, _align(job, centred))
        _rule(job, x, each, places.line)
        columns.append((_signed(job, signatory, _align(job, centred)), x, each))
    if not job.page.portrait:
        return fit_columns(columns, places.line - 3, job.page.foot, above=0)
    # The day of issue stands at the other end of the row with the code.
    issued = _issued(job, "left" if job.mirrored else "right")
    lines = fit_columns([(issued, *_from_end(job, _ISSUED))], job.page.foot + _QR, job.page.foot)
    return lines + fit_columns(columns, places.line - 3, job.page.foot + _QR + 10, above=0)


def _signed(job: Job, signatory: Signatory, align: str) -> list[Block]:
    """Name and function in each language of the sheet; what is the same in both is printed once.

    Every signatory has as many blocks, so that their names stand on one line.
    """
    blocks: list[Block] = []
    printed: set[str] = set()
    for wording in job.columns:
        parts = (
            ("bold", 8.8, job.palette.ink, signatory.names),
            ("regular", 7.8, job.palette.soft, signatory.functions),
        )
        for face, size, colour, texts in parts:
            text = _in_language(texts, wording)
            text = "" if text in printed else text
            printed.add(text)
            style = own_direction(text, style_of(wording, face, size, colour))
            blocks.append(Paragraph(text, style, shrink=0.8, align=align))
    return blocks


def _in_language(texts: Mapping[str, str], wording: Wording) -> str:
    found: Sequence[str] = [texts.get(wording.language, ""), *texts.values()]
    return next((text for text in found if text.strip()), "")


def _align(job: Job, centred: bool) -> str:
    if centred:
        return "centre"
    return "right" if job.mirrored else "left"


def _rule(job: Job, x: float, width: float, y: float) -> None:
    job.sheet.setStrokeColor(HexColor(job.palette.warm))
    job.sheet.setLineWidth(0.6)
    job.sheet.line(x, y, x + width, y)
