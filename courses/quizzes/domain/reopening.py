"""After so many failures the lessons of what was missed are read again, before the next attempt.

Evidence are the openings of the ledger: the last one of each lesson counts, not how long it was read.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from courses.domain.outline import CourseNotFound, CourseOutline, OutlineActivity, outline_of
from courses.progress.api import Enrolment, last_openings
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.review import grades_of
from courses.quizzes.models import Attempt


def is_due(passes: Sequence[bool], reopen_after: int) -> bool:
    """Whether lessons are to be read before the next attempt: after every `reopen_after` failures (0: never).

    `passes`: of the graded attempts in their order, whether each passed.
    """
    failures = sum(not passed for passed in passes)
    if not reopen_after or not failures or any(passes):
        return False
    return failures % reopen_after == 0


def to_read(
    missed: Collection[UUID], failed_at: datetime, opened: Mapping[UUID, datetime], there: Collection[UUID]
) -> set[UUID]:
    """Of the lessons that a failure asks for, those that weren't opened since; only what is `there` to be opened."""
    return {
        lesson
        for lesson in missed
        if lesson in there and (lesson not in opened or opened[lesson] <= failed_at)
    }


def lessons_to_read(
    enrolment: Enrolment,
    attempts: Sequence[Attempt],
    reopen_after: int,
    language: str,
    outline: CourseOutline | None = None,
) -> list[OutlineActivity]:
    """The lessons to read again, in the order of the course. No query where nothing is due; two and the outline else.

    `attempts`: the graded ones of one enrolment at one quiz, in order. A lesson that isn't published any more can't be
    asked for; neither can one of answers that were removed.
    """
    if not is_due([bool(attempt.passed) for attempt in attempts], reopen_after):
        return []
    last = Attempt.objects.only("paper", "results", "submitted_at", "purged_at").get(pk=attempts[-1].pk)
    if last.purged_at is not None or last.submitted_at is None:
        return []
    try:
        outline = outline or outline_of(enrolment.course_key, language)
    except CourseNotFound:
        return []
    there = {activity.key: activity for activity in outline.activities() if activity.available}
    due = to_read(missed_lessons(last), last.submitted_at, last_openings(enrolment), there)
    return [activity for key, activity in there.items() if key in due]


def missed_lessons(attempt: Attempt) -> frozenset[UUID]:
    """The lessons of the objectives of which a question of this graded attempt wasn't right."""
    paper = Paper.load(attempt.paper)
    grades = grades_of(paper, attempt.results)
    missed = {question.objective for question in paper.questions if not grades[question.key].right}
    return frozenset(
        objective.lesson
        for key, objective in paper.objectives.items()
        if key in missed and objective.lesson is not None
    )
