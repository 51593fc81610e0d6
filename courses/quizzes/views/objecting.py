"""Contesting a question after submission."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from courses.quizzes.domain.objections import (
    LEAST,
    MOST,
    ObjectionRefusal,
    ObjectionRefused,
    contest,
    may_be_contested,
    of_attempt,
)
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.pictures import pictures_in
from courses.quizzes.domain.regrading import corrections_of
from courses.quizzes.models import Attempt
from courses.quizzes.views.common import active_language, attempt_or_404, learner_of


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("What is wrong with the question, or with what counts as right?"),
        help_text=_("A few sentences. Name the article if you can. Trainers read it without your name."),
        min_length=LEAST,
        max_length=MOST,
        widget=forms.Textarea({"rows": 6}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def contest_question(request: HttpRequest, attempt: UUID, position: int) -> HttpResponse:
    """The form, or what was written already with its answer."""
    found = attempt_or_404(request, attempt)
    paper = Paper.load(found.paper)
    question = paper.at(position)
    if question is None or not found.is_submitted:
        raise Http404
    objection = next((row for row in of_attempt(found) if row.question_key == question.key), None)
    if objection is None and not may_be_contested(found):
        raise Http404
    form = ObjectionForm(request.POST or None)
    if objection is None and request.method == "POST" and form.is_valid():
        try:
            contest(
                learner_of(request),
                attempt,
                question.key,
                form.cleaned_data["text"],
                locale=active_language(),
                at=timezone.now(),
            )
        except ObjectionRefused as refusal:
            if refusal.reason != ObjectionRefusal.TOO_MANY:
                raise Http404 from None
            form.add_error(
                None, _("You have as many open objections as possible at a time. Wait for an answer first.")
            )
        else:
            messages.success(request, _("Your objection was passed on to the trainers."))
            return redirect("quizzes:review", attempt)
    context: Mapping[str, Any] = {
        "attempt": found,
        "title": paper.title_in(active_language()),
        "position": position,
        "stem": question.texts_in(active_language())["stem"],
        "pictures": pictures_in(question.texts_in(active_language())),
        "language": question.language_for(active_language()),
        "objection": objection,
        "form": form,
    }
    return render(request, "courses_quizzes/contest.html", context)


def review_parts(attempt: Attempt, paper: Paper, *, shown: bool) -> dict[str, Any]:
    """What a review says of objections and corrections, in two queries. `shown`: its questions are on the page."""
    positions = {question.key: position for position, question in enumerate(paper.questions, start=1)}
    objections = [
        (positions[row.question_key], row)
        for row in of_attempt(attempt)
        if row.question_key in positions and (row.text or row.answer)
    ]
    return {
        "objections": objections,
        "contested": {position for position, _row in objections},
        "may_contest": shown and may_be_contested(attempt),
        "corrections": corrections_of(attempt),
    }
