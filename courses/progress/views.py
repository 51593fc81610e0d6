"""Screens of the learner: my learning, enrol, mark as done."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.models import Page

from courses.domain.access import denial_for
from courses.domain.outline import (
    CourseNotFound,
    CourseOutline,
    course_key_of,
    outline_of,
)
from courses.progress.domain.learning import learning_of
from courses.progress.domain.programmes import programme_of_request
from courses.progress.domain.queries import completed_keys
from courses.progress.domain.recording import enrol, record_completion
from courses.progress.domain.rules import next_activity


@require_safe
@login_required
def my_learning(request: HttpRequest) -> HttpResponse:
    """The learner's home: what to do next, how far, why not complete, what was earned."""
    courses = learning_of(request.user, get_language() or "fr")  # type: ignore[arg-type]
    return render(
        request,
        "courses_progress/my_learning.html",
        {
            "courses": courses,
            "current": next((course for course in courses if not course.complete and course.next), None),
        },
    )


@require_POST
@login_required
def enrol_in_course(request: HttpRequest, course_key: UUID) -> HttpResponse:
    """Enrol and go to the first activity (or where the learner stopped)."""
    outline = _outline_or_404(course_key)
    enrolment = enrol(
        request.user,  # type: ignore[arg-type]
        course_key,
        locale=get_language() or "fr",
        at=timezone.now(),
        programme=programme_of_request(request, course_key),
    )
    target = next_activity(outline, completed_keys(enrolment), enrolment.progress.last_activity_key)
    return redirect(target.url if target else outline.url)


@require_POST
@login_required
def complete_activity(request: HttpRequest, activity_key: UUID) -> HttpResponse:
    """Mark a lesson as done (enrolling on the way where needed) and go on to what comes next.

    Only lessons: what is assessed is completed by its own rule. A locked lesson answers with its reason.
    """
    language = get_language() or "fr"
    pages = Page.objects.filter(translation_key=activity_key, live=True).select_related("locale")
    page = next((found for found in pages if found.locale.language_code == language), None) or pages.first()
    if page is None:
        raise Http404
    try:
        outline = _outline_or_404(course_key_of(page))
    except CourseNotFound as error:
        raise Http404 from error
    activity = outline.activity(activity_key)
    if activity is None or activity.assessed or not activity.available:
        raise Http404
    at = timezone.now()
    programme = programme_of_request(request, outline.key)
    enrolment = enrol(
        request.user,  # type: ignore[arg-type]
        outline.key,
        locale=language,
        at=at,
        programme=programme,
    )
    denial = denial_for(request, page)
    if denial is not None:
        messages.error(request, denial.reason)
        return redirect(outline.url)
    record_completion(
        enrolment,
        activity_key,
        kind=activity.kind,
        locale=page.locale.language_code,
        revision_id=page.live_revision_id,
        at=at,
    )
    was_complete = enrolment.progress.completed_at is not None
    enrolment.progress.refresh_from_db(fields=["completed_at"])
    if enrolment.progress.completed_at is not None and not was_complete:
        messages.success(request, _("Course complete: you have done everything that is required."))
        return redirect("progress:my_learning")
    target = next_activity(outline, completed_keys(enrolment), activity_key)
    if target is None:
        messages.success(request, _("You have done everything in this course."))
        return redirect("progress:my_learning")
    return redirect(target.url)


def _outline_or_404(course_key: UUID) -> CourseOutline:
    try:
        return outline_of(course_key, get_language() or "fr")
    except CourseNotFound as error:
        raise Http404 from error
