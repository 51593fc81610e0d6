"""What may be told now of an attempt that is in the database: `review_rules` with the standing of its learner."""

from datetime import datetime

from courses.quizzes.domain.policy import Policy
from courses.quizzes.domain.review_rules import Visible, visible
from courses.quizzes.domain.standing import Standing, published_pages, standing_of
from courses.quizzes.models import Attempt


def shown_after(attempt: Attempt, policy: Policy, standing: Standing) -> Visible:
    """What is shown of an attempt that is over, at the moment that its learner's standing was read."""
    return visible(
        policy,
        submitted_at=attempt.submitted_at,
        at=standing.at,
        over_at=standing.over_at,
        answers_may_be_told=standing.shows_answers,
        judged=attempt.is_graded,
    )


def shown_while_taken(attempt: Attempt, policy: Policy, *, at: datetime) -> Visible:
    """What is shown of the checked answers of an attempt in progress."""
    rules = next(iter(published_pages(attempt.quiz_key)), None)
    standing = standing_of(attempt.enrolment, attempt.quiz_key, rules, at=at)
    # This attempt runs: right answers are of no more use in it, but may be in another one.
    of_no_use = standing.passed or standing.left == 0
    return visible(
        policy,
        submitted_at=None,
        at=at,
        over_at=standing.over_at,
        answers_may_be_told=standing.later.shows_answers if standing.later else of_no_use,
    )


def score_shown(attempt: Attempt, standing: Standing) -> bool:
    """Whether the percentage of one of the standing's attempts may be told."""
    return shown_after(attempt, Policy.load(attempt.frozen_policy), standing).score  # type: ignore[attr-defined]


def result_shown(standing: Standing) -> bool:
    """Whether what the standing's attempts come to together may be told: where each of them may."""
    return all(score_shown(attempt, standing) for attempt in standing.graded)
