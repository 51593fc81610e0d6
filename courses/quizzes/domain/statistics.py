"""Figures of classical test theory, as pure functions of plain rows.

Everything is computed from exact fractions and turned into a float last. A figure that isn't defined (no variance,
nobody asked) is None. Sources are named where a figure is defined; overviews: Crocker and Algina, *Introduction to
Classical and Modern Test Theory* (1986), chapters 5, 7 and 14.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

# Kelley, 'The selection of upper and lower groups for the validation of test items', Journal of Educational
# Psychology 30 (1939): with normal scores this share separates the groups most surely.
GROUP_SHARE = Fraction(27, 100)
# A gap between two receipts that is longer was a pause; one that is shorter, answers sent together.
LONGEST_GAP_SECONDS = 1800
SHORTEST_GAP_SECONDS = 1
# Below this expected count in a cell the normal approximation isn't used (Cochran 1954).
LEAST_EXPECTED = 5


def facility(fractions: Sequence[Fraction]) -> Fraction | None:
    """Facility index (item difficulty *p*): the mean share of the points that was earned, from 0 (nobody right) to 1.
    No answer is 0. Crocker and Algina 1986, ch. 5; for questions with partial credit, the mean over the maximum.
    """
    return sum(fractions, Fraction(0)) / len(fractions) if fractions else None


def item_rest(pairs: Sequence[tuple[Fraction, Fraction]]) -> float | None:
    """Corrected item-total correlation, from -1 to 1: Pearson's correlation of the item with the rest of the test,
    the item itself left out (Henrysson, 'Correction of item-total correlations in item analysis', Psychometrika 28,
    1963). For right-or-wrong items it is the point-biserial correlation.

    `pairs`: share of the item's points and share of the rest's points, one pair an attempt. None where either
    doesn't vary.
    """
    count = len(pairs)
    sum_x = sum((x for x, _y in pairs), Fraction(0))
    sum_y = sum((y for _x, y in pairs), Fraction(0))
    var_x = count * sum((x * x for x, _y in pairs), Fraction(0)) - sum_x * sum_x
    var_y = count * sum((y * y for _x, y in pairs), Fraction(0)) - sum_y * sum_y
    if not var_x or not var_y:
        return None
    covariance = count * sum((x * y for x, y in pairs), Fraction(0)) - sum_x * sum_y
    return _bounded(float(covariance) / (math.sqrt(var_x) * math.sqrt(var_y)))


def group_size(count: int) -> int:
    """How many attempts are in each of the two groups: 27 % of them, rounded half up."""
    return math.floor(GROUP_SHARE * count + Fraction(1, 2))


def group_weights(totals: Sequence[Fraction]) -> tuple[list[Fraction], list[Fraction]] | None:
    """How much each attempt belongs to the upper and to the lower 27 % by total score, from 0 to 1.

    Attempts that tie at the border share the places left, so that the order of reading decides nothing. None where
    a group would be empty or all totals are the same.
    """
    size = group_size(len(totals))
    if not size or min(totals) == max(totals):
        return None
    return _weights(totals, size), _weights([-total for total in totals], size)


def _weights(totals: Sequence[Fraction], size: int) -> list[Fraction]:
    border = sorted(totals, reverse=True)[size - 1]
    above = sum(total > border for total in totals)
    shared = Fraction(size - above, sum(total == border for total in totals))
    return [Fraction(1) if total > border else shared if total == border else Fraction(0) for total in totals]


def weighted_mean(values: Sequence[Fraction], weights: Sequence[Fraction]) -> Fraction:
    """The weights' sum isn't 0."""
    return sum((value * weight for value, weight in zip(values, weights, strict=True)), Fraction(0)) / sum(
        weights, Fraction(0)
    )


def upper_lower(fractions: Sequence[Fraction], totals: Sequence[Fraction]) -> Fraction | None:
    """Discrimination index D, from -1 to 1: facility in the upper 27 % by total score minus that in the lower 27 %
    (Kelley 1939; Ebel, *Essentials of Educational Measurement*, 1972). None where there are no two groups.
    """
    groups = group_weights(totals)
    if groups is None:
        return None
    upper, lower = groups
    return weighted_mean(fractions, upper) - weighted_mean(fractions, lower)


def choice_shares(
    chosen: Sequence[Sequence[str]], choices: Iterable[str], weights: Sequence[Fraction]
) -> dict[str, Fraction]:
    """Distractor analysis: the share (by weight) of attempts that chose each choice. With several answers the
    shares of a question may add up to more than 1, without an answer to less. Haladyna and Downing, 'How many
    options is enough for a multiple-choice test item?', Educational and Psychological Measurement 53 (1993).
    """
    return {choice: weighted_mean([Fraction(choice in ids) for ids in chosen], weights) for choice in choices}


def cronbach_alpha(scores: Sequence[Sequence[Fraction]]) -> float | None:
    """Cronbach's alpha, at most 1 and maybe negative: k/(k-1) · (1 - Σ variance of items / variance of totals)
    (Cronbach, 'Coefficient alpha and the internal structure of tests', Psychometrika 16, 1951).

    `scores`: for each attempt its points by item, the same items in the same order. None below two items and
    where the totals don't vary.
    """
    items = len(scores[0]) if scores else 0
    if items < 2:
        return None
    total = _variance([sum(row, Fraction(0)) for row in scores])
    if not total:
        return None
    parts = sum((_variance([row[item] for row in scores]) for item in range(items)), Fraction(0))
    return float(Fraction(items, items - 1) * (1 - parts / total))


def _variance(values: Sequence[Fraction]) -> Fraction:
    """Times n²: alpha asks for a quotient of variances only."""
    total = sum(values, Fraction(0))
    return len(values) * sum((value * value for value in values), Fraction(0)) - total * total


def different_by_chance(right_a: int, count_a: int, right_b: int, count_b: int) -> float:
    """How probable a difference of two proportions at least as large is where there is none: the two-proportion z
    test with pooled variance; Fisher's exact test (two-sided) where an expected count is below 5.
    """
    total, right = count_a + count_b, right_a + right_b
    expected = min(count_a, count_b) * min(right, total - right) / total
    if expected < LEAST_EXPECTED:
        return _fisher(right_a, count_a, right_b, count_b)
    pooled = right / total
    error = math.sqrt(pooled * (1 - pooled) * (1 / count_a + 1 / count_b))
    return math.erfc(abs(right_a / count_a - right_b / count_b) / error / math.sqrt(2))


def _fisher(right_a: int, count_a: int, right_b: int, count_b: int) -> float:
    """All tables with the same margins that are at most as probable as the one found (Fisher 1935), in integers."""
    right = right_a + right_b
    ways = {
        first: math.comb(count_a, first) * math.comb(count_b, right - first)
        for first in range(max(0, right - count_b), min(count_a, right) + 1)
    }
    unlikely = sum(way for way in ways.values() if way <= ways[right_a])
    return float(Fraction(unlikely, sum(ways.values())))


def holm(chances: Mapping[K, float]) -> dict[K, float]:
    """Corrected for the number of tests made together (Holm, 'A simple sequentially rejective multiple test
    procedure', Scandinavian Journal of Statistics 6, 1979): what is below 0.05 afterwards is significant at 5 %.
    """
    corrected: dict[K, float] = {}
    highest = 0.0
    for place, key in enumerate(sorted(chances, key=lambda key: chances[key])):
        highest = max(highest, min(1.0, chances[key] * (len(chances) - place)))
        corrected[key] = highest
    return corrected


def seconds_by_question(started_at: datetime, receipts: Iterable[tuple[datetime, K]]) -> dict[K, float]:
    """What each question took, as far as receipts tell: the time from the receipt before (from the start for the
    first) belongs to the question that was answered. Pauses and answers sent together count for nothing.
    """
    seconds: dict[K, float] = defaultdict(float)
    before = started_at
    for at, key in sorted(receipts, key=lambda receipt: receipt[0]):
        gap = (at - before).total_seconds()
        if SHORTEST_GAP_SECONDS <= gap <= LONGEST_GAP_SECONDS:
            seconds[key] += gap
        before = at
    return dict(seconds)


def _bounded(value: float) -> float:
    """Within -1 and 1, which rounding may leave by a hair."""
    return max(-1.0, min(1.0, value))
