"""Where a learner is with a quiz: what its introduction and its review say."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Page

from courses.domain.navigation import neighbours
from courses.domain.outline import (
    CourseNotFound,
    CourseOutline,
    OutlineActivity,
    OutlineModule,
    outline_for,
    outline_of,
)
from courses.progress.api import Enrolment, enrolment_of_request
from courses.quizzes.domain.composition import QuizNotFound, question_count, quiz_pages
from courses.quizzes.domain.queries import attempts_at
from courses.quizzes.models import Attempt, QuizPage


@dataclass(frozen=True)
class Standing:
    """The attempts of one enrolment at one quiz, in order. `max_attempts` 0 is without limit."""

    attempts: Sequence[Attempt]
    max_attempts: int

    @property
    def in_progress(self) -> Attempt | None:
        return next((attempt for attempt in self.attempts if not attempt.is_submitted), None)

    @property
    def submitted(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.is_submitted]

    @property
    def best(self) -> Attempt | None:
        """The best result, the earliest of equals; a pass (under whatever pass mark) before any other."""
        return max(
            self.submitted,
            key=lambda attempt: (attempt.passed, attempt.percent, -attempt.number),
            default=None,
        )

    @property
    def passed(self) -> bool:
        return any(attempt.passed for attempt in self.attempts)

    @property
    def left(self) -> int | None:
        """How many attempts may still be started; None without limit."""
        return max(0, self.max_attempts - len(self.attempts)) if self.max_attempts else None

    @property
    def may_start(self) -> bool:
        return self.in_progress is None and not self.passed and self.left != 0

    @property
    def shows_answers(self) -> bool:
        """Right answers are shown once they can't be used any more: after a pass or the last attempt."""
        return self.passed or (self.left == 0 and self.in_progress is None)


def standing_of(enrolment: Enrolment | None, quiz_key: UUID, max_attempts: int) -> Standing:
    """One query; none for somebody who isn't enrolled."""
    attempts = list(attempts_at(enrolment, quiz_key)) if enrolment else []
    return Standing(attempts, max_attempts)


def canonical_max_attempts(quiz_key: UUID) -> int | None:
    """How many attempts the quiz allows today; None where it isn't published any more."""
    try:
        return quiz_pages(quiz_key)[0].max_attempts
    except QuizNotFound:
        return None


@dataclass(frozen=True)
class Place:
    """Where a quiz stands in its course today: itself, its module, what comes after it."""

    outline: CourseOutline
    activity: OutlineActivity
    module: OutlineModule
    following: Any


def place_of(attempt: Attempt, language: str) -> Place | None:
    """None where the course or the quiz isn't published any more. `attempt.enrolment` should be loaded."""
    try:
        outline = outline_of(attempt.enrolment.course_key, language)
    except CourseNotFound:
        return None
    activity, module = outline.activity(attempt.quiz_key), outline.module_of(attempt.quiz_key)
    if activity is None or module is None:
        return None
    _before, following = neighbours(outline, attempt.quiz_key)
    return Place(outline, activity, module, following)


def canonical_page(page: QuizPage) -> QuizPage:
    """The page that rules and questions come from; the page itself where none is published (a preview)."""
    if page.locale.language_code == settings.LANGUAGE_CODE and page.alias_of_id is None:
        return page
    try:
        return quiz_pages(page.translation_key)[0]
    except QuizNotFound:
        return page


def practice_offered(page: QuizPage) -> bool:
    """Whether a published quiz may be taken without a record: its attempts are without limit, and everything
    above it, and above its canonical page, is published. Three queries at most.
    """
    rules = canonical_page(page)
    if rules.max_attempts:
        return False
    above = {
        path[:length]
        for path in {page.path, rules.path}
        for length in range(Page.steplen, len(path), Page.steplen)
    }
    return not Page.objects.filter(path__in=above, live=False).exists()


def quiz_context(request: HttpRequest, page: QuizPage) -> Mapping[str, Any]:
    """For the introduction of a quiz: its rules, and the learner's standing where there is one."""
    rules = canonical_page(page)
    enrolment = None
    with contextlib.suppress(CourseNotFound):
        enrolment = enrolment_of_request(request, outline_for(request, page).key)
    return {
        "rules": rules,
        "question_count": question_count(rules),
        "standing": standing_of(enrolment, page.translation_key, rules.max_attempts),
    }
