"""What a learner sees of their learning: where they are in each course and why it isn't complete."""

from collections.abc import Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from courses.accounts.api import User
from courses.domain.outline import (
    CourseNotFound,
    CourseOutline,
    OutlineActivity,
    OutlineModule,
    shown_outline,
)
from courses.progress.domain.queries import completed_keys, completed_keys_of, enrolments_of
from courses.progress.domain.recording import current_enrolment
from courses.progress.domain.rules import Standing, next_activity, standing
from courses.progress.models import Enrolment


@dataclass(frozen=True)
class CourseLearning:
    """One enrolment with everything a screen says about it. `outline` is None once the course is gone."""

    enrolment: Enrolment
    outline: CourseOutline | None
    done: Set[UUID]
    standing: Standing | None
    next: OutlineActivity | None

    @property
    def complete(self) -> bool:
        return self.enrolment.progress.completed_at is not None

    @property
    def started(self) -> bool:
        return bool(self.done) or self.enrolment.progress.last_activity_key is not None

    @property
    def title(self) -> str:
        return self.outline.title if self.outline else self.enrolment.course_title

    @property
    def modules_done(self) -> int:
        """Modules of which every required activity is complete."""
        if self.outline is None:
            return 0
        return sum(all(key in self.done for key in module.required_keys) for module in self.outline.modules)

    @property
    def missing(self) -> list[tuple[OutlineModule, OutlineActivity]]:
        """What the passing rule still asks for, with its module, in order."""
        if self.outline is None or self.standing is None:
            return []
        found = []
        for activity in self.standing.missing:
            module = self.outline.module_of(activity.key)
            if module is not None:
                found.append((module, activity))
        return found

    @property
    def added(self) -> list[OutlineActivity]:
        """What the passing rule asks for, was published after the person enrolled, and is still to do; nothing once
        the course is complete. Where the whole course is younger (it was imported anew), nothing was added.
        """
        if self.complete or self.outline is None or self.standing is None:
            return []
        since = self.enrolment.enrolled_at
        young = {
            activity.key
            for activity in self.outline.activities()
            if activity.published_at is not None and activity.published_at > since
        }
        if all(activity.key in young for activity in self.outline.activities()):
            return []
        return [activity for activity in self.standing.missing if activity.key in young]


def learning_in(
    enrolment: Enrolment, language: str, done: Set[UUID], outline: CourseOutline | None = None
) -> CourseLearning:
    """Put together what a screen needs for one enrolment."""
    if outline is None:
        try:
            outline = shown_outline(enrolment.course_key, language)
        except CourseNotFound:
            return CourseLearning(enrolment, None, done, None, None)
    last = enrolment.progress.last_activity_key
    return CourseLearning(
        enrolment, outline, done, standing(outline, done), next_activity(outline, done, last)
    )


def learning_of(user: User, language: str) -> list[CourseLearning]:
    """Every course of a person in its latest cycle, unfinished first, the one last worked on at the top."""
    latest: dict[UUID, Enrolment] = {}
    for enrolment in enrolments_of(user):
        known = latest.get(enrolment.course_key)
        if known is None or known.cycle < enrolment.cycle:
            latest[enrolment.course_key] = enrolment
    enrolments = list(latest.values())
    done = completed_keys_of(enrolments)
    outlines: dict[UUID, CourseOutline | None] = {}
    for enrolment in enrolments:
        if enrolment.course_key not in outlines:
            try:
                outlines[enrolment.course_key] = shown_outline(enrolment.course_key, language)
            except CourseNotFound:
                outlines[enrolment.course_key] = None
    courses = [
        learning_in(enrolment, language, done[enrolment.pk], outline)
        if (outline := outlines[enrolment.course_key])
        else CourseLearning(enrolment, None, done[enrolment.pk], None, None)
        for enrolment in enrolments
    ]
    return sorted(courses, key=_unfinished_and_recent_first)


def _unfinished_and_recent_first(course: CourseLearning) -> tuple[Any, ...]:
    touched = course.enrolment.progress.last_activity_at or course.enrolment.enrolled_at
    return (course.complete, -touched.timestamp())


def enrolment_of_request(request: HttpRequest, course_key: UUID) -> Enrolment | None:
    """The signed-in person's current enrolment in a course; looked up once a request."""
    if not request.user.is_authenticated:
        return None
    known: dict[UUID, Enrolment | None] = request.__dict__.setdefault("_enrolments", {})
    if course_key not in known:
        known[course_key] = current_enrolment(request.user, course_key)
    return known[course_key]


def done_in_request(request: HttpRequest, enrolment: Enrolment) -> set[UUID]:
    """Keys completed in an enrolment; looked up once a request."""
    known: dict[int, set[UUID]] = request.__dict__.setdefault("_completed_keys", {})
    if enrolment.pk not in known:
        known[enrolment.pk] = completed_keys(enrolment)
    return known[enrolment.pk]
