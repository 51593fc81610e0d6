"""'Correct past results' in the Wagtail admin: what a corrected key would change, a proposal, a second person's word.

Results are shown by the number of their attempt; names only to who sees everybody.
"""

from collections.abc import Iterator, Mapping
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
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy

from courses.accounts.api import sees_everybody
from courses.plugin_api.screens import Screen, reader_of
from courses.quizzes.domain.correcting import (
    LEAST_REASON,
    MOST_REASON,
    RegradeRefusal,
    RegradeRefused,
    approve,
    decline,
    propose,
)
from courses.quizzes.domain.regrading import (
    Correction,
    DryRun,
    Left,
    NotPublished,
    corrected_question,
    dry_run,
    versions_of,
)
from courses.quizzes.enums import RegradeStatus
from courses.quizzes.models import Question, Regrade
from courses.quizzes.tasks import apply_corrections
from courses.quizzes.words import in_language

PERMISSION = "courses_quizzes.view_regrade"
PER_PAGE = 25
# Rows of a dry run that a page lists; the counts are of all.
LISTED = 200
TITLE = gettext_lazy("Corrections of results")
WORDS: Mapping[RegradeRefusal, Any] = {
    RegradeRefusal.NOT_PUBLISHED: gettext_lazy(
        "The question isn't published: there is no key to correct by."
    ),
    RegradeRefusal.NOTHING_TO_CORRECT: gettext_lazy("Choose at least one version that can be corrected."),
    RegradeRefusal.NO_REASON: gettext_lazy("Say why, in a sentence at least."),
    RegradeRefusal.SAME_PERSON: gettext_lazy(
        "Who proposed a correction can't approve it: a second person does."
    ),
    RegradeRefusal.OWN: gettext_lazy(
        "Your own results would change: somebody else proposes and approves this correction."
    ),
    RegradeRefusal.DECIDED: gettext_lazy("It was decided already."),
}
LEFT: Mapping[Left, Any] = {
    Left.PURGED: gettext_lazy("left out, because their answers were removed; their results stay"),
    Left.ASKED_OTHERWISE: gettext_lazy("left out, because they were asked with other choices"),
    Left.UNGRADABLE: gettext_lazy("left out, because a type of question isn't there at the moment"),
}


class ProposalForm(forms.Form):
    may_fail = forms.BooleanField(
        label=gettext_lazy("Also where a pass becomes a failure"),
        help_text=gettext_lazy("Otherwise a pass stands, whatever the corrected points say."),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("What was wrong with the key. It stays in the log."),
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        widget=forms.Textarea({"rows": 4, "dir": "auto"}),
    )


def stem_of(row: Mapping[str, Any]) -> str:
    """The question's words of a frozen row, in the reader's language."""
    stems = {code: texts["stem"] for code, texts in row["texts"].items()}
    return in_language(stems, get_language())


def presented(found: DryRun, *, with_names: bool) -> dict[str, Any]:
    """A dry run for the page."""
    return {
        "changes": [
            {
                "number": row.number,
                "name": row.name if with_names else "",
                "before": row.before,
                "after": row.after,
                "kept_pass": row.kept_pass,
            }
            for row in found.changes[:LISTED]
        ],
        "count": len(found.changes),
        "more": max(0, len(found.changes) - LISTED),
        "unchanged": found.unchanged,
        "newly_passed": found.newly_passed,
        "no_longer_passed": found.no_longer_passed,
        "kept": found.kept,
        "left": [(count, LEFT[why]) for why, count in found.left.items()],
    }


class _Screen(Screen):
    permission_policy = ModelPermissionPolicy(Regrade)
    permission_required = "view"
    header_icon = "rotate"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("quiz_corrections:index"), "label": TITLE},
            {"url": "", "label": self.get_page_title()},
        ]


class Corrections(_Screen):
    """What waits for a second person, then what was decided."""

    template_name = "courses_quizzes/admin/corrections.html"
    page_title = TITLE

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": TITLE}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = Regrade.objects.select_related("proposed_by", "decided_by")
        page = Paginator(found.order_by("-proposed_at", "-pk"), PER_PAGE).get_page(self.request.GET.get("p"))
        rows = [{"regrade": row, "stem": stem_of(row.row_after)} for row in page]
        return super().get_context_data(**kwargs) | {"rows": rows, "page": page}


