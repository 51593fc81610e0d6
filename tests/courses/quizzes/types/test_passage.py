from decimal import Decimal

import pytest
from django.utils.translation import gettext, override
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.quizzes.types.passage import GapKind, differences, parse_passage

# What passages are made of, so that brackets meet in every way.
PIECES = st.sampled_from(
    ["[[", "]]", "|", "\\|", "=", "#", "30", "±", "2,5", "*", "[", "]", "\n", " ", "a", "ب", "٣٠", "x" * 201]
)


def gap(source):
    [found] = parse_passage(source).gaps
    return found


@settings(max_examples=150)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=40))
def test_any_text_is_a_passage_whose_pieces_lie_around_its_gaps(source):
    passage = parse_passage(source)
    assert len(passage.pieces) == len(passage.gaps) + 1
    for found in passage.gaps:
        assert found.tolerance >= 0
        assert found.kind is not GapKind.CHOICE or len(set(found.words)) == len(found.words) >= 2
        assert found.kind is not GapKind.TEXT or found.words
    # A gap that can't be read stays in the text, and is a problem.
    assert any("[[" in piece for piece in passage.pieces) <= bool(passage.problems)


def test_each_kind_of_gap_is_read():
    passage = parse_passage("Un [[bon|mauvais | pire]] mot, [[=oui|d'accord|]] et [[#-2,5±0,5]] ans.\r\nFin")
    assert passage.pieces == ("Un ", " mot, ", " et ", " ans.\nFin")
    assert [found.form for found in passage.gaps] == [
        (GapKind.CHOICE, 3),
        (GapKind.TEXT, 0),
        (GapKind.NUMBER, 0),
    ]
    assert [found.words for found in passage.gaps[:2]] == [("bon", "mauvais", "pire"), ("oui", "d'accord")]
    assert (passage.gaps[2].number, passage.gaps[2].tolerance) == (Decimal("-2.5"), Decimal("0.5"))
    assert passage.problems == ()


@pytest.mark.parametrize(
    ("source", "number", "tolerance"),
    [
        ("[[#30]]", "30", "0"),
        ("[[#٣٠±٢]]", "30", "2"),
        ("[[#2,5]]", "2.5", "0"),
        ("[[# 30 +- 2 ]]", "30", "2"),
        ("[[#30+/-2]]", "30", "2"),
        ("[[#1 500]]", "1500", "0"),
    ],
)
def test_numbers_are_read_as_people_write_them(source, number, tolerance):
    assert (gap(source).number, gap(source).tolerance) == (Decimal(number), Decimal(tolerance))


def test_a_bar_and_a_star_may_be_meant():
    assert gap(r"[[a\|b|c]]").words == ("a|b", "c")
    assert gap(r"[[=5 \* 3]]").words == (r"5 \* 3",)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("no gap", ["Write at least one gap, between [[ and ]]."]),
        ("[[a|b", ["Gap 1 isn't closed: ]] is missing."]),
        ("[[a|b]] and ]]", ["There is a ]] without its [[."]),
        ("[[a|b]] [[c|[[d|e]]", ["Gap 2 isn't closed: ]] is missing."]),
        ("[[a]]", ["Gap 1: write at least two choices, and no empty one."]),
        ("[[a|]]", ["Gap 1: write at least two choices, and no empty one."]),
        ("[[a|b]] [[a|b|a]]", ["Gap 2: two choices are the same."]),
        ("[[=]]", ["Gap 1: write at least one answer that is accepted."]),
        ("[[=oui|*]]", ["Gap 1: nothing but * would accept any answer."]),
        ("[[#]]", ["Gap 1: write a number, for example 30, 2,5 or 30±2."]),
        ("[[#30±-2]]", ["Gap 1: write a number, for example 30, 2,5 or 30±2."]),
        ("[[#30±2±1]]", ["Gap 1: write a number, for example 30, 2,5 or 30±2."]),
        ("[[#about 30]]", ["Gap 1: write a number, for example 30, 2,5 or 30±2."]),
        (f"[[a|{'x' * 201}]]", ["Gap 1: a choice has at most 200 characters."]),
        (f"[[={'x' * 201}]]", ["Gap 1: an accepted answer has at most 200 characters."]),
        ("[[a|b]]" * 21, ["A passage has at most 20 gaps."]),
        ("[[" + "|".join(map(str, range(21))) + "]]", ["Gap 1: at most 20 choices."]),
    ],
)
def test_a_trainer_is_told_which_gap_is_wrong_and_how(source, words):
    with override("en"):
        assert [str(problem) for problem in parse_passage(source).problems] == words


@pytest.mark.parametrize(
    ("variant", "words"),
    [
        ("[[#1]] [[c|d]] [[=z]]", ["Gap 1 is of another kind in the original.", "Gap 2 is of another kind in the original."]),
        ("[[c|d|e]] [[#1]] [[=z]]", ["Gap 1 has 2 choices in the original."]),
        ("[[c|d]] [[#1]]", ["The original has 3 gaps, this language has 2."]),
        ("z [[=one|more]] ", ["The original has 3 gaps, this language has 1."]),
        ("[[c|d]] [[#31±5]] [[=other|words]]", []),
    ],
)  # fmt: skip
def test_another_language_has_the_same_gaps(variant, words):
    with override("en"):
        found = differences(parse_passage("[[a|b]] [[#30]] [[=y]]"), parse_passage(variant))
        assert [str(word) for word in found] == [gettext(word) for word in words]
