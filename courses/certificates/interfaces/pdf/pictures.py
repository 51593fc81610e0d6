"""Pictures as objects of a PDF: a JPEG as it is, anything else without loss, transparency as a soft mask."""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image
from reportlab.pdfbase import pdfdoc

_SPACES = {"L": ("DeviceGray", 1), "RGB": ("DeviceRGB", 3)}


@dataclass(frozen=True, slots=True)
class _Encoded:
    """A picture as a PDF stores it: its pixels and what must be said of them."""

    mode: str
    width: int
    height: int
    content: bytes
    jpeg: bool = False

    def stream(self) -> pdfdoc.PDFStream:
        space, colours = _SPACES[self.mode]
        entries = {
            "Type": pdfdoc.PDFName("XObject"),
            "Subtype": pdfdoc.PDFName("Image"),
            "Width": self.width,
            "Height": self.height,
            "ColorSpace": pdfdoc.PDFName(space),
            "BitsPerComponent": 8,
            "Filter": pdfdoc.PDFName("DCTDecode" if self.jpeg else "FlateDecode"),
        }
        if not self.jpeg:
            predicted = {"Predictor": 15, "Colors": colours, "BitsPerComponent": 8, "Columns": self.width}
            entries["DecodeParms"] = pdfdoc.PDFDictionary(predicted)
        return pdfdoc.PDFStream(pdfdoc.PDFDictionary(entries), self.content)


def picture_streams(data: bytes) -> tuple[pdfdoc.PDFStream, pdfdoc.PDFStream | None]:
    """The image object of a JPEG or PNG and that of its soft mask, if it has transparent parts.

    The same bytes give the same objects. Raises ValueError for what isn't a picture.
    """
    try:
        picture, mask = _encoded(data)
    except OSError as error:
        # The decoder's word for broken bytes. Nothing was asked of a disk.
        raise ValueError("what is stored is no picture") from error
    return picture.stream(), mask.stream() if mask else None


# In bulk the same few pictures come thousands of times; they are small.
@lru_cache(maxsize=32)
def _encoded(data: bytes) -> tuple[_Encoded, _Encoded | None]:
    with Image.open(io.BytesIO(data)) as image:
        if image.format == "JPEG" and image.mode in _SPACES:
            return _Encoded(image.mode, image.width, image.height, data, jpeg=True), None
        if not image.has_transparency_data:
            return _lossless(image.convert("L" if image.mode in ("1", "L") else "RGB")), None
        full = image.convert("RGBA")
        return _lossless(full.convert("RGB")), _lossless(full.getchannel("A"))


def _lossless(image: Image.Image) -> _Encoded:
    """The rows as PNG stores them, predicted and deflated, which PDF reads as they are."""
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return _Encoded(image.mode, image.width, image.height, _rows(file.getvalue()))


def _rows(png: bytes) -> bytes:
    """The contents of the IDAT chunks."""
    found, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack_from(">L", png, at)
        if png[at + 4 : at + 8] == b"IDAT":
            found += png[at + 8 : at + 8 + length]
        at += 12 + length
    return found
