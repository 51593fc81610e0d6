"""The queue of objections in the Wagtail admin, and the form that answers one. It never shows a name."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

from courses.lib.clock import local_day
from courses.plugin_api.screens import Screen, reader_of
from courses.quizzes.domain.objections import (
    LEAST,
    MOST_OF_ANSWER,
    ObjectionRefusal,
    ObjectionRefused,
    answer,
    is_overdue,
    queue,
)
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.queries import journal_of
from courses.quizzes.domain.review import grades_of, reviewed
from courses.quizzes.domain.review_rules import EVERYTHING
from courses.quizzes.enums import ObjectionStatus
from courses.quizzes.models import Objection
from courses.quizzes.tasks import tell_objectors

PERMISSION = "courses_quizzes.change_objection"
PER_PAGE = 25
TITLE = gettext_lazy("Objections")
WORDS: Mapping[ObjectionRefusal, Any] = {
    ObjectionRefusal.OWN: gettext_lazy("Nobody answers their own objection."),
    ObjectionRefusal.ANSWERED: gettext_lazy("Somebody else answered it meanwhile; their answer stands."),
    ObjectionRefusal.TOO_SHORT: gettext_lazy("Write a sentence at least."),
    ObjectionRefusal.TOO_LONG: gettext_lazy("Write less."),
    ObjectionRefusal.NOT_OPEN: gettext_lazy("This objection can't be answered."),
}


class AnswerForm(forms.Form):
    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("accept", gettext_lazy("The learner is right: the question has to be corrected")),
            ("reject", gettext_lazy("The question stays as it is")),
        ],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("Words for the learner"),
        help_text=gettext_lazy("Why, in the learner's language. They stand below the result."),
        min_length=LEAST,
        max_length=MOST_OF_ANSWER,
        widget=forms.Textarea({"rows": 6, "dir": "auto"}),
    )


class _Screen(Screen):
    permission_policy = ModelPermissionPolicy(Objection)
    permission_required = "change"
    header_icon = "warning"


class Queue(_Screen):
    """Open ones first by their due date, then the answered ones."""

    template_name = "courses_quizzes/admin/objections.html"
    page_title = TITLE

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": TITLE}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = Paginator(queue(), PER_PAGE).get_page(self.request.GET.get("p"))
        today = local_day(timezone.now())
        language = get_language() or "fr"
        rows = []
        for objection in page:
            paper = Paper.load(objection.attempt.paper)
            question = paper.question(objection.question_key)
            rows.append(
                {
                    "objection": objection,
                    "title": paper.title_in(language),
                    "stem": question.texts_in(language)["stem"] if question else "",
                    "overdue": is_overdue(objection, today),
                }
            )
        return super().get_context_data(**kwargs) | {"rows": rows, "page": page}


class Answer(_Screen):
    """One objection beside the question, its key and what the learner answered."""

    template_name = "courses_quizzes/admin/objection.html"

    @cached_property
    def objection(self) -> Objection:
        found = Objection.objects.select_related("attempt", "answered_by", "regrade")
        objection = found.filter(uuid=self.kwargs["uuid"]).first()
        if objection is None:
            raise Http404
        return objection

    def get_page_title(self) -> str:
        return _("Objection")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("quiz_objections:index"), "label": TITLE},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        attempt = self.objection.attempt
        paper = Paper.load(attempt.paper, attempt.answer_key)
        language = self.objection.locale
        rows = reviewed(
            paper, grades_of(paper, attempt.results), journal_of(attempt).answers, language, shown=EVERYTHING
        )
        context = {
            "objection": self.objection,
            "is_open": self.objection.status == ObjectionStatus.OPEN,
            "accepted": self.objection.status == ObjectionStatus.ACCEPTED,
            "overdue": is_overdue(self.objection, local_day(timezone.now())),
            "removed": attempt.purged_at is not None,
            "row": next((row for row in rows if row.key == self.objection.question_key), None),
            "total": len(paper.questions),
            "title": paper.title_in(get_language() or "fr"),
            "may_correct": reader_of(self.request).has_perm("courses_quizzes.add_regrade"),
            "form": AnswerForm(),
        }
        return super().get_context_data(**kwargs) | context | kwargs

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        accept = form.cleaned_data["decision"] == "accept"
        try:
            answer(
                self.objection.uuid,
                accept=accept,
                words=form.cleaned_data["words"],
                by=reader_of(request),
                at=timezone.now(),
            )
        except ObjectionRefused as refusal:
            messages.error(request, str(WORDS[refusal.reason]))
            return redirect("quiz_objections:answer", uuid)
        tell_objectors.delay_on_commit()
        if accept:
            messages.success(
                request, _("Answered. Correct the question, publish it, then correct the past results here.")
            )
            if request.user.has_perm("courses_quizzes.add_regrade"):
                return redirect("quiz_corrections:question", self.objection.question_key)
        else:
            messages.success(request, _("Answered. The learner is told by e-mail."))
        return redirect("quiz_objections:index")


class ObjectionsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


def menu_item() -> ObjectionsMenuItem:
    return ObjectionsMenuItem(
        TITLE, reverse("quiz_objections:index"), name="quiz-objections", icon_name="warning", order=700
    )


urlpatterns = [
    path("", Queue.as_view(), name="index"),
    path("<uuid:uuid>/", Answer.as_view(), name="answer"),
]
