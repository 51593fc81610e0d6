"""Exporting questions in the Wagtail admin: the list as it is filtered, or what is ticked in it, as a file."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.functional import classproperty
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from courses.quizzes.interfaces.exchange.detect import Format
from courses.quizzes.interfaces.exchange.report import Outcome, State
from courses.quizzes.interfaces.exchange_export import WRITTEN, Export, Selection, export
from courses.quizzes.interfaces.importing import FORMATS, language_choices, list_url
from courses.quizzes.interfaces.question_list import narrowed, query_of
from courses.quizzes.models import Question, QuizPage

PERMISSION = "courses_quizzes.view_question"
# The export's own names in the address; every other one is a filter of the list.
OWN_NAMES = ("format", "language", "quiz", "drafts", "question", "check", "download")
EXTENSIONS = {
    Format.MOODLE_XML: "xml",
    Format.GIFT: "gift.txt",
    Format.AIKEN: "aiken.txt",
    Format.YAML: "yaml",
}


def quiz_choices() -> list[tuple[str, str]]:
    """Published quizzes, each once."""
    rows = QuizPage.objects.filter(live=True, alias_of__isnull=True).order_by("title")
    found: dict[str, str] = {}
    for key, title, language in rows.values_list("translation_key", "title", "locale__language_code"):
        if str(key) not in found or language == settings.LANGUAGE_CODE:
            found[str(key)] = title
    return [("", _("All questions")), *found.items()]


class ExportForm(forms.Form):
    """Which format and language, and whether only the questions of a quiz."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(format.value, FORMATS[format]) for format in WRITTEN]
    )
    language = forms.ChoiceField(label=gettext_lazy("Language"), choices=language_choices)
    quiz = forms.ChoiceField(label=gettext_lazy("Of the quiz"), choices=quiz_choices, required=False)
    drafts = forms.BooleanField(label=gettext_lazy("Also what isn't published"), required=False)


class ExportView(WagtailAdminTemplateMixin, TemplateView):
    """Asked first, shown what would be lost, then written: all in one address, which changes nothing."""

    template_name = "courses_quizzes/admin/export.html"
    header_icon = "download"
    page_title = gettext_lazy("Export questions")
    _show_breadcrumbs = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        asked = "check" in request.GET or "download" in request.GET
        form = ExportForm(request.GET if asked else None, initial={"language": settings.LANGUAGE_CODE})
        made = self.made(form) if asked and form.is_valid() else None
        if made is not None and made.data and "download" in request.GET:
            return _file(made, Format(form.cleaned_data["format"]), form.cleaned_data["language"])
        return self.render_to_response(
            self.get_context_data(
                form=form,
                hidden=self.conditions(),
                made=made,
                rows=[presented(outcome) for outcome in made.outcomes if outcome.remarks] if made else [],
            )
        )

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": list_url(), "label": _("Questions")},
            {"url": "", "label": self.get_page_title()},
        ]

    def conditions(self) -> list[tuple[str, str]]:
        """What narrows the questions, as names and values of the address."""
        kept = [(name, value) for name, values in self.request.GET.lists() for value in values]
        return [(name, value) for name, value in kept if name == "question" or name not in OWN_NAMES]

    def made(self, form: ExportForm) -> Export:
        cleaned = form.cleaned_data
        selection = Selection(
            quiz=UUID(cleaned["quiz"]) if cleaned["quiz"] else None,
            keys=self.keys(),
            drafts=cleaned["drafts"],
        )
        return export(
            selection, Format(cleaned["format"]), language=cleaned["language"], user=self.request.user
        )

    def keys(self) -> frozenset[UUID] | None:
        """The questions that were ticked, or that the list showed; None for all."""
        ticked = [int(value) for value in self.request.GET.getlist("question") if value.isdecimal()]
        filters = [(name, value) for name, value in self.conditions() if name != "question" and value]
        if ticked:
            questions = Question.objects.filter(pk__in=ticked)
        elif filters:
            questions = narrowed(urlencode(filters))
        else:
            return None
        return frozenset(questions.values_list("translation_key", flat=True))


def presented(outcome: Outcome) -> dict[str, Any]:
    return {
        "name": outcome.name,
        "left_out": outcome.state is State.LEFT_OUT,
        "remarks": [str(remark) for remark in outcome.remarks],
    }


def _file(made: Export, format: Format, language: str) -> HttpResponse:
    kind = "application/xml" if format is Format.MOODLE_XML else "text/plain"
    response = HttpResponse(made.data, content_type=f"{kind}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="questions-{language}.{EXTENSIONS[format]}"'
    response["Cache-Control"] = "private, no-store"
    return response


class ExportTicked(SnippetBulkAction):
    """From the list to the page above, with what is ticked there; it changes nothing and asks nothing itself."""

    display_name = gettext_lazy("Export")
    aria_label = gettext_lazy("Export the selected questions")
    action_type = "export_questions"
    action_priority = 95

    @classproperty
    def models(cls) -> Sequence[Any]:  # noqa: N805
        return [Question]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        ids = request.GET.getlist("id")
        if "all" in ids:
            query = query_of(request.GET.get("next", ""))
            # What the list showed without any filter is the whole bank.
            pairs = parse_qsl(query)
        else:
            pairs = [("question", quote(pk)) for pk in ids]
        return redirect(f"{reverse('quiz_export:export')}?{urlencode(pairs)}")


class ExportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        shown: bool = request.user.has_perm(PERMISSION)
        return shown


def menu_item() -> ExportMenuItem:
    return ExportMenuItem(
        gettext_lazy("Export questions"),
        reverse("quiz_export:export"),
        name="export-questions",
        icon_name="download",
        order=610,
    )


urlpatterns = [path("", ExportView.as_view(), name="export")]
