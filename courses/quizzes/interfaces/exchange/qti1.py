"""One item of QTI 1.2, in the shapes that Canvas, Common Cartridge and older editors write."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from html import escape

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.entries import (
    Between,
    Choice,
    Entry,
    Kind,
    Matching,
    MultipleChoice,
    Near,
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
    clean_line,
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

_RESPONSES = (
    "response_lid",
    "response_str",
    "response_num",
    "response_grp",
    "response_xy",
    "response_extension",
)
_POINTS = ("points_possible", "qmd_weighting", "cc_weighting")
_GENERAL = ("general_fb", "solution")


@dataclass(frozen=True)
class _Rule:
    """One condition on the answer: the values it wants, and what it gives."""

    node: Node
    wanted: tuple[Node, ...]
    together: bool
    worth: Decimal | None
    remarks: tuple[str, ...]


def items(root: Node) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Every item with the title of its assessment or bank as category."""
    for part in root.children():
        title = clean_line(part.attributes.get("title", ""))
        if part.tag == "item":
            yield (), part
        else:
            for item in part.all("item"):
                yield ((title,) if title else ()), item


def entry(
    item: Node, category: tuple[str, ...], files: Mapping[str, bytes], folder: str, losses: list[Remark]
) -> Entry:
    """The question of an `item`. Raises Unusable for what has no counterpart here."""
    return replace(_Item(item, Html(files, folder, losses), losses).entry(), category=category)


