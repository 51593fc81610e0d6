"""What a course package holds, as plain values: no model, no page, no file system.

Texts in several languages are mappings from language code to text, with every language of the course.
Blocks of lessons have the shape of a StreamField's raw data; see `markdown`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypedDict

LocalText = Mapping[str, str]

THEMES = ("legal", "advocacy", "fundraising")
LEVELS = ("beginner", "intermediate", "advanced")
PASS_RULES = ("all_required",)

# L: read in the text of the law. M: method, read in a published guide. S: secondary source. G: general
# knowledge, not verified. Only the first two carry a statement that is taught or tested as certain.
CONFIDENCES = ("L", "M", "S", "G")
VERIFIED = frozenset({"L", "M"})

# The longest texts that the pages of a course can hold, in characters.
MAX_TITLE = 255
MAX_SUMMARY = 600
MAX_OBJECTIVE = 300
MAX_HEADING = 200
MAX_ALTERNATIVE = 300
MAX_LAW_TEXT = 300
MAX_ARTICLE = 100
MAX_ADDRESS = 1000
MAX_QUESTION = 400
MAX_DEADLINE = 200


class Block(TypedDict):
    """One block of a lesson's body. `id` is a UUID, the same in all languages of the lesson."""

    type: str
    value: Any
    id: str


@dataclass(frozen=True)
class Fact:
    """A statement that lessons and questions rest on. `confidence` is one of `CONFIDENCES`."""

    id: str
    confidence: str
    statement: str
    source: str


@dataclass(frozen=True)
class FactSheet:
    """`facts.yaml`. `note` is the comment that opens it; `checked_to` the month or day the sources reach."""

    note: str
    checked_to: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class LessonEntry:
    """A lesson in all languages. `minutes`: estimated reading time. `law_checked_to`: YYYY-MM, YYYY-MM-DD or None."""

    id: str
    slug: str
    title: LocalText
    minutes: int
    law_checked_to: str | None
    required: bool
    facts: tuple[str, ...]
    secondary: bool
    body: Mapping[str, tuple[Block, ...]]


@dataclass(frozen=True)
class ChecklistItem:
    """One question of a checklist: yes is the good answer, the others lead to advice."""

    id: str
    facts: tuple[str, ...]
    question: LocalText
    if_no: LocalText
    if_unknown: LocalText
    text: LocalText
    article: LocalText
    deadline: LocalText | None


@dataclass(frozen=True)
class ChecklistEntry:
    """The 'my association' checklist of a module."""

    id: str
    slug: str
    title: LocalText
    intro: LocalText
    items: tuple[ChecklistItem, ...]


@dataclass(frozen=True)
class PluginEntry:
    """An activity that a plugin reads and writes; `kind` is its codec's key, `entry` what the codec made."""

    kind: str
    entry: Any


Activity = LessonEntry | ChecklistEntry | PluginEntry


@dataclass(frozen=True)
class ModuleEntry:
    """A module with its activities in order."""

    id: str
    slug: str
    title: LocalText
    summary: LocalText
    activities: tuple[Activity, ...]


@dataclass(frozen=True)
class CoursePackage:
    """A course with all it holds.

    files: images and documents, path in the package (`files/…`) → content.
    image: path of the course's picture in `files`, or None.
    """

    id: str
    slug: str
    languages: tuple[str, ...]
    source_language: str
    theme: str
    level: str
    law_checked_to: str | None
    sequential: bool
    pass_rule: str
    title: LocalText
    summary: LocalText
    audience: LocalText
    objectives: tuple[LocalText, ...]
    modules: tuple[ModuleEntry, ...]
    facts: FactSheet | None = None
    image: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
