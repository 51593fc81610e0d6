"""One question as a file holds it: one language, no model, nothing of our own types of questions.

All values are clean from the moment they are made: no control characters, `\\n` as line end, no white space
around a text. That is what makes 'written and read again is the same' a matter of equality.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

# How a text names a picture of its entry, followed by the name of the picture, quoted as in an address.
PICTURE = "@@PLUGINFILE@@/"
# A no-break space is part of a text.
WHITE = " \t\n"
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_UNWANTED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[ \t\n]+")


def clean_text(text: str) -> str:
    """Without control characters and surrounding white space, lines ended by `\\n`."""
    return _UNWANTED.sub("", _LINE_ENDS.sub("\n", text)).strip(WHITE)


def clean_line(text: str) -> str:
    """The same on one line, with single spaces."""
    return _SPACES.sub(" ", clean_text(text))


class TextFormat(StrEnum):
    """AUTO is what people type: plain text with line breaks, in which tags, if there are any, are HTML."""

    PLAIN = "plain"
    HTML = "html"
    MARKDOWN = "markdown"
    AUTO = "auto"


@dataclass(frozen=True)
class Text:
    """A text and how to read it. The empty text has one form, `NOTHING`."""

    text: str
    format: TextFormat = TextFormat.PLAIN

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean_text(self.text))
        if not self.text:
            object.__setattr__(self, "format", TextFormat.PLAIN)

    def __bool__(self) -> bool:
        return bool(self.text)


NOTHING = Text("")


@dataclass(frozen=True)
class Image:
    """A picture; `name` is unique in its entry and no path."""

    name: str
    mime: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Choice:
    """`fraction`: what choosing it deserves, from -1 to 1."""

    text: Text
    fraction: Fraction
    feedback: Text = NOTHING


@dataclass(frozen=True)
class SingleChoice:
    """One choice is made; several may be worth something."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class MultipleChoice:
    """Any number of choices is made; their fractions are added."""

    choices: tuple[Choice, ...]


@dataclass(frozen=True)
class TrueFalse:
    """`when_true`: the remark on answering 'true', right or wrong; `when_false` likewise."""

    answer: bool
    when_true: Text = NOTHING
    when_false: Text = NOTHING


@dataclass(frozen=True)
class Near:
    """From value - tolerance to value + tolerance."""

    value: Decimal
    tolerance: Decimal = Decimal(0)


@dataclass(frozen=True)
class Between:
    """From low to high, both included."""

    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class NumericAnswer:
    """`accepts` None: any number that no other answer accepts. The first answer that accepts a number counts."""

    accepts: Near | Between | None
    fraction: Fraction = Fraction(1)
    feedback: Text = NOTHING


@dataclass(frozen=True)
class Numeric:
    answers: tuple[NumericAnswer, ...]
    unit: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", clean_line(self.unit))


@dataclass(frozen=True)
class TextAnswer:
    """`text`: one line; `*` stands for any characters, `\\*` for a star."""

    text: str
    fraction: Fraction = Fraction(1)
    feedback: Text = NOTHING

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", clean_line(self.text))


@dataclass(frozen=True)
class ShortText:
    """The first answer that fits counts."""

    answers: tuple[TextAnswer, ...]
    case_sensitive: bool = False


@dataclass(frozen=True)
class Pair:
    left: Text
    right: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "right", clean_line(self.right))


@dataclass(frozen=True)
class Matching:
    """`distractors`: right-hand sides that belong to no left one."""

    pairs: tuple[Pair, ...]
    distractors: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "distractors", tuple(map(clean_line, self.distractors)))


@dataclass(frozen=True)
class Ordering:
    """`items` in the right order."""

    items: tuple[Text, ...]


@dataclass(frozen=True)
class ChoicesGap:
    choices: tuple[Choice, ...]
    multiple: bool = False


@dataclass(frozen=True)
class TextGap:
    answers: tuple[TextAnswer, ...]
    case_sensitive: bool = False


@dataclass(frozen=True)
class NumberGap:
    answers: tuple[NumericAnswer, ...]


@dataclass(frozen=True)
class Gap:
    """`weight`: its share of the points, a whole number from 1."""

    answer: ChoicesGap | TextGap | NumberGap
    weight: int = 1


