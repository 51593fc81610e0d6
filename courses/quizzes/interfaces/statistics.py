"""Statistics of quizzes in the Wagtail admin: a list, a page for each quiz, files. They know no person."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permission_policies import ModelPermissionPolicy

from courses.lib.spreadsheets import csv_text, safe_cell
from courses.plugin_api.screens import Screen
from courses.quizzes.domain.quiz_figures import LEAST_ATTEMPTS, Finding, findings
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import Attempt, QuizStatistic
from courses.quizzes.tasks import compute_statistics
from courses.quizzes.types.base import question_types

DASH = "—"
PERMISSION = "courses_quizzes.view_quizstatistic"
WORDS: Mapping[Finding, Any] = {
    Finding.HARDLY_ANYBODY: gettext_lazy("Hardly anybody answers right: check the key and the words."),
    Finding.NEARLY_EVERYBODY: gettext_lazy(
        "Nearly everybody answers right: it tells little about who knows."
    ),
    Finding.BETTER_ANSWER_WORSE: gettext_lazy("Better learners answer worse: the key may be wrong."),
    Finding.TELLS_LITTLE: gettext_lazy("Who knows more doesn't answer it better: the words may be unclear."),
    Finding.TEMPTS_THE_BETTER: gettext_lazy(
        "Better learners choose a wrong answer more often than others: it may be right too."
    ),
    Finding.NEVER_CHOSEN: gettext_lazy("Nobody chooses one of the wrong answers: it could be replaced."),
    Finding.LANGUAGE: gettext_lazy(
        "It is answered differently in one language, more than by chance: check the translation."
    ),
}


def in_language(texts: Mapping[str, str]) -> str:
    """The words in the reader's language, else in whichever there is first."""
    return texts.get(get_language() or "") or next(iter(texts.values()), "")


def percent(share: float | None) -> str:
    return DASH if share is None else _("%(rate)s %%") % {"rate": f"{share * 100:.0f}"}


def decimal(value: float | None) -> str:
    return DASH if value is None else number_format(value, decimal_pos=2)


def language_name(code: str) -> str:
    return str(get_language_info(code)["name_translated"])


def duration(seconds: int | None) -> str:
    """Minutes and seconds."""
    return DASH if seconds is None else f"{seconds // 60}:{seconds % 60:02}"


def attempts_words(count: int | None) -> str:
    if count is None:
        return _("fewer than %(least)d") % {"least": LEAST_ATTEMPTS}
    return str(count)


def _summary(row: QuizStatistic) -> dict[str, str]:
    """The figures of the list, as words; the keys are those of LABELS."""
    found = row.summary
    middle = found.get("median_percent")
    return {
        "title": in_language(row.titles) or str(row.quiz_key),
        "attempts": attempts_words(found.get("attempts")),
        "passed": percent(found.get("passed")),
        "median_percent": percent(None if middle is None else middle / 100),
        "median_seconds": duration(found.get("median_seconds")),
        "alpha": decimal(found.get("alpha")),
    }


LABELS: Mapping[str, Any] = {
    "title": gettext_lazy("Quiz"),
    "attempts": gettext_lazy("First attempts"),
    "passed": gettext_lazy("Passed"),
    "median_percent": gettext_lazy("Median result"),
    "median_seconds": gettext_lazy("Median time (min:s)"),
    "alpha": gettext_lazy("Cronbach's alpha"),
}


def _figure(name: str) -> Column:
    return Column(name, label=LABELS[name], accessor=lambda row: _summary(row)[name])


class QuizStatisticsView(ReportView):
    """The quizzes with their figures."""

    model = QuizStatistic
    permission_policy = ModelPermissionPolicy(QuizStatistic)
    permission_required = "view"
    page_title = gettext_lazy("Quiz statistics")
    header_icon = "table"
    index_url_name = "quiz_statistics:index"
    index_results_url_name = "quiz_statistics:results"
    template_name = "courses_quizzes/admin/statistics_list.html"
    default_ordering = "-computed_at"
    export_filename = "quiz-statistics"
    list_export = list(LABELS)
    export_headings = LABELS
    columns = [
        TitleColumn(
            "title",
            label=LABELS["title"],
            accessor=lambda row: _summary(row)["title"],
            get_url=lambda row: reverse("quiz_statistics:quiz", args=[row.quiz_key]),
        ),
        *(_figure(name) for name in LABELS if name != "title"),
    ]

    def get_base_queryset(self) -> Any:
        return QuizStatistic.objects.defer("questions")

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(*args, **kwargs)
        if not context["object_list"]:
            context["no_results_message"] = self._why_empty()
        return context

    @staticmethod
    def _why_empty() -> str:
        """Quizzes with few attempts are listed, without figures: an empty list has one of two other reasons."""
        if Attempt.objects.filter(status=AttemptStatus.SUBMITTED).exists():
            return _("Answers were submitted, but nothing was computed yet.")
        return _("Nobody has submitted answers to a quiz yet: there is nothing to compute.")

    def to_row_dict(self, item: QuizStatistic) -> OrderedDict[str, Any]:
        return OrderedDict((name, safe_cell(value)) for name, value in _summary(item).items())

    def write_csv_response(self, queryset: Iterable[QuizStatistic]) -> HttpResponse:
        return _file(
            self.export_filename,
            [str(label) for label in LABELS.values()],
            [list(_summary(row).values()) for row in queryset],
        )


