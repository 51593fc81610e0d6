"""Formatted text inside a paragraph: runs of characters ⇄ HTML ⇄ Markdown.

A text is a tuple of `Run`s in a normal form, so that equal texts are equal values. `\\n` in a run is a line
break (`<br/>`, in Markdown a backslash at the end of the line). HTML is the subset that Wagtail's rich text
keeps: b, i, a, br, nested in the order a, b, i.
"""

import html
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.token import Token


@dataclass(frozen=True)
class Run:
    """Characters of one format. `href` is the address they link to, or None."""

    text: str
    bold: bool = False
    italic: bool = False
    href: str | None = None


Runs = tuple[Run, ...]


class InlineError(ValueError):
    """Text that the format can't hold; `str()` is the reason, `breaks` the line breaks before it."""

    def __init__(self, reason: str, breaks: int = 0) -> None:
        super().__init__(reason)
        self.breaks = breaks


def make_parser() -> MarkdownIt:
    """CommonMark with tables. HTML is recognised only so that it can be refused; addresses are kept as typed."""
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": 100}).enable("table")
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    return parser


_PARSER = make_parser()

# Normal form

_ASCII_SPACE = re.compile(r"[ \t\r\f\v\x1c-\x1f\x85\u2028\u2029]+")

# Bold, italic, address; and a character with its format.
_Style = tuple[bool, bool, str | None]
_Cell = tuple[str, _Style]


def normal(runs: Iterable[Run]) -> Runs:
    """The normal form: single spaces, none at the ends, white space outside formats, equal neighbours joined."""
    cells: list[_Cell] = []
    for run in runs:
        style = (run.bold, run.italic, run.href)
        cells.extend((char, style) for char in _ASCII_SPACE.sub(" ", run.text) if char != "\0")
    cells = _spaces_plain(_single_spaces(cells))
    return tuple(
        Run("".join(char for char, _style in group), *style)
        for style, group in groupby(cells, key=lambda cell: cell[1])
    )


def _single_spaces(cells: list[_Cell]) -> list[_Cell]:
    kept: list[_Cell] = []
    for cell in cells:
        char = cell[0]
        if char == " " and kept and kept[-1][0] in " \n":
            continue
        if char == "\n" and kept and kept[-1][0] == " ":
            kept.pop()
        if not kept and char.isspace():
            continue
        kept.append(cell)
    while kept and kept[-1][0].isspace():
        kept.pop()
    return kept


def _spaces_plain(cells: list[_Cell]) -> list[_Cell]:
    """White space keeps a format only where the characters on both sides of it have it too."""
    if len({style for _char, style in cells}) < 2:
        return cells
    result = list(cells)
    start = 0
    while start < len(cells):
        end = start
        while cells[end][0].isspace():
            end += 1
        if end > start:
            # Never at the ends: these were stripped.
            style = _common([style for _char, style in cells[start - 1 : end + 1]])
            result[start:end] = [(char, style) for char, _style in cells[start:end]]
        start = end + 1
    return result


def _common(styles: Sequence[_Style]) -> _Style:
    """The format of a gap, from those of its characters and of the two beside it.

    Nested as written: bold ends where a link ends, and italics where bold does.
    """
    bold, _italic, href = styles[0]
    if any(style[2] != href for style in styles):
        return False, False, None
    if any(style[0] != bold for style in styles):
        return False, False, href
    return bold, all(italic for _bold, italic, _href in styles), href


def plain_text(runs: Runs) -> str:
    return "".join(run.text for run in runs)


# Addresses

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")


def checked_href(href: str) -> str:
    """The canonical form of a link's address. Raises InlineError unless it is http(s), mailto or relative."""
    href = href.strip()
    if not href:
        raise InlineError("a link has no address")
    if any(char.isspace() or ord(char) < 32 or ord(char) == 127 for char in href):
        raise InlineError(f"the address '{href}' holds white space")
    scheme = _SCHEME.match(href)
    if (scheme and scheme[1].lower() not in ("http", "https", "mailto")) or href.startswith(("//", "\\")):
        raise InlineError(f"the address '{href}' is neither http(s), mailto nor relative")
    return re.sub(r'[()<>"\\`|]', lambda match: quote(match[0], safe=""), href)


# From Markdown


def runs_from_markdown(text: str) -> Runs:
    """Read the inline Markdown of one paragraph, heading or cell. Raises InlineError."""
    tokens = _PARSER.parseInline(text)
    return runs_from_tokens(tokens[0].children or [] if tokens else [])


def runs_from_tokens(tokens: Sequence[Token]) -> Runs:
    """Runs of the children of an `inline` token. Raises InlineError for anything the format hasn't."""
    runs: list[Run] = []
    bold = italic = breaks = start = 0
    href: str | None = None
    for token in tokens:
        match token.type:
            case "text":
                runs.append(Run(token.content, bold > 0, italic > 0, href))
            case "softbreak" | "hardbreak":
                breaks += 1
                char = " " if token.type == "softbreak" else "\n"
                runs.append(Run(char, bold > 0, italic > 0, href))
            case "strong_open" | "strong_close":
                bold += token.nesting
            case "em_open" | "em_close":
                italic += token.nesting
            case "link_open":
                if token.attrGet("title"):
                    raise InlineError("a link must not have a title", breaks)
                try:
                    href = checked_href(str(token.attrGet("href") or ""))
                except InlineError as error:
                    raise InlineError(str(error), breaks) from None
                start = len(runs)
            case "link_close":
                if not plain_text(tuple(runs[start:])).strip():
                    raise InlineError("a link has no text", breaks)
                href = None
            case "html_inline":
                raise InlineError(f"raw HTML is not allowed: {token.content}", breaks)
            case "code_inline":
                raise InlineError("code (between `) is not part of the format", breaks)
            case "image":
                raise InlineError("an image must stand alone between empty lines", breaks)
            case _:
                raise InlineError(f"'{token.type}' is not part of the format", breaks)
    return normal(runs)


