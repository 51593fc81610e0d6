"""The rules of a quiz as an attempt froze them: `paper["policy"]`. What a page says later changes no running attempt.

Attempts allowed, the delay between them, opening and closing times decide whether an attempt may *start*; they are
read from the page of the day (`domain.standing`) and aren't part of it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from courses.quizzes.enums import FeedbackMode, Layout, ResultRule, ShownFrom
from courses.quizzes.models import QuizPage

_OF_THE_SITE = frozenset({"outage_cap_seconds"})


@dataclass(frozen=True)
class Policy:
    """`penalty_percent`: of a question's points, 0 to 100, for a wrong answer. The five `show_…` are the review matrix:
    from when on each part is shown (`domain.review_rules`). `outage_cap_seconds`: QUIZ_OUTAGE_CAP_SECONDS at the start;
    None in papers from before it was kept, for which the setting of the day holds. The defaults are those of papers
    without a policy.
    """

    layout: str = Layout.QUESTION.value
    forward_only: bool = False
    penalty_percent: int = 0
    time_limit_minutes: int = 0
    grace_seconds: int = 60
    result_rule: str = ResultRule.HIGHEST.value
    feedback_mode: str = FeedbackMode.AFTER.value
    show_score: str = ShownFrom.AFTER.value
    show_verdicts: str = ShownFrom.AFTER.value
    show_remarks: str = ShownFrom.AFTER.value
    show_answers: str = ShownFrom.AFTER.value
    show_explanations: str = ShownFrom.AFTER.value
    reopen_after: int = 0
    outage_cap_seconds: int | None = None

    @classmethod
    def of_page(cls, page: QuizPage) -> "Policy":
        """From the canonical page, and the site."""
        rules = {name: getattr(page, name) for name in cls.__dataclass_fields__ if name not in _OF_THE_SITE}
        return cls(**rules, outage_cap_seconds=settings.QUIZ_OUTAGE_CAP_SECONDS)

    @classmethod
    def load(cls, frozen: Mapping[str, Any] | None) -> "Policy":
        """From a paper; what an older paper doesn't say is as it was then."""
        known = {name: value for name, value in (frozen or {}).items() if name in cls.__dataclass_fields__}
        return cls(**known)

    def frozen(self) -> dict[str, Any]:
        return asdict(self)