class CorrectQuestion(_Screen):
    """The versions of a question that attempts hold, what its published key would change, and the proposal."""

    template_name = "courses_quizzes/admin/correct_question.html"
    permission_required = "add"

    def get_page_title(self) -> str:
        return _("Correct past results")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.kwargs["question_key"]
        form = kwargs.get("form") or ProposalForm()
        context: dict[str, Any] = {"form": form, "question_key": key}
        try:
            row, secret = corrected_question(key)
        except NotPublished:
            if not Question.objects.filter(translation_key=key).exists():
                raise Http404 from None
            return super().get_context_data(**kwargs) | context | {"unpublished": True}
        versions = versions_of(key)
        possible = {version.version for version in versions if version.left is None}
        source = self.request.POST if self.request.method == "POST" else self.request.GET
        asked = set(source.getlist("version")) & possible
        # At first those whose key is another one; words alone change no result.
        chosen = asked or {row.version for row in versions if row.differs and row.version in possible}
        may_fail = bool(source.get("may_fail"))
        found = dry_run(Correction(key, row, secret, frozenset(chosen)), may_fail=may_fail)
        context |= {
            "stem": stem_of(row),
            "versions": [
                (row, row.version in chosen, LEFT.get(row.left) if row.left else "") for row in versions
            ],
            "may_fail": may_fail,
            "run": presented(found, with_names=sees_everybody(reader_of(self.request))),
            "chosen": sorted(chosen),
        }
        return super().get_context_data(**kwargs) | context

    def post(self, request: HttpRequest, question_key: UUID) -> HttpResponse:
        form = ProposalForm(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        try:
            regrade = propose(
                question_key,
                request.POST.getlist("version"),
                form.cleaned_data["reason"],
                may_fail=form.cleaned_data["may_fail"],
                by=reader_of(request),
                at=timezone.now(),
            )
        except RegradeRefused as refusal:
            messages.error(request, str(WORDS[refusal.reason]))
            return redirect("quiz_corrections:question", question_key)
        messages.success(request, _("Proposed. A second person approves it under “Corrections of results”."))
        return redirect("quiz_corrections:correction", regrade.uuid)


class OneCorrection(_Screen):
    """A proposal with what it would change now, or what came of it."""

    template_name = "courses_quizzes/admin/correction.html"

    @cached_property
    def regrade(self) -> Regrade:
        found = Regrade.objects.select_related("proposed_by", "decided_by")
        regrade = found.filter(uuid=self.kwargs["uuid"]).first()
        if regrade is None:
            raise Http404
        return regrade

    def get_page_title(self) -> str:
        return _("Correction of a key")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        regrade = self.regrade
        reader = reader_of(self.request)
        waits = regrade.status == RegradeStatus.PROPOSED and regrade.decided_by_id is None
        context: dict[str, Any] = {
            "regrade": regrade,
            "stem": stem_of(regrade.row_after),
            "waits": waits,
            "running": regrade.status == RegradeStatus.PROPOSED and not waits,
            "may_approve": waits
            and reader.pk != regrade.proposed_by_id
            and reader.has_perm("courses_quizzes.change_regrade"),
            "may_decline": waits and reader.has_perm("courses_quizzes.change_regrade"),
            "corrected": regrade.changes.count(),
            "changed": regrade.changes.filter(after__changed=True).count(),
        }
        if waits:
            found = dry_run(Correction.of(regrade), may_fail=regrade.may_fail)
            context["run"] = presented(found, with_names=sees_everybody(reader))
        return super().get_context_data(**kwargs) | context

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        if not request.user.has_perm("courses_quizzes.change_regrade"):
            raise Http404
        at = timezone.now()
        try:
            if request.POST.get("decision") == "approve":
                approve(self.regrade.uuid, by=reader_of(request), at=at)
                apply_corrections.delay_on_commit()
                messages.success(
                    request, _("Approved. The results are being corrected; load the page again in a minute.")
                )
            elif request.POST.get("decision") == "decline":
                decline(self.regrade.uuid, by=reader_of(request), at=at)
                messages.success(request, _("Declined. Nothing changes."))
        except RegradeRefused as refusal:
            messages.error(request, str(WORDS[refusal.reason]))
        return redirect("quiz_corrections:correction", uuid)


class CorrectionsMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


def menu_item() -> CorrectionsMenuItem:
    return CorrectionsMenuItem(
        TITLE, reverse("quiz_corrections:index"), name="quiz-corrections", icon_name="rotate", order=710
    )


def question_button(question: Any, user: Any, next_url: str | None = None) -> Iterator[Button]:
    """In the list's menu of a published question."""
    if isinstance(question, Question) and question.live and user.has_perm("courses_quizzes.add_regrade"):
        yield Button(
            _("Correct past results"),
            reverse("quiz_corrections:question", args=[question.translation_key]),
            icon_name="rotate",
            priority=60,
        )


LOG_ACTIONS = {
    "quizzes.objection.answer": gettext_lazy("Objection answered"),
    "quizzes.regrade.propose": gettext_lazy("Correction of results proposed"),
    "quizzes.regrade.approve": gettext_lazy("Correction of results approved"),
    "quizzes.regrade.decline": gettext_lazy("Correction of results declined"),
}


def register_log_actions(actions: Any) -> None:
    for action, label in LOG_ACTIONS.items():
        actions.register_action(action, label, label)


urlpatterns = [
    path("", Corrections.as_view(), name="index"),
    path("question/<uuid:question_key>/", CorrectQuestion.as_view(), name="question"),
    path("<uuid:uuid>/", OneCorrection.as_view(), name="correction"),
]
