"""Writing GIFT, so that Moodle and `gift.read` understand the same."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.checks import kind_name
from courses.quizzes.interfaces.exchange.entries import (
    Between,
    Choice,
    Cloze,
    Entry,
    Matching,
    MultipleChoice,
    Near,
    Numeric,
    NumericAnswer,
    Open,
    Ordering,
    ShortText,
    SingleChoice,
    Text,
    TextFormat,
    TrueFalse,
)
from courses.quizzes.interfaces.exchange.gift_syntax import (
    CATEGORY,
    FORMATS,
    category_path,
    escape,
    escape_tag,
)
from courses.quizzes.interfaces.exchange.no_place import without_a_place
from courses.quizzes.interfaces.exchange.numbers import percent_is_exact, write_percent
from courses.quizzes.interfaces.exchange.report import Remark, Unusable
from courses.quizzes.types.numeric import plain_number

_WORDS = {format: word for word, format in FORMATS.items()}


def losses_of(entry: Entry) -> list[Remark]:
    """What a GIFT file can't say of a question. Raises Unusable for one that it can't say at all."""
    if isinstance(entry.kind, Ordering | Cloze):
        raise Unusable(_("A GIFT file can't hold this kind of question: %(kind)s."), kind=kind_name(entry))
    if not _arrows_are_clear(entry):
        raise Unusable(_("A GIFT file can't hold '->' in this place; it separates pairs there."))
    losses = []
    if entry.points != 1:
        losses.append(Remark(_("The points are not kept.")))
    if entry.images:
        losses.append(Remark(_("The pictures are not kept.")))
    losses += without_a_place(entry)
    fractions: list[Fraction] = []
    match entry.kind:
        case SingleChoice(choices):
            fractions = [choice.fraction for choice in choices]
            if 1 not in fractions:
                raise Unusable(_("A single choice needs a choice that is fully right."))
        case MultipleChoice(choices):
            fractions = [choice.fraction for choice in choices]
        case Numeric(answers, unit):
            fractions = [answer.fraction for answer in answers]
            if unit:
                losses.append(Remark(_("The unit (%(unit)s) is not kept."), {"unit": unit}))
        case ShortText(variants, case_sensitive):
            fractions = [variant.fraction for variant in variants]
            if case_sensitive:
                losses.append(Remark(_("That capital letters count is not kept.")))
        case Open(rubric) if rubric:
            losses.append(Remark(_("The notes for whoever grades are not kept.")))
    losses += inexact(fractions)
    return losses


def inexact(fractions: Iterable[Fraction]) -> list[Remark]:
    """A loss for each weight that a file can only hold rounded."""
    return [
        Remark(
            _("The weight %(weight)s is rounded to %(percent)s percent."),
            {"weight": fraction, "percent": write_percent(fraction)},
        )
        for fraction in fractions
        if not percent_is_exact(fraction)
    ]


def write(entries: Sequence[Entry]) -> str:
    """The text of a file. Every entry must pass `losses_of`."""
    blocks: list[str] = []
    category: tuple[str, ...] = ()
    for entry in entries:
        if entry.category != category:
            category = entry.category
            blocks.append(f"{CATEGORY} {category_path(category)}\n")
        blocks.append(_block(entry))
    return "\n".join(blocks)


def _arrows_are_clear(entry: Entry) -> bool:
    match entry.kind:
        case Matching(pairs):
            return not any("->" in pair.left.text for pair in pairs)
        case ShortText(answers):
            return not any("->" in answer.text or "->" in answer.feedback.text for answer in answers)
    return True


def _block(entry: Entry) -> str:
    stem = entry.stem
    # Without a name before it, a stem could look like a comment or a category.
    bare = not entry.name and stem.text.startswith(("/", "$"))
    written = _text(stem, None if bare else TextFormat.AUTO)
    name = f"::{escape(entry.name)}::" if entry.name else ""
    return _comment(entry) + name + written + "{" + _answers(entry) + "}\n"


def _comment(entry: Entry) -> str:
    words = [f"[id:{escape_tag(entry.identifier)}]"] if entry.identifier else []
    words += [f"[tag:{escape_tag(tag)}]" for tag in entry.tags]
    return f"// {' '.join(words)}\n" if words else ""


def _text(text: Text, default: TextFormat | None) -> str:
    """A text with its format where it isn't the default, or where the text itself looks like one or a weight."""
    if not text:
        return ""
    written = escape(text.text)
    if text.format == default and not written.startswith(("[", "%")):
        return written
    return f"[{_WORDS[text.format]}]{written}"


def _answers(entry: Entry) -> str:
    default = entry.stem.format
    general = f"####{_text(entry.feedback, default)}" if entry.feedback else ""
    match entry.kind:
        case TrueFalse(answer, when_true, when_false):
            wrong, right = (when_false, when_true) if answer else (when_true, when_false)
            remarks = _remark(wrong, default) or ("#" if right else "")
            return ("TRUE" if answer else "FALSE") + remarks + _remark(right, default) + general
        case Open():
            return general
        case SingleChoice(choices):
            # Without a ~ anywhere it would be a short text.
            least = 1 if all(choice.fraction == 1 for choice in choices) else len(choices)
            lines = [_choice(choice, default, single=place < least) for place, choice in enumerate(choices)]
        case MultipleChoice(choices):
            lines = [_choice(choice, default, single=False) for choice in choices]
        case ShortText(variants):
            lines = [
                f"={_weight(answer.fraction)}{_text(Text(answer.text, TextFormat.AUTO), TextFormat.AUTO)}"
                f"{_remark(answer.feedback, default)}"
                for answer in variants
            ]
        case Numeric(answers):
            last = len(answers) - 1
            lines = [_number(answer, default, last=index == last) for index, answer in enumerate(answers)]
        case Matching(pairs, distractors):
            lines = [f"={_text(pair.left, default)} -> {escape(pair.right)}" for pair in pairs]
            lines += [f"= -> {escape(distractor)}" for distractor in distractors]
        case _:
            lines = []
    opening = "#\n" if isinstance(entry.kind, Numeric) else "\n"
    return opening + "".join(f"\t{line}\n" for line in [*lines, *filter(None, [general])])


def _remark(text: Text, default: TextFormat) -> str:
    return f"#{_text(text, default)}" if text else ""


def _weight(fraction: Fraction) -> str:
    return f"%{write_percent(fraction)}%"


def _choice(choice: Choice, default: TextFormat, *, single: bool) -> str:
    right = single and choice.fraction == 1
    weight = _weight(choice.fraction) if choice.fraction and not right else ""
    return ("=" if right else "~") + weight + _text(choice.text, default) + _remark(choice.feedback, default)


def _number(answer: NumericAnswer, default: TextFormat, *, last: bool) -> str:
    remark = _remark(answer.feedback, default)
    match answer.accepts:
        case Near(value, tolerance):
            number = f"{plain_number(value)}:{plain_number(tolerance)}"
        case Between(low, high):
            number = f"{plain_number(low)}..{plain_number(high)}"
        case None:
            if last and not answer.fraction:
                return "~" + (remark or "#")
            number = "*"
    return f"={_weight(answer.fraction)}{number}{remark}"
