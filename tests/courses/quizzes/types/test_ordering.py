import itertools
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.domain.freezing import freeze_question
from courses.quizzes.types.ordering import Ordering
from tests.courses.quizzes.types.junk import JUNK
from tests.factories.quizzes import choice_id, make_question

KIND = Ordering()
BODY = {"items": ["a", "b", "c", "d"]}
ORDER = ["c", "a", "d", "b"]
PARTIAL, WHOLE = {"order": ORDER, "partial": True}, {"order": ORDER, "partial": False}
TEXTS = {"items": {"a": "A", "b": "B", "c": "C", "d": "D"}}
VALUES = [list(value) for value in itertools.permutations([*"abcd", None, None, None], 4) if any(value)]


@given(JUNK)
def test_any_junk_is_a_clean_value_or_no_answer(raw):
    value = KIND.clean_answer(BODY, raw)
    if value is not None:
        placed = [item for item in value if item is not None]
        assert (len(value), len(set(placed))) == (4, len(placed))
        assert placed
        assert set(placed) <= set("abcd")
        assert KIND.clean_answer(BODY, value) == value
        assert 0 <= KIND.grade(BODY, PARTIAL, value) <= 1
    KIND.input_context(BODY, TEXTS, raw)
    KIND.is_blank(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (["c", "a", "d", "b"], ["c", "a", "d", "b"]),
        (["c"], ["c", None, None, None]),
        ([None, "a"], [None, "a", None, None]),
        ({"c": "1", "a": "2", "d": "3", "b": "4"}, ["c", "a", "d", "b"]),
        ({"a": "2", "b": ""}, [None, "a", None, None]),
        ({"a": "1", "b": "1"}, None),
        ({"a": "5"}, None),
        ({"a": "0"}, None),
        ({"a": 1}, None),
        ({"q": "1"}, None),
        (["a", "a"], None),
        (["a", "b", "c", "d", "a"], None),
        (["q"], None),
        ([None, None], None),
        ("abcd", None),
    ],
)
def test_each_item_has_one_place(raw, value):
    assert KIND.clean_answer(BODY, raw) == value


@pytest.mark.parametrize(
    ("raw", "blank"),
    [({}, True), ([], True), ([None], True), ({"a": ""}, True), (["a"], False), ({"a": "9"}, False)],
)
def test_untouched_selects_are_no_answer(raw, blank):
    assert KIND.is_blank(raw) is blank


def test_a_form_names_item_and_place_and_keeps_a_place_given_twice():
    raw = KIND.raw_from_form(QueryDict("answer=a+2&answer=&answer=c+2"), "answer")
    assert raw == {"a": "2", "c": "2"}
    lines = KIND.input_context(BODY, TEXTS, raw)["lines"]
    assert [(line["id"], line["chosen"]) for line in lines] == [("a", "2"), ("b", ""), ("c", "2"), ("d", "")]


def test_a_kept_answer_fills_the_selects():
    lines = KIND.input_context(BODY, TEXTS, ["c", None, "a", None])["lines"]
    assert [(line["text"], line["chosen"]) for line in lines] == [
        ("A", "3"),
        ("B", ""),
        ("C", "1"),
        ("D", ""),
    ]


def test_each_item_at_its_place_earns_its_share():
    values = (ORDER, ["c", "a", "b", "d"], ["b", "c", "a", "d"], ["c", None, None, None])
    assert [KIND.grade(BODY, PARTIAL, value) for value in values] == [1, Fraction(1, 2), 0, Fraction(1, 4)]
    assert [KIND.grade(BODY, WHOLE, value) for value in values] == [1, 0, 0, 0]


def test_one_more_item_at_its_place_earns_a_share_more_and_only_all_of_them_earn_everything():
    for value in VALUES:
        share = KIND.grade(BODY, PARTIAL, value)
        assert 0 <= share <= 1
        assert (share == 1) == (value == ORDER) == (KIND.grade(BODY, WHOLE, value) == 1)
        for at, item in enumerate(ORDER):
            if value[at] is None and item not in value:
                better = [*value[:at], item, *value[at + 1 :]]
                assert KIND.grade(BODY, PARTIAL, better) == share + Fraction(1, 4)


