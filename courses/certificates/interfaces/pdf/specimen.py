"""The mark of a specimen: large words across the sheet, so that a print of it passes for nothing."""

from __future__ import annotations

import math
from typing import Final

from reportlab.lib.colors import HexColor

from courses.lib.bidi import Direction

from .page import Job
from .wrapping import wrap

_WORDS: Final[tuple[tuple[str, str, Direction], ...]] = (("SPECIMEN", "en", "ltr"), ("نموذج", "ar", "rtl"))
_COLOUR: Final = "#B3261E"
_STRENGTH: Final = 0.16
_SIZE: Final = 96.0


def draw_mark(job: Job) -> None:
    """Both words along the diagonal of the sheet, over everything else, and in the file's title."""
    sheet, page = job.sheet, job.page
    sheet.setTitle(" · ".join(word for word, _language, _direction in _WORDS))
    sheet.saveState()
    sheet.translate(page.width / 2, page.height / 2)
    sheet.rotate(math.degrees(math.atan2(page.height, page.width)))
    sheet.setFillColor(HexColor(_COLOUR), alpha=_STRENGTH)
    for (word, language, direction), y in zip(_WORDS, (20.0, -80.0), strict=True):
        line = wrap(word, "bold", language, direction, math.inf)[0]
        sheet.draw_line(line, -line.width * _SIZE / 2000, y, _SIZE, language)
    sheet.restoreState()
