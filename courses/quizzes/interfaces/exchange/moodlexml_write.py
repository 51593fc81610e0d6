"""Writing Moodle XML, so that Moodle and `moodlexml.read` understand the same."""

import base64
import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.cloze import write_passage
from courses.quizzes.interfaces.exchange.entries import (
    NOTHING,
    Choice,
    ChoicesGap,
    Cloze,
    Entry,
    Image,
    Matching,
    MultipleChoice,
    NumberGap,
    Numeric,
    NumericAnswer,
    Open,
    Ordering,
    ShortText,
    SingleChoice,
    Text,
    TextFormat,
    TextGap,
    TrueFalse,
    as_near,
    texts_of,
)
from courses.quizzes.interfaces.exchange.gift_syntax import category_path
from courses.quizzes.interfaces.exchange.gift_write import inexact
from courses.quizzes.interfaces.exchange.moodle_tags import LONGEST, joined, parted
from courses.quizzes.interfaces.exchange.numbers import write_percent
from courses.quizzes.interfaces.exchange.pictures import references
from courses.quizzes.interfaces.exchange.report import Remark
from courses.quizzes.types.numeric import plain_number

_WORDS = {
    TextFormat.HTML: "html",
    TextFormat.PLAIN: "plain_text",
    TextFormat.AUTO: "moodle_auto_format",
    TextFormat.MARKDOWN: "markdown",
}
_TYPES = {
    SingleChoice: "multichoice",
    MultipleChoice: "multichoice",
    TrueFalse: "truefalse",
    Numeric: "numerical",
    ShortText: "shortanswer",
    Matching: "matching",
    Ordering: "ordering",
    Cloze: "cloze",
    Open: "essay",
}
_MARKUP = re.compile(r"[<>&]")


def losses_of(entry: Entry) -> list[Remark]:
    """What a Moodle XML file can't say of a question. Raises Unusable for one that it can't say at all."""
    losses = []
    fractions: list[Fraction] = []
    match entry.kind:
        case SingleChoice(choices) | MultipleChoice(choices):
            fractions = [choice.fraction for choice in choices]
        case Numeric(answers):
            fractions = [answer.fraction for answer in answers]
        case ShortText(variants):
            fractions = [variant.fraction for variant in variants]
        case Cloze() as cloze:
            write_passage(cloze)
            fractions = [fraction for gap in cloze.gaps for fraction in _fractions(gap.answer)]
            if entry.points != sum(gap.weight for gap in cloze.gaps):
                losses.append(
                    Remark(_("The points of a text with gaps are the sum of the weights of its gaps."))
                )
    return losses + _tag_losses(entry) + inexact(fractions)


def _tag_losses(entry: Entry) -> list[Remark]:
    """Provisions and the objective stand among the tags."""
    losses = []
    if parted(entry.tags).tags != entry.tags:
        losses.append(
            Remark(
                _("A tag begins with 'provision:' or 'objective:' and will be read as that, not as a tag.")
            )
        )
    if any(len(tag) > LONGEST for tag in joined((), entry.provisions, entry.objective)):
        losses.append(
            Remark(
                _(
                    "Provisions and objective stand among the tags, of which Moodle itself keeps %(limit)s "
                    "characters each."
                ),
                {"limit": LONGEST},
            )
        )
    return losses


