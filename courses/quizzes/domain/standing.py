"""Where a learner is with a quiz: what its introduction and its review say."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone
from wagtail.models import Page

from courses.domain.navigation import neighbours
from courses.domain.outline import (
    CourseNotFound,
    CourseOutline,
    OutlineActivity,
    OutlineModule,
    outline_for,
    shown_outline,
)
from courses.progress.api import (
    ActivityCompletion,
    Enrolment,
    current_enrolment,
    enrolment_of_request,
    later_cycles,
)
from courses.quizzes.domain.allowances import Extra, counting_from, extra_of
from courses.quizzes.domain.before import before_form_of
from courses.quizzes.domain.clock import EXTENSIONS, over_for_all
from courses.quizzes.domain.composition import QuizNotFound, question_count, quiz_pages
from courses.quizzes.domain.queries import attempts_at
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.reopening import lessons_to_read
from courses.quizzes.domain.results import Result, passed_at, result_of
from courses.quizzes.enums import ResultRule
from courses.quizzes.models import Attempt, QuizPage


@dataclass(frozen=True)
class Standing:
    """The attempts of one enrolment at one quiz, in order, and what its rules say of them at `at`.

    `rules`: the canonical page of the day, None where the quiz isn't published. `extra`: what this person is allowed
    beyond them. `recorded`: whether the completion is in the ledger already. `later`: where the course was begun again,
    the standing in its latest cycle; it has no later one itself.
    """

    attempts: Sequence[Attempt]
    rules: QuizPage | None
    at: datetime
    extra: Extra = field(default_factory=Extra)
    recorded: bool = False
    later: "Standing | None" = None

    @property
    def in_progress(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if not attempt.is_submitted), None)

    @property
    def submitted(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.is_submitted]

    @property
    def graded(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.is_graded]

    @property
    def waiting(self) -> Attempt | None:
        """The attempt that a person has still to mark: it may be a pass, so there is no other one meanwhile. Once its
        answers are removed it waits for nothing.
        """
        submitted = (attempt for attempt in self.submitted if attempt.purged_at is None)
        return next((attempt for attempt in submitted if not attempt.is_graded), None)

    @property
    def best(self) -> Attempt | None:
        """The best of the graded ones, the earliest of equals; a pass (under whatever pass mark) before any other."""
        return max(
            self.graded,
            key=lambda attempt: (attempt.passed, attempt.percent, -attempt.number),
            default=None,
        )

    @property
    def rule(self) -> str:
        return self.rules.result_rule if self.rules else ResultRule.HIGHEST

    @property
    def result(self) -> Result:
        """Of all graded attempts together."""
        return result_of(self.graded, self.rule)

    @property
    def passed(self) -> bool:
        """Once passed is passed, whatever comes later."""
        return self.recorded or passed_at(self.graded, self.rule) is not None

    @property
    def max_attempts(self) -> int:
        """With those that were allowed to this person; 0 is without limit."""
        limit = self.rules.max_attempts if self.rules else 0
        return limit + self.extra.attempts if limit else 0

    @property
    def left(self) -> int | None:
        """How many attempts may still be started; None without limit."""
        return max(0, self.max_attempts - len(self.attempts)) if self.max_attempts else None

    @property
    def closed(self) -> bool:
        return self.rules is not None and self.rules.closes_at is not None and self.at >= self.rules.closes_at

    @property
    def over_at(self) -> datetime | None:
        """From when on nobody can answer any more; None for a quiz that doesn't close, or isn't published."""
        return over_for_all(self.rules.closes_at, self.rules.grace_seconds) if self.rules else None

    @property
    def is_over(self) -> bool:
        return self.over_at is not None and self.at >= self.over_at

    @property
    def next_at(self) -> datetime | None:
        """From when on the next attempt is possible, where there is a delay after the last one."""
        ended = [attempt.submitted_at for attempt in self.attempts if attempt.submitted_at is not None]
        if not ended or self.rules is None or not self.rules.delay_minutes:
            return None
        return max(ended) + timedelta(minutes=self.rules.delay_minutes)

    @property
    def hindrance(self) -> Refused | None:
        """Why no new attempt may be started now; None where one may, or where one is in progress."""
        rules = self.rules
        if rules is None or self.in_progress is not None:
            return None
        if self.passed:
            return Refused(Refusal.ALREADY_PASSED)
        if self.waiting is not None:
            return Refused(Refusal.TO_BE_MARKED)
        if self.left == 0:
            return Refused(Refusal.NO_ATTEMPTS_LEFT)
        if self.closed:
            return Refused(Refusal.CLOSED, moment=rules.closes_at)
        if rules.opens_at is not None and self.at < rules.opens_at:
            return Refused(Refusal.NOT_OPEN_YET, moment=rules.opens_at)
        if self.next_at is not None and self.at < self.next_at:
            return Refused(Refusal.TOO_SOON, moment=self.next_at)
        return None

    @property
    def may_start(self) -> bool:
        return self.rules is not None and self.in_progress is None and self.hindrance is None

    @property
    def shows_answers(self) -> bool:
        """Right answers are shown once they can't be used any more: after a pass, after the last attempt, once
        the quiz is over for everybody. A quiz that isn't published now may come back: then only after a pass. Where
        the course was begun again, the test of its latest cycle is the one that they could be used in.
        """
        if self.later is not None:
            return self.later.shows_answers
        return self.passed or (self.in_progress is None and (self.left == 0 or self.is_over))


def standing_of(
    enrolment: Enrolment | None, quiz_key: UUID, rules: QuizPage | None, *, at: datetime
) -> Standing:
    """One query, and one for allowances where the rules leave room for them; none for somebody who isn't enrolled. For
    attempts of an earlier cycle those of the latest one are read too.
    """
    if enrolment is None:
        return Standing([], rules, at)
    completed = ActivityCompletion.objects.filter(enrolment=OuterRef("enrolment"), activity_key=quiz_key)
    begun_again = later_cycles("enrolment__")
    attempts = list(
        attempts_at(enrolment, quiz_key).annotate(recorded=Exists(completed), begun_again=Exists(begun_again))
    )
    recorded = any(attempt.recorded for attempt in attempts)
    limited = rules is not None and (rules.max_attempts or rules.time_limit_minutes)
    extra = Extra()
    if limited and not recorded:
        since = counting_from(enrolment.cycle, enrolment.enrolled_at)
        extra = extra_of(quiz_key, enrolment.user_id, since=since)
    later = None
    if any(attempt.begun_again for attempt in attempts):
        latest = current_enrolment(enrolment.user, enrolment.course_key)
        later = standing_of(latest, quiz_key, rules, at=at)
    return Standing(attempts, rules, at, extra, recorded, later)


def published_pages(quiz_key: UUID) -> list[QuizPage]:
    """The published pages of a quiz, the canonical one first; none where it isn't published any more."""
    try:
        return quiz_pages(quiz_key)
    except QuizNotFound:
        return []


