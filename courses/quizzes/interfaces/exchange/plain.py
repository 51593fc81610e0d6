"""Texts of files as the plain text that questions hold. Pure."""

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import PICTURE, Text, TextFormat, clean_line, clean_text
from courses.quizzes.interfaces.exchange.report import Remark

# What begins on a line of its own; the second ones have an empty line before and after.
_LINES = frozenset({"br", "dd", "dt", "hr", "li", "ol", "tr", "ul"})
_BLOCKS = frozenset(
    {"article", "blockquote", "div", "dl", "h1", "h2", "h3", "h4", "h5", "h6", "p", "pre", "section", "table"}
)
_SILENT = frozenset({"script", "style", "template", "title"})
# Tags that say nothing a reader would miss in plain text.
_HARMLESS = _BLOCKS | {"body", "br", "font", "head", "html", "img", "li", "ol", "span", "ul"}
_TAGS = re.compile(r"</?[A-Za-z][^<>]*>|<!--")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# A sign that opens no tag. The parser would look for its end through all of the rest, each time anew.
_STRAY = re.compile(r"<(?![A-Za-z/!?][^<>]*>)")
_MARKDOWN = re.compile(r"(\*\*|__|^#{1,6} |^[*+] |`|\]\()", re.MULTILINE)

MARKUP_LOST = _("Its layout (bold, links, tables and the like) is not taken: questions hold plain text.")
MARKDOWN_LEFT = _("The signs of Markdown are left in its texts as they stand.")
SCRIPT_LOST = _("A script or style in its texts is not taken.")


@dataclass
class Tray:
    """The pictures of a text that are shown beside it: `most` of those with these names, each once, in their order,
    with what they show in words.
    """

    names: frozenset[str]
    most: int
    taken: dict[str, str] = field(default_factory=dict)

    def takes(self, name: str, words: str) -> bool:
        if name in self.names and (name in self.taken or len(self.taken) < self.most):
            self.taken.setdefault(name, words)
            return True
        return False


def plain(text: Text, losses: list[Remark], tray: Tray | None = None) -> str:
    """The words of a text, lines ended by `\\n`. What is lost is noted once in `losses`.

    A picture goes into `tray`; one that doesn't leaves `[its description]`, or its name, where it stood.
    """
    if text.format is TextFormat.HTML or (text.format is TextFormat.AUTO and _TAGS.search(text.text)):
        source = text.text
        if text.format is TextFormat.AUTO:
            source = source.replace("\n", "<br>")
        reader = _Reader(tray)
        reader.feed(_STRAY.sub("&lt;", _without_comments(source)))
        reader.close()
        for remark in reader.losses:
            if remark not in losses:
                losses.append(remark)
        return reader.text
    if text.format is TextFormat.AUTO:
        return clean_text(_ENTITY.sub(lambda found: unescape(found[0]), text.text))
    if text.format is TextFormat.MARKDOWN and _MARKDOWN.search(text.text):
        remark = Remark(MARKDOWN_LEFT)
        if remark not in losses:
            losses.append(remark)
    return text.text


def plain_line(text: Text, losses: list[Remark]) -> str:
    """The same on one line."""
    return clean_line(plain(text, losses))


def _without_comments(source: str) -> str:
    """One that is never closed is text."""
    parts = []
    end = 0
    while (start := source.find("<!--", end)) >= 0 and (stop := source.find("-->", start + 4)) >= 0:
        parts.append(source[end:start])
        end = stop + 3
    return "".join([*parts, source[end:]])


class _Reader(HTMLParser):
    def __init__(self, tray: Tray | None) -> None:
        super().__init__(convert_charrefs=True)
        self._tray = tray
        self._parts: list[str] = []
        self._silent = 0
        self.losses: list[Remark] = []

    @property
    def text(self) -> str:
        lines = [" ".join(line.split(" ")) for line in "".join(self._parts).split("\n")]
        joined = "\n".join(re.sub(r"[ \t]+", " ", line).strip(" \t") for line in lines)
        return clean_text(re.sub(r"\n{3,}", "\n\n", joined))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self._silent += 1
            self._lose(SCRIPT_LOST)
        elif tag not in _HARMLESS:
            self._lose(MARKUP_LOST)
        if tag == "img":
            self._picture(dict(attrs))
        self._break(tag)
        if tag == "li":
            self._parts.append("– ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # `<p/>` opens nothing: a script that is never closed would swallow the rest.
        if tag not in _SILENT:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag != "li":
            self._break(tag)
        if tag in ("td", "th"):
            self._parts.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._parts.append(re.sub(r"[ \t\n]+", " ", data))

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._parts.append("\n\n")
        elif tag in _LINES:
            self._parts.append("\n")

    def _picture(self, attributes: dict[str, str | None]) -> None:
        source = attributes.get("src") or ""
        name = unquote(source.removeprefix(PICTURE)) if source.startswith(PICTURE) else ""
        alt = clean_line(attributes.get("alt") or "")
        if self._tray is not None and self._tray.takes(name, alt):
            return
        if words := alt or clean_line(name):
            self._parts.append(f"[{words}]")

    def _lose(self, message: object) -> None:
        remark = Remark(message)  # type: ignore[arg-type]
        if remark not in self.losses:
            self.losses.append(remark)
