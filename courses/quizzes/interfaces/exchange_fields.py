"""What an entry of a file becomes in the bank: a type of ours with its fields. Pure: no model, no database."""

import re
from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.quizzes.enums import ChoiceScoring
from courses.quizzes.interfaces.exchange.entries import (
    Choice,
    ChoicesGap,
    Cloze,
    Entry,
    Gap,
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
    TextAnswer,
    TextGap,
    TrueFalse,
    as_near,
    clean_line,
    texts_of,
)
from courses.quizzes.interfaces.exchange.pictures import references
from courses.quizzes.interfaces.exchange.plain import Tray, plain, plain_line
from courses.quizzes.interfaces.exchange.report import Remark, Unusable
from courses.quizzes.interfaces.exchange_rows import Pictured, QuestionFields, Row
from courses.quizzes.types.numeric import plain_number
from courses.quizzes.types.passage import GapKind, parse_passage

CLOZE = "cloze"
OPEN = "open_answer"
MAX_POINTS = 100
MAX_CRITERION = 300
MAX_PICTURES = 4
MAX_ALT = 300
PLACES = 6
MAX_NUMBER = Decimal(10) ** 14
# The longest texts that questions hold, in characters.
LIMITS: Mapping[str, int] = {
    "stem": 2000,
    "feedback": 4000,
    "passage": 4000,
    "unit": 60,
    "accepted": 4000,
    "text": 500,
    "remark": 1000,
    "prompt": 300,
    "option": 200,
    "item": 300,
    "hints": 2000,
    "provisions": 1000,
}
_GAP_KINDS = {ChoicesGap: GapKind.CHOICE, TextGap: GapKind.TEXT, NumberGap: GapKind.NUMBER}
# How far a share that a file rounds may be from ours.
_ROUNDED = Fraction(1, 1000)
# Stands for a gap while the layout is taken from the passage around it: signs that no script uses.
_PLACE = re.compile("\ue000([0-9]+)\ue001")

REMARKS_LOST = _("The remarks on its answers are not taken: only choices have remarks.")
PARTLY_LOST = _("Answers that earn a part of the points earn nothing here.")


def fields_of(entry: Entry) -> QuestionFields:
    """Raises Unusable for an entry that no type of ours can ask. Words that are added are in the active language."""
    return _Maker(entry).made()


