import itertools
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.quizzes.domain.freezing import freeze_question
from courses.quizzes.domain.grading import clean, grade
from courses.quizzes.domain.paper import Paper
from courses.quizzes.types.cloze import Cloze
from tests.courses.quizzes.types.junk import JUNK
from tests.factories.quizzes import make_question, passage

KIND = Cloze()
BODY = {"gaps": [{"kind": "choice", "options": ["a", "b", "c"]}, {"kind": "text"}, {"kind": "number"}]}
GAPS = [{"option": "b"}, {"accepted": ["oui", "نعم"]}, {"number": "30", "tolerance": "2"}]
PARTIAL, WHOLE = {"gaps": GAPS, "partial": True}, {"gaps": GAPS, "partial": False}
TEXTS = {
    "pieces": ["One ", " two ", " three ", " jours."],
    "kinds": ["choice", "text", "number"],
    "options": {"a": "A", "b": "B", "c": "C"},
}
RIGHT = [{"b"}, {"oui", "نعم", "OUI"}, {"30", "28", "32"}]
WRONG = [{"a", "c", None}, {"non", None}, {"27", "33", None}]
VALUES = [list(each) for each in itertools.product(*(sorted(r, key=str) + sorted(w, key=str) for r, w in zip(RIGHT, WRONG, strict=True)))]  # fmt: skip


def right_gaps(value):
    return sum(each in right for each, right in zip(value, RIGHT, strict=True))


@settings(max_examples=150)
@given(JUNK | st.lists(JUNK | st.sampled_from(["a", "b", "30", "oui", ""]), max_size=4))
def test_any_junk_is_a_clean_value_or_no_answer(raw):
    raw = KIND.tidied(raw, [TEXTS])
    value = KIND.clean_answer(BODY, raw)
    if value is not None:
        assert len(value) == 3
        assert any(value)
        assert KIND.clean_answer(BODY, value) == value
        assert 0 <= KIND.grade(BODY, PARTIAL, value) <= 1
        KIND.in_words(BODY, TEXTS, value)
        KIND.review_context(BODY, PARTIAL, TEXTS, {}, value, reveal=True)
    KIND.input_context(BODY, TEXTS, raw)
    KIND.is_blank(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (["b", " la  déclaration ", "٣٠"], ["b", "la déclaration", "30"]),
        (["", "", "2,50"], [None, None, "2.5"]),
        (["a"], ["a", None, None]),
        (["", " \u200f", None], None),
        ([], None),
        (["q"], None),
        (["a", "x" * 201], None),
        (["a", "", "trente"], None),
        (["a", "", "30", ""], None),
        (["a", "", 30], None),
        ({"1": "a"}, None),
        ("a", None),
    ],
)
def test_each_gap_takes_what_can_be_its_answer(raw, value):
    assert KIND.clean_answer(BODY, raw) == value


@pytest.mark.parametrize(
    ("raw", "blank"),
    [([], True), (["", "", ""], True), (["", "\u200f", None], True), (None, True), ("", True), (["", "x"], False)],
)  # fmt: skip
def test_untouched_gaps_are_no_answer(raw, blank):
    assert KIND.is_blank(raw) is blank


def test_a_form_sends_the_gaps_in_their_order():
    data = QueryDict("answer=b&answer=&answer=30&other=x")
    assert KIND.raw_from_form(data, "answer") == ["b", "", "30"]


def test_the_word_behind_a_number_may_be_written_too():
    arabic = {**TEXTS, "pieces": ["", " ", " ", " يوما،"]}
    for raw in ("30 jours", "30jours", "30 يوما", "30"):
        assert KIND.tidied(["b", "30 jours", raw], [TEXTS, arabic]) == ["b", "30 jours", "30"]
    assert KIND.tidied(["", "", "30 ans"], [TEXTS, arabic])[2] == "30 ans"


def test_each_right_gap_earns_its_share_and_only_all_of_them_everything():
    for value in VALUES:
        share = KIND.grade(BODY, PARTIAL, value)
        assert share == Fraction(right_gaps(value), 3)
        assert (share == 1) == (KIND.grade(BODY, WHOLE, value) == 1)
        assert KIND.grade(BODY, WHOLE, value) in (0, 1)


@settings(max_examples=60)
@given(st.sampled_from(VALUES), st.integers(0, 2))
def test_one_more_right_gap_never_earns_less(value, place):
    better = [*value]
    better[place] = sorted(RIGHT[place])[0]
    gained = KIND.grade(BODY, PARTIAL, better) - KIND.grade(BODY, PARTIAL, value)
    assert gained == (Fraction(0) if value[place] in RIGHT[place] else Fraction(1, 3))


