"""Questions and quizzes as learners meet them, for those who write them: the preview beside the form, and 'Try it'.

Both are frozen and graded in memory, by what takes attempts, and leave nothing behind.
"""

import secrets
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.admin.widgets.button import Button

from courses.quizzes.domain.attempts import Refusal
from courses.quizzes.domain.composition import QuizNotFound, freeze_quiz, quiz_pages
from courses.quizzes.domain.freezing import TypeMissing, freeze_question
from courses.quizzes.domain.grading import clean, grade
from courses.quizzes.domain.paper import FORMAT, Paper
from courses.quizzes.domain.review import asked, reviewed
from courses.quizzes.domain.review_rules import EVERYTHING
from courses.quizzes.models import Question, QuizPage
from courses.quizzes.types.base import question_types
from courses.quizzes.views.common import WORDS

PERMISSION = "courses_quizzes.change_question"
STREAMS = ("pictures", "choices", "pairs", "sequence", "rubric")


def preview(request: HttpRequest, question: Question, language: str) -> HttpResponse:
    """The question as it stands in the form, in a language, as a page of the site. What it lacks is said above it."""
    kind = question_types.get(question.type)
    context: dict[str, Any] = {"missing": kind is None}
    with translation.override(language):
        if kind is not None:
            paper = paper_of(question)
            context["questions"] = _asked(paper, language, {}, {})
            context["problems"] = [word for words in kind.problems(question).values() for word in words]
        return render(request, "courses_quizzes/admin/preview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def try_question(request: HttpRequest, pk: int) -> HttpResponse:
    """A question as it was saved last, draft or not: answered, reviewed and forgotten."""
    _require_right(request)
    question = get_object_or_404(Question.objects.select_related("locale", "latest_revision"), pk=pk)
    back = reverse(Question.snippet_viewset.get_url_name("edit"), args=[quote(question.pk)])  # type: ignore[attr-defined]
    own = question.locale.language_code
    if question.latest_revision:
        question = question.get_latest_revision_as_object()
    try:
        paper = paper_of(question)
    except TypeMissing:
        return _unavailable(request)
    return _try(request, paper, title=str(question), back=back, own=own)


@require_http_methods(["GET", "HEAD", "POST"])
def try_quiz(request: HttpRequest, quiz_key: UUID) -> HttpResponse:
    """A published quiz, drawn anew each time it is opened; the review is of the paper that was answered."""
    _require_right(request)
    seed = request.POST.get("seed") or secrets.token_hex(16)
    try:
        page: QuizPage = quiz_pages(quiz_key)[0]
        paper = freeze_quiz(quiz_key, seed=seed).load()
    except QuizNotFound as error:
        raise Http404 from error
    except TypeMissing:
        return _unavailable(request)
    back = reverse("wagtailadmin_pages:edit", args=[page.pk])
    return _try(request, paper, title=page.title, back=back, own=page.locale.language_code, seed=seed)


urlpatterns = [
    path("question/<int:pk>/", try_question, name="question"),
    path("quiz/<uuid:quiz_key>/", try_quiz, name="quiz"),
]


def question_button(question: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """In the list's menu of a question."""
    if isinstance(question, Question) and user.has_perm(PERMISSION):
        yield Button(
            _("Try it"), reverse("quiz_tryout:question", args=[question.pk]), icon_name="view", priority=50
        )


def quiz_button(page: Any, user: Any, view_name: str = "", next_url: str | None = None) -> Iterator[Button]:
    """In the menus of a published quiz."""
    if isinstance(page, QuizPage) and page.live and user.has_perm(PERMISSION):
        yield Button(
            _("Try it"),
            reverse("quiz_tryout:quiz", args=[page.translation_key]),
            icon_name="view",
            priority=25,
        )


def paper_of(question: Question) -> Paper:
    """A paper of this question alone: this variant as it is in memory, the others as they were saved last. TypeMissing.

    Four queries, and one for each other language.
    """
    for name in STREAMS:
        # Gives an id to each block that was never saved.
        getattr(question, name).get_prep_value()
    variants = [question]
    others = Question.objects.filter(translation_key=question.translation_key, stem__gt="").exclude(
        locale_id=question.locale_id
    )
    for other in others.select_related("locale", "latest_revision"):
        variants.append(other.get_latest_revision_as_object() if other.latest_revision else other)
    row, secret = freeze_question(variants)
    paper = {
        "format": FORMAT,
        "pass_mark": 100,
        "titles": {},
        "questions": [row],
        "scenarios": _scenario_of(question),
    }
    return Paper.load(paper, {row["key"]: secret})


def _scenario_of(question: Question) -> dict[str, Any]:
    scenario = question.scenario
    if scenario is None:
        return {}
    texts = {
        one.locale.language_code: {"title": one.title, "text": one.text}
        for one in scenario.get_translations(inclusive=True).select_related("locale")
    }
    return {
        str(scenario.translation_key): {"language": scenario.locale.language_code, "texts": texts},
    }


def _require_right(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _unavailable(request: HttpRequest) -> HttpResponse:
    context = {"reason": WORDS[Refusal.UNGRADABLE]}
    return render(request, "courses_quizzes/unavailable.html", context, status=503)


def _try(
    request: HttpRequest, paper: Paper, *, title: str, back: str, own: str, seed: str = ""
) -> HttpResponse:
    codes = [code for code, _name in settings.LANGUAGES]
    language = request.GET.get("language", own)
    if language not in codes:
        raise Http404
    raws: dict[UUID, Any] = {}
    errors: dict[UUID, Any] = {}
    if request.method == "POST":
        for question in paper.questions:
            kind = question_types[question.type]
            raws[question.key] = kind.raw_from_form(request.POST, _field(question.key))
            if clean(question, raws[question.key]) is None and not kind.is_blank(raws[question.key]):
                errors[question.key] = kind.not_understood
    context: dict[str, Any] = {
        "title": title,
        "back": back,
        "seed": seed,
        "errors": errors,
        "languages": [(code, get_language_info(code)["name_local"], code == language) for code in codes],
    }
    with translation.override(language):
        if request.method == "POST" and not errors:
            result = grade(paper, raws)
            context["result"] = result
            context["right_count"] = sum(row.right for row in result.questions)
            context["rows"] = reviewed(
                paper, {row.key: row for row in result.questions}, raws, language, shown=EVERYTHING
            )
            return render(request, "courses_quizzes/admin/try_review.html", context)
        context["questions"] = _asked(paper, language, raws, errors)
        return render(request, "courses_quizzes/admin/try.html", context)


def _asked(paper: Paper, language: str, raws: Mapping[UUID, Any], errors: Mapping[UUID, Any]) -> list[Any]:
    return [
        asked(
            paper,
            question,
            raws.get(question.key),
            language,
            field=_field(question.key),
            error=errors.get(question.key, ""),
        )
        for question in paper.questions
    ]


def _field(key: UUID) -> str:
    return f"q-{key}"