class _Maker:
    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.losses: list[Remark] = []
        self.names = frozenset(image.name for image in entry.images)
        # The pictures under the question's text.
        self.tray = Tray(self.names, MAX_PICTURES)
        self.words: dict[str, str] = {}
        self.key: dict[str, Any] = {}
        self.streams: dict[str, tuple[Row, ...]] = {}

    def made(self) -> QuestionFields:
        entry = self.entry
        self.words["stem"] = self.text(entry.stem, "stem", self.tray)
        self.words["feedback"] = self.text(entry.feedback, "feedback")
        self.key["points"] = self.points()
        makers: Mapping[type, Callable[[Any], str]] = {
            SingleChoice: self.single_choice,
            MultipleChoice: self.multiple_choice,
            TrueFalse: self.true_false,
            Numeric: self.numeric,
            ShortText: self.short_text,
            Matching: self.matching,
            Ordering: self.ordering,
            Cloze: self.cloze,
            Open: self.open,
        }
        type_ = makers[type(entry.kind)](entry.kind)
        if not self.words["stem"]:
            # An entry has a text, but it may be nothing but markup, or a picture that asks.
            self.words["stem"] = " ".join(f"[{alt or name}]" for name, alt in self.tray.taken.items())
        if not self.words["stem"]:
            raise Unusable(_("It has no question text."))
        # A file that says nothing of them takes none away.
        self.words |= {name: text for name, text in self.lines().items() if text}
        if entry.images and not references(texts_of(entry)):
            self.lose(Remark(_("It names no place for its pictures.")))
        return QuestionFields(
            type_, self.words, self.key, self.streams, _pictured(self.tray), tuple(self.losses)
        )

    def lines(self) -> dict[str, str]:
        """What stands one a line."""
        hints = filter(None, (plain_line(hint, self.losses) for hint in self.entry.hints))
        return {
            "hints": _limited("\n".join(hints), "hints"),
            "provisions": _limited("\n".join(self.entry.provisions), "provisions"),
        }

    def lose(self, remark: Remark) -> None:
        if remark not in self.losses:
            self.losses.append(remark)

    def text(self, text: Text, name: str, tray: Tray | None = None) -> str:
        return _limited(plain(text, self.losses, tray), name)

    def line(self, text: Text, name: str) -> str:
        """On one line, never empty."""
        line = _limited(plain_line(text, self.losses), name)
        if not line:
            raise Unusable(_("One of its answers is empty."))
        return line

    def points(self) -> int:
        points = self.entry.points
        whole = int(points.quantize(Decimal(1), ROUND_HALF_UP))
        kept = min(max(whole, 1), MAX_POINTS)
        if kept != points:
            values = {"points": plain_number(points), "kept": kept}
            self.lose(
                Remark(_("Points are whole numbers from 1 to 100: %(points)s become %(kept)s."), values)
            )
        return kept

    # Choices

    def single_choice(self, kind: SingleChoice) -> str:
        right = [choice for choice in kind.choices if choice.fraction == 1]
        if len(right) > 1:
            raise Unusable(_("Several of its choices are right by themselves; here exactly one is."))
        if not right:
            raise Unusable(_("None of its choices is fully right."))
        if any(0 < choice.fraction < 1 for choice in kind.choices):
            self.lose(Remark(PARTLY_LOST))
        if any(choice.fraction < 0 for choice in kind.choices):
            self.lose(
                Remark(_("Points taken off for a wrong choice are not taken: the quiz decides on them."))
            )
        self.streams["choices"] = self.choices(kind.choices, lambda choice: choice.fraction == 1)
        return "single_choice"

    def multiple_choice(self, kind: MultipleChoice) -> str:
        right = [choice for choice in kind.choices if choice.fraction > 0]
        wrong = [choice for choice in kind.choices if choice.fraction <= 0]
        if not wrong:
            raise Unusable(_("All of its choices are right; here one at least is wrong."))
        self.key["choice_scoring"] = self.scoring(right, wrong)
        self.streams["choices"] = self.choices(kind.choices, lambda choice: choice.fraction > 0)
        return "multiple_choice"

    def scoring(self, right: Sequence[Choice], wrong: Sequence[Choice]) -> str:
        """What a partly right answer earns, told from what wrong choices take away."""
        if all(choice.fraction <= -1 for choice in wrong):
            return ChoiceScoring.ALL.value
        free = all(choice.fraction == 0 for choice in wrong)
        least = Fraction(0) if free else Fraction(-1, len(wrong))
        alike = [(Fraction(1, len(right)), right), (least, wrong)]
        if any(abs(choice.fraction - share) > _ROUNDED for share, own in alike for choice in own):
            self.lose(
                Remark(
                    _(
                        "Its choices weigh differently; here all right ones weigh the same, and so do wrong ones."
                    )
                )
            )
        return ChoiceScoring.SHARE.value if free else ChoiceScoring.PENALISED.value

    def choices(self, choices: Sequence[Choice], right: Callable[[Choice], bool]) -> tuple[Row, ...]:
        return tuple(self.choice(choice, right(choice)) for choice in choices)

    def choice(self, choice: Choice, right: bool) -> Row:
        tray = Tray(self.names, 1)
        text = _limited(clean_line(plain(choice.text, self.losses, tray)), "text")
        pictures = _pictured(tray)
        if not text:
            # A choice has words, even where it shows a picture.
            text = self.line(choice.text, "text")
        value = {"text": text, "correct": right, "feedback": self.text(choice.feedback, "remark")}
        return Row("choice", value, picture=pictures[0] if pictures else None)

    def true_false(self, kind: TrueFalse) -> str:
        self.key["statement_is_true"] = kind.answer
        self.without_remarks(kind.when_true, kind.when_false)
        return "true_false"

    # Numbers and texts

    def numeric(self, kind: Numeric) -> str:
        near = as_near(self.one_right(kind.answers))
        self.key["number"], self.key["tolerance"] = _number(near.value), _number(near.tolerance)
        self.words["unit"] = _limited(kind.unit, "unit")
        self.without_remarks(*(answer.feedback for answer in kind.answers))
        return "numeric"

    def one_right(self, answers: Sequence[NumericAnswer]) -> Any:
        right = [answer.accepts for answer in answers if answer.fraction == 1]
        if len(right) != 1:
            raise Unusable(_("It accepts several numbers, or none fully; here it is one, with a tolerance."))
        if right[0] is None:
            raise Unusable(_("It accepts any number."))
        if any(0 < answer.fraction < 1 for answer in answers):
            self.lose(Remark(PARTLY_LOST))
        return right[0]

    def short_text(self, kind: ShortText) -> str:
        self.words["accepted"] = _limited("\n".join(self.accepted(kind.answers)), "accepted")
        if kind.case_sensitive:
            self.lose(Remark(_("Capital letters don't count here.")))
        return "short_text"

    def accepted(self, answers: Sequence[TextAnswer]) -> list[str]:
        right = [answer.text for answer in answers if answer.fraction == 1]
        if not right:
            raise Unusable(_("None of its answers is fully right."))
        if any(0 < answer.fraction < 1 for answer in answers):
            self.lose(Remark(PARTLY_LOST))
        self.without_remarks(*(answer.feedback for answer in answers))
        return right

    # Matching and ordering

    def matching(self, kind: Matching) -> str:
        rows = [
            Row(
                "pair",
                {"prompt": self.line(pair.left, "prompt"), "option": _limited(pair.right, "option")},
            )
            for pair in kind.pairs
        ]
        options = {pair.right for pair in kind.pairs}
        others = [other for other in dict.fromkeys(kind.distractors) if other not in options]
        if len(others) < len(kind.distractors):
            self.lose(Remark(_("An option that stands in it twice is taken once.")))
        rows += [Row("distractor", {"option": _limited(other, "option")}) for other in others]
        self.streams["pairs"] = tuple(rows)
        return "matching"

    def ordering(self, kind: Ordering) -> str:
        self.streams["sequence"] = tuple(
            Row("item", {"text": self.line(item, "item")}) for item in kind.items
        )
        return "ordering"

    # Gaps and open answers

    def cloze(self, kind: Cloze) -> str:
        """The words before the first empty line ask, if no gap stands in them."""
        if len({gap.weight for gap in kind.gaps}) > 1:
            self.lose(Remark(_("All gaps weigh the same here.")))
        gaps = [self.gap(gap) for gap in kind.gaps]
        words = plain(Text(_marked(kind), kind.format), self.losses, self.tray)
        if "[[" in words or "]]" in words:
            raise Unusable(_("Its text holds double brackets, which mark gaps here."))
        stem, blank, passage = words.partition("\n\n")
        if not blank or _PLACE.search(stem):
            stem, passage = gettext("Fill in the gaps."), words
        self.words["stem"] = _limited(stem.strip(), "stem")
        written = _PLACE.sub(lambda found: gaps[int(found[1])], passage.strip())
        self.words["passage"] = _limited(written, "passage")
        read = parse_passage(written)
        if read.problems:
            raise Unusable(read.problems[0])
        if [gap.kind for gap in read.gaps] != [_GAP_KINDS[type(gap.answer)] for gap in kind.gaps]:
            raise Unusable(_("An answer of a gap holds a sign that marks gaps here: [[, ]], = or #."))
        return CLOZE

    def gap(self, gap: Gap) -> str:
        match gap.answer:
            case ChoicesGap(choices, multiple):
                right = [choice for choice in choices if choice.fraction == 1]
                if multiple or len(right) != 1:
                    raise Unusable(_("A gap has several right choices; here exactly one is."))
                if any(0 < choice.fraction < 1 for choice in choices):
                    self.lose(Remark(PARTLY_LOST))
                self.without_remarks(*(choice.feedback for choice in choices))
                ordered = right + [choice for choice in choices if choice is not right[0]]
                return self.in_brackets([self.line(choice.text, "option") for choice in ordered])
            case TextGap(variants, case_sensitive):
                if case_sensitive:
                    self.lose(Remark(_("Capital letters don't count here.")))
                return self.in_brackets(self.accepted(variants), "=")
            case NumberGap(numbers):
                near = as_near(self.one_right(numbers))
                self.without_remarks(*(number.feedback for number in numbers))
                margin = f"±{plain_number(near.tolerance)}" if near.tolerance else ""
                return f"[[#{plain_number(near.value)}{margin}]]"

    def in_brackets(self, answers: Sequence[str], sign: str = "") -> str:
        return f"[[{sign}{'|'.join(answer.replace('|', chr(92) + '|') for answer in answers)}]]"

    def open(self, kind: Open) -> str:
        """Each line of the notes for whoever marks is a criterion; the points are shared among them."""
        lines = [line.strip(" –-•\t") for line in plain(kind.rubric, self.losses).split("\n")]
        lines = [line for line in lines if line]
        if any(len(line) > MAX_CRITERION for line in lines):
            raise Unusable(
                _("A line of its notes for marking is longer than %(limit)s characters."), limit=MAX_CRITERION
            )
        if not lines:
            self.lose(
                Remark(_("It says nothing on how to mark it: write the criteria before publishing it."))
            )
        total = max(self.key["points"], len(lines))
        shares = [total // len(lines) + (place < total % len(lines)) for place in range(len(lines))]
        if total != self.key["points"]:
            self.lose(Remark(_("Each criterion is worth one point at least.")))
            self.key["points"] = min(total, MAX_POINTS)
        self.streams["rubric"] = tuple(
            Row("criterion", {"text": line, "points": points}, shared=True)
            for line, points in zip(lines, shares, strict=True)
        )
        return OPEN

    def without_remarks(self, *texts: Text) -> None:
        if any(texts):
            self.lose(Remark(REMARKS_LOST))


def _marked(cloze: Cloze) -> str:
    """The passage with a mark for each gap."""
    parts, count = [], 0
    for part in cloze.parts:
        if isinstance(part, Gap):
            parts.append(f"\ue000{count}\ue001")
            count += 1
        else:
            parts.append(part.replace("\ue000", "").replace("\ue001", ""))
    return "".join(parts)


def _pictured(tray: Tray) -> tuple[Pictured, ...]:
    return tuple(Pictured(name, alt[:MAX_ALT].strip()) for name, alt in tray.taken.items())


def _limited(text: str, name: str) -> str:
    if len(text) > LIMITS[name]:
        raise Unusable(
            _("A text is longer than %(limit)s characters: %(text)s"),
            limit=LIMITS[name],
            text=f"{text[:40]}…",
        )
    return text


def _number(number: Decimal) -> Decimal:
    if abs(number) >= MAX_NUMBER or int(number.as_tuple().exponent) < -PLACES:
        raise Unusable(
            _("The number %(number)s has too many digits; at most six decimals are kept."),
            number=plain_number(number),
        )
    return number


def fraction_of(right: bool, count: int) -> Fraction:
    """What one of `count` right choices is worth; a wrong one takes everything away."""
    return Fraction(1, count) if right else Fraction(-1)
