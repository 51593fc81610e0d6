import random
import uuid
from dataclasses import replace
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from courses.quizzes.domain.grading import grade
from courses.quizzes.domain.paper import Paper, content_hash

KEYS = [uuid.UUID(int=n) for n in range(1, 6)]
TYPES = ["single_choice", "multiple_choice", "true_false", "numeric"]
BODIES = [{"choices": ["a", "b", "c"]}, {"choices": ["a", "b", "c"]}, {"choices": ["true", "false"]}, {}]
ANSWERS = [
    {"correct": ["b"]},
    {"correct": ["a", "c"]},
    {"correct": ["true"]},
    {"number": "30", "tolerance": "0"},
]
RIGHT = ["b", ["a", "c"], "true", "30"]


def make_paper(
    *,
    pass_mark: int = 70,
    points: tuple[int, ...] = (1, 1, 1, 1),
    types: list[str] = TYPES,
    penalty: int = 0,
    objectives: tuple[str | None, ...] = (None,) * 4,
    critical: tuple[str, ...] = (),
) -> Paper:
    """`objectives`: of each question; those in `critical` need each of theirs right."""
    rows = [
        {
            "key": str(key),
            "type": kind,
            "points": weight,
            "version": "1",
            "language": "fr",
            "facts": [],
            "body": body,
            "texts": {"fr": {"stem": "S", "case": ""}},
            "objective": objective,
        }
        for key, kind, weight, body, objective in zip(KEYS, types, points, BODIES, objectives, strict=False)
    ]
    secrets = {
        str(key): {"answer": answer, "remarks": {}} for key, answer in zip(KEYS, ANSWERS, strict=False)
    }
    paper = {
        "pass_mark": pass_mark,
        "titles": {"fr": "Q"},
        "questions": rows,
        "policy": {"penalty_percent": penalty},
        "objectives": {
            key: {"statement": {"fr": key}, "lesson": None, "critical": key in critical}
            for key in filter(None, objectives)
        },
    }
    return Paper.load(paper, secrets)


def answers(*numbers: int) -> dict:
    """Right answers to these questions (from 0)."""
    return {KEYS[number]: RIGHT[number] for number in numbers}


def test_all_right_is_everything():
    result = grade(make_paper(), answers(0, 1, 2, 3))
    assert (result.score, result.max_points, result.percent, result.passed) == (Fraction(4), 4, 100, True)


def test_no_answer_is_nothing():
    result = grade(make_paper(), {})
    assert (result.score, result.percent, result.passed) == (Fraction(0), 0, False)
    assert [row.answered for row in result.questions] == [False] * 4


def test_points_weigh():
    result = grade(make_paper(points=(5, 1, 1, 1)), answers(0))
    assert (result.score, result.max_points, result.percent) == (Fraction(5), 8, 62)


def test_the_percentage_is_rounded_down_and_agrees_with_the_pass():
    paper = make_paper(points=(2, 1, 0, 0), pass_mark=67)
    result = grade(paper, answers(0))
    assert (result.percent, result.passed) == (66, False)
    assert grade(make_paper(points=(2, 1, 0, 0), pass_mark=66), answers(0)).passed is True


def test_exactly_the_pass_mark_passes():
    assert grade(make_paper(pass_mark=75), answers(0, 1, 2)).passed is True
    assert grade(make_paper(pass_mark=76), answers(0, 1, 2)).passed is False


def test_an_empty_paper_is_never_passed():
    empty = Paper(0, {}, ())
    assert (grade(empty, {}).percent, grade(empty, {}).passed) == (0, False)


def test_a_question_of_an_absent_type_is_named():
    result = grade(make_paper(types=["single_choice", "gone", "true_false", "numeric"]), answers(0, 1, 2, 3))
    assert result.ungradable == (KEYS[1],)
    assert result.score == 3


def test_a_paper_without_its_key_grades_nothing():
    paper = Paper.load({"pass_mark": 0, "titles": {}, "questions": []})
    assert grade(paper, {}).questions == ()


def junk(rng: random.Random, depth: int = 0):
    """Any JSON value, now and then a valid answer."""
    kind = rng.randrange(10)
    if kind == 0:
        return rng.choice(RIGHT)
    if kind < 3 and depth < 3:
        return [junk(rng, depth + 1) for _ in range(rng.randrange(4))]
    if kind == 3 and depth < 3:
        return {rng.choice("abc"): junk(rng, depth + 1)}
    return rng.choice(
        [None, True, False, 0, -1, 10**40, 2.5, float("nan"), "", "a", "b", "٣٠", "x" * 100, "\x00", "30 "]
    )


