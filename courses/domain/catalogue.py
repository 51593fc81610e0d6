"""The catalogue: courses of one language, filtered by theme and level, found by words of titles and bodies."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from courses.enums import Level, Theme
from courses.models import CoursePage

MAX_WORDS_LENGTH = 200


def courses_below(index: Page) -> QuerySet[CoursePage]:
    """Published courses of this catalogue in the order of the tree."""
    return CoursePage.objects.child_of(index).live().select_related("image", "locale").order_by("path")


def pages_found(index: Page, words: str) -> list[Page]:
    """Published pages below the catalogue whose title or body has the words, best first; at most 50."""
    found = Page.objects.descendant_of(index).live().search(words[:MAX_WORDS_LENGTH], operator="and")
    return list(found[:50])


def catalogue_context(request: HttpRequest, index: Page) -> Mapping[str, Any]:
    """Courses, the filters in force and, where words were given, the pages found.

    An unknown theme or level filters nothing and is ignored.
    """
    theme, level = request.GET.get("theme", ""), request.GET.get("level", "")
    words = request.GET.get("q", "").strip()[:MAX_WORDS_LENGTH]
    courses = courses_below(index)
    if theme in Theme.values:
        courses = courses.filter(theme=theme)
    if level in Level.values:
        courses = courses.filter(level=level)
    found = pages_found(index, words) if words else []
    return {
        "courses": list(courses),
        "themes": Theme.choices,
        "levels": Level.choices,
        "theme": theme,
        "level": level,
        "words": words,
        "found": found,
    }
