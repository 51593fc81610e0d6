"""YAML with line numbers, and one canonical way of writing it.

Only the plain part of YAML is read: mappings, lists and scalars. Anchors, aliases, tags, duplicate keys and
several documents in one file are refused.
"""

import datetime
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from courses.interfaces.packages.errors import Problems

MAX_DEPTH = 20


@dataclass(frozen=True)
class Scalar:
    """A single value as written. `kind` is what YAML takes it for: str, int, float, bool, null, date, other."""

    value: str
    kind: str
    line: int


@dataclass(frozen=True)
class Listing:
    """A YAML list; `line` is where it starts."""

    items: "tuple[Node, ...]"
    line: int


@dataclass(frozen=True)
class Branch:
    """A YAML mapping: key → value, and key → line of the key. `line` is where the mapping starts."""

    values: "Mapping[str, Node]"
    lines: Mapping[str, int]
    line: int


Node = Scalar | Listing | Branch

_KINDS = {
    "tag:yaml.org,2002:str": "str",
    "tag:yaml.org,2002:int": "int",
    "tag:yaml.org,2002:float": "float",
    "tag:yaml.org,2002:bool": "bool",
    "tag:yaml.org,2002:null": "null",
    "tag:yaml.org,2002:timestamp": "date",
}


class _RefusedError(Exception):
    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        self.reason = reason
        super().__init__(reason)


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses what the format doesn't have, while composing (before anything is expanded)."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call, unused-ignore]
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            raise _RefusedError(line, f"aliases (*{event.anchor}) are not allowed")
        if event.anchor is not None:
            raise _RefusedError(line, f"anchors (&{event.anchor}) are not allowed")
        if event.tag is not None:
            raise _RefusedError(line, f"tags ({event.tag}) are not allowed")
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _RefusedError(line, f"more than {MAX_DEPTH} levels are nested here")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node


def load(text: str, path: str, problems: Problems, *, first_line: int = 1) -> Branch | None:
    """Read a YAML document that is a mapping.

    `first_line` is the line of the file at which `text` starts. What is wrong goes to `problems`; None is
    returned where no mapping could be read.
    """
    offset = first_line - 1
    try:
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
        finally:
            loader.dispose()
    except _RefusedError as refused:
        problems.add(path, refused.line + offset, refused.reason)
        return None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problems.add(path, line + offset, f"character U+{int(error.character):04X} is not allowed")
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join(part for part in (error.context, error.problem) if part)
        problems.add(path, (mark.line + 1 if mark else 1) + offset, f"this is not valid YAML: {reason}")
        return None
    if not isinstance(root, yaml.MappingNode):
        problems.add(path, first_line, "a mapping of keys and values is expected here")
        return None
    node = _convert(root, path, problems, offset)
    assert isinstance(node, Branch)
    return node


def _convert(node: yaml.Node, path: str, problems: Problems, offset: int) -> Node:
    line = node.start_mark.line + 1 + offset
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value, _KINDS.get(node.tag, "other"), line)
    if isinstance(node, yaml.SequenceNode):
        return Listing(tuple(_convert(item, path, problems, offset) for item in node.value), line)
    values: dict[str, Node] = {}
    lines: dict[str, int] = {}
    for key_node, value_node in node.value:
        key_line = key_node.start_mark.line + 1 + offset
        if not isinstance(key_node, yaml.ScalarNode):
            problems.add(path, key_line, "a key must be a single word")
            continue
        key = str(key_node.value)
        if key in values:
            problems.add(path, key_line, f"the key '{key}' stands here twice (first on line {lines[key]})")
            continue
        values[key] = _convert(value_node, path, problems, offset)
        lines[key] = key_line
    return Branch(values, lines, line)


class Flow(list[str]):
    """A short list of words that is written on one line: `facts: [A, B]`."""


class _Dumper(yaml.SafeDumper):
    """Block style, two spaces, lists indented under their key, one line for each string."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def choose_scalar_style(self) -> Any:
        style = super().choose_scalar_style()
        value = getattr(self.event, "value", "")
        # An apostrophe inside single quotes would be doubled, on every line of French.
        if style == "'" and "'" in value and '"' not in value and "\\" not in value:
            return '"'
        return style


def _str(dumper: yaml.SafeDumper, value: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)


def _decimal(dumper: yaml.SafeDumper, value: Decimal) -> yaml.Node:
    written = plain_number(value)
    return dumper.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in written else 'int'}", written)


def _flow(dumper: yaml.SafeDumper, value: Flow) -> yaml.Node:
    return dumper.represent_sequence("tag:yaml.org,2002:seq", list(value), flow_style=True)


_Dumper.add_representer(str, _str)
_Dumper.add_representer(Decimal, _decimal)
_Dumper.add_representer(Flow, _flow)


def plain_number(value: Decimal) -> str:
    """A number without exponent, superfluous zeros or minus zero: `500`, `0.5`."""
    written = f"{value:f}"
    if "." in written:
        written = written.rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


YamlValue = str | bool | int | Decimal | datetime.date | Flow | Sequence[Any] | Mapping[str, Any]


def dump(data: Mapping[str, YamlValue], languages: Collection[str] = ()) -> str:
    """Write a mapping in the canonical form, byte-stable, ending with a line end.

    Keys keep the order given, but for mappings whose keys are all among `languages`: these are sorted. Block
    style throughout, but for `Flow` lists; a string on one line, quoted only where YAML needs it; a string of
    several lines as a literal block.
    """
    written: str = yaml.dump(
        _plain(data, frozenset(languages)),
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=2**31,
        indent=2,
    )
    return written


def _plain(value: Any, languages: frozenset[str]) -> Any:
    if isinstance(value, Flow | str | bool | int | Decimal | datetime.date):
        return value
    if isinstance(value, Mapping):
        keys = sorted(value) if value and languages.issuperset(value) else list(value)
        return {key: _plain(value[key], languages) for key in keys}
    if isinstance(value, Sequence):
        return [_plain(item, languages) for item in value]
    raise TypeError(f"cannot be written as YAML: {value!r}")


def as_date(checked_to: str) -> str | datetime.date:
    """A month as text, a day as a date, so that neither is quoted in YAML."""
    return datetime.date.fromisoformat(checked_to) if len(checked_to) == 10 else checked_to


_COMMENT = re.compile(r"#\s?(.*)")


def head_comment(text: str) -> str:
    """The comment that opens a YAML text, without its `#`; empty where there is none."""
    lines: list[str] = []
    for line in text.split("\n"):
        match = _COMMENT.fullmatch(line)
        if match is None:
            break
        lines.append(match[1].rstrip())
    return "\n".join(lines)


def as_comment(note: str) -> str:
    """The lines of `note`, each behind a `#`."""
    return "".join(f"# {line}".rstrip() + "\n" for line in note.split("\n")) if note else ""
