"""Pictures of a design as they go onto certificates: PNG or JPEG, made anew from the uploaded file, and small."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from courses.certificates.interfaces.pdf.spec import Picture

if TYPE_CHECKING:
    from PIL.Image import Image as PillowImage

FOLDER: Final = "certificates/pictures"
FORMATS: Final = {"PNG": "png", "JPEG": "jpg"}
# What is unpacked to more than this isn't a logo, whatever its file weighs.
MAX_PIXELS: Final = 12_000_000
SMALLEST_SIDE: Final = 16


class PictureError(ValueError):
    """The file can't be printed. `reason`: `format` (neither PNG nor JPEG), `broken`, `large` or `small`."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"not a picture for certificates: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Bounds:
    """`side` is the longest side in pixels, `weight` the most bytes that it may add to a PDF."""

    side: int
    weight: int
    opaque: bool = False


# Together with the fonts and the seal, a certificate with all of them weighs less than 150 kB.
BACKGROUND: Final = Bounds(1600, 26_000, opaque=True)
LOGOS: Final = Bounds(600, 16_000)
SIGNATURES: Final = Bounds(600, 12_000)


def shared(bounds: Bounds, count: int) -> Bounds:
    """The bounds of each of several pictures that share a weight."""
    return Bounds(bounds.side, bounds.weight // max(count, 1), bounds.opaque)


def check(content: bytes) -> None:
    """Raises PictureError for a file that `prepare` would refuse."""
    _open(content)


def prepare(content: bytes, bounds: Bounds) -> tuple[Picture, bytes]:
    """The picture and its bytes: without metadata, no larger than the bounds. The same file gives the same bytes.

    Colours, quality and at last the size are reduced until the weight fits. Raises PictureError.
    """
    from PIL import Image

    image = _open(content)
    image.thumbnail((bounds.side, bounds.side), Image.Resampling.LANCZOS)
    if bounds.opaque:
        image = _flattened(image)
    while True:
        for extension, encoded, weight in _encodings(image, bounds.opaque):
            if weight <= bounds.weight:
                name = f"{FOLDER}/{hashlib.sha256(encoded).hexdigest()}.{extension}"
                return Picture(name, image.width, image.height), encoded
        image = image.resize(
            (max(1, image.width * 4 // 5), max(1, image.height * 4 // 5)), Image.Resampling.LANCZOS
        )


def _open(content: bytes) -> PillowImage:
    """The upright picture in RGB or RGBA."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        # Only these two decoders are asked, whatever the file says it is.
        found: PillowImage = Image.open(io.BytesIO(content), formats=list(FORMATS))
    except UnidentifiedImageError as error:
        raise PictureError("format") from error
    except Exception as error:  # what a broken file makes a decoder raise, nobody lists
        raise PictureError("broken") from error
    if found.width * found.height > MAX_PIXELS:
        raise PictureError("large")
    if min(found.size) < SMALLEST_SIDE:
        raise PictureError("small")
    try:
        found.load()
        upright = ImageOps.exif_transpose(found)
        return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except Exception as error:
        raise PictureError("broken") from error


def _flattened(image: PillowImage) -> PillowImage:
    """On white paper."""
    from PIL import Image

    if image.mode == "RGB":
        return image
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper


def _encodings(image: PillowImage, photo: bool) -> Iterator[tuple[str, bytes, int]]:
    """Extension, bytes and weight in a PDF, the best one first."""
    from PIL import Image

    if not photo:
        few = (image.quantize(colours, method=Image.Quantize.FASTOCTREE) for colours in (64, 24))
        for drawn in (image, *(one.convert(image.mode) for one in few)):
            encoded = _encoded(drawn, "PNG", optimize=True)
            yield "png", encoded, _weight(encoded)
    if image.mode == "RGB":
        for quality in (85, 70, 55):
            encoded = _encoded(image, "JPEG", quality=quality, optimize=True)
            yield "jpg", encoded, len(encoded)


def _encoded(image: PillowImage, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def _weight(png: bytes) -> int:
    """In a PDF the colours and the transparency of a PNG are two objects."""
    from courses.certificates.interfaces.pdf.pictures import picture_streams

    return sum(len(stream.content) for stream in picture_streams(png) if stream is not None)
