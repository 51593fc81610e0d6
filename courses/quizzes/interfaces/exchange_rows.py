"""A question of a file in the fields of ours, one language. Pure: no model, no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from courses.quizzes.interfaces.exchange.report import Remark


@dataclass(frozen=True)
class Pictured:
    """A picture that a text shows: its name among the entry's images, and what it shows in words, if that is said."""

    name: str
    alt: str = ""


@dataclass(frozen=True)
class Row:
    """One block of a stream: `kind` and the names in `value` are those of `courses.quizzes.blocks`.

    key: the block's id, where the file says it. shared: its points are guessed; a known block keeps its own. picture:
    of a choice.
    """

    kind: str
    value: Mapping[str, Any]
    key: str = ""
    shared: bool = False
    picture: Pictured | None = None


@dataclass(frozen=True)
class QuestionFields:
    """A question in one language.

    words: texts by field. key: what is the same in every language, by field. streams: rows by field. pictures: under
    the question's text. losses: what the file says and a question can't.
    """

    type: str
    words: Mapping[str, str]
    key: Mapping[str, Any]
    streams: Mapping[str, tuple[Row, ...]]
    pictures: tuple[Pictured, ...] = ()
    losses: tuple[Remark, ...] = ()
