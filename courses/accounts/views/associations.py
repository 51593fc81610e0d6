"""Which associations a person belongs to."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from courses.accounts.adapter import landing_url
from courses.accounts.domain.joining import (
    OPEN_PROPOSALS,
    AccountClosedError,
    TooManyProposalsError,
    answer_without_association,
    declare_membership,
    leave_association,
    propose_association,
)
from courses.accounts.domain.queries import joinable_associations, matching, open_memberships
from courses.accounts.enums import AssociationAnswer
from courses.accounts.interfaces.forms import NEW, AssociationForm
from courses.accounts.interfaces.http import PersonRequest
from courses.accounts.models import Association, Membership, User
from courses.accounts.views.profile import safe_next

SHOWN = 20
QUERY_LENGTH = 100


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def association(request: PersonRequest) -> HttpResponse:
    """Search and choose an association, name one that isn't listed, or say that there is none to name."""
    following = safe_next(request, landing_url())
    query = " ".join((request.POST.get("q") or request.GET.get("q") or "").split())[:QUERY_LENGTH]
    form = AssociationForm(request.POST if request.method == "POST" else None, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            _apply(request, form)
            return redirect(following)
        except AccountClosedError:
            raise Http404 from None
        except TooManyProposalsError:
            text = ngettext(
                "%(count)s association that you named still waits for a decision. Name another one after that.",
                "%(count)s associations that you named still wait for a decision. Name another one after that.",
                OPEN_PROPOSALS,
            )
            form.add_error("name_ar", text % {"count": OPEN_PROPOSALS})
    results = _results(request.user, query) if query else []
    return render(
        request,
        "courses_accounts/association.html",
        {
            "form": form,
            "q": query,
            "results": results[:SHOWN],
            "more": len(results) > SHOWN,
            "next": following,
            "belongs": open_memberships().filter(user=request.user).exists(),
            "answers": AssociationAnswer,
            "chosen": request.POST.get("choice", request.user.association_answer),
        },
    )


def _results(user: User, query: str) -> list[Association]:
    """What matches, the person's own region first; one more than is shown, to know that there is more."""
    found = matching(joinable_associations(user), query).select_related("region").order_by("search_key", "pk")
    own = user.region_id or 0
    near = list(found.filter(region_id=own)[: SHOWN + 1])
    return near + list(found.exclude(region_id=own)[: SHOWN + 1 - len(near)])


def _apply(request: PersonRequest, form: AssociationForm) -> None:
    at, data = timezone.now(), form.cleaned_data
    if form.association is not None:
        declare_membership(request.user, form.association, function=data["function"], at=at)
        messages.success(request, _("Your membership is noted. A coordinator will confirm it."))
    elif data["choice"] == NEW:
        propose_association(
            request.user,
            name_ar=data["name_ar"],
            name_latin=data["name_latin"],
            region=data["region"],
            function=data["function"],
            at=at,
        )
        messages.success(request, _("Your association is noted. A coordinator will add it to the list."))
    else:
        answer_without_association(request.user, AssociationAnswer(data["choice"]))
        messages.success(request, _("Thank you, that is a full answer."))


@login_required
@require_POST
def leave(request: PersonRequest, pk: int) -> HttpResponse:
    """End one of one's own memberships; somebody else's is 404."""
    membership = get_object_or_404(Membership, pk=pk, user=request.user)
    leave_association(membership, at=timezone.now())
    messages.success(request, _("You have left the association. The dates stay in your data."))
    return redirect(reverse("accounts:profile") + "#associations")
