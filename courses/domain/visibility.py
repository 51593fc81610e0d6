"""Which published pages a visitor may open: what isn't open isn't named in lists, searches and answers either."""

from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import Page, PageViewRestriction
from wagtail.query import PageQuerySet


def open_to(request: HttpRequest, pages: PageQuerySet) -> PageQuerySet:
    """The pages that are published, as is every page above them, and that no view restriction, theirs or of a
    page above them, closes to this visitor. Two queries, and that of the pages."""
    closed = [
        restriction.page.path
        for restriction in PageViewRestriction.objects.select_related("page")
        if not restriction.accept_request(request)
    ]
    # The tree is served only through published pages (see `live_chain`).
    closed += Page.objects.filter(live=False, numchild__gt=0).values_list("path", flat=True)
    below = Q()
    for path in _topmost(closed):
        below |= Q(path__startswith=path)
    return pages.live().exclude(below) if below else pages.live()


def _topmost(paths: list[str]) -> list[str]:
    """Without those that lie below another."""
    kept: list[str] = []
    for path in sorted(paths):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept
