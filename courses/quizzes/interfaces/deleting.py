"""Before quizzes and questions are deleted in the admin: what was answered, and that it stays."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import Page

from courses.quizzes.domain.deleting import QuizEvidence, quiz_evidence
from courses.quizzes.domain.queries import answer_counts
from courses.quizzes.models import Question


def warn_of_attempts(request: HttpRequest, page: Page) -> None:
    """On the page that asks for confirmation; the deletion itself goes its way."""
    if request.method == "GET":
        for found in quiz_evidence(page):
            messages.warning(request, _in_words(found))


def one_by_one(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Deleting from a list shows no such page: what was tried is deleted alone."""
    if action_type != "delete":
        return None
    tried = [found for page in objects if isinstance(page, Page) for found in quiz_evidence(page)]
    if not tried:
        return None
    for found in tried:
        messages.warning(request, _in_words(found))
    messages.error(request, _("Nothing was deleted: delete pages with such quizzes one by one."))
    return redirect("wagtailadmin_explore_root")


def warn_of_answers(request: HttpRequest, instances: Sequence[Any]) -> None:
    """The same for questions of the bank."""
    if request.method != "GET":
        return
    for question in instances:
        if isinstance(question, Question) and (asked := answer_counts(question.translation_key).asked):
            messages.warning(
                request,
                ngettext(
                    "“%(title)s” was asked in %(count)d attempt. The attempt, its answers and its result stay.",
                    "“%(title)s” was asked in %(count)d attempts. The attempts, their answers and their "
                    "results stay.",
                    asked,
                )
                % {"title": question, "count": asked},
            )


def _in_words(found: QuizEvidence) -> str:
    sentences = [_("Quiz “%(title)s”:") % {"title": found.title}]
    if found.attempts:
        sentences.append(
            ngettext(
                "%(count)d attempt was made. Its result stays, and so does a certificate already issued.",
                "%(count)d attempts were made. Their results stay, and so do certificates already issued.",
                found.attempts,
            )
            % {"count": found.attempts}
        )
    if found.elsewhere:
        sentences.append(_("The quiz goes on in its other languages."))
    elif found.running:
        sentences.append(
            ngettext(
                "%(count)d attempt isn't submitted yet: its answers stay, but no page leads to it any more.",
                "%(count)d attempts aren't submitted yet: their answers stay, but no page leads to them any more.",
                found.running,
            )
            % {"count": found.running}
        )
    if found.learners:
        sentences.append(
            ngettext(
                "It is required, and %(count)d learner is in the middle of the course: the course no longer asks "
                "for it, and completes for a learner who has done everything else.",
                "It is required, and %(count)d learners are in the middle of the course: the course no longer "
                "asks for it, and completes for learners who have done everything else.",
                found.learners,
            )
            % {"count": found.learners}
        )
    return " ".join(sentences)
