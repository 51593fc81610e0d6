"""Whether an activity is open to the person of a request."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from wagtail.models import Page

from courses.plugin_api.registries import Denial, access_policies


def denial_for(request: HttpRequest, page: Page) -> Denial | None:
    """The first denial of the registered policies, in their order; None where the page is open."""
    for policy in sorted(access_policies, key=lambda policy: policy.order):
        denial = policy.check(request, page)
        if denial is not None:
            return denial
    return None


def locked_response(request: HttpRequest, page: Page) -> HttpResponse | None:
    """The page 'not open yet' with its reason (status 403), or None where the page is open."""
    denial = denial_for(request, page)
    if denial is None:
        return None
    return render(request, "courses/locked.html", {"page": page, "denial": denial}, status=403)