def test_whatever_is_answered_the_grade_is_total_bounded_and_repeatable():
    rng = random.Random(2026)
    paper = make_paper(points=(3, 2, 1, 4))
    for _ in range(2000):
        given = {rng.choice([*KEYS, "junk", None]): junk(rng) for _ in range(rng.randrange(6))}
        result = grade(paper, given)
        assert result == grade(paper, dict(reversed(given.items())))
        assert 0 <= result.score <= result.max_points == 10
        assert 0 <= result.percent <= 100
        assert result.passed == (result.percent >= 70)


def test_the_hash_ignores_the_order_of_keys():
    assert content_hash({"a": 1, "b": "ب"}) == content_hash({"b": "ب", "a": 1})
    assert content_hash(["a", "b"]) != content_hash(["b", "a"])


# What wrong answers cost


def test_a_wrong_answer_costs_its_share_and_none_costs_nothing():
    paper = make_paper(points=(3, 1, 1, 1), penalty=50)
    wrong_first = answers(1, 2) | {KEYS[0]: "a"}
    result = grade(paper, wrong_first)
    assert (result.score, result.percent) == (Fraction(2) - Fraction(3, 2), 8)
    assert grade(paper, answers(1, 2)).score == 2
    # Junk is no answer, and costs nothing.
    assert grade(paper, answers(1, 2) | {KEYS[0]: {"x": 1}}).score == 2
    assert [row.fraction for row in result.questions] == [0, 1, 1, 0]


def test_a_partly_right_answer_costs_nothing():
    paper = make_paper(penalty=100)
    pairs = replace(
        paper.questions[1],
        type="matching",
        body={"prompts": ["p", "q"], "options": ["x", "y"]},
        answer={"pairs": {"p": "x", "q": "y"}, "partial": True},
    )
    paper = replace(paper, questions=(pairs,))
    for given_answer, fraction, score in [
        ({"p": "x", "q": "x"}, Fraction(1, 2), Fraction(1, 2)),
        ({"p": "y", "q": "x"}, 0, 0),
    ]:
        result = grade(paper, {pairs.key: given_answer})
        assert (result.questions[0].fraction, result.score) == (fraction, score)
        assert result.questions[0].penalty == (0 if fraction else 1)


def test_the_whole_never_falls_below_nothing():
    wrong = {KEYS[0]: "a", KEYS[1]: ["b"], KEYS[2]: "false", KEYS[3]: "31"}
    result = grade(make_paper(penalty=100), wrong)
    assert (result.score, result.percent, result.passed) == (0, 0, False)
    assert grade(make_paper(penalty=100), {**wrong, KEYS[0]: "b"}).score == 0


# Critical objectives


def test_a_critical_objective_needs_each_of_its_questions_right():
    paper = make_paper(pass_mark=50, objectives=("a", "a", "b", None), critical=("a",))
    missed = grade(paper, answers(0, 2, 3))
    assert (missed.percent, missed.passed, missed.missed_critical) == (75, False, ("a",))
    passed = grade(paper, answers(0, 1))
    assert (passed.percent, passed.passed, passed.missed_critical) == (50, True, ())


def test_an_objective_that_isnt_critical_or_isnt_asked_hinders_nothing():
    assert grade(make_paper(pass_mark=25, objectives=("a", "b", None, None)), answers(2)).passed is True
    elsewhere = make_paper(pass_mark=25, objectives=("a", None, None, None), critical=("z",))
    assert grade(elsewhere, answers(1)).missed_critical == ()


value = st.sampled_from([None, "a", "b", "c", ["a"], ["a", "c"], ["b"], "true", "false", "30", "31", {}, 7])


@settings(max_examples=120, deadline=None)
@given(
    st.lists(value, min_size=4, max_size=4),
    st.integers(0, 100),
    st.lists(st.sampled_from([None, "a", "b"]), min_size=4, max_size=4),
    st.sets(st.sampled_from("ab")),
    st.permutations(range(4)),
)
def test_whatever_costs_and_is_critical_the_grade_is_bounded_and_blind_to_order(
    given_answers, penalty, objectives, critical, order
):
    paper = make_paper(
        points=(3, 2, 1, 4), penalty=penalty, objectives=tuple(objectives), critical=tuple(critical)
    )
    mixed = replace(paper, questions=tuple(paper.questions[at] for at in order))
    found = dict(zip(KEYS, given_answers, strict=False))
    result, again = grade(paper, found), grade(mixed, found)
    assert 0 <= result.score <= result.max_points
    assert (result.score, result.passed, set(result.missed_critical)) == (
        again.score,
        again.passed,
        set(again.missed_critical),
    )
    # Costs only ever take away, and who answers rightly loses nothing by them.
    free = grade(replace(paper, policy=replace(paper.policy, penalty_percent=0)), found)
    assert result.score <= free.score
    assert not (result.passed and result.missed_critical)
