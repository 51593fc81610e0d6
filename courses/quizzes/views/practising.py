"""Practice without an account and without a record."""

import re
import secrets
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from courses.domain.access import locked_response
from courses.domain.outline import CourseNotFound, course_key_of
from courses.progress.api import enrolment_of_request
from courses.quizzes.domain.clock import over_for_all
from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.domain.freezing import TypeMissing
from courses.quizzes.domain.grading import clean, grade
from courses.quizzes.domain.marking import without_open_answers
from courses.quizzes.domain.refusals import Refusal
from courses.quizzes.domain.review import asked, reviewed
from courses.quizzes.domain.review_rules import visible
from courses.quizzes.domain.standing import canonical_page, practice_offered, standing_of
from courses.quizzes.models import QuizPage
from courses.quizzes.types.base import question_types
from courses.quizzes.views.common import WORDS, active_language, page_or_404

_SEED = re.compile(r"[0-9a-f]{32}")


@require_http_methods(["GET", "HEAD", "POST"])
def practice(request: HttpRequest, quiz_key: UUID) -> HttpResponse:
    """The quiz without an account and without a record: answers are graded, shown and forgotten.

    404 for a quiz with limited attempts or not open yet (practice would tell the answers before the first attempt
    counts) and for one below an unpublished module or course.
    """
    page = page_or_404(quiz_key)
    if not practice_offered(page, at=timezone.now()):
        raise Http404
    locked = locked_response(request, page)
    if locked is not None:
        return locked
    context: dict[str, Any] = {"page": page, "title": page.title}
    try:
        # What was drawn for the form is what its answers belong to.
        context["seed"] = seed = _seed(request.POST.get("seed", ""))
        whole = freeze_quiz(quiz_key, seed=seed).load()
    except TypeMissing:
        context["reason"] = WORDS[Refusal.UNGRADABLE]
        return render(request, "courses_quizzes/unavailable.html", context, status=503)
    # Nobody marks what is forgotten.
    paper = without_open_answers(whole)
    context["left_out"] = len(whole.questions) - len(paper.questions)
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
        rules, at = canonical_page(page), timezone.now()
        # What the first attempt that counts would hide right after its submission, practice hides too.
        shown = context["shown"] = visible(
            paper.policy,
            submitted_at=at,
            at=at,
            over_at=over_for_all(rules.closes_at, rules.grace_seconds),
            answers_may_be_told=_may_be_told(request, page, rules),
        )
        grades = {row.key: row for row in result.questions}
        context["rows"] = reviewed(paper, grades, raws, active_language(), shown=shown)
        context["right_count"] = sum(row.right for row in result.questions)
        return render(request, "courses_quizzes/practice_review.html", context)
    context["questions"] = [
        asked(
            paper,
            question,
            raws.get(question.key),
            active_language(),
            field=_field(question.key),
            error=errors.get(question.key, ""),
        )
        for question in paper.questions
    ]
    context["errors"] = errors
    return render(request, "courses_quizzes/practice.html", context)


def _may_be_told(request: HttpRequest, page: QuizPage, rules: QuizPage) -> bool:
    """Right answers are for whoever can't use them in the test any more: never for a visitor, who may take it next."""
    if not request.user.is_authenticated:
        return False
    try:
        enrolment = enrolment_of_request(request, course_key_of(page))
    except CourseNotFound:
        return False
    return standing_of(enrolment, page.translation_key, rules, at=timezone.now()).shows_answers


def _seed(given: str) -> str:
    """The one that a form brought back, or a new one."""
    return given if _SEED.fullmatch(given) else secrets.token_hex(16)


def _field(key: UUID) -> str:
    return f"q-{key}"
