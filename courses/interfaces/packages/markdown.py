"""The body of a lesson: Markdown → blocks in the shape of a StreamField's raw data.

Each block is `{'type': …, 'value': …, 'id': …}`:

- paragraph: HTML of paragraphs and lists; everything up to the next other construct is one block
- heading: {'text': plain text, 'level': 'h2' or 'h3'}
- image: {'image': path in the package, 'alt': plain text}
- callout: {'kind': 'remember', 'attention' or 'example', 'title': plain text or '', 'body': HTML}
- steps: {'steps': [HTML, …]}
- table: {'header': [plain text, …], 'rows': [[cell, …], …]}, a cell being HTML of one text (b, i, a; no p)
- document: {'file': path in the package, 'title': plain text}
- law: {'text', 'article', 'source': plain text, 'rule': HTML, 'facts': [id, …], 'official_ar': text or ''}

`markdown_write` goes the other way. The HTML is that of `rich`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from courses.interfaces.packages import yamlio
from courses.interfaces.packages.fields import Fields
from courses.interfaces.packages.inline import Runs, make_parser, plain_text, runs_to_html
from courses.interfaces.packages.keys import block_key
from courses.interfaces.packages.reading import Reading
from courses.interfaces.packages.rich import (
    UNKNOWN,
    Rich,
    RichError,
    closing,
    inline_runs,
    items_of,
    rich_from_tokens,
    rich_to_html,
)
from courses.interfaces.packages.schema import (
    MAX_ADDRESS,
    MAX_ALTERNATIVE,
    MAX_ARTICLE,
    MAX_HEADING,
    MAX_LAW_TEXT,
    Block,
)

CALLOUTS = ("remember", "attention", "example")
CONTAINERS = (*CALLOUTS, "steps", "law", "document")
HEADINGS = ("h2", "h3")

_OPENING = re.compile(r":::[ ]*(?P<kind>[^\s:]+)(?:[ ]+(?P<title>.*))?")
_PARSER = make_parser()


@dataclass
class Body:
    """Blocks of one lesson in one language, and the line each begins at."""

    blocks: list[Block] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def body_from_markdown(
    text: str, *, lesson_id: str, path: str, reading: Reading, first_line: int = 1, verified: bool = True
) -> Body:
    """Read a lesson's body. Problems go to `reading.problems`; blocks with a problem are left out.

    `first_line`: line of the file at which `text` begins. `verified`: facts of law blocks must be marked
    L or M. Block ids are derived from `lesson_id` and the position alone.
    """
    return _BodyReader(lesson_id, path, reading, verified).read(text.split("\n"), first_line - 1)


class _BodyReader:
    def __init__(self, lesson_id: str, path: str, reading: Reading, verified: bool) -> None:
        self.lesson_id = lesson_id
        self.path = path
        self.reading = reading
        self.verified = verified
        self.body = Body()

    def problem(self, line: int, reason: str) -> None:
        self.reading.problems.add(self.path, line, reason)

    def add(self, kind: str, value: Any, line: int) -> None:
        identifier = str(block_key(self.lesson_id, len(self.body.blocks)))
        self.body.blocks.append({"type": kind, "value": value, "id": identifier})
        self.body.lines.append(line)

    def read(self, lines: Sequence[str], offset: int) -> Body:
        start = index = 0
        while index < len(lines):
            if not lines[index].lstrip(" \t").startswith(":::"):
                index += 1
                continue
            self.chunk(lines[start:index], offset + start)
            index = start = self.container(lines, index, offset)
        self.chunk(lines[start:], offset + start)
        return self.body

    # Containers

    def container(self, lines: Sequence[str], index: int, offset: int) -> int:
        """Read the container that opens at `index`; the index after it."""
        line = offset + index + 1
        opening = _OPENING.fullmatch(lines[index].rstrip())
        if opening is None:
            self.problem(line, "':::' here must begin the line and be followed by the kind of block")
            return index + 1
        end = index + 1
        while end < len(lines) and not lines[end].lstrip(" \t").startswith(":::"):
            end += 1
        kind, title = opening["kind"], (opening["title"] or "").strip()
        if end == len(lines) or lines[end].rstrip() != ":::":
            self.problem(line, f"the block '::: {kind}' is not closed by a line ':::'")
            return end
        inside = lines[index + 1 : end]
        if kind not in CONTAINERS:
            self.problem(line, f"unknown block '{kind}' (there are: {', '.join(CONTAINERS)})")
        elif title and kind not in CALLOUTS:
            self.problem(line, f"a '{kind}' block has no title")
        elif kind in CALLOUTS:
            body = self.rich(inside, line)
            if len(title) > MAX_HEADING:
                self.problem(line, too_long("a title", title, MAX_HEADING))
            elif body is not None:
                self.add("callout", {"kind": kind, "title": title, "body": rich_to_html(body)}, line)
        elif kind == "steps":
            self.steps(inside, line)
        else:
            self.keyed(kind, inside, line)
        return end + 1

    def rich(self, lines: Sequence[str], line: int, offset: int | None = None) -> Rich | None:
        """Paragraphs and lists inside the container that opens at `line`; None where something is wrong."""
        tokens = self.tokens(lines, line if offset is None else offset)
        rich, errors = rich_from_tokens(tokens, line if offset is None else offset)
        for error in errors:
            self.problem(error.line, str(error))
        if not rich and not errors:
            self.problem(line, "this block is empty")
        return None if errors or not rich else rich

    def steps(self, lines: Sequence[str], line: int) -> None:
        tokens = self.tokens(lines, line)
        if not tokens or tokens[0].type != "ordered_list_open" or closing(tokens, 0) != len(tokens) - 1:
            self.problem(line, "a 'steps' block holds one numbered list and nothing else")
            return
        steps: list[str] = []
        found = len(self.reading.problems)
        try:
            for inside in items_of(tokens, line):
                rich, errors = rich_from_tokens(inside, line)
                for error in errors:
                    self.problem(error.line, str(error))
                if not rich and not errors:
                    self.problem(line, f"step {len(steps) + 1} is empty")
                steps.append(rich_to_html(rich))
        except RichError as error:
            self.problem(error.line, str(error))
        if len(self.reading.problems) == found:
            self.add("steps", {"steps": steps}, line)

    def keyed(self, kind: str, lines: Sequence[str], line: int) -> None:
        """A block that begins with keys: up to the first empty line."""
        split = next((index for index, text in enumerate(lines) if not text.strip()), len(lines))
        found = len(self.reading.problems)
        node = yamlio.load(
            "\n".join(lines[:split]) + "\n", self.path, self.reading.problems, first_line=line + 1
        )
        if node is None:
            return
        fields = Fields(node, self.path, self.reading)
        value: dict[str, Any]
        if kind == "document":
            value = {"file": fields.one_line("file"), "title": fields.one_line("title", MAX_HEADING)}
            fields.close()
            for position, text in enumerate(lines[split:], start=line + split + 1):
                if text.strip():
                    self.problem(position, "a 'document' block holds only its keys")
                    break
        else:
            value = {
                "text": fields.one_line("text", MAX_LAW_TEXT),
                "article": fields.one_line("article", MAX_ARTICLE),
                "source": fields.one_line("source", MAX_ADDRESS),
            }
            if value["source"] and not re.match(r"https?://[^\s]+$", value["source"]):
                fields.problem("source", "'source' must be a web address (https://…)")
            facts = list(fields.facts(verified=self.verified))
            official = fields.optional_line("official_ar") or ""
            fields.close()
            rule = self.rich(lines[split:], line, line + split)
            value |= {"rule": rich_to_html(rule or ()), "facts": facts, "official_ar": official}
        if len(self.reading.problems) == found:
            self.add(kind, value, line)

    # Plain Markdown

    def tokens(self, lines: Sequence[str], offset: int) -> list[Token]:
        env: dict[str, Any] = {}
        tokens = _PARSER.parse("\n".join(lines), env)
        for reference in env.get("references", {}).values():
            line = reference["map"][0] + offset + 1
            self.problem(line, "write the address of a link beside its text: [text](address)")
        return tokens

    def chunk(self, lines: Sequence[str], offset: int) -> None:
        """Markdown between containers; `offset` lines of the file lie before it."""
        tokens = self.tokens(lines, offset)
        index = start = 0
        while index < len(tokens):
            token, end = tokens[index], closing(tokens, index)
            if self.goes_on(tokens, index):
                index = end + 1
                continue
            self.paragraphs(tokens[start:index], offset)
            try:
                self.construct(tokens[index : end + 1], lines, offset)
            except RichError as error:
                self.problem(error.line or _line(token, offset), str(error))
            index = start = end + 1
        self.paragraphs(tokens[start:], offset)

    def goes_on(self, tokens: Sequence[Token], index: int) -> bool:
        """Whether this token belongs to a run of paragraphs and lists."""
        token = tokens[index]
        if token.type == "paragraph_open":
            return not _is_image(tokens[index + 1])
        return token.type in ("bullet_list_open", "ordered_list_open")

    def paragraphs(self, tokens: Sequence[Token], offset: int) -> None:
        if not tokens:
            return
        rich, errors = rich_from_tokens(tokens, offset)
        for error in errors:
            self.problem(error.line, str(error))
        if rich and not errors:
            self.add("paragraph", rich_to_html(rich), _line(tokens[0], offset))

    def construct(self, tokens: Sequence[Token], lines: Sequence[str], offset: int) -> None:
        token, line = tokens[0], _line(tokens[0], offset)
        if token.type == "paragraph_open":
            self.image(tokens[1], line)
        elif token.type == "heading_open":
            if token.tag not in HEADINGS or not token.markup.startswith("#"):
                raise RichError("a heading begins with ## or ###", line)
            runs = inline_runs(tokens[1], offset)
            if any(run.bold or run.italic or run.href or "\n" in run.text for run in runs):
                raise RichError("a heading is plain text, without formats or links", line)
            if not runs:
                raise RichError("a heading is empty", line)
            text = plain_text(runs)
            if len(text) > MAX_HEADING:
                raise RichError(too_long("a heading", text, MAX_HEADING), line)
            self.add("heading", {"text": text, "level": token.tag}, line)
        elif token.type == "table_open":
            self.table(tokens, lines, offset)
        else:
            raise RichError(UNKNOWN.get(token.type, f"'{token.type}' is unknown"), line)

    def image(self, token: Token, line: int) -> None:
        image = (token.children or [])[0]
        if image.attrGet("title"):
            raise RichError("an image has an alternative text, but no title", line)
        runs = inline_runs(_inline(image), line - 1)
        if any(run.bold or run.italic or run.href or "\n" in run.text for run in runs):
            raise RichError("the alternative text of an image is plain text", line)
        if not runs:
            raise RichError("an image needs an alternative text: ![what it shows](file)", line)
        alt = plain_text(runs)
        if len(alt) > MAX_ALTERNATIVE:
            raise RichError(too_long("an alternative text", alt, MAX_ALTERNATIVE), line)
        self.add("image", {"image": str(image.attrGet("src") or ""), "alt": alt}, line)

    def table(self, tokens: Sequence[Token], lines: Sequence[str], offset: int) -> None:
        rows: list[list[str]] = []
        width = 0
        for index, token in enumerate(tokens):
            if token.type == "tr_open":
                rows.append([])
                line = _line(token, offset)
                cells = _cells(lines[line - offset - 1])
                width = width or cells
                if cells != width:
                    raise RichError(f"this row has {cells} cells, the header of the table has {width}", line)
            elif token.type in ("th_open", "td_open"):
                if token.attrGet("style"):
                    raise RichError("columns of a table have no alignment (write ---)", line)
                runs = inline_runs(tokens[index + 1], offset)
                rows[-1].append(runs_to_html(runs) if token.tag == "td" else _column(runs, line))
        if len(rows) < 2:
            raise RichError("a table needs at least one row under its header", _line(tokens[0], offset))
        self.add("table", {"header": rows[0], "rows": rows[1:]}, _line(tokens[0], offset))


def _line(token: Token, offset: int) -> int:
    return (token.map[0] if token.map else 0) + offset + 1


def too_long(name: str, text: str, limit: int) -> str:
    return f"{name} has {len(text)} characters, but at most {limit} are allowed"


def _column(runs: Runs, line: int) -> str:
    """The heading of a column: it also names the cells where a narrow screen shows them one under the other."""
    text = plain_text(runs)
    if not text:
        raise RichError("a column of a table needs a heading", line)
    if any(run.bold or run.italic or run.href for run in runs):
        raise RichError("the heading of a column is plain text, without formats or links", line)
    if len(text) > MAX_HEADING:
        raise RichError(too_long("the heading of a column", text, MAX_HEADING), line)
    return text


def _is_image(token: Token) -> bool:
    children = token.children or []
    return len(children) == 1 and children[0].type == "image"


def _inline(image: Token) -> Token:
    """The alternative text of an image as if it were the text of a paragraph."""
    return Token("inline", "", 0, map=[0, 1], children=image.children)


def _cells(line: str) -> int:
    """Number of cells in a row as written; the parser would fill up or cut off silently."""
    cells = escapedSplit(line.strip(" \t"))
    if cells and cells[0] == "":
        cells.pop(0)
    if cells and cells[-1] == "":
        cells.pop()
    return len(cells)