@settings(max_examples=60)
@given(st.permutations(range(3)), st.permutations(["a", "b", "c"]), st.sampled_from(VALUES))
def test_the_order_of_gaps_and_options_has_no_effect(order, options, value):
    gaps = [{**BODY["gaps"][0], "options": options}, *BODY["gaps"][1:]]
    body = {"gaps": [gaps[place] for place in order]}
    answer = {"gaps": [GAPS[place] for place in order], "partial": True}
    shuffled = [value[place] for place in order]
    assert KIND.grade(body, answer, shuffled) == KIND.grade(BODY, PARTIAL, value)


def test_a_language_adds_what_it_accepts_and_the_original_decides_the_rest(locales):
    variants = make_question("cloze")
    variants["ar"].passage = "A [[x|y|z]] b [[=كلمة]] c [[#99]]"
    row, secret = freeze_question(list(variants.values()))
    paper = Paper.load({"pass_mark": 70, "titles": {}, "questions": [row]}, {row["key"]: secret})
    [question] = paper.questions
    [first, *_gaps] = secret["answer"]["gaps"]
    assert secret["answer"]["gaps"][1:] == [
        {"accepted": ["Word fr", "*mot*", "كلمة", "Word en"]},
        {"number": "30", "tolerance": "2"},
    ]

    def score(*raw):
        return grade(paper, {question.key: list(raw)}).score

    # The Arabic passage shows the same choices under the same names.
    assert row["texts"]["ar"]["options"][first["option"]] == "x"
    assert row["texts"]["fr"]["options"][first["option"]] == "Gap 0 fr"
    assert [score(first["option"], "كَلِمة", "32 days"), score("", "les mots", ""), score("", "", "99")] == [
        1,
        Fraction(1, 3),
        0,
    ]
    assert clean(question, ["", "", "30 days en"]) is None
    # Nothing that tells an answer lies where the learner's page comes from.
    assert "Word" not in str(row)
    assert "accepted" not in str(row)
    assert row["body"]["gaps"][0]["options"] == sorted(row["body"]["gaps"][0]["options"])
    assert freeze_question(list(variants.values())) == (row, secret)


@pytest.mark.parametrize(
    "stale", ["[[a|b]] [[=x]] [[#30]]", "[[=x]] [[a|b|c]] [[#30]]", "[[a|b|c]] [[=x]]", "no gap"]
)
def test_a_language_with_other_gaps_gets_the_original_words(locales, stale):
    variants = make_question("cloze")
    variants["ar"].passage = stale
    row, secret = freeze_question(list(variants.values()))
    assert set(row["texts"]) == {"fr", "en"}
    # The kinds alone say which gap a text belongs to.
    assert ("x" in secret["answer"]["gaps"][1]["accepted"]) is (stale == "[[a|b]] [[=x]] [[#30]]")


def test_over_many_questions_the_place_of_the_right_option_tells_nothing(locales):
    first = 0
    for _ in range(60):
        frozen = KIND.freeze(make_question("cloze", languages=("fr",))["fr"])
        first += frozen.answer["gaps"][0]["option"] == frozen.body["gaps"][0]["options"][0]
    assert 5 <= first <= 40


def test_a_review_tells_each_gap_only_when_it_may():
    value = ["b", "non", None]
    hidden = KIND.review_context(BODY, PARTIAL, TEXTS, {"accepted": {"2": "o*i"}}, value, reveal=False)
    shown = KIND.review_context(BODY, PARTIAL, TEXTS, {"accepted": {"2": "o*i"}}, value, reveal=True)
    assert [(row["mine"], row["verdict"], row["key"]) for row in hidden["gaps"]] == [
        ("B", "", ""),
        ("non", "", ""),
        ("", "", ""),
    ]
    assert [(row["mine"], row["verdict"], row["key"]) for row in shown["gaps"]] == [
        ("B", "right", ""),
        ("non", "wrong", "o…i"),
        ("", "", "30 ± 2"),
    ]
    assert KIND.in_words(BODY, TEXTS, value) == "1. B · 2. non · 3. …"
    assert len(KIND.review_context(BODY, PARTIAL, TEXTS, {}, None, reveal=True)["gaps"]) == 3


def test_a_passage_that_cannot_be_read_is_refused(locales):
    question = make_question("cloze", languages=("fr",), passage="[[a]]")["fr"]
    with pytest.raises(ValidationError) as refused:
        question.full_clean()
    assert list(refused.value.message_dict) == ["passage"]
    question.passage = passage("fr")
    question.full_clean()