class QuizStatisticView(Screen):
    """One quiz with its questions."""

    permission_policy = ModelPermissionPolicy(QuizStatistic)
    permission_required = "view"
    header_icon = "table"
    template_name = "courses_quizzes/admin/statistics_quiz.html"

    @cached_property
    def row(self) -> QuizStatistic:
        return _row_or_404(self.kwargs["quiz_key"])

    def get_page_title(self) -> str:
        return _summary(self.row)["title"]

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("quiz_statistics:index"), "label": QuizStatisticsView.page_title},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        names = [name for name in LABELS if name != "title"]
        figures = _summary(self.row)
        return super().get_context_data(**kwargs) | {
            "row": self.row,
            "facts": [(LABELS[name], figures[name]) for name in names],
            "alpha_of": _alpha_of(self.row.summary),
            "languages": [
                (language_name(cell["language"]), cell["attempts"], percent(cell["median_percent"] / 100))
                for cell in self.row.summary.get("languages", [])
            ],
            "questions": [
                presented(question, number) for number, question in enumerate(self.row.questions, 1)
            ],
        }


def _alpha_of(summary: Mapping[str, Any]) -> str:
    count = summary.get("alpha_attempts")
    if count is None or summary["alpha"] is None:
        return ""
    return ngettext(
        "Alpha rests on %(count)d attempt with the same %(items)d questions.",
        "Alpha rests on %(count)d attempts with the same %(items)d questions.",
        count,
    ) % {"count": count, "items": summary["alpha_items"]}


def presented(question: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A question's figures in words for the page."""
    kind = question_types.get(question["type"])
    return {
        "number": number,
        "stem": in_language(question["stems"]),
        "type": kind.label if kind else question["type"],
        "current": question["current"],
        "shown": question["asked"] is not None,
        "asked": attempts_words(question["asked"]),
        "facility": percent(question.get("facility")),
        "item_rest": decimal(question.get("item_rest")),
        "upper_lower": decimal(question.get("upper_lower")),
        "median_seconds": duration(question.get("median_seconds")),
        "hints": [WORDS[finding] for finding in findings(question)],
        "languages": [
            (
                language_name(cell["language"]),
                cell["asked"],
                percent(cell["facility"]),
                cell.get("differs", ""),
            )
            for cell in question.get("languages", [])
        ],
        "choices": [
            {
                "text": in_language(choice["texts"]),
                "right": choice["right"],
                **{name: percent(choice[name]) for name in ("share", "upper", "lower")},
            }
            for choice in question.get("choices", [])
        ],
    }


@require_safe
def quiz_file(request: HttpRequest, quiz_key: UUID) -> HttpResponse:
    """The questions of a quiz as a file."""
    _allow(request)
    row = _row_or_404(quiz_key)
    header = [
        _("Question"),
        _("Type"),
        _("Asked now"),
        LABELS["attempts"],
        _("Facility"),
        _("Item-rest correlation"),
        _("Upper minus lower 27 %"),
        LABELS["median_seconds"],
        _("To check"),
    ]
    rows = []
    for number, question in enumerate(row.questions, 1):
        words = presented(question, number)
        rows.append(
            [
                words["stem"],
                str(words["type"]),
                _("yes") if words["current"] else _("no"),
                words["asked"],
                words["facility"],
                # As numbers: a negative one written as text would be taken for a formula and defused.
                _figure_or_dash(question.get("item_rest")),
                _figure_or_dash(question.get("upper_lower")),
                words["median_seconds"],
                " ".join(str(hint) for hint in words["hints"]),
            ]
        )
    return _file(f"quiz-statistics-{quiz_key}", [str(cell) for cell in header], rows)


def _figure_or_dash(value: float | None) -> float | str:
    return DASH if value is None else round(float(value), 2)


@require_POST
def compute_now(request: HttpRequest) -> HttpResponse:
    """Ask for the figures of whatever was taken since they were computed; a worker computes them."""
    _allow(request)
    compute_statistics.delay_on_commit()
    messages.success(request, _("The figures are being computed. Load the page again in a few minutes."))
    return redirect("quiz_statistics:index")


def _allow(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


def _row_or_404(quiz_key: UUID) -> QuizStatistic:
    row = QuizStatistic.objects.filter(quiz_key=quiz_key).first()
    if row is None:
        raise Http404
    return row


def _file(name: str, header: list[str], rows: list[list[Any]]) -> HttpResponse:
    response = HttpResponse(
        csv_text(header, rows, get_language() or "fr"), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


class StatisticsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


def menu_item() -> StatisticsMenuItem:
    return StatisticsMenuItem(
        gettext_lazy("Quiz statistics"),
        reverse("quiz_statistics:index"),
        name="quiz-statistics",
        icon_name="table",
        order=850,
    )


urlpatterns = [
    path("", QuizStatisticsView.as_view(), name="index"),
    path("results/", QuizStatisticsView.as_view(results_only=True), name="results"),
    path("compute/", compute_now, name="compute"),
    path("<uuid:quiz_key>/", QuizStatisticView.as_view(), name="quiz"),
    path("<uuid:quiz_key>/csv/", quiz_file, name="csv"),
]
