import itertools
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.quizzes.types.multiple_choice import MultipleChoice
from courses.quizzes.types.single_choice import SingleChoice
from courses.quizzes.types.true_false import TrueFalse
from tests.factories.quizzes import make_question

BODY = {"choices": ["a", "b", "c"]}
TEXTS = {"choices": {"a": "A", "b": "B", "c": "C"}}
REMARKS = {"choices": {"a": "why not A", "b": "why B"}}
JUNK = [None, "", "x", 1, 1.5, True, [], ["x"], [["a"]], {"a": 1}, [None], "a,b", ["a", 1]]


@pytest.mark.parametrize("raw", [*JUNK, ["a"]])
def test_junk_is_no_single_choice(raw):
    assert SingleChoice().clean_answer(BODY, raw) is None


@pytest.mark.parametrize("raw", [*JUNK, "a", ["a", "x"]])
def test_junk_is_no_multiple_choice(raw):
    assert MultipleChoice().clean_answer(BODY, raw) is None


def test_several_choices_are_kept_once_each_and_in_order():
    assert MultipleChoice().clean_answer(BODY, ["c", "a", "c"]) == ["a", "c"]


def test_several_answers_are_all_or_nothing():
    kind, answer = MultipleChoice(), {"correct": ["a", "c"]}
    subsets = [list(s) for n in range(1, 4) for s in itertools.combinations("abc", n)]
    assert [s for s in subsets if kind.grade(BODY, answer, s) == 1] == [["a", "c"]]
    assert {kind.grade(BODY, answer, s) for s in subsets} == {0, 1}


FOUR = {"choices": ["a", "b", "c", "d"]}


@pytest.mark.parametrize(
    ("scoring", "chosen", "fraction"),
    [
        ("share", "a", Fraction(1, 2)),
        ("share", "ab", Fraction(1, 2)),
        ("share", "ac", Fraction(1)),
        ("share", "abc", Fraction(3, 4)),
        ("share", "abcd", Fraction(3, 4)),
        ("share", "bd", Fraction(0)),
        ("penalised", "a", Fraction(1, 2)),
        ("penalised", "ab", Fraction(0)),
        ("penalised", "ac", Fraction(1)),
        ("penalised", "abc", Fraction(1, 2)),
        ("penalised", "abcd", Fraction(0)),
    ],
)
def test_a_partly_right_answer_earns_what_the_question_says(scoring, chosen, fraction):
    answer = {"correct": ["a", "c"], "scoring": scoring}
    assert MultipleChoice().grade(FOUR, answer, list(chosen)) == fraction


@given(
    right=st.sets(st.sampled_from("abcd"), min_size=1, max_size=3),
    chosen=st.sets(st.sampled_from("abcd"), min_size=1),
    scoring=st.sampled_from(["all", "share", "penalised"]),
)
@settings(max_examples=60, deadline=None)
def test_points_grow_with_right_choices_never_with_wrong_ones_and_only_exactness_is_right(
    right, chosen, scoring
):
    def grade(ids):
        return MultipleChoice().grade(FOUR, {"correct": sorted(right), "scoring": scoring}, sorted(ids))

    assert 0 <= grade(chosen) <= 1
    assert (grade(chosen) == 1) == (chosen == right)
    for other in set("abcd") - chosen:
        if other in right and scoring != "all":
            assert grade(chosen | {other}) >= grade(chosen)
        if other not in right:
            assert grade(chosen | {other}) <= grade(chosen)


@pytest.mark.django_db
def test_the_scoring_is_part_of_the_key_where_it_gives_parts(locales):
    question = make_question("multiple_choice", correct=(0, 1))["fr"]
    assert "scoring" not in MultipleChoice().freeze(question).answer
    question.choice_scoring = "penalised"
    assert MultipleChoice().freeze(question).answer["scoring"] == "penalised"


def test_true_and_false_also_come_as_booleans():
    body = {"choices": ["true", "false"]}
    assert [TrueFalse().clean_answer(body, raw) for raw in (True, False, "true", "no")] == [
        "true",
        "false",
        "true",
        None,
    ]


def test_a_review_of_one_choice_marks_the_chosen_one_only():
    rows = SingleChoice().review_context(BODY, {"correct": ["b"]}, TEXTS, REMARKS, "a", reveal=False)[
        "choices"
    ]
    assert [(row["mine"], row["verdict"], row["key"], row["remark"]) for row in rows] == [
        (True, "wrong", False, "why not A"),
        (False, "", False, ""),
        (False, "", False, ""),
    ]


def test_a_review_of_several_choices_marks_none_before_the_answers_are_shown():
    kind, answer = MultipleChoice(), {"correct": ["a", "c"]}
    hidden = kind.review_context(BODY, answer, TEXTS, REMARKS, ["a", "b"], reveal=False)["choices"]
    shown = kind.review_context(BODY, answer, TEXTS, REMARKS, ["a", "b"], reveal=True)["choices"]
    assert [(row["mine"], row["verdict"], row["key"], row["remark"]) for row in hidden] == [
        (True, "", False, ""),
        (True, "", False, ""),
        (False, "", False, ""),
    ]
    assert [(row["mine"], row["verdict"], row["key"], row["remark"]) for row in shown] == [
        (True, "right", True, "why not A"),
        (True, "wrong", False, "why B"),
        (False, "", True, ""),
    ]


@pytest.mark.parametrize(
    ("kind", "correct", "field"),
    [
        ("single_choice", (), "choices"),
        ("single_choice", (0, 1), "choices"),
        ("multiple_choice", (), "choices"),
        ("multiple_choice", (0, 1, 2), "choices"),
        ("numeric", (), "number"),
        ("true_false", (), "statement_is_true"),
        ("no_such_type", (), "type"),
    ],
)
def test_a_trainer_is_told_what_a_question_lacks(locales, kind, correct, field):
    lacking = {"numeric": {"number": None}, "true_false": {"statement_is_true": None}}.get(kind, {})
    question = make_question(kind, languages=("fr",), correct=correct, **lacking)["fr"]
    with pytest.raises(ValidationError) as refused:
        question.full_clean()
    assert list(refused.value.message_dict) == [field]


def test_two_choices_with_the_same_text_are_refused(locales):
    question = make_question(languages=("fr",))["fr"]
    question.choices[2].value["text"] = question.choices[0].value["text"]
    with pytest.raises(ValidationError) as refused:
        question.full_clean()
    assert refused.value.message_dict == {"choices": [gettext("Two choices have the same text.")]}


@pytest.mark.parametrize("kind", ["single_choice", "multiple_choice", "numeric", "true_false"])
def test_a_good_question_is_accepted(locales, kind):
    question = make_question(kind, languages=("fr",), correct=(1,))["fr"]
    question.full_clean()