@dataclass(frozen=True)
class Place:
    """Where a quiz stands in its course today: itself, its module, what comes after it."""

    outline: CourseOutline
    activity: OutlineActivity
    module: OutlineModule
    following: Any


def place_of(request: HttpRequest, page: QuizPage | None) -> Place | None:
    """Where this page of a quiz stands; None where the course or the quiz isn't published any more."""
    if page is None:
        return None
    try:
        outline = outline_for(request, page)
    except CourseNotFound:
        return None
    activity, module = outline.activity(page.translation_key), outline.module_of(page.translation_key)
    if activity is None or module is None:
        return None
    _before, following = neighbours(outline, page.translation_key)
    return Place(outline, activity, module, following)


def course_url(attempt: Attempt, language: str) -> str:
    """The address of the attempt's course for a quiet way back; empty where it isn't published any more."""
    try:
        return shown_outline(attempt.enrolment.course_key, language).url
    except CourseNotFound:
        return ""


def canonical_page(page: QuizPage) -> QuizPage:
    """The page that rules and questions come from; the page itself where none is published (a preview)."""
    if page.locale.language_code == settings.LANGUAGE_CODE and page.alias_of_id is None:
        return page
    try:
        return quiz_pages(page.translation_key)[0]
    except QuizNotFound:
        return page


def practice_offered(page: QuizPage, *, at: datetime) -> bool:
    """Whether a published quiz may be taken without a record: it is open, its attempts are without limit, and
    everything above it, and above its canonical page, is published. Three queries at most.
    """
    rules = canonical_page(page)
    if not practisable(rules, at):
        return False
    above = {
        path[:length]
        for path in {page.path, rules.path}
        for length in range(Page.steplen, len(path), Page.steplen)
    }
    return not Page.objects.filter(path__in=above, live=False).exists()


def practisable(rules: QuizPage, at: datetime) -> bool:
    """Practice says what is right and wrong, as often as one likes. So there is none where an attempt is worth more
    than that: where attempts are limited, or wait for one another, or don't count alike, or it isn't open yet.
    """
    is_open = rules.opens_at is None or at >= rules.opens_at
    waits = rules.max_attempts or rules.delay_minutes or rules.reopen_after
    return is_open and not waits and rules.result_rule == ResultRule.HIGHEST


def quiz_context(request: HttpRequest, page: QuizPage) -> Mapping[str, Any]:
    """For the introduction of a quiz: its rules, and the learner's standing where there is one."""
    rules = canonical_page(page)
    at = timezone.now()
    enrolment = outline = None
    with contextlib.suppress(CourseNotFound):
        outline = outline_for(request, page)
        enrolment = enrolment_of_request(request, outline.key)
    standing = standing_of(enrolment, page.translation_key, rules, at=at)
    minutes = rules.time_limit_minutes
    return {
        "rules": rules,
        "question_count": question_count(rules),
        "standing": standing,
        "hindrance": standing.hindrance,
        "before": before_form_of(enrolment, rules),
        "reading": lessons_to_read(
            enrolment, standing.graded, rules.reopen_after, page.locale.language_code, outline
        )
        if enrolment is not None and standing.may_start
        else [],
        "practisable": practisable(rules, at),
        # What a learner may choose before starting, with everybody's and one's own extra minutes.
        "extensions": [(times, minutes * times + standing.extra.minutes) for times in EXTENSIONS]
        if minutes and rules.extendable
        else [],
        "minutes": minutes + standing.extra.minutes if minutes else 0,
        "course_complete": enrolment is not None and enrolment.progress.completed_at is not None,
    }