# To Markdown

_ENTITY = re.compile(r"&(?=#[0-9A-Za-z]+;|[A-Za-z][0-9A-Za-z]*;)")


def escape(text: str) -> str:
    """Text with every character escaped that inline Markdown would take for its own."""
    escaped = re.sub(r"[\\`*\[\]<]", r"\\\g<0>", text)
    # Inside a word an underscore means nothing.
    escaped = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\_", escaped)
    return _ENTITY.sub(r"\\&", escaped)


def runs_to_markdown(runs: Runs) -> str:
    """Inline Markdown that reads back as the same runs; line breaks are backslashes at the end of a line."""
    written = _spans(runs, "*", neighbours=False)
    if _reads_back(written, runs):
        return written
    # Formats that meet inside a word or at a punctuation mark: CommonMark's rules of 'flanking' are satisfied
    # by writing the letter outside as a character reference.
    written = _spans(runs, "_", neighbours=True)
    if not _reads_back(written, runs):
        raise InlineError(f"this text cannot be written in Markdown: {plain_text(runs)}")
    return written


def _reads_back(written: str, runs: Runs) -> bool:
    try:
        return runs_from_markdown(written) == runs
    except InlineError:
        return False


def _spans(runs: Runs, italic_mark: str, *, neighbours: bool) -> str:
    """Write runs with links outside, bold inside them and italics innermost."""
    pieces: list[str] = []
    href: str | None = None
    bold = italic = False
    last = Run("")
    for run in (*runs, Run("")):
        new_link = run.href != href
        closing = ""
        if italic and (new_link or not run.italic or run.bold != bold):
            closing, italic = italic_mark, False
        if bold and (new_link or not run.bold):
            closing, bold = closing + "**", False
        pieces.append(closing)
        if href is not None and new_link:
            pieces.append(f"]({_written_href(href)})")
        opening = ""
        if run.href is not None and new_link:
            opening = "["
        href = run.href
        if run.bold and not bold:
            opening, bold = opening + "**", True
        if run.italic and not italic:
            opening, italic = opening + italic_mark, True
        text = _break_lines(escape(run.text))
        if neighbours:
            if closing and not new_link:
                text = _referenced(text, run.text[:1], at_start=True)
            if opening and not opening.startswith("[") and pieces and last.text:
                _reference_last(pieces, last.text[-1])
        if opening.startswith("[") and pieces and last.text.endswith("!"):
            _escape_last_mark(pieces)
        pieces += [opening, text]
        last = run
    return "".join(pieces)


def _written_href(href: str) -> str:
    return _ENTITY.sub("&amp;", href)


def _break_lines(text: str) -> str:
    first, *others = text.split("\n")
    return "\\\n".join([first, *(_line_start(line) for line in others)])


def _is_letter(char: str) -> bool:
    code = ord(char)
    return not (isWhiteSpace(code) or isMdAsciiPunct(code) or isPunctChar(char))


def _referenced(text: str, char: str, *, at_start: bool) -> str:
    if not char or not _is_letter(char):
        return text
    return f"&#{ord(char)};{text[1:]}" if at_start else f"{text[:-1]}&#{ord(char)};"


def _reference_last(pieces: list[str], char: str) -> None:
    for index in range(len(pieces) - 1, -1, -1):
        if pieces[index]:
            if pieces[index].endswith(char):
                pieces[index] = _referenced(pieces[index], char, at_start=False)
            return


def _escape_last_mark(pieces: list[str]) -> None:
    for index in range(len(pieces) - 1, -1, -1):
        if pieces[index]:
            if pieces[index].endswith("!"):
                pieces[index] = pieces[index][:-1] + "\\!"
            return


_LINE_START = re.compile(
    r"""(?P<mark>[>|]|:::|~~~|\#{1,6}(?=\ |$)|[-+](?=\ |$)|[-=:](?=[-=:|\ ]*$))
    |(?P<number>[0-9]{1,9})(?P<stop>[.)])(?=\ |$)""",
    re.VERBOSE,
)


def _line_start(line: str) -> str:
    match = _LINE_START.match(line)
    if match is None:
        return line
    if match["number"]:
        return f"{match['number']}\\{line[len(match['number']) :]}"
    return f"\\{line}"


def block_text(runs: Runs) -> str:
    """Inline Markdown fit to begin a block: a first character that would begin a list or heading is escaped."""
    return _line_start(runs_to_markdown(runs))


# To HTML


def runs_to_html(runs: Runs) -> str:
    """The canonical HTML: `<a href><b><i>…</i></b></a>`, `<br/>`; only & < > (and " in addresses) escaped."""
    pieces: list[str] = []
    href: str | None = None
    bold = italic = False
    for run in (*runs, Run("")):
        new_link = run.href != href
        if italic and (new_link or not run.italic or run.bold != bold):
            pieces.append("</i>")
            italic = False
        if bold and (new_link or not run.bold):
            pieces.append("</b>")
            bold = False
        if href is not None and new_link:
            pieces.append("</a>")
        if run.href is not None and new_link:
            pieces.append(f'<a href="{html.escape(run.href)}">')
        href = run.href
        if run.bold and not bold:
            pieces.append("<b>")
            bold = True
        if run.italic and not italic:
            pieces.append("<i>")
            italic = True
        pieces.append(html.escape(run.text, quote=False).replace("\n", "<br/>"))
    return "".join(pieces)