@dataclass(frozen=True)
class Cloze:
    """A passage with gaps: texts and gaps in order. It is the question; the stem of its entry is empty."""

    parts: tuple[str | Gap, ...]
    format: TextFormat = TextFormat.PLAIN

    def __post_init__(self) -> None:
        object.__setattr__(self, "parts", tuple(_joined(self.parts)))

    @property
    def gaps(self) -> tuple[Gap, ...]:
        return tuple(part for part in self.parts if isinstance(part, Gap))


@dataclass(frozen=True)
class Open:
    """Answered in free words and graded by a person. `rubric`: what that person should look for."""

    rubric: Text = NOTHING


Kind = (
    SingleChoice | MultipleChoice | TrueFalse | Numeric | ShortText | Matching | Ordering | Cloze | Open
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One question of a file.

    identifier: an id that the file gives, beside the name. category: names from the outermost inwards.
    feedback: shown to everybody after answering. hints: one for each wrong try. provisions: what the right answer
    rests on. objective: the id of the learning objective. line: where it begins in its file, no part of its identity.
    """

    stem: Text
    kind: Kind
    name: str = ""
    identifier: str = ""
    category: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    feedback: Text = NOTHING
    hints: tuple[Text, ...] = ()
    provisions: tuple[str, ...] = ()
    objective: str = ""
    points: Decimal = Decimal(1)
    images: tuple[Image, ...] = ()
    line: int = field(default=0, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", clean_line(self.name))
        object.__setattr__(self, "identifier", clean_line(self.identifier))
        # Files separate names by slashes; one at the end of a name could not be told from a separator.
        names = (clean_line(clean_line(name).strip(" /")) for name in self.category)
        object.__setattr__(self, "category", tuple(name for name in names if name))
        tags = dict.fromkeys(clean_line(tag) for tag in self.tags)
        object.__setattr__(self, "tags", tuple(tag for tag in tags if tag))
        object.__setattr__(self, "hints", tuple(hint for hint in self.hints if hint))
        provisions = (clean_line(provision) for provision in self.provisions)
        object.__setattr__(self, "provisions", tuple(provision for provision in provisions if provision))
        object.__setattr__(self, "objective", clean_line(self.objective))
        object.__setattr__(self, "images", tuple(sorted(self.images, key=lambda image: image.name)))


def _joined(parts: Iterable[str | Gap]) -> list[str | Gap]:
    """Clean, with neighbouring texts made one and empty ones left out; no white space around the whole."""
    joined: list[str | Gap] = []
    for part in parts:
        if isinstance(part, str):
            part = _UNWANTED.sub("", _LINE_ENDS.sub("\n", part))
            if joined and isinstance(joined[-1], str):
                joined[-1] += part
                continue
        joined.append(part)
    if joined and isinstance(joined[0], str):
        joined[0] = joined[0].lstrip(WHITE)
    if joined and isinstance(joined[-1], str):
        joined[-1] = joined[-1].rstrip(WHITE)
    return [part for part in joined if part != ""]


def as_near(accepts: Near | Between) -> Near:
    """The same numbers as a value with a tolerance."""
    if isinstance(accepts, Near):
        return accepts
    return Near((accepts.low + accepts.high) / 2, (accepts.high - accepts.low) / 2)


def texts_of(entry: Entry) -> list[Text]:
    """Every text of an entry that may name pictures, the stem first."""
    texts = [entry.stem, entry.feedback, *entry.hints]
    match entry.kind:
        case SingleChoice(choices) | MultipleChoice(choices):
            texts += [text for choice in choices for text in (choice.text, choice.feedback)]
        case TrueFalse(_answer, when_true, when_false):
            texts += [when_true, when_false]
        case Numeric(answers):
            texts += [answer.feedback for answer in answers]
        case ShortText(variants):
            texts += [variant.feedback for variant in variants]
        case Matching(pairs):
            texts += [pair.left for pair in pairs]
        case Ordering(items):
            texts += items
        case Cloze(parts, format):
            texts += [Text(part, format) for part in parts if isinstance(part, str)]
        case Open(rubric):
            texts.append(rubric)
    return texts
