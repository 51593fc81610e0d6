"""Pictures that come with the questions of a file."""

import base64
import binascii
import re
from collections.abc import Iterable
from urllib.parse import quote, unquote

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import PICTURE, Image, Text, clean_line
from courses.quizzes.interfaces.exchange.report import Remark

MAX_BYTES = 5 * 1024 * 1024
MAX_NAME = 100
_REFERENCE = re.compile(re.escape(PICTURE) + r"([^\"'<>\s]+)")


def mime_of(data: bytes) -> str:
    """What a picture is by its first bytes; empty for anything that isn't shown as a picture here."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    return ""


def references(texts: Iterable[Text]) -> set[str]:
    """The names of the pictures that these texts show."""
    found = (name for text in texts for name in _REFERENCE.findall(text.text))
    return {unquote(name.partition("?")[0]) for name in found}


def reference(name: str) -> str:
    return PICTURE + quote(name)


class Pictures:
    """The pictures of one question while it is read; what can't be taken is noted as a loss."""

    def __init__(self, losses: list[Remark]) -> None:
        self._losses = losses
        self._images: dict[str, Image] = {}

    @property
    def images(self) -> tuple[Image, ...]:
        return tuple(self._images.values())

    def add(self, path: str, data: bytes | None, line: int = 0) -> str:
        """The name that a picture has from now on; empty, with a loss, for what is none or too big."""
        plain = clean_line(re.split(r"[/\\]", path)[-1])[-MAX_NAME:] or "picture"
        mime = mime_of(data) if data else ""
        if not data or not mime:
            self._losses.append(
                Remark(_("The file %(name)s is no picture that can be shown."), {"name": plain}, line)
            )
            return ""
        if len(data) > MAX_BYTES:
            self._losses.append(
                Remark(
                    _("The picture %(name)s is larger than %(limit)s MB."),
                    {"name": plain, "limit": MAX_BYTES // 1024 // 1024},
                    line,
                )
            )
            return ""
        name, count = plain, 1
        while name in self._images and self._images[name].data != data:
            count += 1
            base, dot, extension = plain.rpartition(".")
            name = f"{base or extension}-{count}{dot}{extension if base else ''}"
        self._images[name] = Image(name, mime, data)
        return name

    def add_base64(self, path: str, text: str, line: int = 0) -> str:
        """The same for data in base 64."""
        try:
            data = base64.b64decode("".join(text.split()), validate=True)
        except (binascii.Error, ValueError):
            data = None
        return self.add(path, data, line)

    def renamed(self, text: str, names: dict[str, str]) -> str:
        """A text that refers to its pictures by the names they have now."""

        def new(found: re.Match[str]) -> str:
            old = unquote(found[1].partition("?")[0])
            name = names.get(old, old)
            return found[0] if name == old else reference(name)

        return _REFERENCE.sub(new, text)

    def note_missing(self, texts: Iterable[Text]) -> None:
        """A loss for each picture that a text shows and the file doesn't hold."""
        for name in sorted(references(texts) - set(self._images)):
            self._losses.append(
                Remark(
                    _("The picture %(name)s is missing from the file."), {"name": clean_line(name)[:MAX_NAME]}
                )
            )
