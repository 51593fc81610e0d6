import random
import uuid
from fractions import Fraction

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
    *, pass_mark: int = 70, points: tuple[int, ...] = (1, 1, 1, 1), types: list[str] = TYPES
) -> Paper:
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
        }
        for key, kind, weight, body in zip(KEYS, types, points, BODIES, strict=False)
    ]
    secrets = {
        str(key): {"answer": answer, "remarks": {}} for key, answer in zip(KEYS, ANSWERS, strict=False)
    }
    return Paper.load({"pass_mark": pass_mark, "titles": {"fr": "Q"}, "questions": rows}, secrets)


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
