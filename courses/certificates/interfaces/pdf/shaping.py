"""From a line of text to positioned glyphs, with harfbuzz. Knows fonts, and nothing about PDF.

All lengths of shaped text are in thousandths of the font size (the fonts have 1000 units per em).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import groupby, pairwise

import fontpkg
import uharfbuzz as hb

from courses.lib.bidi import CONTROLS, LRM, RLM, Direction, Run

# Amiri draws both scripts from one hand: a Naskh after the Bulaq press and its own Latin.
FAMILY = "Amiri"
_STYLES: dict[str, tuple[int, str]] = {
    "regular": (400, "normal"),
    "bold": (700, "normal"),
    "italic": (400, "italic"),
}
# Thousandths of the font size.
_BETWEEN_ACCENTS = 25
# Zero-width joiners change the shape of their neighbours and are never drawn themselves.
_JOINERS = frozenset("\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Extents:
    """The ink of a glyph around its origin: left and right, bottom and top, y upwards."""

    left: float
    bottom: float
    right: float
    top: float

    def moved(self, x: float, y: float) -> Extents:
        return Extents(self.left + x, self.bottom + y, self.right + x, self.top + y)


class Face:
    """One font file, loaded once per process."""

    def __init__(self, style: str) -> None:
        weight, slope = _STYLES[style]
        self.style = style
        self.blob = hb.Blob.from_file_path(str(fontpkg.path(FAMILY, weight=weight, style=slope)))
        self.hb_face = hb.Face(self.blob)
        self.hb_font = hb.Font(self.hb_face)
        self.coverage: frozenset[int] = frozenset(self.hb_face.unicodes)
        extents = self.hb_font.get_font_extents("ltr")
        self.ascent: int = extents.ascender
        self.descent: int = extents.descender
        if self.hb_face.upem != 1000:
            raise ValueError(f"{FAMILY} {style}: expected 1000 units per em")
        self._extents: dict[int, Extents | None] = {}

    def advance(self, glyph: int) -> int:
        """The nominal advance of a glyph, without kerning."""
        return int(self.hb_font.get_glyph_h_advance(glyph))

    def extents(self, glyph: int) -> Extents | None:
        """The ink of a glyph; None for a blank."""
        if glyph not in self._extents:
            box = self.hb_font.get_glyph_extents(glyph)
            if box is None or not box.width or not box.height:
                self._extents[glyph] = None
            else:
                self._extents[glyph] = Extents(
                    box.x_bearing, box.y_bearing + box.height, box.x_bearing + box.width, box.y_bearing
                )
        return self._extents[glyph]


@cache
def face(style: str) -> Face:
    """The face of a style: `regular`, `bold` or `italic`. Raises KeyError for another one."""
    return Face(style)


# Glyphs that make one sign, each moved by (x, y) from the sign's origin: (glyph id, x, y).
Parts = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Cluster:
    """The smallest piece of a line with its own text: a letter and its marks, or a ligature.

    `text` is what search and copy read, in logical order; `x` is the pen's position from the line's left end.
    """

    parts: Parts
    text: str
    x: int
    advance: int
    direction: Direction


@dataclass(frozen=True, slots=True)
class ShapedLine:
    """Clusters from left to right, the advance width, and the ink around the line's origin."""

    style: str
    clusters: tuple[Cluster, ...]
    width: int
    ink: Extents


def shape_runs(runs: list[Run], style: str, language: str, base: Direction = "rtl") -> ShapedLine:
    """Shape the visual runs of one line (see `courses.lib.bidi`) of a paragraph with this direction.

    `language` (BCP 47) chooses the font's local forms. A character the font lacks becomes its empty box:
    refuse those beforehand with `unsupported_characters`.
    """
    used = face(style)
    pen = 0
    clusters: list[Cluster] = []
    boxes: list[Extents] = []
    for run in runs:
        for text, script in _itemised(run):
            for parts, cluster_text, advance in _shaped(text, run.direction, script, language, style):
                clusters.append(Cluster(parts, cluster_text, pen, advance, run.direction))
                for gid, x, y in parts:
                    if box := used.extents(gid):
                        boxes.append(box.moved(pen + x, y))
                pen += advance
    ink = Extents(
        min((box.left for box in boxes), default=0),
        min((box.bottom for box in boxes), default=0),
        max((box.right for box in boxes), default=0),
        max((box.top for box in boxes), default=0),
    )
    return ShapedLine(style, tuple(_marked(clusters, base)), pen, ink)


