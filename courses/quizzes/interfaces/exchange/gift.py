"""Reading GIFT, the plain-text format for questions of Moodle.

The grammar is that of Moodle's documentation: one question to a block of lines, a blank line ends it. Where the
documentation leaves a choice, what Moodle itself does counts, so that a file means the same in both places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.checks import check_parts, check_source
from courses.quizzes.interfaces.exchange.entries import (
    NOTHING,
    PICTURE,
    WHITE,
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
    TrueFalse,
    clean_line,
    texts_of,
)
from courses.quizzes.interfaces.exchange.gift_syntax import (
    CATEGORY,
    FORMATS,
    categories,
    find,
    find_last,
    split,
    take_weight,
    unescape,
    unescape_tag,
)
from courses.quizzes.interfaces.exchange.ledger import Ledger
from courses.quizzes.interfaces.exchange.numbers import parse_decimal
from courses.quizzes.interfaces.exchange.report import Reading, Remark, Unusable

# Moodle keeps ids and tags in comments.
_NOTE = re.compile(r"(?<!\\)\[(id|tag):((?:\\.|[^\[\]\\])+)\]")
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
# What stands for the gap where a question goes on behind its answers.
_BLANK = "_____"

NOT_A_NUMBER = _(
    "'%(text)s' is no clear number. Write it in digits with a decimal point, for example 1500 or 3.14."
)


@dataclass(frozen=True)
class _Block:
    """Consecutive lines of a file; those of comments are empty in `text`."""

    line: int
    text: str
    comments: str

    def line_at(self, position: int) -> int:
        return self.line + self.text.count("\n", 0, position)


def read(text: str) -> Reading:
    """Every question of a decoded file. A bad one is reported and doesn't stop the rest."""
    ledger = Ledger()
    category: tuple[str, ...] = ()
    blocks = list(_blocks(text))
    index = 0
    while index < len(blocks):
        block = blocks[index]
        index += 1
        while (start := block.text.lstrip(WHITE)).startswith(CATEGORY):
            named, _end, _rest = start.partition("\n")
            category = categories(named.removeprefix(CATEGORY))
            skipped = len(block.text) - len(start) + len(named)
            block = _Block(block.line_at(skipped), block.text[skipped:], block.comments)
        if not block.text.strip(WHITE):
            continue
        line = block.line_at(len(block.text) - len(block.text.lstrip(WHITE)))
        torn = _torn_until(blocks, index - 1, block)
        if torn:
            blank = blocks[index].line - 1
            index = torn
            reason = Unusable(_("A blank line stands between its braces, where it ends the question."), blank)
            ledger.leave_out(_name_of(block.text), line, reason)
            continue
        question = _Question(block, line, category)
        ledger.add(_name_of(block.text), line, question.entry)
    return ledger.reading()


def _blocks(text: str) -> Iterator[_Block]:
    lines: list[str] = []
    comments: list[str] = []
    begin = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        plain = line.strip(WHITE)
        if not plain:
            if lines:
                yield _Block(begin, "\n".join(lines), "\n".join(comments))
            lines, comments, begin = [], [], number + 1
        elif plain.startswith("//"):
            comments.append(plain)
            lines.append("")
        else:
            lines.append(line)


def _torn_until(blocks: list[_Block], index: int, block: _Block) -> int:
    """The block after the one that closes the braces which `block` leaves open; 0 if it leaves none open."""
    if find(block.text, "{") < 0 or find(block.text, "}") >= 0:
        return 0
    for later in range(index + 1, len(blocks)):
        opens, closes = find(blocks[later].text, "{"), find(blocks[later].text, "}")
        if closes >= 0 and not 0 <= opens < closes:
            return later + 1
        if opens >= 0:
            break
    return 0


def _name_of(text: str) -> str:
    text = text.lstrip(WHITE)
    if text.startswith("::"):
        end = find(text, "::", 2)
        if end >= 0:
            return clean_line(unescape(text[2:end]))
    return ""


def _text(source: str, default: TextFormat = TextFormat.AUTO) -> Text:
    source = source.strip(WHITE)
    if source.startswith("["):
        word, closed, rest = source[1:].partition("]")
        if closed and word in FORMATS:
            return Text(unescape(rest), FORMATS[word])
    return Text(unescape(source), default)


