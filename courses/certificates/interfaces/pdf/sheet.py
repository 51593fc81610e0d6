"""A reportlab canvas that prints shaped text. The only module that touches reportlab's semi-private parts.

reportlab addresses glyphs by character, which can't express what harfbuzz answers (the medial form of a
letter, a ligature, a mark moved over its letter). So fonts go in here as CID fonts: every pair of a sign and
the text it stands for gets a code, the page shows codes at measured positions, and the font's ToUnicode map
gives the text back to search and copy.

Right-to-left text is stored as it is seen, from left to right, one character a code: that is what every
reader can turn round. A right-to-left cluster of several characters (a letter with its vowel marks, a
ligature) is therefore shown as its sign with the first part of its width and the last of its characters,
followed by blanks that carry the others; a map from one code to several characters comes out backwards.

Relied upon in reportlab 5.1, and tested: `Canvas._code`, `._doc`, `._pagesize` and `._make_preamble`,
`._formsinuse`, `PDFDocument.delayedFonts`, `._timeStamp`, `.signature`, `.getXObjectName` and
`.idToObject["BasicFonts"]`, and the object classes of `pdfdoc`.
"""

from __future__ import annotations

import calendar
import datetime
import hashlib
import io
import unicodedata

from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from courses.lib.bidi import RLM, Direction

from . import fontfile
from .pictures import picture_streams
from .shaping import Cluster, Face, Parts, ShapedLine, face

# Text that only has the letters of ASCII is a quarter larger, and nothing needs it any more.
rl_config.useA85 = 0
# Characters closer than a tenth of the font size look like an accident of printing to text extractors.
_NARROWEST = 102
# Poppler ignores a code that stands for more characters.
_MOST_CHARACTERS = 8
_FLAG_SYMBOLIC = 4


class _TimeStamp:
    """reportlab's time stamp, frozen at noon UTC of a day."""

    def __init__(self, day: datetime.date) -> None:
        self.t = float(calendar.timegm((day.year, day.month, day.day, 12, 0, 0)))
        self.lt = (day.year, day.month, day.day, 12, 0, 0)
        self.YMDhms = self.lt
        self.dhh = self.dmm = 0
        self.tzname = "UTC"


