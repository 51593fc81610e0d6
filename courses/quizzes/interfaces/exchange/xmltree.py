"""XML of strangers → a small tree. No DTD, no entities, no network; bounded in size and depth."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.report import ExchangeError, Remark

MAX_NODES = 600_000
MAX_DEPTH = 100
_CHUNK = 64 * 1024


@dataclass(slots=True)
class Node:
    """An element: names without their namespaces, texts and elements in order."""

    tag: str
    attributes: Mapping[str, str]
    line: int
    namespace: str = ""
    parts: list["str | Node"] = field(default_factory=list)

    def children(self, *tags: str) -> list["Node"]:
        """Its elements, all or those with one of these names."""
        return [part for part in self.parts if isinstance(part, Node) and (not tags or part.tag in tags)]

    def child(self, tag: str) -> "Node | None":
        return next(iter(self.children(tag)), None)

    def all(self, *tags: str) -> Iterator["Node"]:
        """Every element (with one of these names), however deep, in order."""
        waiting = self.children()[::-1]
        while waiting:
            node = waiting.pop()
            if not tags or node.tag in tags:
                yield node
            waiting += node.children()[::-1]

    def first(self, *tags: str) -> "Node | None":
        return next(self.all(*tags), None)

    def text_of(self, tag: str) -> str:
        """The text of a child; empty where there is none."""
        node = self.child(tag)
        return node.text if node else ""

    @property
    def text(self) -> str:
        """All text in it, however deep."""
        return "".join(part if isinstance(part, str) else part.text for part in self.parts)

    @property
    def markup(self) -> str:
        """What is in it: its text, or its HTML where it has elements (which people forget to escape)."""
        return self.inner() if self.children() else self.text

    def inner(self) -> str:
        """Its content as HTML."""
        return "".join(
            escape(part, quote=False) if isinstance(part, str) else part.outer() for part in self.parts
        )

    def outer(self) -> str:
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in self.attributes.items())
        if not self.parts:
            return f"<{self.tag}{attributes}/>"
        return f"<{self.tag}{attributes}>{self.inner()}</{self.tag}>"


class _Tree:
    """Builds the nodes while the parser reads; `place` tells the line it is at."""

    def __init__(self) -> None:
        self.root: Node | None = None
        self.place = lambda: 1
        self._open: list[Node] = []
        self._count = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > MAX_NODES or len(self._open) >= MAX_DEPTH:
            raise ExchangeError(
                Remark(
                    _("The file is too big or too deeply nested. Divide it into several files."),
                    {},
                    self.place(),
                )
            )
        namespace, _sign, name = tag.rpartition("}")
        own = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        node = Node(name, own, self.place(), namespace.removeprefix("{"))
        if self._open:
            self._open[-1].parts.append(node)
        else:
            self.root = node
        self._open.append(node)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].parts.append(text)

    def close(self) -> None:
        pass


def parse_xml(text: str) -> Node:
    """The root of a decoded file. Raises ExchangeError for what is no well-formed XML, or declares anything."""
    # Imported here, as reading XML is rare and these modules are not small.
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    tree = _Tree()
    parser: Any = DefusedXMLParser(target=tree, encoding="utf-8", forbid_dtd=True)
    tree.place = lambda: parser.parser.CurrentLineNumber
    data = text.encode()
    try:
        for start in range(0, len(data), _CHUNK):
            parser.feed(data[start : start + _CHUNK])
        parser.close()
    except DefusedXmlException as error:
        raise ExchangeError(
            Remark(
                _("The file declares a DTD or entities, which are not read. Export it again without them."),
                {},
                tree.place(),
            )
        ) from error
    except ParseError as error:
        line = error.position[0]
        raise ExchangeError(
            Remark(
                _("The file is no well-formed XML: %(problem)s. Export it again, or correct this line."),
                {"problem": str(error).partition(":")[0]},
                line,
            )
        ) from error
    assert tree.root is not None
    return tree.root
