"""What an attempt may show, and from when on: the review matrix of a quiz. Pure.

Five parts, each from a moment on (`enums.ShownFrom`). Three rules stand above what a quiz chooses:

- What tells a verdict is hidden with it: remarks, right answers and explanations, and a score while the quiz is taken.
- Right answers wait until they can't be used any more, and so do explanations of what was answered wrongly.
- During an attempt only the answers that were checked, and so can't be changed for a better result, are judged; for
  these 'right after' is at once. A quiz that gives feedback after submission checks none.

Whether an attempt is a pass is always told: it opens the certificate.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from courses.lib.clock import local_day
from courses.quizzes.domain.policy import Policy
from courses.quizzes.enums import FeedbackMode, ShownFrom

_ORDER = [moment.value for moment in ShownFrom]


@dataclass(frozen=True)
class Visible:
    """What is shown. `answers_may_be_told`: explanations are shown after wrong answers too."""

    score: bool = False
    verdicts: bool = False
    remarks: bool = False
    answers: bool = False
    explanations: bool = False
    answers_may_be_told: bool = False

    def explains(self, *, right: bool) -> bool:
        # It names the right answer as a rule: after a wrong one it waits until that may be told.
        return self.explanations and (right or self.answers_may_be_told)


NOTHING = Visible()
EVERYTHING = Visible(*(True for _field in fields(Visible)))


class Wait(StrEnum):
    """Why a part isn't shown: it comes on the day after submission, when the quiz closes, after a pass or the last
    attempt, or not at all.
    """

    DAY = "day"
    CLOSING = "closing"
    PASSING = "passing"
    NEVER = "never"


def visible(
    policy: Policy,
    *,
    submitted_at: datetime | None,
    at: datetime,
    over_at: datetime | None,
    answers_may_be_told: bool,
    judged: bool = True,
) -> Visible:
    """What is shown of an attempt at `at`. `judged`: it was graded or, while it runs (no `submitted_at`), what is shown
    was checked. `over_at`: from when on nobody can answer any more; None for a quiz of today that doesn't close.
    """
    if not judged:
        return NOTHING

    def reached(setting: str, *, at_once: bool = True) -> bool:
        if submitted_at is None:
            return setting == ShownFrom.DURING or (at_once and setting == ShownFrom.AFTER)
        if setting == ShownFrom.LATER:
            return local_day(at) > local_day(submitted_at)
        if setting == ShownFrom.CLOSED:
            return over_at is not None and at >= over_at
        return setting in (ShownFrom.DURING, ShownFrom.AFTER)

    verdicts = reached(policy.show_verdicts)
    return Visible(
        score=reached(policy.show_score, at_once=False) and (verdicts or submitted_at is not None),
        verdicts=verdicts,
        remarks=verdicts and reached(policy.show_remarks),
        answers=verdicts and answers_may_be_told and reached(policy.show_answers),
        explanations=verdicts and reached(policy.show_explanations),
        answers_may_be_told=answers_may_be_told,
    )


def waits(policy: Policy, shown: Visible, *, over_at: datetime | None) -> Mapping[str, Wait]:
    """Why each part that isn't shown of a submitted attempt isn't, by the name of the part."""
    settings = {
        "score": policy.show_score,
        "verdicts": policy.show_verdicts,
        **{
            part: max(getattr(policy, f"show_{part}"), policy.show_verdicts, key=_rank)
            for part in ("remarks", "answers", "explanations")
        },
    }
    found = {}
    for part, setting in settings.items():
        if getattr(shown, part):
            continue
        if setting == ShownFrom.NEVER or (setting == ShownFrom.CLOSED and over_at is None):
            found[part] = Wait.NEVER
        elif setting == ShownFrom.CLOSED:
            found[part] = Wait.CLOSING
        elif setting == ShownFrom.LATER:
            found[part] = Wait.DAY
        else:
            found[part] = Wait.PASSING
    return found


def _rank(setting: str) -> int:
    return _ORDER.index(setting) if setting in _ORDER else len(_ORDER)


def offers_checks(policy: Policy) -> bool:
    """Whether answers can be checked during the attempt. Not where the verdict may not be told then."""
    return policy.feedback_mode != FeedbackMode.AFTER and policy.show_verdicts in (
        ShownFrom.DURING,
        ShownFrom.AFTER,
    )
