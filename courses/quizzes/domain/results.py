"""The result of several attempts at one quiz, pure and exact."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple, Protocol, TypeVar

from courses.quizzes.enums import ResultRule


class Tried(Protocol):
    """What a result needs of a graded attempt (`models.Attempt`)."""

    @property
    def score_num(self) -> int | None: ...
    @property
    def score_den(self) -> int | None: ...
    @property
    def max_points(self) -> int | None: ...
    @property
    def percent(self) -> int | None: ...
    @property
    def passed(self) -> bool | None: ...
    @property
    def pass_mark(self) -> int: ...


class Result(NamedTuple):
    """`percent` is rounded down. The better of two results is the greater one."""

    passed: bool
    percent: int


NOTHING = Result(passed=False, percent=0)
T = TypeVar("T", bound=Tried)


def result_of(attempts: Sequence[Tried], rule: str) -> Result:
    """What graded attempts, in their order, are worth together under a rule (`ResultRule`); 0 and not passed for none.

    The highest: the best one's, a pass (under whatever pass mark) before any other. The first and the latest: that
    one's. The average: of the exact scores; passed where it reaches the latest pass mark and at least one attempt was
    passed by itself, with all its critical objectives. So a result is never passed without a passed attempt.
    """
    if not attempts:
        return NOTHING
    if rule == ResultRule.FIRST:
        return _of_one(attempts[0])
    if rule == ResultRule.LATEST:
        return _of_one(attempts[-1])
    if rule == ResultRule.AVERAGE:
        share = sum((_share(attempt) for attempt in attempts), Fraction(0)) / len(attempts) * 100
        passed = any(attempt.passed for attempt in attempts)
        return Result(passed and share >= attempts[-1].pass_mark, int(share))
    return max(_of_one(attempt) for attempt in attempts)


def passed_at(attempts: Sequence[T], rule: str) -> T | None:
    """The attempt with which the result was first passed: what was passed once stays passed."""
    for count in range(1, len(attempts) + 1):
        if result_of(attempts[:count], rule).passed:
            return attempts[count - 1]
    return None


def _of_one(attempt: Tried) -> Result:
    return Result(bool(attempt.passed), attempt.percent or 0)


def _share(attempt: Tried) -> Fraction:
    if not attempt.max_points:
        return Fraction(0)
    return Fraction(attempt.score_num or 0, attempt.score_den or 1) / attempt.max_points
