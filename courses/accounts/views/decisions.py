"""What waits for a coordinator: proposed associations and declared memberships of their regions."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from courses.accounts.domain.deciding import (
    AlreadyDecidedError,
    approve_association,
    decide_memberships,
    merge_association,
    refuse_association,
)
from courses.accounts.domain.queries import (
    associations_visible_to,
    awaiting_confirmation,
    awaiting_decision,
    has_role,
    likely_duplicates,
    matching,
    regions_visible_to,
)
from courses.accounts.enums import MembershipStatus, Role
from courses.accounts.interfaces.forms import DecisionForm
from courses.accounts.interfaces.http import PersonRequest
from courses.accounts.models import Association, Membership, Region
from courses.accounts.views.profile import safe_next

PAGE_SIZE = 25
ASSOCIATIONS, MEMBERSHIPS = "associations", "memberships"

# What fits into an id of the database.
_ID = re.compile(r"[0-9]{1,18}")

OWN_MEMBERSHIP = gettext_lazy(
    "This is your own membership: another coordinator or an administrator decides on it."
)

View = Callable[..., HttpResponse]


def for_coordinators(view: View) -> View:
    """Visitors sign in first; whoever is neither coordinator nor administrator doesn't learn that the page is."""

    @wraps(view)
    def guarded(request: PersonRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not has_role(request.user, Role.COORDINATOR, Role.ADMINISTRATOR):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(guarded)


@require_safe
@for_coordinators
def pending(request: PersonRequest) -> HttpResponse:
    """One of the two lists, filtered by region and name."""
    show = MEMBERSHIPS if request.GET.get("show") == MEMBERSHIPS else ASSOCIATIONS
    regions = list(regions_visible_to(request.user).order_by("path"))
    region = _chosen_region(request, regions)
    query = " ".join(request.GET.get("q", "").split())[:100]
    context: dict[str, Any] = {
        "show": show,
        "regions": regions,
        "region": region,
        "q": query,
        "counts": {
            ASSOCIATIONS: awaiting_decision(request.user).count(),
            MEMBERSHIPS: awaiting_confirmation(request.user).count(),
        },
    }
    if show == ASSOCIATIONS:
        page = _page(request, _associations(request, region, query))
        duplicates = likely_duplicates(list(page), request.user) if page else {}
        context["rows"] = [(row, duplicates[row.pk]) for row in page]
    else:
        page = _page(request, _memberships(request, region, query))
        context["rows"] = list(page)
        context["own_reason"] = OWN_MEMBERSHIP
        context["may_decide"] = any(row.user_id != request.user.pk for row in page)
    return render(request, "courses_accounts/pending.html", {**context, "page": page})


def _chosen_region(request: PersonRequest, regions: list[Region]) -> Region | None:
    code = request.GET.get("region", "")
    if not code:
        return None
    for region in regions:
        if region.code == code:
            return region
    raise Http404


def _associations(request: PersonRequest, region: Region | None, query: str) -> QuerySet[Association]:
    declared = Q(memberships__status=MembershipStatus.DECLARED, memberships__ended_on__isnull=True)
    rows = awaiting_decision(request.user).select_related("region", "proposed_by")
    if region is not None:
        rows = rows.filter(region__path__startswith=region.path)
    if query:
        rows = matching(rows, query)
    return rows.annotate(declared=Count("memberships", filter=declared))


def _memberships(request: PersonRequest, region: Region | None, query: str) -> QuerySet[Membership]:
    rows = awaiting_confirmation(request.user).select_related("association__region", "user")
    if region is not None:
        rows = rows.filter(association__region__path__startswith=region.path)
    if query:
        named = matching(associations_visible_to(request.user), query)
        rows = rows.filter(Q(association__in=named) | Q(user__display_name__icontains=query))
    return rows


def _page(request: PersonRequest, rows: QuerySet[Any]) -> Page:
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def _back(request: PersonRequest) -> HttpResponse:
    return redirect(safe_next(request, reverse("accounts:pending")))


@require_POST
@for_coordinators
def decide_association(request: PersonRequest, pk: int) -> HttpResponse:
    """Approve, refuse with a reason, or say which listed association it is."""
    association = get_object_or_404(associations_visible_to(request.user), pk=pk)
    form = DecisionForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(next(iter(form.errors.values()))[0]))
        return _back(request)
    at, data = timezone.now(), form.cleaned_data
    names = {"name": association.name}
    try:
        if data["decision"] == "approve":
            approve_association(pk, by=request.user, at=at)
            messages.success(request, _("%(name)s is in the list now.") % names)
        elif data["decision"] == "refuse":
            refuse_association(pk, reason=data["reason"], by=request.user, at=at)
            messages.success(request, _("%(name)s is refused.") % names)
        else:
            into = get_object_or_404(associations_visible_to(request.user), pk=data["into"])
            # Kept as a reason, in the words of whoever reads it: the names alone.
            merge_association(pk, into.pk, reason=f"→ {into.name}", by=request.user, at=at)
            messages.success(
                request, _("%(name)s is the same as %(other)s now.") % {**names, "other": into.name}
            )
    except Association.DoesNotExist:
        raise Http404 from None
    except AlreadyDecidedError as error:
        status = error.association.get_status_display()
        messages.info(
            request, _("Somebody decided before you: %(name)s is %(status)s.") % {**names, "status": status}
        )
    return _back(request)


@require_POST
@for_coordinators
def decide_membership(request: PersonRequest) -> HttpResponse:
    """Confirm or refuse the memberships that are ticked."""
    decision = request.POST.get("decision")
    ids = [value for value in request.POST.getlist("membership") if _ID.fullmatch(value)]
    if decision not in ("confirm", "refuse"):
        raise Http404
    if not ids:
        messages.error(request, _("Tick at least one person."))
        return _back(request)
    ticked = [int(value) for value in ids[:PAGE_SIZE]]
    if Membership.objects.filter(pk__in=ticked, user=request.user).exists():
        messages.warning(request, OWN_MEMBERSHIP)
        if len(ticked) == 1:
            return _back(request)
    changed = decide_memberships(
        ticked,
        confirm=decision == "confirm",
        by=request.user,
        at=timezone.now(),
    )
    if decision == "confirm":
        text = ngettext("%(count)s membership is confirmed.", "%(count)s memberships are confirmed.", changed)
    else:
        text = ngettext("%(count)s membership is refused.", "%(count)s memberships are refused.", changed)
    messages.success(request, text % {"count": changed})
    return _back(request)
