import itertools
from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.domain.freezing import freeze_question
from courses.quizzes.types.matching import Matching
from tests.courses.quizzes.types.junk import JUNK
from tests.factories.quizzes import choice_id, make_question

KIND = Matching()
BODY = {"prompts": ["a", "b", "c"], "options": ["w", "x", "y", "z"]}
PAIRS = {"a": "x", "b": "y", "c": "x"}
PARTIAL, WHOLE = {"pairs": PAIRS, "partial": True}, {"pairs": PAIRS, "partial": False}
TEXTS = {
    "prompts": {"a": "A", "b": "B", "c": "C"},
    "options": {"w": "W", "x": "X", "y": "Y", "z": "Z", "unused": "U"},
}
VALUES = [
    {prompt: option for prompt, option in zip("abc", options, strict=True) if option}
    for options in itertools.product(["", *BODY["options"]], repeat=3)
    if any(options)
]


@given(JUNK)
def test_any_junk_is_a_clean_value_or_no_answer(raw):
    value = KIND.clean_answer(BODY, raw)
    if value is not None:
        assert set(value) <= set("abc")
        assert set(value.values()) <= set("wxyz")
        assert value
        assert KIND.clean_answer(BODY, value) == value
        assert 0 <= KIND.grade(BODY, PARTIAL, value) <= 1
    KIND.input_context(BODY, TEXTS, raw)
    KIND.is_blank(raw)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ({"b": "y", "a": "x"}, {"a": "x", "b": "y"}),
        ({"a": "x", "b": "", "c": None}, {"a": "x"}),
        ({"a": ""}, None),
        ({"a": "q"}, None),
        ({"q": "x"}, None),
        ({"a": ["x"]}, None),
        ([["a", "x"]], None),
        ("x", None),
    ],
)
def test_options_are_chosen_among_those_shown(raw, value):
    cleaned = KIND.clean_answer(BODY, raw)
    assert cleaned == value
    assert value is None or list(cleaned) == list(value)


@pytest.mark.parametrize(
    ("raw", "blank"),
    [({}, True), (None, True), ({"a": ""}, True), ("", True), ({"a": "x"}, False), ("x", False)],
)
def test_untouched_selects_are_no_answer(raw, blank):
    assert KIND.is_blank(raw) is blank


def test_a_form_names_line_and_choice_in_one_value():
    data = QueryDict("answer=a+x&answer=&answer=c+w&other=b+y&answer=junk")
    assert KIND.raw_from_form(data, "answer") == {"a": "x", "c": "w"}


def test_each_right_pair_earns_its_share():
    right = {"a": "x", "b": "y", "c": "x"}
    assert [KIND.grade(BODY, PARTIAL, value) for value in (right, {"a": "x"}, {"a": "w", "b": "y"})] == [
        1,
        Fraction(1, 3),
        Fraction(1, 3),
    ]
    assert [KIND.grade(BODY, WHOLE, value) for value in (right, {"a": "x", "b": "y"})] == [1, 0]


def test_one_more_right_pair_never_earns_less_and_only_all_of_them_earn_everything():
    for value in VALUES:
        share = KIND.grade(BODY, PARTIAL, value)
        assert 0 <= share <= 1
        assert (share == 1) == (value == PAIRS) == (KIND.grade(BODY, WHOLE, value) == 1)
        for prompt, option in PAIRS.items():
            better = KIND.grade(BODY, PARTIAL, {**value, prompt: option})
            assert better - share == (Fraction(0) if value.get(prompt) == option else Fraction(1, 3))


@given(st.permutations(list(PAIRS)), st.permutations(BODY["options"]), st.sampled_from(VALUES))
def test_the_order_in_which_things_are_shown_has_no_effect(prompts, options, value):
    shuffled = {"prompts": prompts, "options": options}
    cleaned = KIND.clean_answer(shuffled, dict(reversed(value.items())))
    assert KIND.grade(shuffled, PARTIAL, cleaned) == KIND.grade(BODY, PARTIAL, value)


