"""Golden examples are computed by hand; the bounds hold for anything."""

import math
import random
import statistics as plain
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.quizzes.domain.statistics import (
    choice_shares,
    cronbach_alpha,
    different_by_chance,
    facility,
    group_size,
    group_weights,
    holm,
    item_rest,
    seconds_by_question,
    upper_lower,
)

FRACTIONS = st.sampled_from([Fraction(part, 6) for part in range(7)])
PAIRS = st.lists(st.tuples(FRACTIONS, FRACTIONS), max_size=20)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def test_facility_is_the_mean_share_of_the_points():
    assert facility([Fraction(1), Fraction(0), Fraction(1, 2), Fraction(1)]) == Fraction(5, 8)
    assert facility([]) is None


def test_item_rest_correlation():
    # Sums of deviations: 1/2 together, 1 and 1/2 alone.
    pairs = [
        (Fraction(1), Fraction(1)),
        (Fraction(1), Fraction(1, 2)),
        (Fraction(0), Fraction(1, 2)),
        (Fraction(0), Fraction(0)),
    ]
    assert item_rest(pairs) == pytest.approx(0.5 / math.sqrt(0.5))
    assert item_rest([(x, 1 - y) for x, y in pairs]) == pytest.approx(-0.5 / math.sqrt(0.5))
    assert item_rest([(Fraction(1), Fraction(1)), (Fraction(1), Fraction(0))]) is None
    assert item_rest([]) is None


@pytest.mark.parametrize(("count", "size"), [(1, 0), (2, 1), (10, 3), (16, 4), (17, 5), (100, 27), (50, 14)])
def test_the_groups_are_27_percent(count, size):
    assert group_size(count) == size


def test_upper_and_lower_group():
    totals = [Fraction(total) for total in range(10, 0, -1)]
    fractions = [Fraction(row) for row in (1, 1, 0, 1, 1, 1, 1, 0, 1, 0)]
    assert upper_lower(fractions, totals) == Fraction(2, 3) - Fraction(1, 3)
    # Reading order decides nothing.
    assert upper_lower(fractions[::-1], totals[::-1]) == Fraction(1, 3)


def test_attempts_that_tie_at_the_border_share_the_places():
    # Ten attempts, three places: one is above the border, four share two places; below, nine share none.
    totals = [Fraction(row) for row in (9, 5, 5, 5, 5, 4, 3, 2, 1, 0)]
    upper, lower = group_weights(totals)
    assert upper == [1, *[Fraction(1, 2)] * 4, 0, 0, 0, 0, 0]
    assert lower == [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    assert group_weights([Fraction(3)] * 10) is None


def test_shares_of_choices():
    chosen = [("a",), ("a", "b"), (), ("b",)]
    assert choice_shares(chosen, "abc", [Fraction(1)] * 4) == {
        "a": Fraction(1, 2),
        "b": Fraction(1, 2),
        "c": 0,
    }
    assert choice_shares(chosen, "abc", [Fraction(1), Fraction(1), Fraction(0), Fraction(0)]) == {
        "a": 1,
        "b": Fraction(1, 2),
        "c": 0,
    }


def test_alpha():
    # Variances 3/16 and 1/4, of the totals 11/16: 2 · (1 - 7/11).
    scores = [[Fraction(row) for row in rows] for rows in ((1, 1), (1, 0), (0, 0), (1, 1))]
    assert cronbach_alpha(scores) == pytest.approx(8 / 11)
    assert cronbach_alpha([[Fraction(row)] * 3 for row in (0, 1, 1, 0)]) == 1.0
    # Two items that contradict each other by half.
    assert (
        cronbach_alpha(
            [
                [Fraction(1), Fraction(0)],
                [Fraction(0), Fraction(1)],
                [Fraction(1), Fraction(1)],
                [Fraction(1), Fraction(0)],
            ]
        )
        < 0
    )
    assert cronbach_alpha([[Fraction(1)], [Fraction(0)]]) is None
    assert cronbach_alpha([[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]]) is None
    assert cronbach_alpha([]) is None


def test_two_proportions():
    # z = 0.15 / sqrt(0.375 · 0.625 · 0.02) = 2.1909
    assert different_by_chance(45, 100, 30, 100) == pytest.approx(0.028460, abs=1e-5)
    assert different_by_chance(30, 100, 45, 100) == different_by_chance(45, 100, 30, 100)
    assert different_by_chance(50, 100, 50, 100) == 1.0


def test_fisher_for_small_numbers():
    # The lady tasting tea: 3 of 4 against 1 of 4, (16 + 1 + 16 + 1) / 70.
    assert different_by_chance(3, 4, 1, 4) == pytest.approx(34 / 70)
    assert different_by_chance(4, 4, 0, 4) == pytest.approx(2 / 70)
    assert different_by_chance(10, 10, 12, 12) == 1.0
    # 8 of 10 against 1 of 5: margins 9 and 6; (45·5 + 10·1 + 5·1 ... ) by the tables of 15 over 9.
    ways = {x: math.comb(10, x) * math.comb(5, 9 - x) for x in range(4, 10)}
    wanted = sum(way for way in ways.values() if way <= ways[8]) / math.comb(15, 9)
    assert different_by_chance(8, 10, 1, 5) == pytest.approx(wanted)


def test_holm():
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03, "d": 0.005}) == pytest.approx(
        {"d": 0.02, "a": 0.03, "c": 0.06, "b": 0.06}
    )
    assert holm({"a": 0.6, "b": 0.7}) == {"a": 1.0, "b": 1.0}
    assert holm({}) == {}


