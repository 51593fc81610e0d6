"""Importing questions in the Wagtail admin: a file is read, looked at question by question, and taken as drafts.

Between the three pages the file lies in the cache, under the person and a token, for half an hour at most; one file a
person. It is read again when it is taken: nothing of a page is trusted but which questions were ticked.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import TemplateView
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from courses.quizzes.domain.categories import category_tree
from courses.quizzes.interfaces.exchange.detect import Format
from courses.quizzes.interfaces.exchange.report import ExchangeError
from courses.quizzes.interfaces.exchange_candidates import Candidate
from courses.quizzes.interfaces.exchange_db import Fate, Intake, Verdict, preview, take
from courses.quizzes.interfaces.exchange_files import read_candidates
from courses.quizzes.interfaces.exchange_words import answers_in_words
from courses.quizzes.models import Question, QuestionCategory
from courses.quizzes.types.base import question_types

PERMISSION = "courses_quizzes.add_question"
KEPT_SECONDS = 30 * 60
MAX_BYTES = 5 * 1024 * 1024
# More than that is no page to read; the command takes it.
MAX_QUESTIONS = 500
FORMATS: Mapping[Format, Any] = {
    Format.MOODLE_XML: gettext_lazy("Moodle XML"),
    Format.GIFT: gettext_lazy("GIFT"),
    Format.AIKEN: gettext_lazy("Aiken"),
    Format.QTI: gettext_lazy("QTI 1.2, 2.1 or 2.2, also as a package (.zip)"),
    Format.YAML: gettext_lazy("YAML of a course package"),
}
FATES: Mapping[Fate, Any] = {
    Fate.NEW: gettext_lazy("new draft"),
    Fate.CHANGED: gettext_lazy("new draft of a question that is here"),
    Fate.UNCHANGED: gettext_lazy("here already, unchanged"),
    Fate.LEFT_OUT: gettext_lazy("left out"),
}


def language_choices() -> list[tuple[str, str]]:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


class UploadForm(forms.Form):
    """`category` is the id of one that is here, or nothing."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("At most 5 MB and 500 questions. Text files in UTF-8."),
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=[
            ("auto", gettext_lazy("Find out from the file")),
            *((key.value, FORMATS[key]) for key in FORMATS),
        ],
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the questions"), choices=language_choices)
    category = forms.TypedChoiceField(
        label=gettext_lazy("Category"), required=False, coerce=int, empty_value=None
    )
    own_categories = forms.BooleanField(
        label=gettext_lazy("Make the categories that the file names"), required=False
    )

    def __init__(self, *args: Any, may_make_categories: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row.pk, str(row)) for row in category_tree()]
        self.fields["category"].choices = [("", _("No category")), *rows]  # type: ignore[attr-defined]
        if not may_make_categories:
            del self.fields["own_categories"]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Divide it into several files."))
        return file


@dataclass(frozen=True)
class Kept:
    """A file on its way, and how it is to be taken."""

    name: str
    data: bytes
    format: str
    language: str
    category: int | None
    own_categories: bool

    def candidates(self) -> list[Candidate]:
        """Raises ExchangeError."""
        return read_candidates(self.data, format=Format(self.format), language=self.language)[1]

    def intake(self, user: Any) -> Intake:
        return Intake(
            user=user,
            category=QuestionCategory.objects.filter(pk=self.category).first() if self.category else None,
            own_categories=self.own_categories and may_make_categories(user),
            may_change=user.has_perm("courses_quizzes.change_question"),
        )


def may_make_categories(user: Any) -> bool:
    allowed: bool = user.has_perm("courses_quizzes.add_questioncategory")
    return allowed


class _Desk:
    """Where a person's file lies between the pages."""

    def __init__(self, user: Any) -> None:
        self._own = f"quizzes.import.{user.pk}"

    def keep(self, kept: Kept) -> str:
        """A new token; the file before it is forgotten."""
        token = secrets.token_urlsafe(16)
        before = cache.get(self._own)
        if before:
            cache.delete(self._key(before, "file"))
        cache.set(self._own, token, KEPT_SECONDS)
        cache.set(self._key(token, "file"), kept, KEPT_SECONDS)
        return token

    def find(self, token: str) -> Kept | None:
        kept: Kept | None = cache.get(self._key(token, "file"))
        return kept

    def claim(self, token: str) -> Kept | None:
        """The file, for the one request that takes it; None for any other."""
        if not cache.add(self._key(token, "taken"), True, KEPT_SECONDS):
            return None
        kept = self.find(token)
        cache.delete(self._key(token, "file"))
        return kept

    def report(self, token: str, rows: list[dict[str, Any]]) -> None:
        cache.set(self._key(token, "report"), rows, KEPT_SECONDS)

    def reported(self, token: str) -> list[dict[str, Any]] | None:
        rows: list[dict[str, Any]] | None = cache.get(self._key(token, "report"))
        return rows

    def _key(self, token: str, what: str) -> str:
        # A token from an address may be anything; ours are short.
        return f"{self._own}.{token[:40]}.{what}"


class _ImportPage(WagtailAdminTemplateMixin, TemplateView):
    header_icon = "upload"
    page_title = gettext_lazy("Import questions")
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        self.desk = _Desk(request.user)
        response = super().dispatch(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": list_url(), "label": _("Questions")},
            {"url": "", "label": self.get_page_title()},
        ]


