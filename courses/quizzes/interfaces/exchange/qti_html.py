"""HTML of QTI files, with its pictures taken from the package or from the text itself."""

import posixpath
import re
from collections.abc import Mapping
from html import escape, unescape
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import Text, TextFormat, clean_line
from courses.quizzes.interfaces.exchange.pictures import Pictures, reference
from courses.quizzes.interfaces.exchange.report import Remark
from courses.quizzes.interfaces.exchange.xmltree import Node

_SOURCE = re.compile(r"(<img\b[^<>]{0,2000}?\bsrc\s{0,9}=\s{0,9})(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_EMBEDDED = re.compile(r"data:[a-z]{1,20}/([a-z+.-]{1,20});base64,", re.IGNORECASE)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]{0,20}:|//", re.IGNORECASE)
# How Canvas names the folder of its pictures.
_BASES = {"$IMS-CC-FILEBASE$": "web_resources", "%24IMS-CC-FILEBASE%24": "web_resources"}
_TAGS = re.compile(r"<[A-Za-z/!]")
_EMPTY = re.compile(r"<(p|div|span)\b[^<>]{0,500}>\s*</\1>|<(p|div|span)\b[^<>]{0,500}/>")


class Html:
    """Makes texts of the nodes of one question. `folder`: where its file stands in the package."""

    def __init__(self, files: Mapping[str, bytes], folder: str, losses: list[Remark]) -> None:
        self._files = files
        self._folder = folder
        self._losses = losses
        self.pictures = Pictures(losses)

    def content(self, node: Node | None) -> Text:
        """The content of an element, as HTML where it has any."""
        if node is None:
            return Text("")
        return self.text(node.inner()) if node.children() else Text(node.text)

    def text(self, source: str) -> Text:
        """HTML with its pictures taken; plain text where it has no tags."""
        return Text(*self.source(source))

    def source(self, source: str) -> tuple[str, TextFormat]:
        # What stood around an interaction is empty now, and may stand in other empty elements.
        for _depth in range(4):
            source = _EMPTY.sub("", source)
        if not _TAGS.search(source):
            return unescape(source), TextFormat.PLAIN
        return self.pictured(source), TextFormat.HTML

    def pictured(self, source: str) -> str:
        return _SOURCE.sub(lambda found: found[1] + '"' + self._taken(found[2][1:-1]) + '"', source)

    def image(self, address: str) -> str:
        """An element that shows a picture of the package."""
        return f'<img src="{self._taken(escape(address))}" alt=""/>'

    def _taken(self, quoted: str) -> str:
        """Where a picture is from now on; unchanged, with a loss, if it can't be taken."""
        address = unescape(quoted)
        embedded = _EMBEDDED.match(address)
        if embedded:
            name = self.pictures.add_base64(f"picture.{embedded[1]}", address[embedded.end() :])
            return reference(name) if name else ""
        if _ELSEWHERE.match(address):
            self._losses.append(
                Remark(
                    _("A picture at another address is not taken: %(address)s"),
                    {"address": clean_line(address)[:100]},
                )
            )
            return quoted
        path = unquote(address.partition("?")[0])
        for base, folder in _BASES.items():
            if path.startswith(base):
                path = folder + path.removeprefix(base)
        for place in (posixpath.join(self._folder, path), path):
            data = self._files.get(posixpath.normpath(place).lstrip("/"))
            if data is not None:
                name = self.pictures.add(path, data)
                return reference(name) if name else quoted
        self._losses.append(
            Remark(_("The picture %(name)s is missing from the file."), {"name": clean_line(path)[:100]})
        )
        return quoted
