"""What a certificate says, in the order of the sheet: the blocks of one language, whatever the look."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from courses.lib.bidi import is_rtl

from .content import CertificateContent
from .layout import Block, Cells, Column, ContentDoesNotFitError, Paragraph, Placed, Style, fit_columns
from .page import Palette
from .wording import NBSP, Wording

# No shrinking makes text smaller than this, in points; Arabic a little larger.
LEAST_SIZE = 6.0
# The themes are given up rather than set the whole sheet smaller than this.
_LEAST_WITH_THEMES = 0.7


@dataclass(frozen=True, slots=True)
class Setting:
    """How a look sets its text: at the line's `start` or at the `centre`, and how large."""

    palette: Palette
    align: str
    large: float = 1.0

    def side(self, wording: Wording) -> str:
        """`left`, `right` or `centre`, for the text of a language."""
        if self.align == "centre":
            return "centre"
        return "right" if wording.direction == "rtl" else "left"

    def paragraph(
        self,
        wording: Wording,
        text: str,
        face: str,
        size: float,
        colour: str,
        before: float,
        shrink: float = 1,
    ) -> Paragraph:
        style = style_of(wording, face, size * self.large, colour)
        return Paragraph(text, style, before * self.large, shrink, self.side(wording))

    def name(
        self, wording: Wording, text: str, face: str, size: float, colour: str, before: float, shrink: float
    ) -> Paragraph:
        """A name keeps its own direction wherever it is printed."""
        made = self.paragraph(wording, text, face, size, colour, before, shrink)
        return replace(made, style=own_direction(text, made.style))


def style_of(wording: Wording, face: str, size: float, colour: str) -> Style:
    """Arabic is set a size larger than Latin, and never slanted."""
    least = LEAST_SIZE
    if wording.direction == "rtl":
        face = "regular" if face == "italic" else face
        size, least = size * 1.12, least * 1.12
    return Style(face, size, colour, wording.language, wording.direction, least)


def own_direction(text: str, style: Style) -> Style:
    return replace(style, direction="rtl" if is_rtl(text) else "ltr")


def blocks(content: CertificateContent, wording: Wording, setting: Setting, *, themes: bool) -> list[Block]:
    """From 'This is to certify that' to the reference, in one language; `themes`: with those of the course."""
    language, palette = wording.language, setting.palette
    made: list[Block] = [
        setting.paragraph(wording, wording.intro, "italic", 11.5, palette.soft, 0),
        setting.name(wording, content.holder(language), "bold", 25, palette.accent, 3, 0.7),
    ]
    if association := content.association(language):
        made.append(setting.name(wording, association, "regular", 11.5, palette.ink, 1, 0.85))
    made += [
        setting.paragraph(wording, wording.statement, "italic", 11.5, palette.soft, 6),
        setting.paragraph(wording, content.course_title[language], "bold", 16.5, palette.ink, 2, 0.85),
        setting.paragraph(wording, wording.passed, "italic", 11.5, palette.soft, 2),
        _facts(content, wording, setting),
    ]
    if provisions := content.provisions.get(language, ""):
        text = f"{wording.provisions_label} {provisions}"
        made.append(setting.paragraph(wording, text, "regular", 8.6, palette.ink, 7))
    reference = [wording.reference]
    if themes and (named := content.themes.get(language, ())):
        reference += [f"{wording.themes_label} {named[0]}", *named[1:]]
    before = 3 if provisions else 7
    made.append(setting.paragraph(wording, f"{NBSP}· ".join(reference), "regular", 8.2, palette.soft, before))
    return made


def _facts(content: CertificateContent, wording: Wording, setting: Setting) -> Cells:
    palette = setting.palette
    facts = [(wording.completed_label, wording.completed)]
    if content.valid_until is not None:
        facts.append((wording.valid_label, wording.valid))
    if content.estimated_minutes is not None:
        facts.append((wording.duration_label, wording.duration))
    if content.score_percent is not None:
        facts.append((wording.score_label, wording.score))
    if content.law_checked_to is not None:
        facts.append((wording.law_label, wording.law))
    cells = tuple(
        (
            setting.paragraph(wording, label, "regular", 7.6, palette.soft, 0),
            setting.paragraph(wording, value, "regular", 10, palette.ink, 1 / setting.large, 0.85),
        )
        for label, value in facts
    )
    return Cells(cells, wording.direction, before=9 * setting.large, align=setting.side(wording))


def fit(
    make: Callable[[bool], Sequence[Column]],
    top: float,
    bottom: float,
    *,
    themes: bool,
    spread: float,
    above: float,
) -> list[Placed]:
    """The columns that `make(themes)` gives, between `top` and `bottom`. Where they would become too small, the
    themes are the first thing to go.

    Raises ContentDoesNotFitError for what doesn't fit at the smallest size even so.
    """
    if themes:
        try:
            return fit_columns(
                make(True), top, bottom, spread=spread, above=above, smallest=_LEAST_WITH_THEMES
            )
        except ContentDoesNotFitError:
            pass
    return fit_columns(make(False), top, bottom, spread=spread, above=above)
