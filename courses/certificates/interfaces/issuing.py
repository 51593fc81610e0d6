"""Issuing in bulk in the Wagtail admin: start, watch, stop and go on with a run; and the log of archives. For
administrators.
"""

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

from courses.accounts.api import Region
from courses.certificates.domain.courses import course_titles
from courses.certificates.domain.runs import cancel, counts_of, expected, reasons_of, resume, start
from courses.certificates.enums import Blocker, RunState
from courses.certificates.interfaces.key_notice import key_notice
from courses.certificates.models import Archive, IssueRun
from courses.certificates.tasks import sweep_runs
from courses.plugin_api.screens import Screen, reader_of

PERMISSION = "courses_certificates.add_issuerun"
LOG_PERMISSION = "courses_certificates.view_archive"
PER_PAGE = 25
TITLE = gettext_lazy("Issue in bulk")
LOG_TITLE = gettext_lazy("Archives")
# Why an item wasn't issued. Another reason is the name of an error, for whoever reads the log.
REASONS: Mapping[str, Any] = {
    Blocker.ADDRESS_UNCONFIRMED: gettext_lazy("The holder hasn't confirmed the e-mail address."),
    Blocker.NAME_MISSING: gettext_lazy("The holder hasn't given a name to print."),
    Blocker.NAME_CHARACTERS: gettext_lazy("The holder's name contains signs that can't be printed."),
    Blocker.NAME_UNCONFIRMED: gettext_lazy("The holder hasn't confirmed the name to print."),
    Blocker.HOLDER_ERASED: gettext_lazy("The account was closed."),
    "worker lost": gettext_lazy("Each attempt ended its worker."),
}


class RegionChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{'– ' * (obj.depth - 1)}{obj.name}"


class StartForm(forms.Form):
    course = forms.ChoiceField(
        label=gettext_lazy("Course"),
        required=False,
        help_text=gettext_lazy("A course, a region, or both: choose at least one of them."),
    )
    region = RegionChoice(
        Region.objects.none(),
        label=gettext_lazy("Region"),
        required=False,
        empty_label=gettext_lazy("All regions"),
    )

    def __init__(self, data: Mapping[str, Any] | None, *, titles: Mapping[UUID, str]) -> None:
        super().__init__(data)
        self.fields["course"].choices = [  # type: ignore[attr-defined]
            ("", _("All courses")),
            *((str(key), title) for key, title in titles.items()),
        ]
        self.fields["region"].queryset = Region.objects.defer("outline").order_by("path")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not data.get("course") and not data.get("region"):
            raise forms.ValidationError(_("Choose a course or a region."))
        return data

    @property
    def course_key(self) -> UUID | None:
        chosen = self.cleaned_data["course"]
        return UUID(chosen) if chosen else None


class _Screen(Screen):
    permission_policy = ModelPermissionPolicy(IssueRun)
    permission_required = "add"
    header_icon = "doc-full-inverse"

    @cached_property
    def titles(self) -> dict[UUID, str]:
        return course_titles(get_language() or "fr", with_gone=True)

    def what(self, run: IssueRun) -> str:
        """The course and the region of a run."""
        course = self.titles.get(run.course_key, "") if run.course_key else ""
        return " · ".join(filter(None, (course, run.region.name if run.region else "")))


class Runs(_Screen):
    """The runs, the latest first."""

    template_name = "courses_certificates/admin/runs.html"
    page_title = TITLE

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": TITLE}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        runs = IssueRun.objects.select_related("region", "requested_by")
        page = Paginator(runs, PER_PAGE).get_page(self.request.GET.get("p"))
        counts = counts_of(page.object_list)
        rows = [{"run": run, "what": self.what(run), "counts": counts[run.pk]} for run in page]
        notice = key_notice(timezone.now())
        return super().get_context_data(**kwargs) | {"rows": rows, "page": page, "key_notice": notice}


class Start(_Screen):
    """Course and region by GET; how many certificates that would be; and by POST the start."""

    template_name = "courses_certificates/admin/start_run.html"
    page_title = gettext_lazy("Issue certificates in bulk")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("certificate_issuing:index"), "label": TITLE},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        asked = bool({"course", "region"} & self.request.GET.keys())
        form = StartForm(self.request.GET if asked else None, titles=self.titles)
        context: dict[str, Any] = {"form": form, "key_notice": key_notice(timezone.now())}
        if form.is_valid():
            context["expected"] = expected(form.course_key, form.cleaned_data["region"])
        return super().get_context_data(**kwargs) | context

    def post(self, request: HttpRequest) -> HttpResponse:
        form = StartForm(request.POST, titles=self.titles)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data() | {"form": form})
        try:
            run = start(
                form.course_key, form.cleaned_data["region"], by=reader_of(request), at=timezone.now()
            )
        except ValueError:
            messages.error(request, _("Nobody waits for a certificate there any more."))
            return redirect("certificate_issuing:index")
        sweep_runs.delay_on_commit()
        return redirect("certificate_issuing:run", run.uuid)


class Run(_Screen):
    """One run: how far it is, what wasn't issued and why, and the way to stop it or go on."""

    template_name = "courses_certificates/admin/run.html"

    @cached_property
    def run(self) -> IssueRun:
        runs = IssueRun.objects.select_related("region", "requested_by")
        found = runs.filter(uuid=self.kwargs["uuid"]).first()
        if found is None:
            raise Http404
        return found

    def get_page_title(self) -> str:
        return self.what(self.run)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("certificate_issuing:index"), "label": TITLE},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        reasons = [(REASONS.get(reason, reason), count) for reason, count in reasons_of(self.run).items()]
        return super().get_context_data(**kwargs) | {
            "run": self.run,
            "counts": counts_of([self.run])[self.run.pk],
            "reasons": reasons,
            "running": self.run.state == RunState.RUNNING,
            "cancelled": self.run.state == RunState.CANCELLED,
        }

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        if request.POST.get("action") == "cancel":
            cancel(self.run.pk, timezone.now())
        elif request.POST.get("action") == "resume" and resume(self.run.pk, timezone.now()):
            sweep_runs.delay_on_commit()
        return redirect("certificate_issuing:run", uuid)


class ArchiveLog(_Screen):
    """Who took which certificates along, when and why. Read-only."""

    permission_policy = ModelPermissionPolicy(Archive)
    permission_required = "view"
    template_name = "courses_certificates/admin/archives.html"
    page_title = LOG_TITLE

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": LOG_TITLE}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        archives = Archive.objects.select_related("region", "requested_by")
        page = Paginator(archives, PER_PAGE).get_page(self.request.GET.get("p"))
        rows = [
            {"archive": one, "course": self.titles.get(one.course_key, "") if one.course_key else ""}
            for one in page
        ]
        return super().get_context_data(**kwargs) | {"rows": rows, "page": page}


class _PermittedItem(MenuItem):
    permission = PERMISSION

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.permission)


class _LogItem(_PermittedItem):
    permission = LOG_PERMISSION


def menu_item() -> MenuItem:
    return _PermittedItem(
        TITLE,
        reverse("certificate_issuing:index"),
        name="certificate-issuing",
        icon_name="tasks",
        order=400,
    )


def log_menu_item() -> MenuItem:
    return _LogItem(
        LOG_TITLE,
        reverse("certificate_issuing:archives"),
        name="certificate-archives",
        icon_name="download",
        order=500,
    )


urlpatterns = [
    path("", Runs.as_view(), name="index"),
    path("start/", Start.as_view(), name="start"),
    path("archives/", ArchiveLog.as_view(), name="archives"),
    path("<uuid:uuid>/", Run.as_view(), name="run"),
]
