"""The links of the footer, for every template."""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from home.models import FOOTER_CACHE, PlainPage

CACHE_SECONDS = 300


@dataclass(frozen=True)
class FooterLink:
    label: str
    url: str
    current: bool


def footer(request: HttpRequest) -> dict[str, Any]:
    """`footer_links`: the plain pages of the active language that are shown in menus."""
    return {"footer_links": SimpleLazyObject(lambda: footer_links(request))}


def footer_links(request: HttpRequest) -> list[FooterLink]:
    """One query, or none while the cache keeps the pages; a change of a plain page empties it."""
    language = get_language()
    name = f"{FOOTER_CACHE}:{language}"
    pages: list[tuple[str, str]] | None = cache.get(name)
    if pages is None:
        found = PlainPage.objects.live().filter(locale__language_code=language, show_in_menus=True)
        pages = [(page.title, page.url or "") for page in found.order_by("path")]
        cache.set(name, pages, CACHE_SECONDS)
    return [FooterLink(label, url, request.path == url) for label, url in pages if url]
