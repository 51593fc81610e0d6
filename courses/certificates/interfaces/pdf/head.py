"""The head of every look: the logos, and the issuer's name in each language."""

from __future__ import annotations

from .body import style_of
from .layout import Paragraph
from .page import Job
from .wording import Wording

_LOGO = (112.0, 40.0)  # the largest width and height
_GAP = 20.0


def logo_boxes(job: Job, width: float) -> list[tuple[float, float]]:
    """Width and height of each logo: all in one row, no wider than `width` together."""
    sizes = []
    for logo in job.spec.logos:
        scale = min(_LOGO[0] / logo.width, _LOGO[1] / logo.height)
        sizes.append((logo.width * scale, logo.height * scale))
    if not sizes:
        return []
    room = width - _GAP * (len(sizes) - 1)
    scale = min(1.0, room / sum(size[0] for size in sizes))
    return [(across * scale, up * scale) for across, up in sizes]


def row_width(boxes: list[tuple[float, float]]) -> float:
    return sum(across for across, _ in boxes) + _GAP * max(0, len(boxes) - 1)


def draw_logos(job: Job, boxes: list[tuple[float, float]], x: float, middle: float) -> None:
    """The logos in a row that starts at `x`, in reading order, each with its middle at `middle`."""
    pairs = list(zip(job.spec.logos, boxes, strict=True))
    for logo, (across, up) in reversed(pairs) if job.mirrored else pairs:
        job.draw(logo, (x, middle - up / 2, x + across, middle + up / 2))
        x += across + _GAP


def issuer(job: Job, wording: Wording, align: str) -> Paragraph:
    """The issuer's name in a language."""
    style = style_of(wording, "bold", 11, job.palette.accent)
    return Paragraph(job.content.issuer[wording.language], style, shrink=0.8, align=align)
