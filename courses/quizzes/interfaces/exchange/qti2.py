"""One item of QTI 2.1 or 2.2."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from html import escape

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import (
    WHITE,
    Between,
    Choice,
    ChoicesGap,
    Cloze,
    Entry,
    Gap,
    Kind,
    Matching,
    MultipleChoice,
    Near,
    NumberGap,
    Numeric,
    NumericAnswer,
    Open,
    Ordering,
    Pair,
    ShortText,
    SingleChoice,
    Text,
    TextAnswer,
    TextFormat,
    TextGap,
    texts_of,
)
from courses.quizzes.interfaces.exchange.qti_html import Html
from courses.quizzes.interfaces.exchange.qti_scores import (
    by_choice,
    exact_text,
    fraction_of,
    number,
    true_or_false,
)
from courses.quizzes.interfaces.exchange.report import Remark, Unusable
from courses.quizzes.interfaces.exchange.xmltree import Node

_GAPS = ("textEntryInteraction", "inlineChoiceInteraction")
_GENERAL = {"general", "general_fb", "generalfb", "solution"}
_TAG = re.compile(r"<[^<>]*>")
# Stands for a gap while the passage is HTML; no file may hold it (it is cleaned away from texts).
_MARK = "\ufffe"


@dataclass(frozen=True)
class _Response:
    """What is right: values in order, what each value is worth, and whether capital letters count."""

    correct: tuple[str, ...]
    worth: Mapping[str, Decimal]
    base: str
    case_sensitive: bool


def entry(item: Node, files: Mapping[str, bytes], folder: str, losses: list[Remark]) -> Entry:
    """The question of an `assessmentItem`. Raises Unusable for what has no counterpart here."""
    return _Item(item, Html(files, folder, losses), losses).entry()


class _Item:
    def __init__(self, item: Node, html: Html, losses: list[Remark]) -> None:
        self.item = item
        self.html = html
        self.losses = losses
        body = item.child("itemBody")
        if body is None:
            raise Unusable(_("It has no body."))
        self.body = body
        template = item.child("responseProcessing")
        self.all_or_nothing = template is not None and template.attributes.get("template", "").endswith(
            "match_correct"
        )
        self.remarks = {
            part.attributes.get("identifier", ""): html.content(part)
            for part in item.children("modalFeedback")
        }

    def entry(self) -> Entry:
        interactions = [node for node in self.body.all() if node.tag.endswith("Interaction")]
        if not interactions:
            raise Unusable(_("It asks nothing: it has no place for an answer."))
        stem, kind = self.kind(interactions)
        general = [identifier for identifier in self.remarks if identifier.lower() in _GENERAL]
        feedback = self.remarks.pop(general[0]) if general else Text("")
        if any(self.remarks.values()):
            self.losses.append(Remark(_("The remarks on the whole answer are not taken.")))
        made = Entry(
            stem=stem,
            kind=kind,
            name=self.item.attributes.get("title", ""),
            identifier=self.item.attributes.get("identifier", ""),
            feedback=feedback,
            points=self.points(kind),
            line=self.item.line,
        )
        self.html.pictures.note_missing(texts_of(made))
        return replace(made, images=self.html.pictures.images)

    def points(self, kind: Kind) -> Decimal:
        if isinstance(kind, Cloze):
            return Decimal(len(kind.gaps))
        for outcome in self.item.children("outcomeDeclaration"):
            if outcome.attributes.get("identifier") == "MAXSCORE" and (value := outcome.first("value")):
                return number(value.text)
            if outcome.attributes.get("identifier") == "SCORE" and "normalMaximum" in outcome.attributes:
                return number(outcome.attributes["normalMaximum"])
        return Decimal(1)

    def kind(self, interactions: Sequence[Node]) -> tuple[Text, Kind]:
        first, tags = interactions[0], {node.tag for node in interactions}
        if tags <= set(_GAPS) and (len(interactions) > 1 or first.tag == "inlineChoiceInteraction"):
            return Text(""), self.cloze(interactions)
        readers: Mapping[str, Callable[[Node], Kind]] = {
            "choiceInteraction": self.choices,
            "orderInteraction": self.ordering,
            "matchInteraction": self.matching,
            "textEntryInteraction": self.entered,
            "extendedTextInteraction": self.open,
        }
        if len(interactions) > 1:
            raise Unusable(
                _("It asks several things at once (%(kinds)s)."), kinds=", ".join(sorted(tags))[:100]
            )
        if first.tag not in readers:
            raise Unusable(_("QTI's '%(type)s' has no counterpart here."), type=first.tag[:50])
        blank = "_____" if first.tag == "textEntryInteraction" else ""
        around = _markup(self.body, {id(first): _MARK}, {"rubricBlock"})
        prompt = first.child("prompt")
        before, _mark, after = around.partition(_MARK)
        if not _TAG.sub("", after).strip(WHITE):
            blank = ""
        inner = prompt.inner() if prompt else ""
        return self.html.text(before + (inner or blank) + after), readers[first.tag](first)

    def response(self, interaction: Node) -> _Response:
        wanted = interaction.attributes.get("responseIdentifier", "")
        for declaration in self.item.children("responseDeclaration"):
            if declaration.attributes.get("identifier") == wanted:
                break
        else:
            raise Unusable(_("It doesn't say what is right."), interaction.line)
        correct = declaration.child("correctResponse")
        mapping = declaration.child("mapping")
        entries = mapping.children("mapEntry") if mapping and not self.all_or_nothing else []
        return _Response(
            tuple(value.text.strip() for value in correct.children("value")) if correct else (),
            {
                part.attributes.get("mapKey", ""): number(part.attributes.get("mappedValue", ""))
                for part in entries
            },
            declaration.attributes.get("baseType", ""),
            # What is compared as a whole is compared letter by letter.
            any(part.attributes.get("caseSensitive") == "true" for part in entries) if entries else True,
        )

    def choice_list(self, interaction: Node, tag: str, *, several: bool) -> tuple[Choice, ...]:
        response = self.response(interaction)
        labels = list(interaction.all(tag))
        names = [label.attributes.get("identifier", "") for label in labels]
        worth = by_choice(names, response.correct, response.worth, several=several)
        if several and not response.worth and len(response.correct) != 1:
            self.losses.append(Remark(_("All-or-nothing grading becomes grading choice by choice.")))
        choices = []
        for name, label in zip(names, labels, strict=True):
            remark = label.first("feedbackInline")
            feedback = self.html.content(remark) or self.remarks.pop(name, Text(""))
            text = self.html.text(_markup(label, {}, {"feedbackInline"}))
            choices.append(Choice(text, worth[name], feedback))
        return tuple(choices)

    def choices(self, interaction: Node) -> Kind:
        several = interaction.attributes.get("maxChoices", "1") != "1"
        choices = self.choice_list(interaction, "simpleChoice", several=several)
        if several:
            return MultipleChoice(choices)
        return true_or_false(choices) or SingleChoice(choices)

    def ordering(self, interaction: Node) -> Ordering:
        items = {part.attributes.get("identifier", ""): part for part in interaction.all("simpleChoice")}
        order = self.response(interaction).correct
        if sorted(order) != sorted(items):
            raise Unusable(_("The right order doesn't name each item once."))
        return Ordering(tuple(self.html.content(items[name]) for name in order))

    def matching(self, interaction: Node) -> Matching:
        sets = interaction.children("simpleMatchSet")
        response = self.response(interaction)
        named = [name.split() for name in response.correct or response.worth]
        if len(sets) != 2 or any(len(pair) != 2 for pair in named):
            raise Unusable(_("It doesn't say which sides belong together."))
        left, right = map(self.sides, sets)
        firsts, seconds = [pair[0] for pair in named], [pair[1] for pair in named]
        if sorted(firsts) != sorted(left) or not set(seconds) <= set(right):
            raise Unusable(_("Each left side must belong to one right side."))
        pairs = tuple(Pair(left[first], _plain(right[second])) for first, second in named)
        return Matching(pairs, tuple(_plain(text) for name, text in right.items() if name not in seconds))

    def sides(self, part: Node) -> dict[str, Text]:
        labels = part.all("simpleAssociableChoice")
        return {label.attributes.get("identifier", ""): self.html.content(label) for label in labels}

    def entered(self, interaction: Node) -> ShortText | Numeric:
        answer = self.typed(interaction)
        if isinstance(answer, NumberGap):
            return Numeric(answer.answers)
        return ShortText(answer.answers, answer.case_sensitive)

    def typed(self, interaction: Node) -> TextGap | NumberGap:
        response = self.response(interaction)
        best = max([*response.worth.values(), Decimal(0)])
        values = {value: Fraction(1) for value in response.correct}
        values |= {value: fraction_of(worth, best) for value, worth in response.worth.items()}
        if response.base in ("integer", "float"):
            return NumberGap(self.numbers(interaction, values))
        return TextGap(
            tuple(TextAnswer(exact_text(value), worth) for value, worth in values.items()),
            response.case_sensitive,
        )

    def numbers(self, interaction: Node, values: Mapping[str, Fraction]) -> tuple[NumericAnswer, ...]:
        processing = self.item.child("responseProcessing")
        margin, bounds = Decimal(0), {}
        for rule in processing.all("equal", "gte", "lte") if processing else ():
            if not any(
                part.attributes.get("identifier") == interaction.attributes.get("responseIdentifier")
                for part in rule.all("variable")
            ):
                continue
            if rule.tag == "equal" and rule.attributes.get("toleranceMode") == "absolute":
                margin = max(
                    (number(part) for part in rule.attributes.get("tolerance", "0").split()), default=margin
                )
            base = rule.first("baseValue")
            if rule.tag != "equal" and base is not None:
                # 'Bound ≥ answer' says the same as 'answer ≤ bound'.
                turned = rule.children()[0].tag == "baseValue"
                bounds[(rule.tag == "gte") != turned] = number(base.text)
        if len(bounds) == 2:
            return (NumericAnswer(Between(bounds[True], bounds[False])),)
        return tuple(NumericAnswer(Near(number(value), margin), worth) for value, worth in values.items())

    def cloze(self, interactions: Sequence[Node]) -> Cloze:
        gaps = [
            Gap(
                ChoicesGap(self.choice_list(node, "inlineChoice", several=False))
                if node.tag == "inlineChoiceInteraction"
                else self.typed(node)
            )
            for node in interactions
        ]
        passage = _markup(self.body, {id(node): _MARK for node in interactions}, {"rubricBlock"})
        parts: list[str | Gap] = []
        for place, text in enumerate(passage.split(_MARK)):
            parts += (
                [*gaps[place - 1 : place], self.html.pictured(text)] if place else [self.html.pictured(text)]
            )
        return Cloze(tuple(parts), TextFormat.HTML)

    def open(self, _interaction: Node) -> Open:
        rubrics = [
            node for node in self.body.all("rubricBlock") if "scorer" in node.attributes.get("view", "")
        ]
        return Open(self.html.text("".join(node.inner() for node in rubrics)))


def _plain(text: Text) -> str:
    """The words of a text that can only be plain here."""
    if text.format is TextFormat.HTML:
        raise Unusable(_("The right side of a pair can only be plain text."))
    return text.text


def _markup(node: Node, marks: Mapping[int, str], without: set[str]) -> str:
    """The content of an element as HTML, with marks in place of some elements and without others."""
    written = []
    for part in node.parts:
        if isinstance(part, str):
            written.append(escape(part.replace(_MARK, ""), quote=False))
        elif id(part) in marks:
            written.append(marks[id(part)])
        elif part.tag not in without:
            inner = _markup(part, marks, without)
            written.append(_with_content(part, inner))
    return "".join(written)


def _with_content(node: Node, inner: str) -> str:
    """An element with other HTML in it."""
    if not inner:
        return Node(node.tag, node.attributes, node.line).outer()
    opening = Node(node.tag, node.attributes, node.line).outer().removesuffix("/>")
    return f"{opening}>{inner}</{node.tag}>"