def write(entries: Sequence[Entry]) -> str:
    """The text of a file. Every entry must pass `losses_of`."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<quiz>"]
    category: tuple[str, ...] = ()
    for entry in entries:
        if entry.category != category:
            category = entry.category
            path = _escaped(category_path(category))
            lines += [
                '  <question type="category">',
                f"    <category><text>{path}</text></category>",
                "  </question>",
            ]
        lines += _Writer(entry).lines()
    return "\n".join([*lines, "</quiz>", ""])


class _Writer:
    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        shown = references(texts_of(entry))
        self.unshown = [image for image in entry.images if image.name not in shown]

    def lines(self) -> list[str]:
        entry = self.entry
        stem = entry.stem
        if isinstance(entry.kind, Cloze):
            stem = Text(write_passage(entry.kind), entry.kind.format)
        lines = [
            f'  <question type="{_TYPES[type(entry.kind)]}">',
            f"    <name><text>{_escaped(entry.name)}</text></name>",
            *self.text("questiontext", stem, unshown=self.unshown),
            *self.text("generalfeedback", entry.feedback),
        ]
        if not isinstance(entry.kind, Cloze):
            lines.append(f"    <defaultgrade>{plain_number(entry.points)}</defaultgrade>")
        lines.append(f"    <idnumber>{_escaped(entry.identifier)}</idnumber>")
        lines += self.kind()
        for hint in entry.hints:
            lines += self.text("hint", hint)
        if tags := joined(entry.tags, entry.provisions, entry.objective):
            lines += [
                "    <tags>",
                *(f"      <tag><text>{_escaped(tag)}</text></tag>" for tag in tags),
                "    </tags>",
            ]
        return [*lines, "  </question>"]

    def text(
        self, tag: str, text: Text, *, more: str = "", unshown: Iterable[Image] = (), depth: int = 2
    ) -> list[str]:
        """An element with a text, its format and the pictures that it shows."""
        indent = "  " * depth
        return [
            f"{indent}<{tag}{self.format(text)}{more}>",
            *self.content(text, unshown=unshown, depth=depth + 1),
            f"{indent}</{tag}>",
        ]

    def format(self, text: Text) -> str:
        return f' format="{_WORDS[text.format if text else TextFormat.HTML]}"'

    def content(self, text: Text, *, unshown: Iterable[Image] = (), depth: int) -> list[str]:
        shown = references([text])
        images = [image for image in self.entry.images if image.name in shown] + list(unshown)
        return [
            f"{'  ' * depth}<text>{_escaped(text.text)}</text>",
            *(
                f'<file name="{_attribute(image.name)}" path="/" encoding="base64">'
                f"{base64.b64encode(image.data).decode()}</file>"
                for image in images
            ),
        ]

    def answer(self, fraction: str, text: Text, feedback: Text | None, more: Sequence[str] = ()) -> list[str]:
        return [
            f'    <answer fraction="{fraction}"{self.format(text)}>',
            *self.content(text, depth=3),
            *more,
            *(self.text("feedback", feedback, depth=3) if feedback is not None else ()),
            "    </answer>",
        ]

    def kind(self) -> list[str]:
        match self.entry.kind:
            case SingleChoice(choices):
                return ["    <single>true</single>", *self.choices(choices)]
            case MultipleChoice(choices):
                return ["    <single>false</single>", *self.choices(choices)]
            case TrueFalse(answer, when_true, when_false):
                return [
                    *self.answer("100" if answer else "0", Text("true", TextFormat.AUTO), when_true),
                    *self.answer("0" if answer else "100", Text("false", TextFormat.AUTO), when_false),
                ]
            case ShortText(variants, case_sensitive):
                lines = [f"    <usecase>{int(case_sensitive)}</usecase>"]
                for variant in variants:
                    text = Text(variant.text)
                    lines += self.answer(write_percent(variant.fraction), text, variant.feedback)
                return lines
            case Numeric(answers, unit):
                return [line for answer in answers for line in self.number(answer)] + _unit(unit)
            case Matching(pairs, distractors):
                sides = [(pair.left, pair.right) for pair in pairs]
                sides += [(NOTHING, distractor) for distractor in distractors]
                return [line for left, right in sides for line in self.pair(left, right)]
            case Ordering(items):
                return [
                    line
                    for place, item in enumerate(items, start=1)
                    for line in self.answer(str(place), item, None)
                ]
            case Open(rubric):
                return ["    <responseformat>editor</responseformat>", *self.text("graderinfo", rubric)]
            case Cloze():
                return []

    def choices(self, choices: Iterable[Choice]) -> list[str]:
        return [
            line
            for choice in choices
            for line in self.answer(write_percent(choice.fraction), choice.text, choice.feedback)
        ]

    def pair(self, left: Text, right: str) -> list[str]:
        return [
            f"    <subquestion{self.format(left)}>",
            *self.content(left, depth=3),
            f"      <answer><text>{_escaped(right)}</text></answer>",
            "    </subquestion>",
        ]

    def number(self, answer: NumericAnswer) -> list[str]:
        value, tolerance = "*", "0"
        if answer.accepts is not None:
            near = as_near(answer.accepts)
            value, tolerance = plain_number(near.value), plain_number(near.tolerance)
        margin = f"      <tolerance>{tolerance}</tolerance>"
        return self.answer(write_percent(answer.fraction), Text(value), answer.feedback, [margin])


def _unit(unit: str) -> list[str]:
    if not unit:
        return []
    return [
        f"    <units><unit><multiplier>1</multiplier><unit_name>{_escaped(unit)}</unit_name></unit></units>",
        "    <unitgradingtype>0</unitgradingtype>",
    ]


def _fractions(answer: ChoicesGap | TextGap | NumberGap) -> list[Fraction]:
    if isinstance(answer, ChoicesGap):
        return [choice.fraction for choice in answer.choices]
    return [variant.fraction for variant in answer.answers]


def _escaped(text: str) -> str:
    """As Moodle writes it: what has markup stands in CDATA."""
    if not _MARKUP.search(text):
        return text
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def _attribute(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")