class _EmbeddedFont:
    """The glyphs of one face that one document uses; reportlab calls `addObjects` when it writes the file."""

    def __init__(self, used: Face, name: str) -> None:
        self.face = used
        self.name = name
        self.codes: dict[tuple[Parts, int, str], int] = {}

    def code(self, parts: Parts, advance: int, text: str) -> int:
        return self.codes.setdefault((parts, advance, text), len(self.codes) + 1)

    def show(self, cluster: Cluster) -> list[tuple[int, int]]:
        """(code, advance) of each code that shows a cluster, from left to right."""
        pieces = _pieces(cluster)
        if len(pieces) == 1:
            advance = cluster.advance
            if len(cluster.parts) == 1 and cluster.parts[0][1:] == (0, 0):
                advance = self.face.advance(cluster.parts[0][0])  # kerning moves the pen instead
            return [(self.code(cluster.parts, advance, pieces[0]), advance)]
        share = cluster.advance // len(pieces)
        first = cluster.advance - share * (len(pieces) - 1)
        shown = [(self.code(cluster.parts, first, pieces[0]), first)]
        return shown + [(self.code((), share, piece), share) for piece in pieces[1:]]

    def addObjects(self, doc: pdfdoc.PDFDocument) -> None:  # noqa: N802 - reportlab's name
        program, glyph_ids = fontfile.build(self.face, [(parts, advance) for parts, advance, _ in self.codes])
        digest = hashlib.sha256(repr(list(self.codes)).encode()).digest()
        tag = "".join(chr(ord("A") + byte % 26) for byte in digest[:6])
        base = pdfdoc.PDFName(f"{tag}+Amiri-{self.face.style.capitalize()}")
        box = [int(value) for value in self._box()]
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": base,
                "Flags": _FLAG_SYMBOLIC | (64 if self.face.style == "italic" else 0),
                "FontBBox": pdfdoc.PDFArray(box),
                "ItalicAngle": -12 if self.face.style == "italic" else 0,
                "Ascent": self.face.ascent,
                "Descent": self.face.descent,
                "CapHeight": 646,
                "StemV": 120 if self.face.style == "bold" else 80,
                "FontFile2": self._stream(doc, program, "program", {"Length1": len(program)}),
            }
        )
        widths = [advance for _, advance, _ in self.codes]
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": base,
                "CIDSystemInfo": pdfdoc.PDFDictionary(
                    {
                        "Registry": pdfdoc.PDFString("Adobe"),
                        "Ordering": pdfdoc.PDFString("Identity"),
                        "Supplement": 0,
                    }
                ),
                "FontDescriptor": doc.Reference(descriptor, f"{self.name}-descriptor"),
                "DW": 0,
                "W": pdfdoc.PDFArray([1, pdfdoc.PDFArray(widths)]),
                "CIDToGIDMap": self._stream(
                    doc, b"".join(gid.to_bytes(2, "big") for gid in (0, *glyph_ids)), "map", {}
                ),
            }
        )
        font = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": base,
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([doc.Reference(descendant, f"{self.name}-descendant")]),
                "ToUnicode": self._stream(doc, self._to_unicode(), "unicode", {}),
            }
        )
        doc.idToObject["BasicFonts"].dict[self.name] = doc.Reference(font, f"{self.name}-font")

    def _stream(
        self, doc: pdfdoc.PDFDocument, content: bytes, key: str, extra: dict[str, int]
    ) -> pdfdoc.PDFObjectReference:
        stream = pdfdoc.PDFStream()
        stream.content = content
        for name, value in extra.items():
            stream.dictionary[name] = value
        stream.filters = [pdfdoc.PDFZCompress]
        return doc.Reference(stream, f"{self.name}-{key}")

    def _box(self) -> tuple[float, float, float, float]:
        boxes = [
            box.moved(x, y)
            for parts, _, _ in self.codes
            for gid, x, y in parts
            if (box := self.face.extents(gid))
        ]
        if not boxes:
            return (0, 0, 0, 0)
        return (
            min(box.left for box in boxes),
            min(box.bottom for box in boxes),
            max(box.right for box in boxes),
            max(box.top for box in boxes),
        )

    def _to_unicode(self) -> bytes:
        entries = [
            f"<{code:04X}> <{text.encode('utf-16-be').hex().upper()}>"
            for (_, _, text), code in self.codes.items()
        ]
        blocks = []
        for start in range(0, len(entries), 100):
            block = entries[start : start + 100]
            blocks.append(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar")
        return _CMAP.replace("@", "\n".join(blocks)).encode("ascii")


_CMAP = """/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
@
endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


class Sheet(Canvas):  # type: ignore[misc]
    """A one-page canvas: reportlab's drawing, our text. The same calls give the same bytes.

    `size` is (width, height) in points; `day` becomes the file's creation date; `lang` is the document's
    language (BCP 47).
    """

    def __init__(self, size: tuple[float, float], *, day: datetime.date, lang: str) -> None:
        self._file = io.BytesIO()
        super().__init__(
            self._file, pagesize=size, pageCompression=1, invariant=1, pdfVersion=(1, 7), lang=lang
        )
        # reportlab took the environment's SOURCE_DATE_EPOCH into both: neither date nor identifier may vary.
        self._doc._timeStamp = _TimeStamp(day)
        self._doc.signature = hashlib.md5(day.isoformat().encode(), usedforsecurity=False)
        self._fonts: dict[str, _EmbeddedFont] = {}
        self._pictures: set[str] = set()
        self._majority = 0  # left-to-right letters less right-to-left ones
        self._has_rtl = False

    def _make_preamble(self) -> None:
        # reportlab's own preamble selects Helvetica, which would be named in the file without being in it.
        self._preamble = "1 0 0 1 0 0 cm"

    def draw_line(
        self,
        line: ShapedLine,
        x: float,
        y: float,
        size: float,
        lang: str = "",
        direction: Direction = "rtl",
    ) -> None:
        """Print a shaped line with its left end at `x` and its baseline at `y`, in the fill colour.

        `lang` marks the language of the words for screen readers; `direction` is that of the paragraph.
        """
        if not line.clusters:
            return
        font = self._font(line.style)
        operators = [f"BT /{font.name} {_number(size)} Tf 1 0 0 1 {_number(x)} {_number(y)} Tm"]
        if lang:
            operators.insert(0, f"/Span << /Lang ({lang}) >> BDC")
        shown: list[str] = []
        codes = ""
        pen = 0
        for cluster in line.clusters:
            self._count(cluster, direction)
            if cluster.x != pen:
                shown.append(f"<{codes}>{pen - cluster.x}")
                codes = ""
                pen = cluster.x
            for code, advance in font.show(cluster):
                codes += f"{code:04X}"
                pen += advance
        operators.append(f"[{''.join(shown)}<{codes}>] TJ")
        operators.append("ET")
        if lang:
            operators.append("EMC")
        self._code.append(" ".join(operators))

    def draw_picture(self, data: bytes, x: float, y: float, width: float, height: float) -> None:
        """Fill a rectangle with a JPEG or PNG; a picture that is drawn twice is stored once.

        It is an artifact to screen readers: everything a sheet says is text. Raises ValueError for what is no picture.
        """
        name = hashlib.sha256(data).hexdigest()[:32]
        if name not in self._pictures:
            picture, mask = picture_streams(data)
            if mask is not None:
                picture.dictionary["SMask"] = self._doc.Reference(mask, f"{name}-mask")
            self._doc.Reference(picture, self._doc.getXObjectName(name))
            self._pictures.add(name)
        self._formsinuse.append(name)
        matrix = " ".join(_number(value) for value in (width, 0, 0, height, x, y))
        self._code.append(f"/Artifact BMC q {matrix} cm /{self._doc.getXObjectName(name)} Do Q EMC")

    def _font(self, style: str) -> _EmbeddedFont:
        if style not in self._fonts:
            self._fonts[style] = _EmbeddedFont(face(style), f"A{len(self._fonts) + 1}")
            self._doc.delayedFonts.append(self._fonts[style])
        return self._fonts[style]

    def _count(self, cluster: Cluster, direction: Direction) -> None:
        for character in cluster.text:
            kind = unicodedata.bidirectional(character)
            self._majority += (kind == "L") - (kind in ("R", "AL"))
        self._has_rtl = self._has_rtl or direction == cluster.direction == "rtl"

    def _tip_the_balance(self) -> None:
        """Make sure that programs which extract text take a sheet with Arabic lines for a right-to-left one.

        Poppler reads a page in the direction of most of its letters. Latin lines survive a right-to-left
        page, unless Arabic words stand in them; Arabic ones with a date in them come out in pieces from a
        left-to-right page. So a blank in the corner stands for as many invisible marks as are missing.
        """
        if not self._has_rtl or self._majority < 0:
            return
        font = self._font("regular")
        code = font.code((), 1000, RLM * _MOST_CHARACTERS)
        count = self._majority // _MOST_CHARACTERS + 1
        x = self._pagesize[0] - 2 - count
        self._code.append(f"BT /{font.name} 1 Tf 1 0 0 1 {_number(x)} 2 Tm <{f'{code:04X}' * count}> Tj ET")

    def finish(self) -> bytes:
        """Close the page and give the file's bytes. The sheet can't be used afterwards."""
        self._tip_the_balance()
        self.showPage()
        self.save()
        return self._file.getvalue()


def _pieces(cluster: Cluster) -> list[str]:
    """The text of each code that shows a cluster, from left to right."""
    text = cluster.text
    if cluster.direction == "ltr" or len(text) == 1 or text[0] == RLM:
        return [text]
    # Several marks of one letter share a code: their order among themselves carries no meaning.
    letters: list[list[str]] = []
    for character in text:
        if unicodedata.combining(character) and letters:
            if len(letters[-1]) == 1:
                letters[-1].append("")
            letters[-1][1] += character
        else:
            letters.append([character])
    pieces = [piece for letter in reversed(letters) for piece in reversed(letter)]
    return pieces if cluster.advance >= _NARROWEST * len(pieces) else [text[::-1]]


def _number(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