def _marked(clusters: list[Cluster], base: Direction) -> Iterator[Cluster]:
    """The clusters with invisible direction marks in their text, for programs that read the file.

    They see a line from left to right and turn the Arabic round by themselves, and take the space or the
    bracket on the left of a number or a Latin word for a part of it: `12` and `فيفري` would come out as one
    word, a sentence would start with its own full stop. And in a Latin sentence the space after Arabic words
    would be turned round with them.
    """
    last = len(clusters) - 1
    for position, cluster in enumerate(clusters):
        kind = unicodedata.bidirectional(cluster.text[0])
        text = cluster.text
        if cluster.direction == "rtl":
            if kind in ("CS", "ES", "ET"):
                text = RLM + text
        elif position and clusters[position - 1].direction == "rtl":
            text = (RLM if base == "rtl" else LRM) + text
        if position == last and cluster.direction == "ltr" and kind not in ("L", "EN"):
            text += LRM
        yield cluster if text is cluster.text else replace(cluster, text=text)


@lru_cache(maxsize=4096)
def _shaped(
    text: str, direction: Direction, script: str, language: str, style: str
) -> tuple[tuple[Parts, str, int], ...]:
    """(parts, text, advance) of each cluster from left to right."""
    buffer = hb.Buffer()
    buffer.cluster_level = hb.BufferClusterLevel.MONOTONE_GRAPHEMES
    buffer.add_str(text)
    buffer.direction = direction
    buffer.script = script
    buffer.language = language
    hb.shape(face(style).hb_font, buffer)
    starts = [*sorted({info.cluster for info in buffer.glyph_infos}), len(text)]
    ends = dict(pairwise(starts))
    found: list[tuple[Parts, str, int]] = []
    glyphs = zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
    for start, group in groupby(glyphs, key=lambda glyph: glyph[0].cluster):
        parts: list[tuple[int, int, int]] = []
        advance = 0
        for info, position in group:
            parts.append((info.codepoint, advance + position.x_offset, position.y_offset))
            advance += position.x_advance
        cluster_text = "".join(c for c in text[start : ends[start]] if c not in _JOINERS)
        if cluster_text:
            composed = tuple(parts) if direction == "rtl" else _stacked(parts, face(style))
            found.append((composed, cluster_text, advance))
    return tuple(found)


def _stacked(parts: list[tuple[int, int, int]], used: Face) -> Parts:
    """A Latin letter with its accents above one another: the font places only one on a letter, and draws a second
    one (the tilde of ễ) over the first.
    """
    placed = parts[:1]
    below = used.extents(parts[0][0]) if parts else None
    for gid, x, y in parts[1:]:
        mark = used.extents(gid)
        if below is not None and mark is not None and y == 0 and mark.bottom > 0:
            x = round((below.left + below.right - mark.left - mark.right) / 2)
            y = round(max(0, below.top + _BETWEEN_ACCENTS - mark.bottom))
            below = mark.moved(x, y)
        placed.append((gid, x, y))
    return tuple(placed)


def _itemised(run: Run) -> Iterator[tuple[str, str]]:
    """Parts of a run with one script each, from left to right; what has no script joins its neighbour."""
    parts: list[tuple[str, str]] = []
    current, script = "", ""
    for character in run.text:
        found = _script(character)
        if found and script and found != script:
            parts.append((current, script))
            current = ""
        current += character
        script = found or script
    parts.append((current, script or ("Arab" if run.direction == "rtl" else "Latn")))
    return iter(parts if run.direction == "ltr" else reversed(parts))


def _script(character: str) -> str:
    kind = unicodedata.bidirectional(character)
    if kind in ("AL", "AN"):
        return "Arab"
    return "Latn" if kind == "L" else ""


def unsupported_characters(text: str) -> set[str]:
    """The characters of a text that can't be printed: emoji, other scripts, control characters.

    Direction controls and joiners are fine: they are honoured or dropped, never drawn.
    """
    printable = frozenset.intersection(*(face(style).coverage for style in _STYLES))
    return {
        character
        for character in unicodedata.normalize("NFC", text)
        if character not in CONTROLS and character not in _JOINERS and not _printable(character, printable)
    }


def _printable(character: str, coverage: frozenset[int]) -> bool:
    if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cn", "Zl", "Zp"):
        return False
    # A letter the font lacks may be composed of a letter and marks that it has (ễ).
    return ord(character) in coverage or all(
        ord(part) in coverage for part in unicodedata.normalize("NFD", character)
    )