class UploadView(_ImportPage):
    """Which file, of which format, in which language."""

    template_name = "courses_quizzes/admin/import_upload.html"

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if form.is_valid():
            cleaned = form.cleaned_data
            data = cleaned["file"].read()
            try:
                format, candidates = read_candidates(
                    data, format=cleaned["format"], language=cleaned["language"]
                )
            except ExchangeError as error:
                form.add_error("file", str(error))
            else:
                if len(candidates) <= MAX_QUESTIONS:
                    kept = Kept(
                        cleaned["file"].name,
                        data,
                        format.value,
                        cleaned["language"],
                        cleaned["category"],
                        cleaned.get("own_categories", False),
                    )
                    return redirect("quiz_import:preview", token=self.desk.keep(kept))
                form.add_error(
                    "file",
                    _("The file holds more than %(limit)s questions. Divide it into several files.")
                    % {"limit": MAX_QUESTIONS},
                )
        return self.render_to_response(self.get_context_data(form=form))

    def form(self, *data: Any) -> UploadForm:
        return UploadForm(
            *data,
            may_make_categories=may_make_categories(self.request.user),
            initial={"language": settings.LANGUAGE_CODE},
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kwargs.setdefault("form", self.form())
        return super().get_context_data(**kwargs)


class PreviewView(_ImportPage):
    """What each question becomes, what is dropped and why; those ticked are taken."""

    template_name = "courses_quizzes/admin/import_preview.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        kept = self.desk.find(token)
        if kept is None:
            return gone(request)
        verdicts = preview(kept.candidates(), kept.intake(request.user))
        return self.render_to_response(
            self.get_context_data(kept=kept, rows=[presented(verdict) for verdict in verdicts],
                                  counts=counts_in_words(verdicts), format_name=FORMATS[Format(kept.format)])
        )  # fmt: skip

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        chosen = {int(number) for number in request.POST.getlist("take") if number.isdecimal()}
        kept = self.desk.find(token)
        if kept is not None and not chosen:
            messages.error(request, _("Tick at least one question."))
            return redirect("quiz_import:preview", token=token)
        kept = self.desk.claim(token)
        if kept is None:
            # The same button twice: the first one has done it.
            return redirect("quiz_import:done", token=token)
        verdicts = take(kept.candidates(), kept.intake(request.user), chosen=chosen)
        self.desk.report(token, [presented(verdict) for verdict in verdicts])
        return redirect("quiz_import:done", token=token)


class DoneView(_ImportPage):
    """What became of each question that was ticked."""

    template_name = "courses_quizzes/admin/import_done.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        rows = self.desk.reported(token)
        if rows is None:
            return gone(request)
        return self.render_to_response(self.get_context_data(rows=rows, list_url=list_url()))


def gone(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("This file isn't kept any more. Choose it again."))
    return redirect("quiz_import:upload")


def list_url() -> str:
    return reverse(Question.snippet_viewset.get_url_name("list"))  # type: ignore[attr-defined]


def presented(verdict: Verdict) -> dict[str, Any]:
    """A verdict in words, JSON-ready but for the answers: what the preview and the result show."""
    candidate = verdict.candidate
    kind = question_types.get(verdict.type)
    edit = verdict.question and Question.snippet_viewset.get_url_name("edit")  # type: ignore[attr-defined]
    return {
        "number": candidate.number,
        "line": candidate.line,
        "source": candidate.source,
        "name": candidate.name,
        "stem": verdict.stem,
        "answers": [answer for fields in list(candidate.variants.values())[:1] for answer in answers_in_words(fields)],
        "type": str(kind.label) if kind else "",
        "fate": verdict.fate.value,
        "becomes": str(FATES[verdict.fate]),
        "can_be_taken": verdict.fate in (Fate.NEW, Fate.CHANGED),
        "ticked": verdict.fate in (Fate.NEW, Fate.CHANGED) and not verdict.twin,
        "remarks": [(remark.line if remark.line != candidate.line else 0, str(remark)) for remark in verdict.remarks],
        "url": reverse(edit, args=[verdict.question.pk]) if verdict.question and edit else "",
    }  # fmt: skip


def counts_in_words(verdicts: Iterable[Verdict]) -> str:
    """'12 questions: 10 new, 2 left out', without what there is none of."""
    counts = Counter(verdict.fate for verdict in verdicts)
    total = sum(counts.values())
    words = ngettext("%(count)d question", "%(count)d questions", total) % {"count": total}
    parts = [f"{counts[fate]} {FATES[fate]}" for fate in Fate if counts[fate]]
    return f"{words}: {' · '.join(parts)}"


class ImportMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        shown: bool = request.user.has_perm(PERMISSION)
        return shown


def menu_item() -> ImportMenuItem:
    return ImportMenuItem(
        gettext_lazy("Import questions"),
        reverse("quiz_import:upload"),
        name="import-questions",
        icon_name="upload",
        order=600,
    )


urlpatterns = [
    path("", UploadView.as_view(), name="upload"),
    path("<str:token>/", PreviewView.as_view(), name="preview"),
    path("<str:token>/done/", DoneView.as_view(), name="done"),
]