def test_the_paper_does_not_tell_what_belongs_together(locales):
    variants = make_question("matching")
    key = variants["fr"].translation_key
    ids = [choice_id(key, number) for number in range(4)]
    row, secret = freeze_question(list(variants.values()))
    body, pairs = row["body"], secret["answer"]["pairs"]
    assert body["prompts"] == ids[:3] == list(pairs)
    # In an order that is that of names made without the texts' order, and not the blocks' own names.
    assert body["options"] == sorted(body["options"])
    assert len(set(body["options"])) == 4
    assert not set(body["options"]) & set(ids)
    for language in ("ar", "en", "fr"):
        words = row["texts"][language]
        assert [words["options"][pairs[prompt]] for prompt in ids[:3]] == [
            f"Option {number} {language}" for number in range(3)
        ]
        assert [words["prompts"][prompt] for prompt in ids[:3]] == [
            f"Prompt {number} {language}" for number in range(3)
        ]
    assert freeze_question(list(variants.values())) == (row, secret)


def test_over_many_questions_the_place_of_an_option_tells_nothing(locales):
    first = 0
    for _ in range(60):
        row, secret = freeze_question([make_question("matching", languages=("fr",))["fr"]])
        first += secret["answer"]["pairs"][row["body"]["prompts"][0]] == row["body"]["options"][0]
    assert 3 <= first <= 30


def test_options_with_the_same_words_are_one(locales):
    question = make_question("matching", languages=("fr",))["fr"]
    question.pairs[2].value["option"] = question.pairs[0].value["option"]
    frozen = KIND.freeze(question)
    a, b, c = frozen.answer["pairs"].values()
    assert (a == c, a == b, len(frozen.body["options"])) == (True, False, 3)
    assert KIND.problems(question) == {}


def test_a_language_without_words_for_all_or_with_twice_the_same_does_not_fit(locales):
    variants = make_question("matching")
    frozen = {language: KIND.freeze(question) for language, question in variants.items()}
    body, arabic = frozen["fr"].body, frozen["ar"].texts
    assert KIND.fits(body, arabic)
    assert not KIND.fits(body, {**arabic, "prompts": {}})
    assert not KIND.fits(body, {**arabic, "options": dict(list(arabic["options"].items())[1:])})
    assert not KIND.fits(body, {**arabic, "options": dict.fromkeys(arabic["options"], "same")})


def test_a_review_marks_no_pair_before_the_answers_are_shown():
    value = {"a": "x", "b": "z"}
    hidden = KIND.review_context(BODY, PARTIAL, TEXTS, {}, value, reveal=False)["rows"]
    shown = KIND.review_context(BODY, PARTIAL, TEXTS, {}, value, reveal=True)["rows"]
    assert [(row["mine"], row["verdict"], row["key"]) for row in hidden] == [
        ("X", "", ""),
        ("Z", "", ""),
        ("", "", ""),
    ]
    assert [(row["mine"], row["verdict"], row["key"]) for row in shown] == [
        ("X", "right", ""),
        ("Z", "wrong", "Y"),
        ("", "", "X"),
    ]
    # Two answers of which one is right look the same before.
    other = KIND.review_context(
        BODY, {**PARTIAL, "pairs": dict.fromkeys("abc", "z")}, TEXTS, {}, value, reveal=False
    )
    assert other["rows"] == hidden


def test_an_answer_in_words():
    assert KIND.in_words(BODY, TEXTS, {"a": "x", "c": "w"}) == "A – X · B – … · C – W"


def _blocks(*rows):
    return [
        {"type": "pair", "value": {"prompt": row[0], "option": row[1]}}
        if isinstance(row, tuple)
        else {"type": "distractor", "value": {"option": row}}
        for row in rows
    ]


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([], "Write at least two pairs."),
        ([("A", "X"), "Y"], "Write at least two pairs."),
        ([("A", "X"), ("B", "X")], "Write at least two different options."),
        ([("A", "X"), ("A", "Y")], "Two prompts have the same text."),
        ([("A", "X"), ("B", "Y"), "X"], "An option without a prompt has the same text as another option."),
        (
            [("A", "X"), ("B", "Y"), "Z", "Z"],
            "An option without a prompt has the same text as another option.",
        ),
    ],
)
def test_a_trainer_is_told_what_pairs_lack(locales, rows, word):
    question = make_question("matching", languages=("fr",), pairs=_blocks(*rows))["fr"]
    with pytest.raises(ValidationError) as refused:
        question.full_clean()
    assert refused.value.message_dict == {"pairs": [gettext(word)]}


@pytest.mark.parametrize("rows", [[("A", "X"), ("B", "Y")], [("A", "X"), ("B", "X"), "Y"]])
def test_good_pairs_are_accepted(locales, rows):
    make_question("matching", languages=("fr",), pairs=_blocks(*rows))["fr"].full_clean()
