"""Reading Moodle XML, the only format that says nearly everything of a question, with its pictures."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import partial

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.cloze import parse_passage
from courses.quizzes.interfaces.exchange.entries import (
    Choice,
    Cloze,
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
    TrueFalse,
    clean_line,
    texts_of,
)
from courses.quizzes.interfaces.exchange.gift import NOT_A_NUMBER
from courses.quizzes.interfaces.exchange.gift_syntax import categories
from courses.quizzes.interfaces.exchange.ledger import Ledger
from courses.quizzes.interfaces.exchange.moodle_tags import parted
from courses.quizzes.interfaces.exchange.numbers import parse_decimal, parse_percent
from courses.quizzes.interfaces.exchange.pictures import Pictures
from courses.quizzes.interfaces.exchange.report import ExchangeError, Reading, Remark, Unusable
from courses.quizzes.interfaces.exchange.xmltree import Node, parse_xml

# The numbers stand in very old files.
_FORMATS = {
    "html": TextFormat.HTML,
    "1": TextFormat.HTML,
    "moodle_auto_format": TextFormat.AUTO,
    "0": TextFormat.AUTO,
    "plain_text": TextFormat.PLAIN,
    "2": TextFormat.PLAIN,
    "markdown": TextFormat.MARKDOWN,
    "4": TextFormat.MARKDOWN,
}
_YES = ("true", "1", "yes")
# What Moodle says of itself after every answer is no loss.
_STOCK = {
    "Your answer is correct.",
    "Your answer is partially correct.",
    "Your answer is incorrect.",
    "Votre réponse est correcte.",
    "Votre réponse est partiellement correcte.",
    "Votre réponse est incorrecte.",
    "إجابتك صحيحة.",
    "إجابتك صحيحة جزئياً.",
    "إجابتك خاطئة.",
}


def read(text: str) -> Reading:
    """Every question of a decoded file. A bad one is reported and doesn't stop the rest.

    Raises ExchangeError for a file that is no XML of Moodle.
    """
    root = parse_xml(text)
    if root.tag != "quiz":
        raise ExchangeError(
            Remark(
                _("A Moodle XML file begins with 'quiz', not with '%(name)s'."), {"name": root.tag}, root.line
            )
        )
    ledger = Ledger()
    category: tuple[str, ...] = ()
    for node in root.children("question"):
        if node.attributes.get("type") == "category":
            path = node.child("category")
            category = categories(clean_line(path.text)) if path else ()
            continue
        name = node.child("name")
        ledger.add(clean_line(name.text) if name else "", node.line, partial(_entry, node, category))
    return ledger.reading()


def _entry(node: Node, category: tuple[str, ...], losses: list[Remark]) -> Entry:
    return _Question(node, category, losses).entry()


class _Question:
    def __init__(self, node: Node, category: tuple[str, ...], losses: list[Remark]) -> None:
        self.node = node
        self.category = category
        self.losses = losses
        self.pictures = Pictures(losses)
        # Of texts that don't name theirs: that of the question.
        self.format = TextFormat.HTML

    def entry(self) -> Entry:
        node = self.node
        stem = self.text(node.child("questiontext"))
        if stem:
            self.format = stem.format
        kind = self.kind(stem)
        name = node.child("name")
        points = node.text_of("defaultgrade").strip()
        cloze = isinstance(kind, Cloze)
        tags = node.child("tags")
        words = parted(tag.text for tag in tags.children("tag")) if tags else parted(())
        entry = Entry(
            stem=Text("") if cloze else stem,
            kind=kind,
            name=name.text if name else "",
            identifier=node.text_of("idnumber"),
            category=self.category,
            tags=words.tags,
            feedback=self.text(node.child("generalfeedback")),
            hints=tuple(self.text(hint) for hint in node.children("hint")),
            provisions=words.provisions,
            objective=words.objective,
            points=Decimal(_weights(kind)) if isinstance(kind, Cloze) else _number(points or "1"),
            line=node.line,
        )
        self.note_losses()
        self.pictures.note_missing(texts_of(entry))
        return replace(entry, images=self.pictures.images)

    def text(self, node: Node | None) -> Text:
        """A text with its format and its pictures."""
        if node is None:
            return Text("")
        names = {}
        for file in node.children("file"):
            name = file.attributes.get("name", "")
            full = (file.attributes.get("path", "/") + name).lstrip("/")
            if taken := self.pictures.add_base64(name, file.text, file.line):
                names[full] = taken
        inside = node.child("text")
        source = inside.markup if inside else ""
        format = _FORMATS.get(node.attributes.get("format", ""), self.format)
        return Text(self.pictures.renamed(source, names), format)

    def kind(self, stem: Text) -> Kind:
        type = self.node.attributes.get("type", "")
        match type:
            case "multichoice":
                choices = tuple(
                    Choice(self.text(answer), _fraction(answer), self.text(answer.child("feedback")))
                    for answer in self.answers()
                )
                single = self.node.text_of("single").strip().lower() or "true"
                return SingleChoice(choices) if single in _YES else MultipleChoice(choices)
            case "truefalse":
                return self.true_false()
            case "shortanswer":
                variants = tuple(
                    TextAnswer(answer.text_of("text"), _fraction(answer), self.text(answer.child("feedback")))
                    for answer in self.answers()
                )
                return ShortText(variants, self.node.text_of("usecase").strip() in _YES)
            case "numerical":
                return Numeric(tuple(self.number(answer) for answer in self.answers()), self.unit())
            case "matching":
                return self.matching()
            case "ordering":
                return self.ordering()
            case "cloze" | "multianswer":
                return parse_passage(stem.text, self.format)
            case "essay":
                return Open(self.text(self.node.child("graderinfo")))
            case "description":
                raise Unusable(_("It asks nothing: it is a description."))
        raise Unusable(_("Questions of Moodle's type '%(type)s' have no counterpart here."), type=type[:50])

    def answers(self) -> Sequence[Node]:
        return self.node.children("answer")

    def true_false(self) -> TrueFalse:
        answers = self.answers()
        words = [clean_line(answer.text_of("text")).lower() for answer in answers]
        if len(answers) != 2:
            raise Unusable(_("A question with true or false needs these two answers."))
        # In old files the words are translated; true comes first.
        right, wrong = answers[::-1] if words == ["false", "true"] else answers
        if (_fraction(right) == 1) == (_fraction(wrong) == 1):
            raise Unusable(_("Either true or false must be right."))
        return TrueFalse(
            _fraction(right) == 1, self.text(right.child("feedback")), self.text(wrong.child("feedback"))
        )

    def number(self, answer: Node) -> NumericAnswer:
        value = answer.text_of("text").strip()
        accepts = None
        if value != "*":
            margin = _number(answer.text_of("tolerance").strip() or "0")
            if margin < 0:
                raise Unusable(_("A tolerance is negative."), answer.line)
            accepts = Near(_number(value), margin)
        return NumericAnswer(accepts, _fraction(answer), self.text(answer.child("feedback")))

    def unit(self) -> str:
        units = self.node.child("units")
        names = {}
        for unit in units.children("unit") if units else ():
            names[unit.text_of("unit_name")] = parse_decimal(unit.text_of("multiplier"))
        own = [name for name, multiplier in names.items() if multiplier == 1]
        if len(names) > 1 or (names and not own):
            self.losses.append(Remark(_("Answers in other units are not converted.")))
        return own[0] if own else ""

    def matching(self) -> Matching:
        pairs, distractors = [], []
        for part in self.node.children("subquestion"):
            answer = part.child("answer")
            left, right = self.text(part), answer.text_of("text") if answer else ""
            if left:
                pairs.append(Pair(left, right))
            elif clean_line(right):
                distractors.append(right)
        return Matching(tuple(pairs), tuple(distractors))

    def ordering(self) -> Ordering:
        items = []
        for place, answer in enumerate(self.answers(), start=1):
            order = parse_decimal(answer.attributes.get("fraction", ""))
            items.append((order if order is not None else Decimal(place), place, self.text(answer)))
            if self.text(answer.child("feedback")):
                self.losses.append(Remark(_("The remarks on the items in order are not taken.")))
        return Ordering(tuple(text for _order, _place, text in sorted(items, key=lambda item: item[:2])))

    def note_losses(self) -> None:
        """What Moodle can say and nobody here can."""
        node = self.node
        combined = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
        for part in node.children(*combined):
            words = clean_line(part.text_of("text").replace("<p>", "").replace("</p>", ""))
            if words and words not in _STOCK:
                self.losses.append(Remark(_("The remarks on the whole answer are not taken."), {}, part.line))
        lost = (
            ("responsetemplate", _("The template of the answer is not taken.")),
            ("image_base64", _("A picture in an old form is not taken.")),
        )
        for tag, message in lost:
            self.losses += [
                Remark(message, {}, part.line) for part in node.children(tag) if part.text.strip()
            ]


def _weights(cloze: Cloze) -> int:
    return sum(gap.weight for gap in cloze.gaps)


def _number(text: str) -> Decimal:
    number = parse_decimal(text)
    if number is None:
        raise Unusable(NOT_A_NUMBER, text=clean_line(text)[:50])
    return number


def _fraction(answer: Node) -> Fraction:
    written = answer.attributes.get("fraction", "0")
    fraction = parse_percent(written)
    if fraction is None:
        raise Unusable(_("'%(text)s' is no weight from -100 to 100 percent."), answer.line, text=written[:20])
    return fraction
