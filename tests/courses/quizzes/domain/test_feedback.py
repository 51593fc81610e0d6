"""Tries, credit, and answers that stand."""

from fractions import Fraction
from types import SimpleNamespace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.quizzes.domain.feedback import (
    Try,
    credit,
    credited,
    is_left,
    is_settled,
    tries_in,
    try_number,
)
from courses.quizzes.domain.grading import grade
from courses.quizzes.domain.pages import has_no_way_back, page_with, pages_of
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.policy import Policy
from courses.quizzes.enums import FeedbackMode, Layout

IMMEDIATE = Policy(feedback_mode=FeedbackMode.IMMEDIATE.value)
INTERACTIVE = Policy(feedback_mode=FeedbackMode.INTERACTIVE.value)
WRONG, RIGHT, HALF = Try("a", Fraction(0)), Try("b", Fraction(1)), Try("c", Fraction(1, 2))


def paper(*scenarios: str | None, **policy: object) -> Paper:
    """A paper with true statements on these scenarios (None for on none)."""
    rows = [
        {
            "key": str(UUID(int=number)),
            "type": "true_false",
            "points": 1,
            "version": "",
            "language": "fr",
            "facts": [],
            "body": {"choices": ["true", "false"]},
            "texts": {"fr": {"stem": "?", "case": "", "choices": {"true": "V", "false": "F"}}},
            "scenario": scenario,
        }
        for number, scenario in enumerate(scenarios, start=1)
    ]
    key = {row["key"]: {"answer": {"correct": ["true"]}, "remarks": {}} for row in rows}
    return Paper.load({"pass_mark": 50, "titles": {}, "questions": rows, "policy": policy}, key)


def test_credit_falls_by_a_third_each_try():
    assert [credit(number) for number in (1, 2, 3, 4, 5)] == [
        Fraction(1),
        Fraction(2, 3),
        Fraction(1, 3),
        0,
        0,
    ]


@pytest.mark.parametrize(
    ("tried", "value", "number"),
    [((), "x", 1), (("x",), "x", 1), (("y",), "x", 2), (("x", "y"), "y", 2), (("x", "y"), "x", 3)],
)
def test_an_answer_that_wasnt_checked_is_the_next_try(tried, value, number):
    assert try_number(tried, value) == number


@pytest.mark.parametrize(
    ("policy", "tried", "settled"),
    [
        (IMMEDIATE, (), False),
        (IMMEDIATE, (WRONG,), True),
        (IMMEDIATE, (RIGHT,), True),
        (INTERACTIVE, (WRONG,), False),
        (INTERACTIVE, (WRONG, HALF), False),
        (INTERACTIVE, (RIGHT,), True),
        (INTERACTIVE, (WRONG, WRONG, WRONG), True),
        (Policy(), (RIGHT,), False),
        (Policy(feedback_mode="immediate", show_verdicts="later"), (RIGHT,), False),
    ],
)
def test_when_an_answer_stands(policy, tried, settled):
    assert is_settled(policy, tried) is settled


def test_tries_come_in_their_order():
    key = UUID(int=1)
    rows = [
        SimpleNamespace(question_key=key, try_number=number, value=value, fraction=fraction)
        for number, value, fraction in ((2, "b", "1/2"), (1, "a", "0"))
    ]
    assert tries_in(rows) == {key: (Try("a", Fraction(0)), Try("b", Fraction(1, 2)))}


@given(
    st.lists(st.booleans(), max_size=3),
    st.booleans(),
    st.sampled_from([FeedbackMode.AFTER, FeedbackMode.IMMEDIATE, FeedbackMode.INTERACTIVE]),
)
def test_trying_never_earns_more_and_never_below_nothing(tried, right, mode):
    asked = paper(None, feedback_mode=mode.value)
    answers = {UUID(int=1): "true" if right else "false"}
    values = {UUID(int=1): ["true" if each else "false" for each in tried]}
    plain, tries = grade(asked, answers).questions[0], grade(asked, answers, tried=values).questions[0]
    assert 0 <= tries.fraction <= plain.fraction
    if mode != FeedbackMode.INTERACTIVE:
        assert tries == plain


@given(st.recursive(st.none() | st.integers() | st.text(max_size=3), st.lists, max_leaves=5))
def test_junk_among_the_tries_raises_nothing(junk):
    grade(paper(None, feedback_mode="interactive"), {UUID(int=1): "true"}, tried={UUID(int=1): [junk]})


def test_the_right_answer_at_the_second_try_earns_two_thirds():
    asked = paper(None, None, None, feedback_mode="interactive")
    answers = {UUID(int=number): "true" for number in (1, 2, 3)}
    tried = {UUID(int=2): ["false", "true"], UUID(int=3): ["false"]}
    result = grade(asked, answers, tried=tried)
    assert [row.fraction for row in result.questions] == [1, Fraction(2, 3), Fraction(2, 3)]
    assert credited(INTERACTIVE, Fraction(1, 2), ["a", "b"], "b") == Fraction(1, 3)


# Pages


@pytest.mark.parametrize(
    ("scenarios", "pages"),
    [
        ((), ()),
        ((None, None), ((1,), (2,))),
        (("s", "s", None, "s", "t", "t"), ((1, 2), (3,), (4,), (5, 6))),
    ],
)
def test_questions_on_one_scenario_share_a_page(scenarios, pages):
    assert pages_of(paper(*scenarios)) == pages
    for page in pages:
        assert [page_with(paper(*scenarios), position) for position in page] == [page] * len(page)


def test_all_questions_on_one_page():
    asked = paper("s", None, layout=Layout.ALL.value, forward_only=True)
    assert (pages_of(asked), has_no_way_back(asked)) == (((1, 2),), False)
    assert pages_of(paper(layout=Layout.ALL.value)) == ()


@pytest.mark.parametrize(("reached", "left"), [(1, []), (2, []), (3, [1, 2]), (4, [1, 2, 3]), (5, [1, 2, 3])])
def test_a_page_is_left_as_a_whole(reached, left):
    asked = paper("s", "s", None, forward_only=True)
    attempt = SimpleNamespace(reached=reached)
    assert [n for n in (1, 2, 3, 9) if is_left(attempt, asked, UUID(int=n))] == left
    assert not any(is_left(attempt, paper("s", "s", None), UUID(int=n)) for n in (1, 2, 3))
