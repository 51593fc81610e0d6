"""The sheet's paper, its measures, its colours, and what every look works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from .content import CertificateContent
from .sheet import Sheet
from .spec import DesignSpec, Orientation, Paper, Picture
from .wording import Wording

# Longer and shorter side, in points.
_SIZES: Final = {Paper.A4: (841.8898, 595.2756), Paper.LETTER: (792.0, 612.0)}

# Left, bottom, right, top, in points from the lower left corner.
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Page:
    """Measures in points. `side`: from the edge to the text; `inset`: from the edge to the inside of the frame, where
    nothing but text is; `foot`: from the lower edge to the foot of the text, above the disclaimer.
    """

    width: float
    height: float
    side: float
    inset: float
    foot: float

    @property
    def portrait(self) -> bool:
        return self.height > self.width

    @property
    def text_width(self) -> float:
        return self.width - 2 * self.side


def size_of(spec: DesignSpec) -> tuple[float, float]:
    """Width and height of the paper in points, as it lies."""
    longer, shorter = _SIZES[spec.paper]
    return (longer, shorter) if spec.orientation == Orientation.LANDSCAPE else (shorter, longer)


@dataclass(frozen=True, slots=True)
class Palette:
    """A design's colours and the tints between them, hexadecimal."""

    accent: str
    warm: str
    warm_light: str
    paper: str
    ink: str
    soft: str

    @classmethod
    def of(cls, spec: DesignSpec) -> Palette:
        return cls(
            accent=spec.accent,
            warm=spec.warm,
            warm_light=_mixed(spec.warm, spec.background_colour, 0.2),
            paper=spec.background_colour,
            ink=spec.ink,
            soft=_mixed(spec.ink, spec.background_colour, 0.73),
        )


def _mixed(colour: str, ground: str, share: float) -> str:
    """`share` of a colour on a ground. Raises ValueError for what isn't `#RRGGBB`."""
    parts = [tuple(int(text[at : at + 2], 16) for at in (1, 3, 5)) for text in (colour, ground)]
    return "#" + "".join(
        f"{round(over * share + under * (1 - share)):02X}" for over, under in zip(*parts, strict=True)
    )


@dataclass(frozen=True, slots=True)
class Job:
    """One sheet in the making. `words` are filled, the main language first; `areas` collects the places of what isn't
    text (code, logos, signatures). `qr_text` is what the QR code says.
    """

    sheet: Sheet
    content: CertificateContent
    words: tuple[Wording, ...]
    spec: DesignSpec
    palette: Palette
    page: Page
    pictures: Callable[[Picture], bytes]
    qr_text: str
    areas: list[Box] = field(default_factory=list)

    @property
    def columns(self) -> tuple[Wording, ...]:
        """The languages from left to right: a left-to-right one on the left, whichever is the main one."""
        if len(self.words) == 1:
            return self.words
        return tuple(sorted(self.words, key=lambda wording: wording.direction == "rtl"))

    @property
    def mirrored(self) -> bool:
        """True for a sheet in Arabic alone: it begins on the right."""
        return all(wording.direction == "rtl" for wording in self.words)

    def draw(self, picture: Picture, box: Box, align: str = "centre") -> None:
        """Put a picture into a box (left, bottom, right, top), as large as its proportions allow."""
        left, bottom, right, top = box
        scale = min((right - left) / picture.width, (top - bottom) / picture.height)
        width, height = picture.width * scale, picture.height * scale
        x = {"centre": (left + right - width) / 2, "left": left, "right": right - width}[align]
        y = (bottom + top - height) / 2
        self.sheet.draw_picture(self.pictures(picture), x, y, width, height)
        self.areas.append((x, y, x + width, y + height))
