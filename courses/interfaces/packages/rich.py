"""Paragraphs and lists: a small tree ⇄ HTML ⇄ Markdown.

The HTML is the subset of Wagtail's rich text with the features bold, italic, ol, ul and link: p, ul, ol, li
and what `inline` knows. A list item holds one text and, after it, lists.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from markdown_it.token import Token

from courses.interfaces.packages.inline import (
    InlineError,
    Run,
    Runs,
    block_text,
    checked_href,
    normal,
    runs_from_tokens,
    runs_to_html,
)

# Tokens of the Markdown parser: each list in a list lies two levels deeper.
MAX_LEVEL = 12


@dataclass(frozen=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True)
class Item:
    """An entry of a list: its text, then the lists inside it."""

    runs: Runs
    lists: "tuple[RichList, ...]" = ()


@dataclass(frozen=True)
class RichList:
    ordered: bool
    items: tuple[Item, ...]


Rich = tuple[Paragraph | RichList, ...]


class RichError(ValueError):
    """Rich text that the format can't hold; `line` counts from 1 in the Markdown file, 0 for HTML."""

    def __init__(self, reason: str, line: int = 0) -> None:
        super().__init__(reason)
        self.line = line


def joined(parts: Sequence[Paragraph | RichList]) -> Rich:
    """Without empty paragraphs, and with neighbouring lists of one kind made one: Markdown can't part them."""
    result: list[Paragraph | RichList] = []
    for part in parts:
        if isinstance(part, Paragraph):
            if part.runs:
                result.append(part)
        elif result and isinstance(last := result[-1], RichList) and last.ordered == part.ordered:
            result[-1] = RichList(part.ordered, last.items + part.items)
        elif part.items:
            result.append(part)
    return tuple(result)


def _joined_lists(lists: Sequence[RichList]) -> tuple[RichList, ...]:
    return tuple(part for part in joined(lists) if isinstance(part, RichList))


def plain_lists(rich: Rich) -> list[tuple[str, int]]:
    """The lists of a text, outermost only: ('ol' or 'ul', number of items)."""
    return [("ol" if part.ordered else "ul", len(part.items)) for part in rich if isinstance(part, RichList)]


# HTML


def rich_to_html(rich: Rich) -> str:
    """The canonical HTML, without white space between elements."""
    return "".join(
        f"<p>{runs_to_html(part.runs)}</p>" if isinstance(part, Paragraph) else _list_to_html(part)
        for part in rich
    )


def _list_to_html(part: RichList) -> str:
    tag = "ol" if part.ordered else "ul"
    items = (
        f"<li>{runs_to_html(item.runs)}{''.join(map(_list_to_html, item.lists))}</li>" for item in part.items
    )
    return f"<{tag}>{''.join(items)}</{tag}>"


class _Frame:
    """An open list, and the items it has got so far."""

    def __init__(self, ordered: bool) -> None:
        self.ordered = ordered
        self.items: list[Item] = []
        self.lists: list[RichList] = []
        self.text: list[Run] | None = None


class _HtmlReader(HTMLParser):
    """Reads the rich text that Wagtail stores. Attributes that only its editor needs are ignored."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[Paragraph | RichList] = []
        self.frames: list[_Frame] = []
        self.runs: list[Run] = []
        self.bold = self.italic = 0
        self.href: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        match tag:
            case "p":
                self._end_text()
            case "ul" | "ol":
                self._end_text()
                self.frames.append(_Frame(tag == "ol"))
            case "li":
                if not self.frames:
                    raise RichError("a list item stands outside a list")
                self._end_text()
                self.frames[-1].text = []
            case "b" | "strong":
                self.bold += 1
            case "i" | "em":
                self.italic += 1
            case "br":
                self.runs.append(Run("\n", self.bold > 0, self.italic > 0, self.href))
            case "a":
                if "href" not in given:
                    raise RichError(
                        f"a link to a {given.get('linktype', 'place')} of the site cannot be written"
                    )
                try:
                    self.href = checked_href(given["href"])
                except InlineError as error:
                    raise RichError(str(error)) from None
            case _:
                raise RichError(f"<{tag}> is not part of the format")

    def handle_endtag(self, tag: str) -> None:
        match tag:
            case "p":
                self._end_text()
            case "li":
                self._end_text()
                self._end_item()
            case "ul" | "ol":
                self._end_text()
                if not self.frames:
                    raise RichError("a list ends that has not begun")
                frame = self.frames.pop()
                built = RichList(frame.ordered, tuple(frame.items))
                if self.frames:
                    self.frames[-1].lists.append(built)
                else:
                    self.parts.append(built)
            case "b" | "strong":
                self.bold = max(0, self.bold - 1)
            case "i" | "em":
                self.italic = max(0, self.italic - 1)
            case "a":
                self.href = None

    def handle_data(self, data: str) -> None:
        # Line ends in HTML are plain white space; only <br> breaks a line.
        self.runs.append(Run(data.replace("\n", " "), self.bold > 0, self.italic > 0, self.href))

    def _end_text(self) -> None:
        runs, self.runs = self.runs, []
        if not normal(runs):
            return
        if not self.frames:
            self.parts.append(Paragraph(normal(runs)))
            return
        frame = self.frames[-1]
        if frame.text is None:
            raise RichError("text stands in a list outside its items")
        if frame.text or frame.lists:
            raise RichError("a list item holds more than one paragraph")
        frame.text.extend(runs)

    def _end_item(self) -> None:
        if not self.frames or self.frames[-1].text is None:
            return
        frame = self.frames[-1]
        runs = normal(frame.text or ())
        if runs:
            frame.items.append(Item(runs, _joined_lists(frame.lists)))
        elif frame.lists:
            raise RichError("a list item has no text of its own")
        frame.text, frame.lists = None, []

    def finish(self) -> Rich:
        self.close()
        self._end_text()
        if self.frames:
            raise RichError("a list does not end")
        return joined(self.parts)


def rich_from_html(source: str) -> Rich:
    """Read the HTML of a rich text. Raises RichError for what the format hasn't."""
    reader = _HtmlReader()
    reader.feed(source)
    return reader.finish()


