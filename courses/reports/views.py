"""Screens and files of the reports. Whoever isn't a coordinator or administrator gets 404, as does anybody for
what lies outside their scope.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.accounts.api import Association, Region, sees_everybody
from courses.lib.clock import local_day
from courses.reports.domain.courses import choices_of
from courses.reports.domain.name_exports import NamesNotAllowed, export_names
from courses.reports.domain.people import named_memberships, person_rows
from courses.reports.domain.scope import OutOfScope, ReportScope, may_see_reports
from courses.reports.domain.tables import association_row, association_table, region_table
from courses.reports.interfaces.csv_files import (
    csv_response,
    names_header,
    names_rows,
    totals_header,
    totals_rows,
)
from courses.reports.interfaces.forms import PeopleFilterForm, ReasonForm, ReportFilterForm
from courses.reports.interfaces.map_view import maps_of
from courses.reports.interfaces.presenting import Crumb, log_lines, people_screen, row_screen, table_screen
from courses.reports.interfaces.wording import filter_sentences, legend
from courses.reports.models import NameExport

PAGE_SIZE = 50

View = Callable[..., HttpResponse]


class Asked:
    """What a request asks for: the person's scope and the filters."""

    def __init__(self, request: HttpRequest, form_class: type[ReportFilterForm] = ReportFilterForm) -> None:
        self.scope = ReportScope(request.user)  # type: ignore[arg-type]
        choices = choices_of(self.scope, get_language() or "fr")
        self.titles = choices.courses
        self.programmes = choices.programmes
        self.form = form_class(request.GET, courses=self.titles, programmes=self.programmes)
        self.valid = self.form.is_valid()

    @cached_property
    def shown_titles(self) -> dict[UUID, str]:
        """The courses that lists of people have a column for: the one chosen, or all."""
        chosen = self.form.filters.course_key
        return {key: title for key, title in self.titles.items() if chosen in (None, key)}

    def _sentences(self) -> list[str]:
        return filter_sentences(self.form.filters, self.titles, self.programmes)

    def context(self) -> dict[str, Any]:
        sentences = self._sentences() if self.valid else []
        return {
            "form": self.form,
            "valid": self.valid,
            "query": self.form.query,
            "sentences": sentences,
            "made_at": timezone.now(),
        }


def for_coordinators(view: View) -> View:
    """Asks to sign in; 404 for people without a report, and for what is out of scope."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_see_reports(request.user):  # type: ignore[arg-type]
            raise Http404
        try:
            return view(request, *args, **kwargs)
        except OutOfScope as error:
            raise Http404 from error

    return guarded


@require_safe
@for_coordinators
def index(request: HttpRequest) -> HttpResponse:
    """The first report there is."""
    return redirect("reports:regions")


@require_safe
@for_coordinators
def regions(request: HttpRequest) -> HttpResponse:
    """Every region of the person's scope."""
    asked = Asked(request)
    return _region_screen(request, asked, _topmost(asked.scope), reverse("reports:regions_csv"))


@require_safe
@for_coordinators
def region(request: HttpRequest, code: str) -> HttpResponse:
    """One region: the regions below it and the associations at it."""
    asked = Asked(request)
    found = asked.scope.region(code)
    return _region_screen(request, asked, found, reverse("reports:region_csv", args=[code]), at=found)


@require_safe
@for_coordinators
def regions_csv(request: HttpRequest) -> HttpResponse:
    """The rows of `regions` as a file."""
    asked = Asked(request)
    return _totals_file(asked, _topmost(asked.scope), reverse("reports:regions"))


@require_safe
@for_coordinators
def region_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The regions below one region as a file."""
    asked = Asked(request)
    return _totals_file(asked, asked.scope.region(code), reverse("reports:region", args=[code]))


@require_safe
@for_coordinators
def associations_csv(request: HttpRequest, code: str) -> HttpResponse:
    """The associations at one region as a file, all pages of the screen in one."""
    asked = Asked(request)
    found = asked.scope.region(code)
    if not asked.valid:
        return redirect(reverse("reports:region", args=[code]) + asked.form.query)
    table = association_table(asked.scope, asked.form.filters, found, asked.scope.associations_at(found))
    return csv_response(
        f"associations-{_file_part(found)}",
        totals_header(table, of_regions=False),
        totals_rows(table, of_regions=False),
    )


@require_safe
@for_coordinators
def association(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One association: its figures and its people."""
    asked = Asked(request, PeopleFilterForm)
    found = asked.scope.association(uuid)
    context = asked.context() | {
        "association": found,
        "crumbs": _crumbs(asked.scope, found.region, asked.form.query),
        "names_url": _names_url(asked.scope, found.region, "association_names", found.uuid),
    }
    if asked.valid:
        context["figures"] = row_screen(*association_row(asked.scope, asked.form.filters, found))
        context |= _people(request, asked, association=found)
    return render(request, "courses_reports/association.html", context)


