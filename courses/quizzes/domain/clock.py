"""The fair clock of an attempt whose time is limited. Pure; times are aware UTC.

    started ── deadline ── + outages ── + grace ── + what is left of the cap
               'ends at'   really ends  last answer  the sweep submits

The *deadline* is the quiz's minutes (as often as the learner chose before starting) and the extra minutes allowed,
never after the closing time. An *outage* is measured like this: the device says how long an answer waited for a
connection; what is credited is never more than the time between this receipt and the last one on the server, and
never more than what is left of the cap: QUIZ_OUTAGE_CAP_SECONDS as it was when the attempt began, and half the time
from start to deadline where that is less. So nobody gains time that the server didn't see pass in silence, and a
device that lies about waiting gains the cap at most, and of a quiz of ten minutes no more than five. *Grace* is for
an answer that was on its way. The sweep waits for what a device that is still silent could be credited.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

from courses.quizzes.domain.policy import Policy
from courses.quizzes.models import Attempt

# How many times the minutes a learner may choose before starting (WCAG 2.2.1).
EXTENSIONS = (1, 2, 5, 10)


@dataclass(frozen=True)
class Clock:
    """The moments of one attempt. `credited`, `grace` and `cap` in whole seconds, none below 0."""

    deadline: datetime
    credited: int
    grace: int
    cap: int

    @property
    def ends_at(self) -> datetime:
        """When the time is over, as the learner is told."""
        return self.deadline + timedelta(seconds=self.credited)

    @property
    def taken_until(self) -> datetime:
        """The last moment at which an answer counts."""
        return self.ends_at + timedelta(seconds=self.grace)

    @property
    def swept_from(self) -> datetime:
        """After this moment nothing that may still come can count."""
        return self.taken_until + timedelta(seconds=self.left)

    @property
    def left(self) -> int:
        """What may still be credited, in seconds."""
        return max(0, self.cap - self.credited)

    def takes(self, at: datetime) -> bool:
        return at <= self.taken_until

    def is_over(self, at: datetime) -> bool:
        return at > self.swept_from

    def credit(self, at: datetime, last: datetime, waited: timedelta) -> int:
        """Whole seconds that an answer received at `at`, after `waited` without a connection, adds; `last`: the
        receipt before it. Never below 0.
        """
        measured = min(waited, at - last)
        return max(0, min(int(measured.total_seconds()), self.left))

    def credited_with(self, seconds: int) -> "Clock":
        return Clock(self.deadline, self.credited + seconds, self.grace, self.cap)


def clock_of(attempt: Attempt) -> Clock | None:
    """None for an attempt without a limit. Reads the attempt's paper."""
    if attempt.deadline_at is None:
        return None
    policy = Policy.load(attempt.paper.get("policy"))
    return Clock(
        attempt.deadline_at,
        attempt.credited_seconds,
        policy.grace_seconds,
        outage_cap(attempt.deadline_at - attempt.started_at, policy.outage_cap_seconds),
    )


def outage_cap(given: timedelta, frozen: int | None = None) -> int:
    """What outages give back at most to an attempt that has so much time, in whole seconds, never below 0.
    `frozen`: the cap that its policy says; the setting of today where it says none.
    """
    cap = settings.QUIZ_OUTAGE_CAP_SECONDS if frozen is None else frozen
    return max(0, min(cap, int((given / 2).total_seconds())))


def over_for_all(closes_at: datetime | None, grace_seconds: int) -> datetime | None:
    """From when on nobody can answer any more, however long their connection was away. None where nothing closes."""
    if closes_at is None:
        return None
    return closes_at + timedelta(seconds=grace_seconds + settings.QUIZ_OUTAGE_CAP_SECONDS)


def time_is_over(attempt: Attempt, at: datetime) -> bool:
    """Whether an answer received now would come too late, as far as the server knows of outages."""
    clock = clock_of(attempt)
    return clock is not None and not clock.takes(at)


def deadline_of(
    started_at: datetime, *, minutes: int, extra_minutes: int, closes_at: datetime | None
) -> datetime | None:
    """When the time of an attempt is over. `minutes` 0: without a limit, to which nothing is added."""
    limit = started_at + timedelta(minutes=minutes + extra_minutes) if minutes else None
    return min((moment for moment in (limit, closes_at) if moment is not None), default=None)


def extended(paper: Mapping[str, Any], times: int) -> dict[str, Any]:
    """The paper with so many times its minutes: an attempt's own policy says how long it may take."""
    policy = {**paper["policy"]}
    policy["time_limit_minutes"] = policy["time_limit_minutes"] * times
    return {**paper, "policy": policy}