def runs_from_html(source: str) -> Runs:
    """Read the HTML of one text without paragraphs (a table's cell). Raises RichError."""
    rich = rich_from_html(source)
    if not rich:
        return ()
    if len(rich) > 1 or not isinstance(rich[0], Paragraph):
        raise RichError("one text without paragraphs or lists is expected")
    return rich[0].runs


# Markdown


def rich_to_markdown(rich: Rich) -> str:
    """Canonical Markdown, parts separated by an empty line, without a final line end. Raises InlineError."""
    return "\n\n".join(
        block_text(part.runs) if isinstance(part, Paragraph) else _list_to_markdown(part) for part in rich
    )


def _list_to_markdown(part: RichList) -> str:
    return "\n".join(
        under_marker(marker(part.ordered, number), "\n".join(_item_lines(item)))
        for number, item in enumerate(part.items, start=1)
    )


def marker(ordered: bool, number: int) -> str:
    return f"{number}. " if ordered else "- "


def under_marker(mark: str, text: str) -> str:
    """Text behind a list's mark, its further lines indented under the first."""
    return mark + re.sub(r"\n(?=[^\n])", "\n" + " " * len(mark), text)


def _item_lines(item: Item) -> Iterator[str]:
    yield block_text(item.runs)
    yield from map(_list_to_markdown, item.lists)


def inline_runs(token: Token, offset: int) -> Runs:
    """Runs of an `inline` token. Raises RichError with the line; `offset` is added to the token's own."""
    try:
        return runs_from_tokens(token.children or [])
    except InlineError as error:
        raise RichError(str(error), _line(token, offset) + error.breaks) from None


def _line(token: Token, offset: int) -> int:
    return (token.map[0] if token.map else 0) + offset + 1


UNKNOWN = {
    "fence": "code is not part of the format",
    "code_block": "an indented line would be code, which is not part of the format",
    "blockquote_open": "quotations (>) are not part of the format",
    "hr": "a rule (---) is not part of the format",
    "html_block": "raw HTML is not allowed",
    "heading_open": "a heading cannot stand here",
    "table_open": "a table cannot stand here",
}


def rich_from_tokens(tokens: Sequence[Token], offset: int) -> tuple[Rich, list[RichError]]:
    """Read block tokens that may only be paragraphs and lists; what is wrong comes back beside the text."""
    errors: list[RichError] = []
    parts: list[Paragraph | RichList] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        end = closing(tokens, index)
        try:
            if token.type == "paragraph_open":
                parts.append(Paragraph(inline_runs(tokens[index + 1], offset)))
            elif token.type in ("bullet_list_open", "ordered_list_open"):
                # The Markdown parser drops silently what lies deeper than its own limit.
                if token.level > MAX_LEVEL:
                    raise RichError("lists are nested too deeply", _line(token, offset))
                parts.append(_list_from_tokens(tokens[index : end + 1], offset))
            else:
                raise RichError(UNKNOWN.get(token.type, f"'{token.type}' is unknown"), _line(token, offset))
        except RichError as error:
            errors.append(error)
        index = end + 1
    return joined(parts), errors


def closing(tokens: Sequence[Token], index: int) -> int:
    """Index of the token that closes the one at `index` (itself where it doesn't open anything)."""
    depth = 0
    for position in range(index, len(tokens)):
        depth += tokens[position].nesting
        if depth == 0:
            return position
    return len(tokens) - 1


def items_of(tokens: Sequence[Token], offset: int) -> Iterator[Sequence[Token]]:
    """The tokens inside each item of a list, given all tokens of the list. Raises RichError."""
    if tokens[0].type == "ordered_list_open" and tokens[0].attrGet("start") not in (None, 1):
        raise RichError("a numbered list must begin at 1", _line(tokens[0], offset))
    index = 1
    while index < len(tokens) - 1:
        end = closing(tokens, index)
        yield tokens[index + 1 : end]
        index = end + 1


def _list_from_tokens(tokens: Sequence[Token], offset: int) -> RichList:
    items: list[Item] = []
    for inside in items_of(tokens, offset):
        rich, errors = rich_from_tokens(inside, offset)
        if errors:
            raise errors[0]
        line = _line(inside[0], offset) if inside else _line(tokens[0], offset)
        if not rich or not isinstance(rich[0], Paragraph):
            raise RichError("a list item has no text of its own", line)
        if any(isinstance(part, Paragraph) for part in rich[1:]):
            raise RichError("a list item holds more than one paragraph", line)
        items.append(Item(rich[0].runs, tuple(part for part in rich[1:] if isinstance(part, RichList))))
    return RichList(tokens[0].type == "ordered_list_open", tuple(items))
