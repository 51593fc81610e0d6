"""What hangs on quizzes that somebody is about to delete. Deleting takes none of it away."""

from dataclasses import dataclass

from django.db.models import Count, Q
from wagtail.models import Page

from courses.domain.outline import CourseNotFound, course_key_of
from courses.domain.variants import rules_variant
from courses.progress.api import Enrolment
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import Attempt, QuizPage


@dataclass(frozen=True)
class QuizEvidence:
    """`attempts`: all that were made; `running`: those not submitted yet. `learners`: people in the middle of a
    course that stays and asks them for this quiz; 0 where the quiz isn't required. `elsewhere`: the quiz goes on
    in another language.
    """

    title: str
    attempts: int
    running: int
    learners: int
    elsewhere: bool


def quiz_evidence(page: Page) -> list[QuizEvidence]:
    """For each quiz at or below a page that was tried or that learners still need. Four queries, and one a quiz."""
    quizzes = list(QuizPage.objects.descendant_of(page, inclusive=True).order_by("path"))
    if not quizzes:
        return []
    made = {
        row["quiz_key"]: (row["attempts"], row["running"])
        for row in Attempt.objects.filter(quiz_key__in=[quiz.translation_key for quiz in quizzes])
        .values("quiz_key")
        .annotate(attempts=Count("pk"), running=Count("pk", filter=Q(status=AttemptStatus.IN_PROGRESS)))
    }
    learners = _learners_around(page)
    found = []
    for quiz in quizzes:
        attempts, running = made.get(quiz.translation_key, (0, 0))
        elsewhere = rules_variant(quiz) is not None
        needed = learners if quiz.live and quiz.required and not elsewhere else 0
        if attempts or needed:
            found.append(QuizEvidence(quiz.title, attempts, running, needed, elsewhere))
    return found


def _learners_around(page: Page) -> int:
    """How many are in the middle of the course around a page; 0 where the course itself would go."""
    parent = page.get_parent()
    try:
        key = course_key_of(parent) if parent else None
    except CourseNotFound:
        key = None
    if key is None:
        return 0
    return Enrolment.objects.filter(course_key=key, progress__completed_at__isnull=True).count()
