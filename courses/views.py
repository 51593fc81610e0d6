"""Views of the core that are no page of the tree."""

from uuid import UUID

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_safe
from wagtail.models import Page

from courses.domain.health import health
from courses.domain.visibility import open_to
from courses.models import CourseIndexPage


@require_GET
def healthz(request: HttpRequest) -> JsonResponse:
    """200 with what was looked at, 503 when something is down."""
    report = health(connection)
    return JsonResponse(report.as_dict(), status=200 if report.ok else 503)


@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """To the catalogue page of this language, wherever it is in the tree."""
    index = (
        CourseIndexPage.objects.live().filter(locale__language_code=get_language()).order_by("path").first()
    )
    if index is None:
        raise Http404
    return redirect(index.get_url(request))


@require_safe
def untranslated(request: HttpRequest, key: UUID) -> HttpResponse:
    """'Not translated yet', with the languages that exist and are open to the visitor; the page itself once there
    is a translation."""
    translations = open_to(request, Page.objects.filter(translation_key=key))
    pages = list(translations.select_related("locale").order_by("pk"))
    if not pages:
        raise Http404
    for page in pages:
        if page.locale.language_code == get_language():
            return redirect(page.get_url(request))
    return render(request, "courses/untranslated.html", {"pages": pages}, status=404)


def unavailable_activity(request: HttpRequest, page: Page) -> HttpResponse:
    """An activity whose plugin is off (status 503: it may come back). It stays required."""
    return render(
        request, "courses/unavailable.html", {"page": page, "parent": page.get_parent()}, status=503
    )