@given(st.permutations(BODY["items"]), st.sampled_from(VALUES))
def test_the_order_in_which_items_are_shown_has_no_effect(items, value):
    shuffled = {"items": items}
    cleaned = KIND.clean_answer(shuffled, value)
    assert KIND.grade(shuffled, PARTIAL, cleaned) == KIND.grade(BODY, PARTIAL, value)


def test_the_paper_does_not_tell_the_order(locales):
    variants = make_question("ordering")
    ids = {choice_id(variants["fr"].translation_key, number) for number in range(4)}
    row, secret = freeze_question(list(variants.values()))
    items, order = row["body"]["items"], secret["answer"]["order"]
    assert items == sorted(items)
    assert sorted(order) == items
    assert not ids & set(items)
    for language in ("ar", "en", "fr"):
        words = row["texts"][language]["items"]
        assert [words[item] for item in order] == [f"Item {number} {language}" for number in range(4)]
        # Nor do the words, which are written by name.
        assert sorted(words) == items
    assert freeze_question(list(variants.values())) == (row, secret)


def test_over_many_questions_the_place_of_an_item_tells_nothing(locales):
    first = 0
    for _ in range(60):
        row, secret = freeze_question([make_question("ordering", languages=("fr",))["fr"]])
        first += row["body"]["items"][0] == secret["answer"]["order"][0]
    assert 3 <= first <= 30


def test_a_language_without_words_for_all_or_with_twice_the_same_does_not_fit(locales):
    variants = make_question("ordering")
    body, arabic = KIND.freeze(variants["fr"]).body, KIND.freeze(variants["ar"]).texts
    assert KIND.fits(body, arabic)
    assert not KIND.fits(body, {"items": dict(list(arabic["items"].items())[1:])})
    assert not KIND.fits(body, {"items": dict.fromkeys(arabic["items"], "same")})


def test_a_review_marks_no_item_before_the_answers_are_shown():
    value = ["c", "b", None, "a"]
    hidden = KIND.review_context(BODY, PARTIAL, TEXTS, {}, value, reveal=False)
    shown = KIND.review_context(BODY, PARTIAL, TEXTS, {}, value, reveal=True)
    assert hidden == {
        "rows": [{"mine": text, "verdict": ""} for text in ("C", "B", "", "A")],
        "key": [],
    }
    assert [row["verdict"] for row in shown["rows"]] == ["right", "wrong", "", "wrong"]
    assert shown["key"] == ["C", "A", "D", "B"]
    assert KIND.review_context(BODY, PARTIAL, TEXTS, {}, None, reveal=True)["key"] == ["C", "A", "D", "B"]
    assert KIND.review_context(BODY, PARTIAL, TEXTS, {}, ORDER, reveal=True)["key"] == []


def test_an_answer_in_words():
    assert KIND.in_words(BODY, TEXTS, ["c", None, "a", None]) == "1. C · 2. … · 3. A · 4. …"


@pytest.mark.parametrize(
    ("texts", "word"),
    [
        ([], "Write at least two items."),
        (["A"], "Write at least two items."),
        (["A", "B", "A"], "Two items have the same text."),
    ],
)
def test_a_trainer_is_told_what_a_sequence_lacks(locales, texts, word):
    rows = [{"type": "item", "value": {"text": text}} for text in texts]
    question = make_question("ordering", languages=("fr",), sequence=rows)["fr"]
    with pytest.raises(ValidationError) as refused:
        question.full_clean()
    assert refused.value.message_dict == {"sequence": [gettext(word)]}


def test_a_good_sequence_is_accepted(locales):
    make_question("ordering", languages=("fr",))["fr"].full_clean()
