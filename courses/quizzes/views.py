"""Screens of a quiz: start, one question a page, check, submit, review; and practice without a record."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.accounts.api import User
from courses.domain.access import denial_for, locked_response
from courses.domain.outline import CourseNotFound, course_key_of
from courses.progress.api import enrol, programme_of_request
from courses.quizzes.domain import attempts as verbs
from courses.quizzes.domain.attempts import AttemptNotFound, Refusal, Refused
from courses.quizzes.domain.composition import QuizNotFound, TypeMissing, freeze_quiz, quiz_pages
from courses.quizzes.domain.grading import clean, grade
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.queries import Journal, attempts_of, journal_of
from courses.quizzes.domain.review import asked, grades_of, reviewed
from courses.quizzes.domain.standing import canonical_max_attempts, place_of, practice_offered, standing_of
from courses.quizzes.interfaces.entries import BadEntry, Entry
from courses.quizzes.models import Attempt, QuizPage
from courses.quizzes.types.base import question_types

WORDS: Mapping[Refusal, Any] = {
    Refusal.NO_QUESTIONS: _("This quiz has no questions yet."),
    Refusal.NO_ATTEMPTS_LEFT: _("You have used all the attempts of this quiz."),
    Refusal.ALREADY_PASSED: _("You have passed this quiz already."),
    Refusal.SUBMITTED: _("Your answers were submitted already; this one came too late and wasn't saved."),
    Refusal.UNKNOWN_QUESTION: _("This question isn't part of your quiz."),
    Refusal.NOT_UNDERSTOOD: _("This answer could not be understood."),
    Refusal.BAD_ENTRY: _("The answer wasn't saved: the page sent it in a form that can't be read."),
    Refusal.SEQUENCE_TAKEN: _("The answer wasn't saved yet; it is sent again."),
    Refusal.TOO_MANY: _("This answer was changed too often; the last one saved counts."),
    Refusal.UNGRADABLE: _(
        "This quiz can't be taken at the moment. Your answers are kept; please come back later."
    ),
}
STATUSES: Mapping[Refusal, int] = {
    Refusal.SUBMITTED: 409,
    Refusal.SEQUENCE_TAKEN: 409,
    Refusal.UNKNOWN_QUESTION: 404,
    Refusal.NOT_UNDERSTOOD: 422,
    Refusal.TOO_MANY: 429,
    Refusal.UNGRADABLE: 503,
}


def _language() -> str:
    return get_language() or "fr"


def _learner(request: HttpRequest) -> User:
    """The signed-in person, behind `login_required`."""
    assert request.user.is_authenticated
    return request.user


def _page_or_404(quiz_key: UUID) -> QuizPage:
    """The quiz in the active language, or as it was written."""
    try:
        pages = quiz_pages(quiz_key)
    except QuizNotFound as error:
        raise Http404 from error
    return next((page for page in pages if page.locale.language_code == _language()), pages[0])


def _attempt_or_404(request: HttpRequest, uuid: UUID, *, with_key: bool = False) -> Attempt:
    """The person's own attempt; anybody else's doesn't exist. Without its key unless asked."""
    attempts = attempts_of(_learner(request)).select_related("enrolment")
    if with_key:
        attempts = attempts.defer(None)
    attempt = attempts.filter(uuid=uuid).first()
    if attempt is None:
        raise Http404
    return attempt


@require_POST
def start_attempt(request: HttpRequest, quiz_key: UUID) -> HttpResponse:
    """Start or go on (enrolling on the way where needed), and go to the first question without an answer."""
    page = _page_or_404(quiz_key)
    page_url = page.get_url(request) or "/"
    if not request.user.is_authenticated:
        # Signing in comes back by GET, so to the quiz's own page.
        return redirect_to_login(page_url)
    try:
        course_key = course_key_of(page)
        at = timezone.now()
        programme = programme_of_request(request, course_key)
        enrolment = enrol(request.user, course_key, locale=_language(), at=at, programme=programme)
    except CourseNotFound as error:
        raise Http404 from error
    denial = denial_for(request, page)
    if denial is not None:
        messages.error(request, denial.reason)
        return redirect(page_url)
    try:
        attempt = verbs.start(enrolment, quiz_key, locale=_language(), at=at)
    except Refused as refusal:
        messages.warning(request, WORDS[refusal.reason])
        return redirect(page_url)
    return redirect("quizzes:attempt", attempt.uuid)


