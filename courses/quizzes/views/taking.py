"""Taking a quiz: start, go on, save an answer, submit. The pages of an attempt: `asking`."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from courses.domain.access import denial_for
from courses.domain.outline import CourseNotFound, course_key_of
from courses.progress.api import enrol, programme_of_request
from courses.quizzes.domain import attempts as verbs
from courses.quizzes.domain.attempts import AttemptNotFound, Refusal, Refused
from courses.quizzes.domain.clock import EXTENSIONS, time_is_over
from courses.quizzes.domain.pages import has_no_way_back
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.queries import journal_of
from courses.quizzes.interfaces.entries import BadEntry, Entry
from courses.quizzes.views.common import (
    STATUSES,
    WORDS,
    active_language,
    attempt_or_404,
    learner_of,
    page_or_404,
    words_of,
)


@require_POST
def start_attempt(request: HttpRequest, quiz_key: UUID) -> HttpResponse:
    """Start or go on (enrolling on the way where needed), and go to the first question without an answer."""
    page = page_or_404(quiz_key)
    page_url = page.get_url(request) or "/"
    if not request.user.is_authenticated:
        # Signing in comes back by GET, so to the quiz's own page.
        return redirect_to_login(page_url)
    try:
        course_key = course_key_of(page)
    except CourseNotFound as error:
        raise Http404 from error
    # Before enrolling: who may not start leaves no trace.
    denial = denial_for(request, page)
    if denial is not None:
        messages.error(request, denial.reason)
        return redirect(page_url)
    at = timezone.now()
    programme = programme_of_request(request, course_key)
    try:
        enrolment = enrol(request.user, course_key, locale=active_language(), at=at, programme=programme)
    except CourseNotFound as error:
        raise Http404 from error
    try:
        attempt = verbs.start(
            enrolment,
            quiz_key,
            locale=active_language(),
            at=at,
            extension=_extension(request.POST.get("extension", "")),
        )
    except Refused as refusal:
        messages.warning(request, words_of(refusal))
        return redirect(page_url)
    return redirect("quizzes:attempt", attempt.uuid)


def _extension(chosen: str) -> int:
    """How many times the minutes the learner chose; once where the form doesn't say it in a known way."""
    return next((times for times in EXTENSIONS if chosen == str(times)), 1)


@require_safe
@login_required
def attempt_home(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """To where the learner stopped: the first question without an answer (where there is no way back, the one that is
    open), the summary, or the review.
    """
    found = attempt_or_404(request, attempt)
    if found.is_submitted:
        return redirect("quizzes:review", attempt)
    if time_is_over(found, timezone.now()):
        return redirect("quizzes:summary", attempt)
    paper = Paper.load(found.paper)
    if has_no_way_back(paper):
        if found.reached <= len(paper.questions):
            return redirect("quizzes:question", attempt, found.reached)
        return redirect("quizzes:summary", attempt)
    answers = journal_of(found).answers
    for position, question in enumerate(paper.questions, start=1):
        if question.key not in answers:
            return redirect("quizzes:question", attempt, position)
    return redirect("quizzes:summary", attempt)


@require_POST
def answers(request: HttpRequest, attempt: UUID) -> JsonResponse:
    """One journal entry from the script of the question page; a receipt, or why it wasn't saved."""
    if not request.user.is_authenticated:
        return JsonResponse(
            {"saved": False, "error": "signed_out", "message": str(_("You are signed out."))}, status=401
        )
    at = timezone.now()
    try:
        entry = Entry.parse(request.body)
        receipt = verbs.save_answer(
            request.user,
            attempt,
            entry.question,
            entry.value,
            at=at,
            device_id=entry.device,
            sequence=entry.sequence,
            waited=entry.waited,
        )
    except AttemptNotFound as error:
        raise Http404 from error
    except BadEntry:
        return _refusal(Refused(Refusal.BAD_ENTRY))
    except Refused as refusal:
        return _refusal(refusal)
    return JsonResponse(
        {
            "saved": True,
            "question": str(receipt.question_key),
            "sequence": receipt.sequence,
            "max_sequence": receipt.max_sequence,
            "received_at": receipt.received_at.isoformat(),
            "clock": _clock(receipt.received_at),
            "current": receipt.current,
            # Said where it is so: it tells the device nothing of the connection since the entry came first.
            **({"repeated": True} if receipt.repeated else {}),
            **_time_left(receipt.ends_at, at),
        }
    )


def _time_left(ends_at: datetime | None, at: datetime) -> dict[str, int]:
    """For an attempt whose time is limited: an outage that was credited has moved its end."""
    return {} if ends_at is None else {"seconds_left": max(0, int((ends_at - at).total_seconds()))}


def _refusal(refusal: Refused) -> JsonResponse:
    return JsonResponse(
        {
            "saved": False,
            "error": refusal.reason.value,
            "message": words_of(refusal),
            "max_sequence": refusal.max_sequence,
        },
        status=STATUSES.get(refusal.reason, 400),
    )


def _clock(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M")


@require_POST
@login_required
def submit_attempt(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Grade once; a second press shows the same result."""
    try:
        verbs.submit(learner_of(request), attempt, at=timezone.now())
    except AttemptNotFound as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, WORDS[refusal.reason])
        return redirect("quizzes:summary", attempt)
    return redirect("quizzes:review", attempt)