class _Question:
    def __init__(self, block: _Block, line: int, category: tuple[str, ...]) -> None:
        self.block = block
        self.line = line
        self.category = category
        self.format = TextFormat.AUTO

    def entry(self, losses: list[Remark]) -> Entry:
        source = self.block.text
        check_source(source)
        start = len(source) - len(source.lstrip(WHITE))
        name = ""
        if source.startswith("::", start):
            end = find(source, "::", start + 2)
            if end >= 0:
                name, start = unescape(source[start + 2 : end]), end + 2
        opened, closed = find(source, "{", start), find(source, "}", start)
        if opened < 0 and closed < 0:
            raise Unusable(_("It asks nothing: it is a description without answers in braces."))
        if opened < 0 or closed < opened:
            raise Unusable(
                _("A brace is closed that was not opened, or the reverse."),
                self.block.line_at(max(opened, closed)),
            )
        for brace in "{}":
            more = find(source, brace, closed + 1)
            if more >= 0:
                raise Unusable(
                    _("There is a second brace; one question has one pair. Write \\{ or \\} for the sign."),
                    self.block.line_at(more),
                )
        before, after = source[start:opened], source[closed + 1 :].strip(WHITE)
        stem = _text(before + _BLANK + source[closed + 1 :] if after else before)
        self.format = stem.format if stem else TextFormat.AUTO
        answers, general = source[opened + 1 : closed], NOTHING
        separator = find_last(answers, "####")
        if separator >= 0:
            general = _text(answers[separator + 4 :], self.format)
            answers = answers[:separator]
        notes = [(word, unescape_tag(text)) for word, text in _NOTE.findall(self.block.comments)]
        entry = Entry(
            stem=stem,
            kind=self._kind(answers.strip(WHITE)),
            name=name,
            identifier=next((text for word, text in notes if word == "id"), ""),
            category=self.category,
            tags=tuple(text for word, text in notes if word == "tag"),
            feedback=general,
            line=self.line,
        )
        if any(PICTURE in text.text for text in texts_of(entry)):
            losses.append(Remark(_("A text names pictures, which a GIFT file can't hold.")))
        return entry

    def _kind(self, source: str) -> Kind:
        if not source:
            return Open()
        if source.startswith("#"):
            return self._numeric(source[1:])
        if source.startswith(">"):
            return self._ordering(source)
        if find(source, "~") >= 0:
            return self._choices(source)
        if find(source, "=") >= 0:
            return self._matching(source) if "->" in source else self._short_text(source)
        word, *remarks = split(source, "#", limit=2)
        truth = _TRUTHS.get(word.strip(WHITE).upper())
        if truth is None:
            return self._short_text(source)
        texts = [_text(remark, self.format) for remark in remarks] + [NOTHING, NOTHING]
        wrong, right = texts[:2]
        return TrueFalse(truth, right, wrong) if truth else TrueFalse(truth, wrong, right)

    def _answers(self, source: str, signs: str) -> list[tuple[str, str]]:
        """The sign and the source of each answer; an empty sign for what stands before the first one."""
        parts = [("", "")]
        for piece in split(source, signs, keep=True):
            if piece[:1] and piece[0] in signs:
                parts.append((piece[0], piece[1:]))
            else:
                parts[-1] = (parts[-1][0], parts[-1][1] + piece)
        check_parts(parts)
        return [(sign, body.strip(WHITE)) for sign, body in parts if sign or body.strip(WHITE)]

    def _body(self, body: str) -> tuple[str, Text]:
        """An answer and its remark."""
        answer, *remark = split(body, "#", limit=1)
        return answer.strip(WHITE), _text(remark[0], self.format) if remark else NOTHING

    def _choices(self, source: str) -> SingleChoice | MultipleChoice:
        choices = []
        for sign, body in self._answers(source, "=~"):
            if not sign:
                raise Unusable(_("'%(text)s' has no = or ~ before it."), text=clean_line(body)[:50])
            weight, body = take_weight(body)
            text, remark = self._body(body)
            fraction = weight if weight is not None else Fraction(sign == "=")
            choices.append(Choice(_text(text, self.format), fraction, remark))
        if find(source, "=") >= 0:
            return SingleChoice(tuple(choices))
        return MultipleChoice(tuple(choices))

    def _short_text(self, source: str) -> ShortText:
        answers = []
        for _sign, body in self._answers(source, "="):
            weight, body = take_weight(body)
            text, remark = self._body(body)
            fraction = weight if weight is not None else Fraction(1)
            answers.append(TextAnswer(_text(text).text, fraction, remark))
        return ShortText(tuple(answers))

    def _matching(self, source: str) -> Matching:
        pairs, distractors = [], []
        for _sign, body in self._answers(source, "="):
            left, arrow, right = body.partition("->")
            if not arrow:
                raise Unusable(_("'%(text)s' has no -> between its two sides."), text=clean_line(body)[:50])
            if left.strip(WHITE):
                pairs.append(Pair(_text(left, self.format), unescape(right)))
            else:
                distractors.append(unescape(right))
        return Matching(tuple(pairs), tuple(distractors))

    def _numeric(self, source: str) -> Numeric:
        wrong = find(source, "~")
        numbers = []
        for _sign, body in self._answers(source if wrong < 0 else source[:wrong], "="):
            weight, body = take_weight(body)
            text, remark = self._body(body)
            accepts = _accepts(unescape(text).strip(WHITE))
            numbers.append(NumericAnswer(accepts, weight if weight is not None else Fraction(1), remark))
        if wrong >= 0:
            _wrong, remark = self._body(source[wrong + 1 :])
            numbers.append(NumericAnswer(None, Fraction(0), remark))
        return Numeric(tuple(numbers))

    def _ordering(self, source: str) -> Ordering:
        """Moodle's ordering: settings on the first line, one item on each other."""
        _settings, *items = source.split("\n")
        check_parts(items)
        return Ordering(tuple(_text(item, self.format) for item in items if item.strip(WHITE)))


def _accepts(text: str) -> Near | Between | None:
    if text == "*":
        return None
    low, dots, high = text.partition("..")
    if dots:
        first, last = _number(low), _number(high)
        if first > last:
            raise Unusable(_("The range %(range)s ends before it begins."), range=text)
        return Between(first, last)
    value, colon, tolerance = text.partition(":")
    margin = _number(tolerance) if colon else Decimal(0)
    if margin < 0:
        raise Unusable(_("A tolerance is negative."))
    return Near(_number(value), margin)


def _number(text: str) -> Decimal:
    number = parse_decimal(text)
    if number is None:
        raise Unusable(NOT_A_NUMBER, text=clean_line(text)[:50])
    return number