def test_time_belongs_to_the_question_that_was_answered():
    start = datetime(2026, 3, 1, 23, 59, 30, tzinfo=UTC)

    def after(seconds):
        return start + timedelta(seconds=seconds)

    receipts = [
        (after(40), "b"),
        (after(30), "a"),
        (after(100), "a"),
        (after(100.2), "c"),
        (after(5000), "d"),
    ]
    # c came together with a; before d there was a pause.
    assert seconds_by_question(start, receipts) == {"a": 90, "b": 10}


@unhurried
@given(st.lists(FRACTIONS, min_size=1, max_size=20))
def test_facility_is_from_0_to_1(fractions):
    assert 0 <= facility(fractions) <= 1


@unhurried
@given(PAIRS)
def test_discrimination_is_from_minus_1_to_1(pairs):
    correlation, index = item_rest(pairs), upper_lower([x for x, _y in pairs], [x + y for x, y in pairs])
    assert correlation is None or -1 <= correlation <= 1
    assert index is None or -1 <= index <= 1


@unhurried
@given(
    st.integers(1, 6).flatmap(lambda k: st.lists(st.lists(FRACTIONS, min_size=k, max_size=k), max_size=30))
)
def test_alpha_is_at_most_1(scores):
    alpha = cronbach_alpha(scores)
    assert alpha is None or alpha <= 1


@unhurried
@given(st.lists(FRACTIONS, max_size=20))
def test_the_groups_weigh_what_they_should(totals):
    groups = group_weights(totals)
    if groups is not None:
        assert [sum(group) for group in groups] == [group_size(len(totals))] * 2
        assert all(0 <= weight <= 1 for group in groups for weight in group)


@unhurried
@given(st.integers(0, 30), st.integers(1, 30), st.integers(0, 30), st.integers(1, 30))
def test_a_chance_is_from_0_to_1_whatever_side_is_asked(right_a, count_a, right_b, count_b):
    right_a, right_b = min(right_a, count_a), min(right_b, count_b)
    chance = different_by_chance(right_a, count_a, right_b, count_b)
    assert 0 <= chance <= 1
    assert chance == pytest.approx(different_by_chance(right_b, count_b, right_a, count_a))
    assert chance == pytest.approx(
        different_by_chance(count_a - right_a, count_a, count_b - right_b, count_b)
    )


def test_a_random_population_recounted_in_plain_floats():
    draw = random.Random(27)
    skills = [draw.gauss(0, 1) for _ in range(400)]
    scores = [
        [Fraction(int(skill + draw.gauss(0, 1) > hard)) for hard in (-1, -0.3, 0, 0.4, 1.1)]
        for skill in skills
    ]
    floats = [[float(score) for score in row] for row in scores]
    for item in range(5):
        own = [row[item] for row in floats]
        rest = [sum(row) - row[item] for row in floats]
        assert float(facility([row[item] for row in scores])) == pytest.approx(plain.mean(own))
        found = item_rest([(row[item], (sum(row) - row[item]) / 4) for row in scores])
        assert found == pytest.approx(plain.correlation(own, rest))
        assert found > 0.2
    parts = sum(plain.pvariance([row[item] for row in floats]) for item in range(5))
    whole = plain.pvariance([sum(row) for row in floats])
    assert cronbach_alpha(scores) == pytest.approx(5 / 4 * (1 - parts / whole))
