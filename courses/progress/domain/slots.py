"""What progress shows on the core's pages, and what it locks."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from courses.domain.outline import CourseNotFound, outline_for
from courses.lib.lazy_text import lazy_format
from courses.plugin_api.registries import ActivityState, Denial, OutlineState


def course_action(request: HttpRequest, page: Page | None) -> Mapping[str, Any] | None:
    """On a course page: enrol, go on, or see what was achieved. Nothing on a course that isn't published."""
    from courses.progress.domain.learning import done_in_request, enrolment_of_request, learning_in

    if page is None:
        return None
    try:
        outline = outline_for(request, page)
    except CourseNotFound:
        return None
    enrolment = enrolment_of_request(request, outline.key)
    first = next((activity for activity in outline.activities() if activity.available), None)
    learning = None
    if enrolment is not None:
        learning = learning_in(enrolment, outline.language, done_in_request(request, enrolment), outline)
    return {"outline": outline, "learning": learning, "first": first, "page": page}


def activity_result(request: HttpRequest, page: Page | None) -> Mapping[str, Any] | None:
    """Under the result of an assessed activity: that the course is complete; nothing before."""
    from courses.progress.domain.learning import enrolment_of_request

    if page is None:
        return None
    try:
        outline = outline_for(request, page)
    except CourseNotFound:
        return None
    enrolment = enrolment_of_request(request, outline.key)
    if enrolment is None or enrolment.progress.completed_at is None:
        return None
    return {"outline": outline, "enrolment": enrolment}


def next_step(request: HttpRequest, page: Page | None) -> Mapping[str, Any] | None:
    """On the front page: what a learner in the middle of a course does next; nothing for anybody else."""
    from courses.progress.domain.learning import learning_of

    if not request.user.is_authenticated:
        return None
    courses = learning_of(request.user, get_language() or "fr")
    current = next((course for course in courses if not course.complete and course.next), None)
    return {"current": current} if current else None


def lesson_footer(request: HttpRequest, page: Page | None) -> Mapping[str, Any] | None:
    """Under a lesson: mark it as done and go on. Only lessons are completed by the learner's word."""
    from courses.progress.domain.learning import done_in_request, enrolment_of_request

    if page is None:
        return None
    try:
        outline = outline_for(request, page)
    except CourseNotFound:
        return None
    activity = outline.activity(page.translation_key)
    if activity is None or activity.assessed:
        return None
    enrolment = enrolment_of_request(request, outline.key)
    done = done_in_request(request, enrolment) if enrolment else set()
    return {
        "outline": outline,
        "activity": activity,
        "enrolled": enrolment is not None,
        "done": activity.key in done,
        "signup_url": f"{reverse('account_signup')}?{urlencode({'next': request.path})}",
        "login_url": f"{reverse('account_login')}?{urlencode({'next': request.path})}",
    }


def sequence_policy(request: HttpRequest, page: Page) -> Denial | None:
    """In a sequential course an enrolled learner meets the modules in order; reading without keeping
    progress is free for everybody else.
    """
    from courses.progress.domain.learning import done_in_request, enrolment_of_request
    from courses.progress.domain.rules import blocking_module

    if not request.user.is_authenticated:
        return None
    try:
        outline = outline_for(request, page)
    except CourseNotFound:
        return None
    if not outline.sequential:
        return None
    enrolment = enrolment_of_request(request, outline.key)
    if enrolment is None:
        return None
    module = blocking_module(outline, page.translation_key, done_in_request(request, enrolment))
    if module is None:
        return None
    return Denial(
        reason=lazy_format(_("This module opens when “%(module)s” is complete."), module=module.title),
        link_url=module.url,
        link_label=module.title,
    )


def outline_states(request: HttpRequest, course_key: UUID) -> OutlineState | None:
    """Done, locked, or where the learner stopped."""
    from courses.progress.domain.learning import done_in_request, enrolment_of_request
    from courses.progress.domain.rules import blocking_module

    enrolment = enrolment_of_request(request, course_key)
    if enrolment is None:
        return None
    outlines = request.__dict__.get("_course_outlines", {}).values()
    outline = next((found for found in outlines if found.key == course_key), None)
    if outline is None:
        return None
    done = done_in_request(request, enrolment)
    states: dict[UUID, ActivityState] = {}
    reasons: dict[UUID, Any] = {}
    for activity in outline.activities():
        if activity.key in done:
            states[activity.key] = ActivityState.DONE
            continue
        blocker = blocking_module(outline, activity.key, done)
        if blocker is not None:
            states[activity.key] = ActivityState.LOCKED
            reasons[activity.key] = lazy_format(
                _("opens when “%(module)s” is complete"), module=blocker.title
            )
        elif activity.key == enrolment.progress.last_activity_key:
            states[activity.key] = ActivityState.CURRENT
    return OutlineState(states, reasons)