@require_safe
@login_required
def attempt_home(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """To where the learner stopped: the first question without an answer, the summary, or the review."""
    found = _attempt_or_404(request, attempt)
    if found.is_submitted:
        return redirect("quizzes:review", attempt)
    answers = journal_of(found).answers
    for position, question in enumerate(Paper.load(found.paper).questions, start=1):
        if question.key not in answers:
            return redirect("quizzes:question", attempt, position)
    return redirect("quizzes:summary", attempt)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def question(request: HttpRequest, attempt: UUID, position: int) -> HttpResponse:
    """One question. Posting saves its answer and goes on, or to the question named by `go`."""
    found = _attempt_or_404(request, attempt)
    paper = Paper.load(found.paper)
    current = paper.at(position)
    if current is None:
        raise Http404
    if found.is_submitted:
        return redirect("quizzes:review", attempt)
    kind = question_types.get(current.type)
    if kind is None:
        return render(
            request, "courses_quizzes/unavailable.html", {"reason": WORDS[Refusal.UNGRADABLE]}, status=503
        )
    error: Any = ""
    raw: Any = None
    if request.method == "POST":
        raw = kind.raw_from_form(request.POST, "answer")
        try:
            verbs.save_answer(_learner(request), attempt, current.key, raw, at=timezone.now())
        except Refused as refusal:
            if refusal.reason == Refusal.SUBMITTED:
                messages.warning(request, WORDS[refusal.reason])
                return redirect("quizzes:review", attempt)
            error = refusal.word or WORDS[refusal.reason]
        if not error:
            return _go_on(request, attempt, position, len(paper.questions))
    journal = journal_of(found)
    value = raw if error else journal.answers.get(current.key)
    shown = asked(paper, current, value, _language(), field="answer", error=error)
    context = {
        "attempt": found,
        "title": paper.title_in(_language()),
        "question": shown,
        "total": len(paper.questions),
        "positions": _positions(paper, journal, position),
        "saved_at": journal.saved_at.get(current.key),
        "max_sequence": journal.max_sequence,
        "previous": position - 1,
    }
    return render(request, "courses_quizzes/question.html", context)


def _go_on(request: HttpRequest, attempt: UUID, position: int, total: int) -> HttpResponse:
    """To the question that a button named, else to the next one, and from the last to the summary."""
    named = request.POST.get("go", "")
    target = int(named) if named.isascii() and named.isdigit() and len(named) < 5 else position + 1
    if 1 <= target <= total:
        return redirect("quizzes:question", attempt, target)
    return redirect("quizzes:summary", attempt)


def _positions(paper: Paper, journal: Journal, current: int = 0) -> list[dict[str, Any]]:
    return [
        {"number": number, "answered": question.key in journal.answers, "current": number == current}
        for number, question in enumerate(paper.questions, start=1)
    ]


@require_POST
def answers(request: HttpRequest, attempt: UUID) -> JsonResponse:
    """One journal entry from the script of the question page; a receipt, or why it wasn't saved."""
    if not request.user.is_authenticated:
        return JsonResponse(
            {"saved": False, "error": "signed_out", "message": str(_("You are signed out."))}, status=401
        )
    try:
        entry = Entry.parse(request.body)
        receipt = verbs.save_answer(
            request.user,
            attempt,
            entry.question,
            entry.value,
            at=timezone.now(),
            device_id=entry.device,
            sequence=entry.sequence,
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
        }
    )


def _refusal(refusal: Refused) -> JsonResponse:
    return JsonResponse(
        {
            "saved": False,
            "error": refusal.reason.value,
            "message": str(refusal.word or WORDS[refusal.reason]),
            "max_sequence": refusal.max_sequence,
        },
        status=STATUSES.get(refusal.reason, 400),
    )


def _clock(at: datetime) -> str:
    return timezone.localtime(at).strftime("%H:%M")


