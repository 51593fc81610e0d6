"""What is taken around the test: the form before the course, refreshers after a pass. Neither counts."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from wagtail.models import Page

from courses.domain.access import denial_for
from courses.domain.outline import CourseNotFound, course_key_of
from courses.progress.api import enrol, programme_of_request
from courses.quizzes.domain.before import NotOffered, start_before
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.queries import journal_of
from courses.quizzes.domain.refreshers import (
    NothingDue,
    NothingToAsk,
    due_of,
    last_day,
    may_be_told,
    open_refresher,
    titles_of,
)
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.review import grades_of, reviewed
from courses.quizzes.domain.review_rules import EVERYTHING
from courses.quizzes.domain.standing import course_url
from courses.quizzes.enums import AttemptPurpose, ShownFrom
from courses.quizzes.models import Attempt
from courses.quizzes.views.common import WORDS, active_language, learner_of, page_or_404
from courses.quizzes.views.objecting import review_parts


@require_POST
def start_before_form(request: HttpRequest, quiz_key: UUID) -> HttpResponse:
    """Start the form before the course or go on with it, enrolling on the way."""
    page = page_or_404(quiz_key)
    page_url = page.get_url(request) or "/"
    if not request.user.is_authenticated:
        return redirect_to_login(page_url)
    try:
        course_key = course_key_of(page)
    except CourseNotFound as error:
        raise Http404 from error
    denial = denial_for(request, page)
    if denial is not None:
        messages.error(request, denial.reason)
        return redirect(page_url)
    if not page.before_form:
        raise Http404
    at = timezone.now()
    programme = programme_of_request(request, course_key)
    try:
        enrolment = enrol(request.user, course_key, locale=active_language(), at=at, programme=programme)
        attempt = start_before(enrolment, quiz_key, locale=active_language(), at=at)
    except CourseNotFound as error:
        raise Http404 from error
    except NotOffered:
        messages.warning(
            request, _("The form before the course can be taken once, before the first attempt.")
        )
        return redirect(page_url)
    return redirect("quizzes:attempt", attempt.uuid)


@require_POST
@login_required
def refresh(request: HttpRequest, quiz_key: UUID) -> HttpResponse:
    """Open the refresher that is due, or go on with it."""
    try:
        attempt = open_refresher(learner_of(request), quiz_key, locale=active_language(), at=timezone.now())
    except NothingDue:
        messages.info(request, _("No questions of this quiz wait for you now."))
        return redirect("progress:my_learning")
    except (NothingToAsk, Refused):
        messages.warning(request, WORDS[Refusal.UNGRADABLE])
        return redirect("progress:my_learning")
    return redirect("quizzes:attempt", attempt.uuid)


def panel(request: HttpRequest, page: Page | None) -> Mapping[str, Any] | None:
    """In 'My learning': the refreshers that are due; nothing where there is none. Two queries at most."""
    if not request.user.is_authenticated:
        return None
    due = due_of(request.user, at=timezone.now())
    if not due:
        return None
    titles = titles_of([row.quiz_key for row in due], active_language())
    rows = [
        {
            "quiz_key": row.quiz_key,
            "title": titles[row.quiz_key],
            "last_day": last_day(row),
            "begun": row.attempt_id is not None,
        }
        for row in due
        if row.quiz_key in titles
    ]
    return {"rows": rows} if rows else None


def review_aside(request: HttpRequest, attempt: Attempt) -> HttpResponse:
    """The review of an attempt that doesn't count, read with its key. Of the form before the course, and of a refresher
    whose questions another quiz may still ask, the percentage alone: they may come again in a test.
    """
    paper = Paper.load(attempt.paper, attempt.answer_key)
    is_refresher = attempt.purpose == AttemptPurpose.REFRESHER
    rows: list[Any] = []
    tells = is_refresher and paper.policy.show_verdicts != ShownFrom.NEVER
    tells = tells and may_be_told(learner_of(request), attempt)
    if tells and attempt.is_graded and attempt.purged_at is None:
        answers = journal_of(attempt).answers
        rows = reviewed(
            paper, grades_of(paper, attempt.results), answers, active_language(), shown=EVERYTHING
        )
    context = {
        "attempt": attempt,
        "title": paper.title_in(active_language()),
        "is_refresher": is_refresher,
        "tells": tells,
        "rows": rows,
        "right_count": sum(row.right for row in rows),
        "kept_months": settings.QUIZ_ANSWERS_KEPT_MONTHS,
        "course_url": course_url(attempt, active_language()),
        **(review_parts(attempt, paper, shown=bool(rows)) if is_refresher else {}),
    }
    return render(request, "courses_quizzes/review_aside.html", context)
