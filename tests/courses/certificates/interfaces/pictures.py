"""Logos, signatures and a background to try designs with: drawn, as people upload them."""

from __future__ import annotations

import io
import math
import random
from collections.abc import Callable
from functools import cache

from PIL import Image, ImageDraw

from courses.certificates.interfaces.pdf.spec import Picture, Signatory


@cache
def drawn(name: str) -> bytes:
    """The bytes of the picture called `name`."""
    kind, _, size = name.partition("-")
    width, height = (int(number) for number in size.split("x"))
    return {"round": _round, "wide": _wide, "signature": _signature, "photo": _photo}[kind](width, height)


def picture(name: str) -> Picture:
    width, height = (int(number) for number in name.partition("-")[2].split("x"))
    return Picture(name, width, height)


def load(asked: Picture) -> bytes:
    """What a renderer's loader answers."""
    return drawn(asked.name)


LOGOS = (picture("round-300x300"), picture("wide-600x160"), picture("round-200x240"))
BACKGROUND = picture("photo-1200x850")
LONG_FUNCTION = {
    "ar": "المكلّفة العامة بالتكوين والمرافقة بالمركز الجهوي",
    "fr": "Déléguée générale à la formation et à l’accompagnement",
    "en": "General delegate for training and support of associations",
}
SIGNATORIES = (
    Signatory(
        {"fr": "Leïla Trabelsi", "ar": "ليلى الطرابلسي"},
        {"fr": "Présidente", "ar": "الرئيسة", "en": "President"},
        picture("signature-500x200"),
    ),
    Signatory({"fr": "Mohamed-Salah Ben Abderrahmane El Jebali"}, LONG_FUNCTION),
    Signatory(
        {"fr": "Inès Ben Romdhane", "ar": "إيناس بن رمضان"},
        {"fr": "Avocate", "ar": "محامية", "en": "Lawyer"},
        picture("signature-420x220"),
    ),
)


def _png(draw: Callable[[ImageDraw.ImageDraw], None], width: int, height: int) -> bytes:
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw(ImageDraw.Draw(image))
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _round(width: int, height: int) -> bytes:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        pen.ellipse((4, 4, width - 4, height - 4), fill=(23, 73, 77, 255))
        pen.ellipse((width * 0.3, height * 0.3, width * 0.7, height * 0.7), fill=(253, 251, 247, 255))

    return _png(draw, width, height)


def _wide(width: int, height: int) -> bytes:
    def draw(pen: ImageDraw.ImageDraw) -> None:
        pen.rounded_rectangle((2, 2, width - 2, height - 2), height // 4, fill=(150, 60, 40, 255))
        pen.rectangle((height, height * 0.42, width - height * 0.3, height * 0.58), fill=(255, 255, 255, 255))

    return _png(draw, width, height)


def _signature(width: int, height: int) -> bytes:
    source = random.Random(width)
    points = [
        (
            width * (0.05 + i * 0.015),
            height * (0.5 + 0.38 * math.sin(i * 0.7 + source.random()) * math.cos(i * 0.13)),
        )
        for i in range(61)
    ]

    def draw(pen: ImageDraw.ImageDraw) -> None:
        pen.line(points, fill=(20, 30, 110, 255), width=max(3, height // 40), joint="curve")

    return _png(draw, width, height)


def _photo(width: int, height: int) -> bytes:
    image = Image.linear_gradient("L").resize((width, height))
    file = io.BytesIO()
    Image.merge(
        "RGB", [image.point(lambda value, low=low: low + value // 9) for low in (220, 215, 205)]
    ).save(file, "JPEG", quality=70)
    return file.getvalue()
