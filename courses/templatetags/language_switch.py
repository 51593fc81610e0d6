"""The same page in the other languages."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils import translation
from django.utils.translation import get_language
from wagtail.models import Page

from courses.domain.outline import CourseOutline

register = template.Library()


@dataclass(frozen=True)
class LanguageLink:
    """A language, named in itself, and where this page is in it. `translated` is false where there is only
    the page that says so."""

    code: str
    name: str
    url: str
    current: bool
    translated: bool = True


@register.simple_tag(takes_context=True)
def language_links(context: template.Context) -> list[LanguageLink]:
    """One link for each language of the site: the same page, or the page 'not translated yet'."""
    request = context.get("request")
    active = get_language()
    page = context.get("page")
    if request is None:
        return [LanguageLink(code, name, f"/{code}/", code == active) for code, name in settings.LANGUAGES]
    if isinstance(page, Page) and page.pk:
        outline = context.get("outline")
        urls = outline.urls_of(page.translation_key) if isinstance(outline, CourseOutline) else None
        return _page_links(page, _urls_of(page, request) if urls is None else urls, active)
    full_path = request.get_full_path()
    return [
        LanguageLink(code, name, translate_url(full_path, code), code == active)
        for code, name in settings.LANGUAGES
    ]


def _urls_of(page: Page, request: HttpRequest) -> Mapping[str, str]:
    others = Page.objects.filter(translation_key=page.translation_key, live=True).select_related("locale")
    return {other.locale.language_code: other.get_url(request) for other in others}


def _page_links(page: Page, urls: Mapping[str, str], active: str | None) -> list[LanguageLink]:
    return [
        LanguageLink(
            code, name, urls.get(code) or _untranslated_url(page, code), code == active, code in urls
        )
        for code, name in settings.LANGUAGES
    ]


def _untranslated_url(page: Page, code: str) -> str:
    with translation.override(code):
        return reverse("courses:untranslated", args=[page.translation_key])
