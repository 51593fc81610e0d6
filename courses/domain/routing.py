"""Finding a page by its whole address in one query."""

from django.http import Http404, HttpRequest
from wagtail.models import Page
from wagtail.url_routing import RouteResult


def live_chain(root: Page, path_components: list[str]) -> list[Page]:
    """The pages from just below `root` down to the one addressed; empty unless each exists and is published."""
    addresses, address = [], root.url_path
    for component in path_components:
        address = f"{address}{component}/"
        addresses.append(address)
    chain = list(
        Page.objects.filter(url_path__in=addresses, live=True, path__startswith=root.path)
        .select_related("locale")
        .order_by("depth")
    )
    return chain if [page.url_path for page in chain] == addresses else []


class OneStepRoutingMixin:
    """For pages high in the tree: find a descendant in one step.

    Wagtail's stock routing costs two queries a level. An unpublished page, or one below an unpublished page,
    answers 404. A page whose plugin is off is served by `serve_unavailable`.
    """

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if not path_components:
            return super().route(request, path_components)  # type: ignore[misc]
        chain = live_chain(self, path_components)  # type: ignore[arg-type]
        if not chain:
            raise Http404
        base = chain[-1]
        if base.specific_class is None:
            return RouteResult(self, kwargs={"unavailable": base})
        page = base.specific
        page.locale = base.locale
        page._routed_through = chain[:-1]
        return page.route(request, [])

    def serve(self, request: HttpRequest, *args: object, unavailable: Page | None = None, **kwargs: object):  # type: ignore[no-untyped-def]
        if unavailable is not None:
            from courses.views import unavailable_activity

            return unavailable_activity(request, unavailable)
        return super().serve(request, *args, **kwargs)  # type: ignore[misc]
