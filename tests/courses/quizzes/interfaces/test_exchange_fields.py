"""What the entries of files become: a type of ours with its fields, or a reason."""

from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from courses.quizzes.interfaces.exchange.entries import (
    Between,
    Choice,
    ChoicesGap,
    Cloze,
    Entry,
    Gap,
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
)
from courses.quizzes.interfaces.exchange.plain import plain
from courses.quizzes.interfaces.exchange.report import Unusable
from courses.quizzes.interfaces.exchange_fields import fields_of

HTML = TextFormat.HTML


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def made(kind, **changes):
    stem = Text("") if isinstance(kind, Cloze) else Text("Who signs?")
    return fields_of(Entry(stem, kind, **changes))


def lost(fields):
    return [str(remark) for remark in fields.losses]


def refusal(kind, **changes):
    with pytest.raises(Unusable) as refused:
        made(kind, **changes)
    return str(refused.value.remark)


def choice(text, fraction=0, feedback=""):
    return Choice(Text(text), Fraction(fraction), Text(feedback))


def test_a_single_choice():
    fields = made(
        SingleChoice((choice("One", 1, "Well"), choice("Two", feedback="Read again"))),
        feedback=Text("Art. 6"),
        points=Decimal(2),
    )
    assert (fields.type, dict(fields.words), dict(fields.key), lost(fields)) == (
        "single_choice",
        {"stem": "Who signs?", "feedback": "Art. 6"},
        {"points": 2},
        [],
    )
    assert [dict(row.value) for row in fields.streams["choices"]] == [
        {"text": "One", "correct": True, "feedback": "Well"},
        {"text": "Two", "correct": False, "feedback": "Read again"},
    ]


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (SingleChoice((choice("a", 1), choice("b", 1), choice("c"))), "Several of its choices are right"),
        (SingleChoice((choice("a", Fraction(1, 2)), choice("c"))), "None of its choices is fully right"),
        (MultipleChoice((choice("a", 1), choice("b", Fraction(1, 2)))), "All of its choices are right"),
        (MultipleChoice((choice("x" * 501, 1), choice("b"))), "longer than 500 characters"),
        (Numeric((NumericAnswer(Near(Decimal(1))), NumericAnswer(Near(Decimal(2))))), "several numbers"),
        (Numeric((NumericAnswer(None),)), "accepts any number"),
        (Numeric((NumericAnswer(Near(Decimal("0.0000001"))),)), "too many digits"),
        (Numeric((NumericAnswer(Near(Decimal(10) ** 15)),)), "too many digits"),
        (ShortText((TextAnswer("a", Fraction(1, 2)),)), "None of its answers is fully right"),
        (Open(Text("x" * 301)), "longer than 300 characters"),
        (Cloze(("a [[ b ", Gap(TextGap((TextAnswer("c"),))))), "double brackets"),
        (Cloze(("a ", Gap(TextGap((TextAnswer("*"),))))), "would accept any answer"),
        (Cloze(("a ", Gap(ChoicesGap((choice("=b", 1), choice("c")))))), "a sign that marks gaps"),
        (Cloze(("a ", Gap(ChoicesGap((choice("b", 1), choice("c", 1)))))), "several right choices"),
        (Cloze(("a ", Gap(ChoicesGap((choice("b]", 1), choice("c")), multiple=True)))), "several right"),
    ],
)
def test_what_no_type_can_ask_is_left_out_with_the_reason(kind, word):
    assert word in refusal(kind)


def test_a_stem_of_markup_alone_asks_nothing():
    with pytest.raises(Unusable, match="no question text"):
        fields_of(Entry(Text("<p></p>", HTML), TrueFalse(True)))


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (SingleChoice((choice("a", 1), choice("b", Fraction(1, 2)))), "earn a part of the points"),
        (SingleChoice((choice("a", 1), choice("b", -1))), "Points taken off"),
        (
            MultipleChoice((choice("a", Fraction(3, 4)), choice("b", Fraction(1, 4)), choice("c"))),
            "weigh differently",
        ),
        (TrueFalse(True, Text("Yes"), Text("")), "only choices have remarks"),
        (
            Numeric(
                (NumericAnswer(Near(Decimal(1))), NumericAnswer(Near(Decimal(1), Decimal(3)), Fraction(1, 2)))
            ),
            "earn a part",
        ),
        (ShortText((TextAnswer("a"),), case_sensitive=True), "Capital letters don't count"),
        (ShortText((TextAnswer("a"), TextAnswer("*", Fraction(0), Text("No")))), "only choices have remarks"),
        (Matching((Pair(Text("a"), "1"), Pair(Text("b"), "2")), ("1", "3", "3")), "taken once"),
        (Open(), "write the criteria"),
        (
            Cloze(
                ("a ", Gap(TextGap((TextAnswer("b"),)), 2), " c ", Gap(NumberGap((NumericAnswer(Near(Decimal(3))),))))
            ),
            "All gaps weigh the same",
        ),
    ],
)  # fmt: skip
def test_what_is_dropped_is_said_once(kind, word):
    (loss,) = lost(made(kind))
    assert word in loss


@pytest.mark.parametrize(
    ("wrong", "scoring"),
    [((-1, -1), "all"), ((0, 0), "share"), ((Fraction(-1, 2), Fraction(-1, 2)), "penalised")],
)
def test_what_wrong_choices_take_away_says_how_a_partly_right_answer_is_scored(wrong, scoring):
    half = Fraction(1, 2)
    choices = (choice("a", half), choice("b", half), *(choice(f"w{n}", w) for n, w in enumerate(wrong)))
    fields = made(MultipleChoice(choices))
    assert (fields.key["choice_scoring"], lost(fields)) == (scoring, [])