@require_safe
@for_coordinators
def people(request: HttpRequest) -> HttpResponse:
    """Find somebody of an association in scope by name. Nobody is listed before a name is given."""
    asked = Asked(request, PeopleFilterForm)
    context = asked.context() | {"crumbs": [_all_regions_crumb("")]}
    if asked.valid and asked.form.words:  # type: ignore[attr-defined]
        context |= _people(request, asked)
    return render(request, "courses_reports/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def region_names(request: HttpRequest, code: str) -> HttpResponse:
    """The people of a region's associations, with names: asks why, hands out, records."""
    asked = Asked(request, PeopleFilterForm)
    found = asked.scope.region(code)
    return _names(request, asked, found, reverse("reports:region", args=[code]), _file_part(found))


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def association_names(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The people of an association, with names: asks why, hands out, records."""
    asked = Asked(request, PeopleFilterForm)
    found = asked.scope.association(uuid)
    back = reverse("reports:association", args=[uuid])
    return _names(request, asked, found, back, f"association-{str(found.uuid)[:8]}")


@require_safe
@for_coordinators
def name_exports(request: HttpRequest) -> HttpResponse:
    """Every list with names that was handed out; for administrators."""
    if not sees_everybody(request.user):  # type: ignore[arg-type]
        raise Http404
    exports = NameExport.objects.select_related("exported_by", "region", "association__region")
    page = _page(request, exports)
    context = {"page": page, "lines": log_lines(page), "crumbs": [_all_regions_crumb("")]}
    return render(request, "courses_reports/name_exports.html", context)


def _topmost(scope: ReportScope) -> Region | None:
    """The region that a scope consists of, where it is one with others below; else None."""
    if not scope.everybody and len(scope.roots) == 1 and scope.below(scope.roots[0]):
        return scope.roots[0]
    return None


def _region_screen(
    request: HttpRequest, asked: Asked, shown: Region | None, csv_url: str, at: Region | None = None
) -> HttpResponse:
    """The regions below `shown` with their map; with `at`, the associations there as well."""
    scope, query = asked.scope, asked.form.query
    context = asked.context() | {
        "region": shown,
        "at": at,
        "csv_url": csv_url,
        "legend": legend(),
        "crumbs": _crumbs(scope, at, query)[:-1] if at else [],
        "names_url": _names_url(scope, shown, "region_names", shown.code) if shown else "",
        "sees_log": scope.everybody,
    }
    if asked.valid:
        below = scope.below(shown) if shown else scope.regions
        if below or at is None:
            table = region_table(scope, asked.form.filters, shown)
            context["table"] = table_screen(table, query)
            context["total"] = context["table"].foot[-1]
            context["maps"] = maps_of(table.rows, scope.names_by_path, query)
        if at is not None:
            page = _page(request, scope.associations_at(at))
            if page.paginator.count or not below:
                associations = association_table(scope, asked.form.filters, at, page.object_list)
                context["associations"] = table_screen(associations, query)
                context["page"] = page
                context.setdefault("total", context["associations"].foot[-1])
    return render(request, "courses_reports/region.html", context)


def _totals_file(asked: Asked, shown: Region | None, screen_url: str) -> HttpResponse:
    if not asked.valid:
        return redirect(screen_url + asked.form.query)
    table = region_table(asked.scope, asked.form.filters, shown)
    name = f"regions-{_file_part(shown)}" if shown else f"regions-{local_day(timezone.now()):%Y-%m-%d}"
    return csv_response(name, totals_header(table, of_regions=True), totals_rows(table, of_regions=True))


def _people(request: HttpRequest, asked: Asked, association: Association | None = None) -> dict[str, Any]:
    """A page of people, with their standings."""
    words = asked.form.words  # type: ignore[attr-defined]
    page = _page(request, named_memberships(asked.scope, association=association, words=words))
    rows = person_rows(page.object_list, asked.form.filters, tuple(asked.shown_titles))
    return {
        "page": page,
        "people": people_screen(rows, asked.form.filters, asked.shown_titles),
        "course_titles": list(asked.shown_titles.values()),
    }


def _names(
    request: HttpRequest, asked: Asked, of: Region | Association, back: str, file_part: str
) -> HttpResponse:
    region = of if isinstance(of, Region) else of.region
    if not asked.scope.may_export_names(region):
        raise PermissionDenied
    if not asked.valid:
        return redirect(back + asked.form.query)
    reason = ReasonForm(request.POST if request.method == "POST" else None)
    if reason.is_valid():
        try:
            handed_out = export_names(
                asked.scope,
                asked.form.filters,
                of=of,
                reason=reason.cleaned_data["reason"],
                course_titles=asked.shown_titles,
                programme_name=asked.programmes.get(asked.form.filters.programme, ""),
                at=timezone.now(),
                words=asked.form.words,  # type: ignore[attr-defined]
            )
        except NamesNotAllowed as error:
            raise PermissionDenied from error
        return csv_response(
            f"names-{file_part}",
            names_header(asked.shown_titles),
            names_rows(handed_out.rows, asked.form.filters),
        )
    people = named_memberships(
        asked.scope,
        association=of if isinstance(of, Association) else None,
        region=of if isinstance(of, Region) else None,
        words=asked.form.words,  # type: ignore[attr-defined]
    )
    context = asked.context() | {
        "reason": reason,
        "name": of.name,
        "count": people.count(),
        "back": back + asked.form.query,
        "words": asked.form.words,  # type: ignore[attr-defined]
        "crumbs": _crumbs(asked.scope, region, asked.form.query),
    }
    return render(request, "courses_reports/names.html", context)


def _page(request: HttpRequest, rows: Any) -> Page:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def _names_url(scope: ReportScope, region: Region, view: str, argument: object) -> str:
    """Where names of this region are exported; empty without the permission."""
    return reverse(f"reports:{view}", args=[argument]) if scope.may_export_names(region) else ""


def _all_regions_crumb(query: str) -> Crumb:
    return Crumb(_("Reports"), reverse("reports:regions") + query)


def _crumbs(scope: ReportScope, region: Region, query: str) -> list[Crumb]:
    """From the first screen down to `region`, through the visible regions above it."""
    trail = [each for each in scope.regions if region.path.startswith(each.path)]
    return [
        _all_regions_crumb(query),
        *(Crumb(each.name, reverse("reports:region", args=[each.code]) + query) for each in trail),
    ]


def _file_part(region: Region) -> str:
    return f"{region.code}-{local_day(timezone.now()):%Y-%m-%d}"