class _Item:
    def __init__(self, item: Node, html: Html, losses: list[Remark]) -> None:
        self.item = item
        self.html = html
        self.losses = losses
        self.about = {
            field.text_of("fieldlabel").strip(): field.text_of("fieldentry").strip()
            for field in item.all("qtimetadatafield")
        }
        self.type = self.about.get("question_type") or self.about.get("cc_profile") or ""
        self.rules = [_rule(node) for node in item.all("respcondition")]
        self.remarks = {
            part.attributes.get("ident", ""): self.material([part]) for part in item.children("itemfeedback")
        }

    def entry(self) -> Entry:
        presentation = self.item.child("presentation")
        if presentation is None:
            raise Unusable(_("It has no body."))
        responses = list(presentation.all(*_RESPONSES))
        if not responses:
            raise Unusable(_("It asks nothing: it has no place for an answer."))
        stem = self.material([presentation])
        kind = self.kind(responses)
        feedback = next((self.remarks.pop(name) for name in _GENERAL if name in self.remarks), Text(""))
        if any(self.remarks.values()):
            self.losses.append(Remark(_("The remarks on the whole answer are not taken.")))
        points = next((self.about[name] for name in _POINTS if self.about.get(name)), "1")
        made = Entry(
            stem=stem,
            kind=kind,
            name=self.item.attributes.get("title", ""),
            identifier=self.item.attributes.get("ident", ""),
            feedback=feedback,
            points=number(points),
            line=self.item.line,
        )
        self.html.pictures.note_missing(texts_of(made))
        return replace(made, images=self.html.pictures.images)

    def material(self, nodes: Sequence[Node]) -> Text:
        """The words and pictures of some elements, without those of places for answers."""
        found: list[tuple[str, bool]] = []
        for node in nodes:
            self._collect(node, found)
        if any(is_html for _source, is_html in found):
            return self.html.text("".join(source if is_html else escape(source) for source, is_html in found))
        return Text("\n".join(source for source, _is_html in found))

    def _collect(self, node: Node, found: list[tuple[str, bool]]) -> None:
        for part in node.children():
            if part.tag in ("mattext", "matemtext"):
                is_html = "html" in part.attributes.get("texttype", "") or bool(part.children())
                found.append((part.markup, is_html))
            elif part.tag == "matimage":
                found.append((self.html.image(part.attributes.get("uri", "")), True))
            elif part.tag not in _RESPONSES and part.tag != "response_label":
                self._collect(part, found)

    def kind(self, responses: Sequence[Node]) -> Kind:
        first, tags = responses[0], {node.tag for node in responses}
        if len(responses) > 1:
            if tags <= {"response_lid", "response_grp"} and not self.type.startswith("multiple_dropdowns"):
                return self.matching(responses)
            raise Unusable(_("It asks several things at once (%(kinds)s)."), kinds=", ".join(sorted(tags)))
        match first.tag, first.attributes.get("rcardinality", "Single").lower():
            case "response_lid", "ordered":
                return self.ordering(first)
            case "response_lid", "multiple":
                return MultipleChoice(self.choices(first, several=True))
            case "response_lid", _cardinality:
                choices = self.choices(first, several=False)
                return true_or_false(choices) or SingleChoice(choices)
            case "response_str" | "response_num", _cardinality:
                return self.entered(first)
        raise Unusable(_("QTI's '%(type)s' has no counterpart here."), type=first.tag)

    def labels(self, response: Node) -> dict[str, Text]:
        return {
            label.attributes.get("ident", ""): self.material([label])
            for label in response.all("response_label")
        }

    def choices(self, response: Node, *, several: bool) -> tuple[Choice, ...]:
        labels = self.labels(response)
        worth: dict[str, Decimal] = {}
        correct: list[str] = []
        remarks: dict[str, Text] = {}
        for rule in self.rules:
            names = [node.text.strip() for node in rule.wanted]
            if len(names) == 1:
                for remark in rule.remarks:
                    remarks.setdefault(names[0], self.remarks.pop(remark, Text("")))
            if rule.worth is None:
                continue
            if several and rule.together and rule.worth > 0:
                correct = names
            else:
                worth |= dict.fromkeys(names, rule.worth)
        if correct:
            self.losses.append(Remark(_("All-or-nothing grading becomes grading choice by choice.")))
            worth = {}
        fractions = by_choice(list(labels), correct, worth, several=several)
        return tuple(
            Choice(text, fractions[name], remarks.get(name, Text(""))) for name, text in labels.items()
        )

    def matching(self, responses: Sequence[Node]) -> Matching:
        right = {
            node.attributes.get("respident", ""): node.text.strip()
            for rule in self.rules
            if rule.worth is not None and rule.worth > 0
            for node in rule.wanted
        }
        pairs: list[Pair] = []
        used: set[str] = set()
        others: dict[str, None] = {}
        for response in responses:
            labels = self.labels(response)
            name = right.get(response.attributes.get("ident", ""))
            if name not in labels:
                raise Unusable(_("It doesn't say which sides belong together."), response.line)
            left = self.material(response.children("material"))
            pairs.append(Pair(left, _plain(labels[name])))
            used.add(_plain(labels[name]))
            others |= {_plain(text): None for text in labels.values()}
        return Matching(tuple(pairs), tuple(text for text in others if text not in used))

    def ordering(self, response: Node) -> Ordering:
        labels = self.labels(response)
        for rule in self.rules:
            names = [node.text.strip() for node in rule.wanted]
            if rule.worth and rule.worth > 0 and sorted(names) == sorted(labels):
                return Ordering(tuple(labels[name] for name in names))
        raise Unusable(_("The right order doesn't name each item once."))

    def entered(self, response: Node) -> Kind:
        rules = [rule for rule in self.rules if rule.worth is not None and rule.worth > 0]
        best = max((rule.worth for rule in rules if rule.worth is not None), default=Decimal(0))
        fib = response.first("render_fib")
        fibtype = fib.attributes.get("fibtype", "") if fib else ""
        numeric = (
            response.tag == "response_num" or fibtype in ("Integer", "Decimal") or "numerical" in self.type
        )
        if "essay" in self.type or not any(rule.wanted for rule in rules):
            if numeric and rules:
                return Numeric(tuple(answer for rule in rules for answer in self.numbers(rule, best)))
            return Open()
        if numeric:
            return Numeric(tuple(answer for rule in rules for answer in self.numbers(rule, best)))
        answers: dict[str, TextAnswer] = {}
        case_sensitive = False
        for rule in rules:
            for node in rule.wanted:
                case_sensitive |= node.attributes.get("case", "No").lower() == "yes"
                feedback = next(
                    (self.remarks.pop(name) for name in rule.remarks if name in self.remarks), Text("")
                )
                fraction = fraction_of(rule.worth or Decimal(0), best)
                answers.setdefault(
                    exact_text(node.text), TextAnswer(exact_text(node.text), fraction, feedback)
                )
        return ShortText(tuple(answers.values()), case_sensitive)

    def numbers(self, rule: _Rule, best: Decimal) -> list[NumericAnswer]:
        """A pair of bounds, where there is one, says all that a value with its margin says."""
        fraction: Fraction = fraction_of(rule.worth or Decimal(0), best)
        feedback = next((self.remarks.pop(name) for name in rule.remarks if name in self.remarks), Text(""))
        low = [number(node.text) for node in rule.node.all("vargte", "vargt")]
        high = [number(node.text) for node in rule.node.all("varlte", "varlt")]
        if low or high:
            if len(low) != 1 or len(high) != 1:
                raise Unusable(_("Its range has only one end."), rule.node.line)
            accepts = Near(low[0]) if low == high else Between(low[0], high[0])
            return [NumericAnswer(accepts, fraction, feedback)]
        return [NumericAnswer(Near(number(node.text)), fraction, feedback) for node in rule.wanted]


def _rule(node: Node) -> _Rule:
    condition = node.child("conditionvar")
    refused = (
        {id(part) for wrong in condition.all("not") for part in wrong.all("varequal")} if condition else set()
    )
    wanted = tuple(part for part in condition.all("varequal") if id(part) not in refused) if condition else ()
    setvar = node.child("setvar")
    return _Rule(
        node,
        wanted,
        condition is not None
        and (condition.child("and") is not None or len(condition.children("varequal")) > 1),
        number(setvar.text) if setvar is not None and setvar.text.strip() else None,
        tuple(part.attributes.get("linkrefid", "") for part in node.children("displayfeedback")),
    )


def _plain(text: Text) -> str:
    """The words of a text that can only be plain here."""
    if text.format is TextFormat.HTML:
        raise Unusable(_("The right side of a pair can only be plain text."))
    return clean_line(text.text)