def test_choices_that_earn_something_are_right():
    half = Fraction(1, 2)
    fields = made(MultipleChoice((choice("a", half), choice("b", half), choice("c", -1))))
    assert (fields.type, lost(fields)) == ("multiple_choice", [])
    assert [row.value["correct"] for row in fields.streams["choices"]] == [True, True, False]


@pytest.mark.parametrize(("points", "kept"), [("2.5", 3), ("0", 1), ("0.3333", 1), ("1000", 100)])
def test_points_become_whole(points, kept):
    fields = made(TrueFalse(False), points=Decimal(points))
    assert fields.key == {"points": kept, "statement_is_true": False}
    assert lost(fields) == [f"Points are whole numbers from 1 to 100: {points} become {kept}."]


def test_numbers_texts_pairs_and_items():
    numeric = made(Numeric((NumericAnswer(Between(Decimal(28), Decimal(31))),), "jours"))
    assert (numeric.key["number"], numeric.key["tolerance"], numeric.words["unit"]) == (
        Decimal("29.5"),
        Decimal("1.5"),
        "jours",
    )
    assert made(ShortText((TextAnswer("Tunis"), TextAnswer("تونس*")))).words["accepted"] == "Tunis\nتونس*"
    matching = made(Matching((Pair(Text("a"), "1"), Pair(Text("b"), "2")), ("3",)))
    assert [(row.kind, dict(row.value)) for row in matching.streams["pairs"]] == [
        ("pair", {"prompt": "a", "option": "1"}),
        ("pair", {"prompt": "b", "option": "2"}),
        ("distractor", {"option": "3"}),
    ]
    ordering = made(Ordering((Text("first"), Text("then"))))
    assert [row.value["text"] for row in ordering.streams["sequence"]] == ["first", "then"]


def test_a_passage_with_gaps():
    gaps = (
        Gap(ChoicesGap((choice("wrong"), choice("ri|ght", 1)))),
        Gap(TextGap((TextAnswer("Tunis"), TextAnswer("Sfax", Fraction(0))))),
        Gap(NumberGap((NumericAnswer(Near(Decimal(30), Decimal("0.5"))),))),
        Gap(NumberGap((NumericAnswer(Near(Decimal(500))),))),
    )
    source = (
        "<p>Complete.</p><p>It is ",
        gaps[0],
        " in ",
        gaps[1],
        ",</p><p>",
        gaps[2],
        " or ",
        gaps[3],
        ".</p>",
    )
    fields = made(Cloze(source, HTML), points=Decimal(4))
    assert (fields.type, fields.words["stem"], fields.key["points"]) == ("cloze", "Complete.", 4)
    assert fields.words["passage"] == "It is [[ri\\|ght|wrong]] in [[=Tunis]],\n\n[[#30±0.5]] or [[#500]]."


def test_a_passage_without_a_question_gets_one_in_its_language():
    with translation.override("en"):
        assert made(Cloze(("a ", Gap(TextGap((TextAnswer("b"),)))))).words["stem"] == "Fill in the gaps."


def test_notes_for_marking_become_criteria_that_share_the_points():
    fields = made(Open(Text("<ul><li>Names the law</li><li>Says when</li></ul>", HTML)), points=Decimal(5))
    assert [dict(row.value) for row in fields.streams["rubric"]] == [
        {"text": "Names the law", "points": 3},
        {"text": "Says when", "points": 2},
    ]


@pytest.mark.parametrize(
    ("source", "format", "words", "losses"),
    [
        ("<p>One &amp; two</p>\n<p>three<br>four</p>", HTML, "One & two\n\nthree\nfour", 0),
        ("<ul><li>a</li><li>b</li></ul>", HTML, "– a\n– b", 0),
        ("a <b>bold</b> and <a href='http://x.example'>link</a>", HTML, "a bold and link", 1),
        ("<script>alert(1)</script>a", HTML, "a", 1),
        ("a<style>p{}", HTML, "a", 1),
        ("<script/>a", HTML, "a", 0),
        ('<img src="@@PLUGINFILE@@/a%20b.png">', HTML, "[a b.png]", 0),
        ('<img src="@@PLUGINFILE@@/a.png" alt="A stamp">', HTML, "[A stamp]", 0),
        ("one\ntwo <b>x</b>", TextFormat.AUTO, "one\ntwo x", 1),
        ("one\n2 < 3 &lt; 4", TextFormat.AUTO, "one\n2 < 3 < 4", 0),
        ("<b>as it stands</b> &amp;", TextFormat.PLAIN, "<b>as it stands</b> &amp;", 0),
        ("**bold**", TextFormat.MARKDOWN, "**bold**", 1),
        ("<table><tr><td>a</td><td>b</td></tr></table>", HTML, "a b", 1),
        ("&#x1F600;<p>الجمعية</p>", HTML, "😀\n\nالجمعية", 0),
        ("<p>2 <3, a<b and <!-- a < b --><b>c</b>", HTML, "2 <3, a<b and c", 1),
        ("one <!-- never closed", HTML, "one <!-- never closed", 0),
    ],
)
def test_texts_become_plain(source, format, words, losses):
    found = []
    assert plain(Text(source, format), found) == words
    assert len(found) == losses
