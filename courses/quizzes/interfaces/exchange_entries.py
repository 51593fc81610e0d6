"""Questions of the bank as entries of a file, in one language. Reads what it is given and asks the database nothing
but a question's tags, category and scenario."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from courses.plugin_api.package_pages import identifier_of
from courses.quizzes.enums import ChoiceScoring
from courses.quizzes.interfaces.exchange.entries import (
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
    TextGap,
    TrueFalse,
)
from courses.quizzes.interfaces.exchange.report import Remark, Unusable
from courses.quizzes.interfaces.exchange_fields import CLOZE, OPEN, fraction_of
from courses.quizzes.interfaces.exchange_illustrated import Album, illustrated
from courses.quizzes.interfaces.package_bank import identifier_of_objective
from courses.quizzes.models import Question
from courses.quizzes.types.choices import choices_of
from courses.quizzes.types.matching import distractors_of, pairs_of
from courses.quizzes.types.ordering import items_of
from courses.quizzes.types.passage import Gap as PassageGap
from courses.quizzes.types.passage import GapKind, differences, parse_passage
from courses.quizzes.types.short_text import accepted_of


def entry_of(question: Question, key: Question, losses: list[Remark], album: Album | None = None) -> Entry:
    """A question in its language; points, pictures and what is right come from `key`, the variant that decides.
    `album`: the files of pictures, for a format that holds them.

    What no file can hold is noted in `losses`. Raises Unusable for a question that isn't finished, or of a type that
    no file can hold.
    """
    if key.type not in _KINDS:
        raise Unusable(_("No file can hold questions of this type: %(type)s."), type=key.type)
    stem = "\n\n".join(filter(None, (question.case, question.stem)))
    if question.case:
        losses.append(Remark(_("The case is written before the question, as one text.")))
    kind = _KINDS[key.type](question, key)
    if isinstance(kind, Cloze):
        # The passage is the question there; what stands before it asks.
        with override(question.locale.language_code):
            asks = "" if stem == gettext("Fill in the gaps.") else f"{stem}\n\n"
        kind, stem = Cloze((asks, *kind.parts)), ""
    losses += [Remark(message) for message, lost in _lost(question, key) if lost]
    text, kind, images = illustrated(stem, kind, question, key, album, losses)
    category = key.category
    return Entry(
        stem=text,
        kind=kind,
        name=identifier_of(key) if key.package_id else "",
        identifier=identifier_of(key),
        category=tuple(reversed([one.name for one in category.upwards()])) if category else (),
        tags=tuple(sorted(tag.name for tag in key.tags.all())),
        feedback=Text(question.feedback),
        hints=tuple(map(Text, question.hints.splitlines())),
        provisions=tuple(question.provisions.splitlines()),
        objective=identifier_of_objective(key.objective) if key.objective else "",
        images=images,
        points=Decimal(key.points),
    )


def _lost(question: Question, key: Question) -> Iterator[tuple[Any, bool]]:
    yield _("The scenario is not written."), key.scenario_id is not None


def _single_choice(question: Question, key: Question) -> Kind:
    return SingleChoice(tuple(_choices(question, key, lambda right, count: Fraction(right))))


def _multiple_choice(question: Question, key: Question) -> Kind:
    wrong = sum(not right for _id, _text, right, _remark in choices_of(key))
    takes = {ChoiceScoring.SHARE: Fraction(0), ChoiceScoring.PENALISED: Fraction(-1, max(1, wrong))}

    def worth(right: bool, count: int) -> Fraction:
        own = fraction_of(right, count)
        return own if right else takes.get(ChoiceScoring(key.choice_scoring), own)

    return MultipleChoice(tuple(_choices(question, key, worth)))


def _choices(question: Question, key: Question, worth: Callable[[bool, int], Fraction]) -> list[Choice]:
    """In the order and with the right answers of the deciding variant."""
    own = {id_: (text, remark) for id_, text, _right, remark in choices_of(question)}
    rows = choices_of(key)
    count = max(1, sum(right for _id, _text, right, _remark in rows))
    return [
        Choice(Text(_own(own, id_)[0]), worth(right, count), Text(_own(own, id_)[1]))
        for id_, _text, right, _remark in rows
    ]


def _true_false(question: Question, key: Question) -> Kind:
    return TrueFalse(bool(key.statement_is_true))


def _numeric(question: Question, key: Question) -> Kind:
    if key.number is None:
        raise Unusable(_("It has no right number yet."))
    return Numeric((NumericAnswer(Near(_short(key.number), _short(key.tolerance))),), question.unit)


def _short_text(question: Question, key: Question) -> Kind:
    return ShortText(tuple(TextAnswer(line) for line in accepted_of(question)))


def _matching(question: Question, key: Question) -> Kind:
    own = {id_: (prompt, option) for id_, prompt, option in pairs_of(question)}
    others = dict(distractors_of(question))
    return Matching(
        tuple(Pair(Text(_own(own, id_)[0]), _own(own, id_)[1]) for id_, _prompt, _option in pairs_of(key)),
        tuple(_own(others, id_) for id_, _option in distractors_of(key)),
    )


def _ordering(question: Question, key: Question) -> Kind:
    own = dict(items_of(question))
    return Ordering(tuple(Text(_own(own, id_)) for id_, _text in items_of(key)))


def _own(words: Mapping[str, Any], id_: str) -> Any:
    if id_ not in words:
        raise Unusable(_("It isn't translated whole: a choice, pair or item has no words in this language."))
    return words[id_]


def _cloze(question: Question, key: Question) -> Kind:
    """The words of the question's passage, the numbers of the deciding one."""
    own, deciding = parse_passage(question.passage), parse_passage(key.passage)
    wrong = (*own.problems, *deciding.problems, *differences(deciding, own))
    if wrong:
        raise Unusable(wrong[0])
    parts: list[str | Gap] = []
    for piece, gap, right in zip(own.pieces, own.gaps, deciding.gaps, strict=False):
        parts += [piece, Gap(_gap(gap, right))]
    return Cloze((*parts, own.pieces[-1]))


def _gap(gap: PassageGap, right: PassageGap) -> ChoicesGap | TextGap | NumberGap:
    if gap.kind is GapKind.TEXT:
        return TextGap(tuple(TextAnswer(word) for word in gap.words))
    if gap.kind is GapKind.NUMBER:
        return NumberGap((NumericAnswer(Near(_short(right.number), _short(right.tolerance))),))
    return ChoicesGap(tuple(Choice(Text(word), Fraction(place == 0)) for place, word in enumerate(gap.words)))


def _open(question: Question, key: Question) -> Kind:
    lines = [block.value["text"] for block in question.rubric if block.block_type == "criterion"]
    return Open(Text("\n".join(lines)))


def _short(number: Decimal) -> Decimal:
    """The number without the zeros that the database adds."""
    return number.normalize() + 0


_KINDS: Mapping[str, Callable[[Question, Question], Kind]] = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "numeric": _numeric,
    "short_text": _short_text,
    "matching": _matching,
    "ordering": _ordering,
    CLOZE: _cloze,
    OPEN: _open,
}
