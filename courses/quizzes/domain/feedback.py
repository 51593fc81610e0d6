"""Feedback while a quiz is taken: checked answers, tries, credit, and what can't be changed any more.

- `immediate`: an answer is checked once, and stands.
- `interactive`: after a wrong check comes a hint and another try, three tries in all; each costs a third of what the
  answer earns. An answer that was changed after a check and not checked again is the next try.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

from courses.quizzes.domain.pages import has_no_way_back, page_with
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.policy import Policy
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.review_rules import offers_checks
from courses.quizzes.enums import FeedbackMode
from courses.quizzes.models import Attempt, Check

MAX_TRIES: Final = 3


@dataclass(frozen=True)
class Try:
    """An answer that was checked: its clean value, and the share of the points it deserves by itself."""

    value: Any
    fraction: Fraction


def credit(try_number: int) -> Fraction:
    """The share of its points that an answer given at this try (from 1) keeps: 1, 2/3, 1/3, 0."""
    return max(Fraction(0), 1 - Fraction(try_number - 1, MAX_TRIES))


def try_number(tried: Sequence[Any], value: Any) -> int:
    """Which try an answer is, after the values that were checked in their order."""
    return len(tried) if tried and tried[-1] == value else len(tried) + 1


def credited(policy: Policy, fraction: Fraction, tried: Sequence[Any], value: Any) -> Fraction:
    """What an answer earns that deserves `fraction` by itself."""
    if policy.feedback_mode != FeedbackMode.INTERACTIVE:
        return fraction
    return fraction * credit(try_number(tried, value))


def is_settled(policy: Policy, tried: Sequence[Try]) -> bool:
    """Whether the answer can't be changed any more."""
    if not tried or not offers_checks(policy):
        return False
    if policy.feedback_mode == FeedbackMode.INTERACTIVE:
        return tried[-1].fraction == 1 or len(tried) >= MAX_TRIES
    return True


def tries_of(attempt: Attempt) -> Mapping[UUID, tuple[Try, ...]]:
    """The checks of an attempt by question, in their order, in one query."""
    return tries_in(Check.objects.filter(attempt=attempt))


def tries_in(checks: Iterable[Check]) -> Mapping[UUID, tuple[Try, ...]]:
    found: dict[UUID, tuple[Try, ...]] = {}
    for check in sorted(checks, key=lambda check: check.try_number):
        made = Try(check.value, Fraction(check.fraction))
        found[check.question_key] = (*found.get(check.question_key, ()), made)
    return found


def values_tried(attempt: Attempt, policy: Policy) -> Mapping[UUID, Sequence[Any]]:
    """What grading needs to know of the tries; no query where they don't count."""
    if policy.feedback_mode != FeedbackMode.INTERACTIVE:
        return {}
    return values_in(Check.objects.filter(attempt=attempt))


def values_in(checks: Iterable[Check]) -> Mapping[UUID, Sequence[Any]]:
    """The values that were checked, by question, in their order."""
    return {key: [made.value for made in tried] for key, tried in tries_in(checks).items()}


def is_left(attempt: Attempt, paper: Paper, question_key: UUID) -> bool:
    """Whether the learner has gone on from a question's page, where there is no way back."""
    if not has_no_way_back(paper):
        return False
    position = next(
        (at for at, question in enumerate(paper.questions, start=1) if question.key == question_key), 0
    )
    return position > 0 and page_with(paper, position)[-1] < attempt.reached


def refuse_fixed(attempt: Attempt, question_key: UUID) -> None:
    """Raises Refused with CHECKED or LEFT for an answer that stands. No query in a quiz that checks nothing."""
    policy = Policy.load(attempt.paper.get("policy"))
    if policy.forward_only and is_left(attempt, Paper.load(attempt.paper), question_key):
        raise Refused(Refusal.LEFT)
    if offers_checks(policy):
        checks = Check.objects.filter(attempt=attempt, question_key=question_key)
        if is_settled(policy, tries_in(checks).get(question_key, ())):
            raise Refused(Refusal.CHECKED)
