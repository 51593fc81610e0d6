"""The body of a lesson: blocks → canonical Markdown. The other way is `markdown`."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from courses.interfaces.packages import yamlio
from courses.interfaces.packages.inline import (
    InlineError,
    Run,
    escape,
    normal,
    runs_to_html,
    runs_to_markdown,
)
from courses.interfaces.packages.rich import (
    Paragraph,
    Rich,
    RichError,
    joined,
    marker,
    rich_from_html,
    rich_to_markdown,
    runs_from_html,
    under_marker,
)
from courses.interfaces.packages.schema import Block


class BlockError(ValueError):
    """A block that the format can't hold. `position` counts from 0 in the list of blocks."""

    def __init__(self, position: int, reason: str) -> None:
        super().__init__(reason)
        self.position = position


def body_to_markdown(blocks: Sequence[Block]) -> str:
    """Canonical Markdown of a lesson's body, ending with a line end. Raises BlockError.

    Neighbouring paragraph blocks become one, since nothing parts them in Markdown.
    """
    parts: list[str] = []
    pending: list[Any] = []
    for position, block in enumerate(blocks):
        try:
            if block["type"] == "paragraph":
                pending += rich_from_html(block["value"])
                continue
            _flush(pending, parts)
            parts.append(_WRITERS[block["type"]](block["value"]))
        except (RichError, InlineError) as error:
            raise BlockError(position, str(error)) from None
        except KeyError as error:
            raise BlockError(position, f"unknown block or missing value {error}") from None
    try:
        _flush(pending, parts)
    except (RichError, InlineError) as error:
        raise BlockError(len(blocks) - 1, str(error)) from None
    return "\n\n".join(part for part in parts if part) + "\n"


def _flush(pending: list[Any], parts: list[str]) -> None:
    if pending:
        parts.append(rich_to_markdown(joined(pending)))
        pending.clear()


def _plain(text: str) -> str:
    """A plain text on one line."""
    return "".join(run.text for run in normal([Run(text.replace("\n", " "))]))


def _heading(value: Mapping[str, Any]) -> str:
    text = escape(_plain(value["text"]))
    # Hashes at the end would be taken for the closing ones of a heading.
    text = re.sub(r"((?:^|\s)#*)#$", r"\1\\#", text)
    return f"{'##' if value['level'] == 'h2' else '###'} {text}"


def _image(value: Mapping[str, Any]) -> str:
    return f"![{escape(_plain(value['alt']))}]({value['image']})"


def _container(kind: str, inside: str, title: str = "") -> str:
    return f"::: {kind} {title}".rstrip() + f"\n{inside}\n:::"


def _callout(value: Mapping[str, Any]) -> str:
    body = rich_to_markdown(_filled(rich_from_html(value["body"])))
    return _container(value["kind"], body, _plain(value.get("title") or ""))


def _filled(rich: Rich) -> Rich:
    if not rich:
        raise RichError("this block is empty")
    return rich


def _steps(value: Mapping[str, Any]) -> str:
    steps = [_filled(rich_from_html(step)) for step in value["steps"]]
    if not steps:
        raise RichError("this block is empty")
    simple = all(len(step) == 1 and isinstance(step[0], Paragraph) for step in steps)
    written = (
        under_marker(marker(True, number), rich_to_markdown(step))
        for number, step in enumerate(steps, start=1)
    )
    return _container("steps", ("\n" if simple else "\n\n").join(written))


def _table(value: Mapping[str, Any]) -> str:
    header = [runs_to_html(normal([Run(_plain(text))])) for text in value["header"]]
    if not all(header):
        raise RichError("a column of a table needs a heading")
    rows = [map(_cell, header), ["---"] * len(header), *(map(_cell, row) for row in value["rows"])]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _cell(cell: str) -> str:
    runs = runs_from_html(cell)
    if any("\n" in run.text for run in runs):
        raise RichError("a cell of a table cannot hold a line break")
    return runs_to_markdown(runs).replace("|", "\\|")


def _document(value: Mapping[str, Any]) -> str:
    keys = yamlio.dump({"file": value["file"], "title": _plain(value["title"])})
    return _container("document", keys.rstrip("\n"))


def _law(value: Mapping[str, Any]) -> str:
    keys: dict[str, Any] = {key: _plain(value[key]) for key in ("text", "article", "source")}
    keys["facts"] = yamlio.Flow(value["facts"])
    if value.get("official_ar"):
        keys["official_ar"] = _plain(value["official_ar"])
    rule = rich_to_markdown(_filled(rich_from_html(value["rule"])))
    return _container("law", f"{yamlio.dump(keys)}\n{rule}")


_WRITERS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "heading": _heading,
    "image": _image,
    "callout": _callout,
    "steps": _steps,
    "table": _table,
    "document": _document,
    "law": _law,
}
