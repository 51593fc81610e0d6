import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from hypothesis import given

from courses.quizzes.domain.freezing import freeze_question
from courses.quizzes.domain.grading import clean, grade
from courses.quizzes.domain.paper import Paper
from courses.quizzes.types.short_text import ShortText
from tests.courses.quizzes.types.junk import JUNK
from tests.factories.quizzes import make_question

ANSWER = {"accepted": ["la déclaration", "التصريح", "*declar*"]}


@given(JUNK)
def test_any_junk_is_a_text_or_no_answer(raw):
    value = ShortText().clean_answer({}, raw)
    assert value is None or (isinstance(raw, str) and 0 < len(value) <= 200)
    if value is not None:
        assert ShortText().clean_answer({}, value) == value
        assert ShortText().grade({}, ANSWER, value) in (0, 1)


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("  La\u00a0déclaration \n", "La déclaration"),
        ("\u200fالتصريح\u200e", "التصريح"),
        ("a\0b\ud800", "ab"),
        ("x" * 200, "x" * 200),
        ("x" * 201, None),
        (" \u200f ", None),
        (12, None),
        (["a"], None),
    ],
)
def test_a_text_is_kept_as_it_was_written(raw, value):
    assert ShortText().clean_answer({}, raw) == value


@pytest.mark.parametrize("raw", ["", "  ", None, "\u200f", [], "\0"])
def test_what_cannot_be_seen_is_no_answer_rather_than_a_bad_one(raw):
    assert ShortText().is_blank(raw)


@pytest.mark.parametrize(
    ("value", "fraction"),
    [("LA DECLARATION", 1), ("تصريح", 0), ("التَّصْريح", 1), ("la declarant", 1), ("non", 0)],
)
def test_every_accepted_text_counts(value, fraction):
    assert ShortText().grade({}, ANSWER, value) == fraction


def test_what_is_accepted_in_one_language_is_accepted_in_all(locales):
    variants = make_question("short_text")
    variants["en"].accepted = "Accepted en\nAccepted fr"
    row, secret = freeze_question(list(variants.values()))
    assert secret["answer"] == {"accepted": ["Accepted fr", "Accepted ar", "Accepted en"]}
    paper = Paper.load({"pass_mark": 70, "titles": {}, "questions": [row]}, {row["key"]: secret})
    [question] = paper.questions
    assert [
        grade(paper, {question.key: raw}).score for raw in ("accepted AR", "accepted en", "Accepted fr", "x")
    ] == [1, 1, 1, 0]
    assert clean(question, " Accepted  fr ") == "Accepted fr"
    # Nothing of it lies where the learner's page comes from.
    assert "Accepted" not in str(row)


def test_a_review_tells_an_accepted_text_of_the_language_only_when_it_may():
    remarks = {"accepted": ["la * 10 \\* 2"]}
    kind = ShortText()
    hidden = kind.review_context({}, ANSWER, {}, remarks, "x", reveal=False)
    shown = kind.review_context({}, ANSWER, {}, remarks, "x", reveal=True)
    right = kind.review_context({}, ANSWER, {}, remarks, "التصريح", reveal=False)
    assert hidden == {"value": "x", "verdict": "wrong", "key": ""}
    assert shown == {"value": "x", "verdict": "wrong", "key": "la … 10 * 2"}
    assert right["verdict"] == "right"
    assert kind.review_context({}, ANSWER, {}, {}, None, reveal=True) == {
        "value": None,
        "verdict": "",
        "key": "la déclaration",
    }


@pytest.mark.parametrize(
    ("accepted", "word"),
    [
        ("", "Write at least one answer that is accepted."),
        (" \n.\n", "Write at least one answer that is accepted."),
        ("oui\n * ", "A line that holds nothing but * would accept any answer."),
        ("x" * 201, "An accepted answer has at most 200 characters."),
    ],
)
def test_a_trainer_is_told_what_an_accepted_answer_lacks(locales, accepted, word):
    question = make_question("short_text", languages=("fr",), accepted=accepted)["fr"]
    with pytest.raises(ValidationError) as refused:
        question.full_clean()
    assert refused.value.message_dict == {"accepted": [gettext(word)]}


def test_a_good_short_text_is_accepted(locales):
    make_question("short_text", languages=("fr",))["fr"].full_clean()
