"""The admin's views of a question where they differ from Wagtail's: tags, language of a preview, second reader."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin.modal_workflow import render_modal_workflow
from wagtail.models import Locale
from wagtail.snippets.views.snippets import (
    CollectWorkflowActionDataView,
    CreateView,
    EditView,
    PreviewOnCreateView,
    WorkflowActionView,
)

from courses.quizzes.domain.filing import set_tags
from courses.quizzes.domain.second_reader import may_approve
from courses.quizzes.models import Question

APPROVE = "approve"


class KeepsTags:
    """Tags aren't part of a version: they are kept with the form, published or not."""

    form: Any
    request: HttpRequest

    def save_instance(self) -> Any:
        instance = super().save_instance()  # type: ignore[misc]
        if "tags" in self.form.cleaned_data:
            set_tags(instance, self.form.cleaned_data["tags"], by=self.request.user, at=timezone.now())  # type: ignore[arg-type]
        return instance


class QuestionCreateView(KeepsTags, CreateView):
    def get_preview_url(self) -> Any:
        """With the language that is written in, which a new question doesn't know yet."""
        url = super().get_preview_url()
        return f"{url}?locale={self.locale.language_code}" if url and self.locale else url


class QuestionEditView(KeepsTags, EditView):
    """What is approved is what was read: the form names the version that it was filled with."""

    def workflow_action_is_valid(self) -> bool:
        valid: bool = super().workflow_action_is_valid()
        return valid and (self.workflow_action != APPROVE or may_approve(self.object, self.request.user))  # type: ignore[arg-type]

    def is_valid(self, form: Any) -> bool:
        if self._approves() and not self._shows_what_is_there():
            self.produced_error_code = "invalid_revision"
            self.produced_error_message = _(
                "It has changed since you opened it: nothing was approved or saved. Read it again and approve it then."
            )
            return False
        valid: bool = super().is_valid(form)
        return valid

    def _approves(self) -> bool:
        posted = self.request.POST
        return "action-workflow-action" in posted and posted.get("workflow-action-name") == APPROVE

    def _shows_what_is_there(self) -> bool:
        """A form that names no version isn't known to show the one that is there."""
        named = "loaded_revision_id" in self.request.POST or "overwrite_revision_id" in self.request.POST
        return named and not self.is_out_of_date


class QuestionPreviewOnCreate(PreviewOnCreateView):
    def get_object(self) -> Question:
        question: Question = super().get_object()
        code = self.request.GET.get("locale")
        question.locale = get_object_or_404(Locale, language_code=code) if code else Locale.get_default()
        return question


class NotByItsWriter:
    """The second reader is somebody else than who wrote the version or asked for the reading."""

    object: Any
    action_name: str
    redirect_url: str

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.action_name == APPROVE and not may_approve(self.object, request.user):  # type: ignore[arg-type]
            messages.error(
                request, _("Somebody else has to approve it: you wrote it or asked for the reading.")
            )
            return redirect(self.redirect_url)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return response


class QuestionWorkflowActionView(NotByItsWriter, WorkflowActionView):
    """From Wagtail's lists, which show no version of a question: it is approved in its own form, where it is read."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.action_name != APPROVE or not may_approve(self.object, request.user):  # type: ignore[arg-type]
            return super().dispatch(request, *args, **kwargs)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            template = "courses_quizzes/admin/approve_in_form.html"
            context = {"url": self.redirect_url}
            return render_modal_workflow(request, template, None, context, json_data={"step": "action"})
        messages.warning(request, _("Read the question here, and approve it in this form."))
        return redirect(self.redirect_url)


class QuestionCollectActionView(NotByItsWriter, CollectWorkflowActionDataView):
    pass


def without_own_approval(menu_items: list[Any], request: HttpRequest, context: dict[str, Any]) -> None:
    """The form's menu offers no approval that would be refused."""
    question = context.get("instance")
    if isinstance(question, Question) and not may_approve(question, request.user):  # type: ignore[arg-type]
        menu_items[:] = [item for item in menu_items if item.name != APPROVE]
