from fractions import Fraction

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.quizzes.domain.freezing import freeze_question
from courses.quizzes.types.open_answer import OpenAnswer
from tests.courses.quizzes.types.junk import JUNK
from tests.factories.quizzes import make_question

KIND = OpenAnswer()
ANSWER = {"criteria": [{"id": "a", "points": 2}, {"id": "b", "points": 3}]}


@settings(max_examples=100)
@given(JUNK)
def test_any_junk_is_a_text_or_no_answer_and_any_marks_are_a_share(raw):
    value = KIND.clean_answer({}, raw)
    assert value is None or 0 < len(value) <= 5000
    assert value is None or KIND.clean_answer({}, value) == value
    KIND.is_blank(raw)
    KIND.input_context({}, {}, raw)
    assert 0 <= KIND.marked(ANSWER, raw) <= 1
    assert KIND.marked({"criteria": []}, raw) == 0


@settings(max_examples=50)
@given(st.integers(-1, 3), st.integers(-1, 4))
def test_a_point_more_never_earns_less(first, second):
    share = KIND.marked(ANSWER, {"a": first, "b": second})
    assert share == Fraction(min(max(first, 0), 2) + min(max(second, 0), 3), 5)
    assert KIND.marked(ANSWER, {"a": first + 1, "b": second}) >= share


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        (" one\r\n\r\n\ttwo \r", "one\n\n\ttwo"),
        ("a\0b\ud800", "ab"),
        ("ن" * 5000, "ن" * 5000),
        ("x" * 5001, None),
        (" \u200f\n", None),
        (12, None),
    ],
)
def test_a_text_keeps_its_lines(raw, value):
    assert KIND.clean_answer({}, raw) == value


def test_what_it_is_marked_by_is_part_of_the_key(locales):
    row, secret = freeze_question(list(make_question("open_answer").values()))
    assert "Criterion" not in str(row)
    assert [criterion["points"] for criterion in secret["answer"]["criteria"]] == [2, 3]
    hidden = KIND.review_context({}, secret["answer"], {}, secret["remarks"]["fr"], "x", reveal=False)
    assert [(each["text"], each["most"]) for each in hidden["criteria"]] == [("", 2), ("", 3)]
    assert hidden["marked"] is False


def test_a_question_without_criteria_is_refused(locales):
    question = make_question("open_answer", languages=("fr",), rubric=[])["fr"]
    with pytest.raises(ValidationError) as refused:
        question.full_clean()
    assert list(refused.value.message_dict) == ["rubric"]
