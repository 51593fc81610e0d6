"""What is left of an attempt's time, and from when on another one is possible, in words."""

from dataclasses import dataclass
from datetime import datetime

from django import template
from django.utils import timezone

from courses.lib.clock import local_day
from courses.quizzes.domain.clock import clock_of
from courses.quizzes.domain.refusals import Refused
from courses.quizzes.models import Attempt
from courses.quizzes.views.common import words_of

register = template.Library()


@dataclass(frozen=True)
class TimeLeft:
    """`ends_at`: the moment that the learner is told; `seconds` until then, none below 0. `over`: no answer counts any
    more, grace included. `today`: it ends on the current local day.
    """

    ends_at: datetime
    seconds: int
    over: bool
    today: bool


@register.simple_tag
def time_left(attempt: Attempt) -> TimeLeft | None:
    """None for an attempt without a limit."""
    clock, at = clock_of(attempt), timezone.now()
    if clock is None:
        return None
    return TimeLeft(
        ends_at=clock.ends_at,
        seconds=max(0, int((clock.ends_at - at).total_seconds())),
        over=not clock.takes(at),
        today=local_day(clock.ends_at) == local_day(at),
    )


@register.filter
def in_words(refusal: Refused | None) -> str:
    """Why nothing can be started, with the local day and time from which on it can be. Empty for None."""
    return words_of(refusal) if refusal else ""
