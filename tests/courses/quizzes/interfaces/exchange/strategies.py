"""Entries for property tests: words of three scripts, and every sign that a format could take for its own."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from courses.quizzes.interfaces.exchange.entries import (
    PICTURE,
    Between,
    Choice,
    ChoicesGap,
    Cloze,
    Entry,
    Gap,
    Image,
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
    TrueFalse,
    clean_line,
    clean_text,
)

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8
GIF = b"GIF89a" + b"\1" * 8

PIECES = st.sampled_from(
    [
        *"abAZé09 .,;:!?«»()[]{}*_`~#+-=|<>&\\/'\"@%^$…،؟\n",
        *("\u00a0", "\u200f", "😀", "ـّ", "\t", "\ufeff", "\u0085", "\x00", "\r\n", "\u2028"),
        *("الجمعية", "ولاية", "500 dinars", "l'art.", "// ", "::", "####", "->", "%50%", "%-100%", "=%50%", "..", "//"),
        *("\\n", "\\\\", "\\=", "[html]", "[x]", "$CATEGORY: ", "TRUE", "T", "]]>", "<![CDATA[", "&amp;", "&#35;", "&lt;b>"),
        *("<b>", "</b>", "<img src=\"@@PLUGINFILE@@/a%20b.png\">", "{1:SA:=", "{1:MC", "~%", "ANSWER: A", "A) ", "[tag:", "[id:a]"),
    ]
)  # fmt: skip
texts = st.lists(PIECES, min_size=1, max_size=8).map("".join).map(clean_text).filter(bool)
lines = st.lists(PIECES, min_size=1, max_size=6).map("".join).map(clean_line).filter(bool)
formats = st.sampled_from(list(TextFormat))
full_texts = st.builds(Text, texts, formats)
maybe_texts = st.one_of(st.just(Text("")), full_texts)
fractions = st.one_of(
    st.sampled_from(
        [Fraction(0), Fraction(1), Fraction(-1), Fraction(1, 3), Fraction(-1, 7), Fraction(1, 8)]
    ),
    st.integers(-100, 100).map(lambda percent: Fraction(percent, 100)),
    st.builds(Fraction, st.integers(-10, 10), st.integers(10, 30)),
)
numbers = st.decimals(
    min_value=Decimal(-1_000_000), max_value=Decimal(1_000_000), allow_nan=False, places=4
).map(lambda number: number.normalize() + 0)
margins = st.sampled_from([Decimal(0), Decimal("0.5"), Decimal("0.001"), Decimal(20)])


def _righted(answers: list, wanted=lambda fraction: fraction > 0) -> tuple:
    """With a first answer that is fully right, where none is right enough."""
    if any(wanted(answer.fraction) for answer in answers):
        return tuple(answers)
    return (replace(answers[0], fraction=Fraction(1)), *answers[1:])


def choices(text: st.SearchStrategy[Text] = full_texts, remark: st.SearchStrategy[Text] = maybe_texts):
    choice = st.builds(Choice, text, fractions, remark)
    return st.lists(choice, min_size=2, max_size=4).map(_righted)


def variants(remark: st.SearchStrategy[Text] = maybe_texts, text: st.SearchStrategy[str] = lines):
    return st.lists(st.builds(TextAnswer, text, fractions, remark), min_size=1, max_size=3).map(_righted)


def number_answers(accepts: st.SearchStrategy, remark: st.SearchStrategy[Text] = maybe_texts):
    """The first answer, which is a number, is right; others may be any number."""
    first = st.builds(NumericAnswer, accepts, st.just(Fraction(1)), remark)
    other = st.builds(NumericAnswer, st.one_of(accepts, st.none()), fractions, remark)
    return st.tuples(st.lists(other, max_size=1), first, st.lists(other, max_size=2)).map(
        lambda parts: (*parts[0], parts[1], *parts[2])
    )


near = st.builds(Near, numbers, margins)
between = st.builds(lambda low, width: Between(low, low + width), numbers, margins)
single_choices = choices().map(
    lambda made: SingleChoice(_righted(list(made), lambda fraction: fraction == 1))
)
multiple_choices = st.builds(MultipleChoice, choices())
true_false = st.builds(TrueFalse, st.booleans(), maybe_texts, maybe_texts)
numeric = st.builds(Numeric, number_answers(st.one_of(near, between)))
short_texts = st.builds(ShortText, variants())
pairs = st.lists(st.builds(Pair, full_texts, lines), min_size=2, max_size=4).map(tuple)
matching = st.builds(Matching, pairs, st.lists(lines, max_size=2).map(tuple))


def gift_kinds():
    return st.one_of(
        single_choices, multiple_choices, true_false, numeric, short_texts, matching, st.just(Open())
    )


def _common(**more):
    return {
        "name": st.one_of(st.just(""), lines),
        "identifier": st.one_of(st.just(""), lines),
        "category": st.lists(lines, max_size=3).map(tuple),
        "tags": st.lists(lines, max_size=3).map(tuple),
        "feedback": maybe_texts,
        **more,
    }


def gift_entries():
    """What a GIFT file can hold whole, but for arrows in some places."""
    return st.builds(Entry, full_texts, gift_kinds(), **_common())


@st.composite
def clozes(draw: st.DrawFn) -> Cloze:
    """With answers in the format of the passage, as Moodle has them."""
    format = draw(formats)
    own = texts.map(lambda text: Text(text, format))
    remark = st.one_of(st.just(Text("")), own)
    gaps = st.builds(
        Gap,
        st.one_of(
            st.builds(ChoicesGap, choices(own, remark), st.booleans()),
            st.builds(TextGap, variants(remark), st.booleans()),
            st.builds(NumberGap, number_answers(near, remark)),
        ),
        st.integers(1, 9),
    )
    parts = draw(st.lists(st.one_of(texts, st.just(" "), gaps), min_size=1, max_size=5))
    return Cloze((draw(texts), *parts, draw(gaps)), format)


images = st.lists(
    st.builds(
        lambda name, png: Image(name, *(("image/png", PNG) if png else ("image/gif", GIF))),
        st.sampled_from(["a b.png", "é.png", "c.gif"]),
        st.booleans(),
    ),
    max_size=2,
    unique_by=lambda image: image.name,
).map(tuple)


@st.composite
def moodle_entries(draw: st.DrawFn) -> Entry:
    """What a Moodle XML file can hold whole."""
    kind = draw(
        st.one_of(
            single_choices,
            multiple_choices,
            true_false,
            st.builds(Numeric, number_answers(near), st.one_of(st.just(""), lines)),
            st.builds(ShortText, variants(), st.booleans()),
            matching,
            st.builds(Ordering, st.lists(full_texts, min_size=2, max_size=4).map(tuple)),
            clozes(),
            st.builds(Open, maybe_texts),
        )
    )
    cloze = isinstance(kind, Cloze)
    points = (
        st.just(Decimal(sum(gap.weight for gap in kind.gaps)))
        if cloze
        else st.sampled_from([Decimal(1), Decimal(0), Decimal("2.5"), Decimal("0.3333333")])
    )
    stem = Text("") if cloze else draw(full_texts)
    more = {"hints": st.lists(full_texts, max_size=2).map(tuple)}
    # Longer ones are said to be shortened by Moodle.
    short = lines.filter(lambda line: len(line) <= 40)
    more |= {"provisions": st.lists(short, max_size=2).map(tuple), "objective": st.one_of(st.just(""), short)}
    return draw(
        st.builds(Entry, st.just(stem), st.just(kind), **_common(points=points, images=images, **more))
    )


def junk():
    """Bytes that no reader may stumble over."""
    signs = [b"{", b"}", b"=", b"~", b"#", b"\n", b"\n\n", b"::", b"->", b"####", b"%50%", b"a", b"1", b"..", b":", b"\\",
             b"<quiz>", b"</quiz>", b"<question type=\"", b"cloze", b"\">", b"</question>", b"<text>", b"</text>",
             b"{1:MC:", b"{1:NM:=", b"ANSWER: A\n", b"A) x\n", b"\xff", b"\xd8\xb9", b"\0", b"PK\x03\x04",
             b"<questestinterop>", b"<item>", b"<assessmentItem>", b"$CATEGORY:", b"//", b"&", b";", b"T", b"*"]  # fmt: skip
    return st.one_of(st.binary(max_size=60), st.lists(st.sampled_from(signs), max_size=25).map(b"".join))


__all__ = ["PICTURE", "clozes", "gift_entries", "junk", "moodle_entries"]
