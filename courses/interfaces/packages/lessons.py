"""Lessons of a package: one Markdown file per language → one `LessonEntry`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from courses.interfaces.packages import layout, yamlio
from courses.interfaces.packages.fields import Fields, bad_character
from courses.interfaces.packages.markdown import Body, body_from_markdown
from courses.interfaces.packages.reading import Reading
from courses.interfaces.packages.rich import plain_lists, rich_from_html
from courses.interfaces.packages.schema import MAX_TITLE, Block, LessonEntry

MAX_MINUTES = 240

TakeFile = Callable[[str, frozenset[str], str, int], None]


@dataclass(frozen=True)
class _Version:
    """One language of a lesson as read from its file. `shared` must be equal in all languages."""

    path: str
    shared: dict[str, Any]
    lines: dict[str, int]
    title: str
    body: Body
    complete: bool


class LessonReader:
    """Reads the files of a lesson and compares its languages.

    take_file: called with path, allowed types, file and line for each image and document that a block names.
    """

    def __init__(self, folder: layout.Folder, reading: Reading, take_file: TakeFile) -> None:
        self.folder = folder
        self.reading = reading
        self.take_file = take_file

    def read(self, folder: str, name: str) -> LessonEntry | None:
        """The lesson `name` of a module's lessons folder; None where none of its files can be read."""
        versions: dict[str, _Version] = {}
        for language in self.reading.languages:
            version = self.read_version(layout.lesson_file(folder, name, language), first=not versions)
            if version is not None:
                versions[language] = version
        if not versions:
            return None
        first, *others = versions.values()
        ours = _shapes(first.body)
        for other in others:
            self.compare(first, other, ours)
        return LessonEntry(
            title={language: version.title for language, version in versions.items()},
            body={language: tuple(version.body.blocks) for language, version in versions.items()},
            **first.shared,
        )

    def read_version(self, path: str, *, first: bool) -> _Version | None:
        text = self.folder.text(path)
        if text is None:
            return None
        problems = self.reading.problems
        found = len(problems)
        for number, content in enumerate(text.split("\n"), start=1):
            char = bad_character(content)
            if char is not None:
                problems.add(path, number, f"the character U+{ord(char):04X} is not allowed")
        if len(problems) > found:
            return None
        if not text.startswith("---\n") or (end := text.find("\n---\n", 3)) < 0:
            problems.add(path, 1, "a lesson begins with its front matter between two lines '---'")
            return None
        node = yamlio.load(text[4 : end + 1], path, problems, first_line=2)
        if node is None:
            return None
        fields = Fields(node, path, self.reading)
        # The id is claimed once for all languages of the lesson.
        identifier = fields.own_id() if first else fields.local_id()
        self.reading.lessons.add(identifier)
        secondary = fields.flag("secondary", default=False)
        shared = {
            "id": identifier,
            "slug": fields.slug(),
            "minutes": fields.integer("minutes", 1, MAX_MINUTES),
            "law_checked_to": fields.checked_to(),
            "required": fields.flag("required", default=True),
            "facts": fields.facts(verified=not secondary),
            "secondary": secondary,
        }
        title = fields.one_line("title", MAX_TITLE)
        fields.close()
        found = len(problems)
        body_line = text.count("\n", 0, end + 5) + 1
        body = body_from_markdown(
            text[end + 5 :],
            lesson_id=identifier,
            path=path,
            reading=self.reading,
            first_line=body_line,
            verified=not secondary,
        )
        if not body.blocks and len(problems) == found:
            problems.add(path, body_line, "the lesson is empty")
        lines = {key: fields.line_of(key) for key in shared}
        complete = len(problems) == found
        for block, line in zip(body.blocks, body.lines, strict=True):
            if block["type"] == "image":
                self.take_file(block["value"]["image"], layout.IMAGE_TYPES, path, line)
            elif block["type"] == "document":
                self.take_file(block["value"]["file"], layout.DOCUMENT_TYPES, path, line)
        return _Version(path, shared, lines, title, body, complete)

    def compare(self, first: _Version, other: _Version, ours: "list[Shape]") -> None:
        """Note where another language differs from the first in front matter or structure."""
        name = first.path.rpartition("/")[2]
        for key, value in first.shared.items():
            if other.shared[key] != value:
                reason = f"'{key}' differs from {name}:{first.lines[key]}"
                self.reading.problems.add(other.path, other.lines[key], reason)
        # Blocks that could not be read would shift all that follows: say only what is sure.
        if not (first.complete and other.complete):
            return
        theirs = _shapes(other.body)
        for index, shape in enumerate(theirs):
            if index >= len(ours):
                reason = f"{name} has no block {index + 1} ({shape.kind})"
            elif shape == ours[index]:
                continue
            else:
                reason = f"{shape} stands here, but {ours[index]} in {name}:{first.body.lines[index]}"
            self.reading.problems.add(other.path, other.body.lines[index], reason)
            return
        if len(ours) > len(theirs):
            missing = f"block {len(theirs) + 1} ({ours[len(theirs)].kind}) of {name}:{first.body.lines[len(theirs)]}"
            line = other.body.lines[-1] if other.body.lines else 1
            self.reading.problems.add(other.path, line, f"{missing} is missing after this block")


@dataclass(frozen=True)
class Shape:
    """What a block has in common with its translations: kind, and the parts that must be the same."""

    kind: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((f"a '{self.kind}'", f"({', '.join(self.parts)})" if self.parts else "")).rstrip()


def shape_of(block: Block) -> Shape:
    """The structure of a block, equal for the same block in another language."""
    kind, value = block["type"], block["value"]
    match kind:
        case "paragraph":
            return Shape(kind, _lists(value))
        case "heading":
            return Shape(kind, (value["level"],))
        case "image" | "document":
            # A picture or a model letter may be another file in another language.
            return Shape(kind, ())
        case "callout":
            titled = ("with a title",) if value["title"] else ()
            return Shape(kind, (value["kind"], *titled, *_lists(value["body"])))
        case "steps":
            return Shape(kind, (_count(len(value["steps"]), "step"),))
        case "table":
            return Shape(kind, (_count(len(value["rows"]), "row"), _count(len(value["header"]), "column")))
        case _:
            return Shape(kind, (f"facts {', '.join(value['facts']) or 'none'}", *_lists(value["rule"])))


def _lists(html: str) -> tuple[str, ...]:
    return tuple(f"{tag} of {_count(count, 'item')}" for tag, count in plain_lists(rich_from_html(html)))


def _count(number: int, name: str) -> str:
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def _shapes(body: Body) -> list[Shape]:
    return [shape_of(block) for block in body.blocks]