@require_safe
@login_required
def summary(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """What was answered and what wasn't, before submitting."""
    found = _attempt_or_404(request, attempt)
    if found.is_submitted:
        return redirect("quizzes:review", attempt)
    paper = Paper.load(found.paper)
    journal = journal_of(found)
    rows = []
    for number, question in enumerate(paper.questions, start=1):
        texts, value = question.texts_in(_language()), journal.answers.get(question.key)
        kind = question_types.get(question.type)
        rows.append(
            {
                "number": number,
                "stem": texts["stem"],
                "language": question.language_for(_language()),
                "answered": value is not None,
                "answer": kind.in_words(question.body, texts, value) if kind and value is not None else "",
            }
        )
    context = {
        "attempt": found,
        "title": paper.title_in(_language()),
        "rows": rows,
        "missing": sum(not row["answered"] for row in rows),
        "max_sequence": journal.max_sequence,
    }
    return render(request, "courses_quizzes/summary.html", context)


@require_POST
@login_required
def submit_attempt(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Grade once; a second press shows the same result."""
    try:
        verbs.submit(_learner(request), attempt, at=timezone.now())
    except AttemptNotFound as error:
        raise Http404 from error
    except Refused as refusal:
        messages.error(request, WORDS[refusal.reason])
        return redirect("quizzes:summary", attempt)
    return redirect("quizzes:review", attempt)


@require_safe
@login_required
def review(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """The result, what was right, and what to do next."""
    found = _attempt_or_404(request, attempt, with_key=True)
    if not found.is_submitted:
        return redirect("quizzes:attempt", attempt)
    max_attempts = canonical_max_attempts(found.quiz_key)
    standing = standing_of(found.enrolment, found.quiz_key, max_attempts or 0)
    paper = Paper.load(found.paper, found.answer_key)
    # A quiz that isn't published now may come back: its right answers are shown after a pass only.
    reveal = standing.passed if max_attempts is None else standing.shows_answers
    rows = []
    if found.purged_at is None:
        rows = reviewed(
            paper, grades_of(paper, found.results), journal_of(found).answers, _language(), reveal=reveal
        )
    context = {
        "attempt": found,
        "title": paper.title_in(_language()),
        "rows": rows,
        "right_count": sum(row.right for row in rows),
        "reveal": reveal,
        "standing": standing,
        "may_start": max_attempts is not None and standing.may_start,
        "place": place_of(found, _language()),
    }
    return render(request, "courses_quizzes/review.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest, quiz_key: UUID) -> HttpResponse:
    """The quiz without an account and without a record: answers are graded, shown and forgotten.

    404 for a quiz with limited attempts (practice would tell the answers before the first of them counts) and
    for one below an unpublished module or course.
    """
    page = _page_or_404(quiz_key)
    if not practice_offered(page):
        raise Http404
    locked = locked_response(request, page)
    if locked is not None:
        return locked
    context: dict[str, Any] = {"page": page, "title": page.title}
    try:
        paper = freeze_quiz(quiz_key).load()
    except TypeMissing:
        context["reason"] = WORDS[Refusal.UNGRADABLE]
        return render(request, "courses_quizzes/unavailable.html", context, status=503)
    raws: dict[UUID, Any] = {}
    errors: dict[UUID, Any] = {}
    if request.method == "POST":
        for question in paper.questions:
            kind = question_types[question.type]
            raws[question.key] = kind.raw_from_form(request.POST, _field(question.key))
            if clean(question, raws[question.key]) is None and not kind.is_blank(raws[question.key]):
                errors[question.key] = kind.not_understood
    if request.method == "POST" and not errors:
        result = grade(paper, raws)
        context["result"] = result
        context["rows"] = reviewed(
            paper, {row.key: row for row in result.questions}, raws, _language(), reveal=result.passed
        )
        context["right_count"] = sum(row.right for row in result.questions)
        return render(request, "courses_quizzes/practice_review.html", context)
    context["questions"] = [
        asked(
            paper,
            question,
            raws.get(question.key),
            _language(),
            field=_field(question.key),
            error=errors.get(question.key, ""),
        )
        for question in paper.questions
    ]
    context["errors"] = errors
    return render(request, "courses_quizzes/practice.html", context)


def _field(key: UUID) -> str:
    return f"q-{key}"
