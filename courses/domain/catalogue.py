"""The catalogue: courses of one language, filtered by theme and level, found by words of titles and bodies."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from wagtail.models import Page

from courses.domain.visibility import open_to
from courses.enums import Level, Theme
from courses.models import CoursePage

MAX_WORDS_LENGTH = 200
# The front page is no catalogue: a look at what there is.
MAX_FRONT_COURSES = 6


def courses_below(request: HttpRequest, index: Page) -> QuerySet[CoursePage]:
    """Courses of this catalogue that the visitor may open, in the order of the tree."""
    courses = open_to(request, CoursePage.objects.child_of(index))
    return courses.select_related("image", "locale").order_by("path")


def front_courses(request: HttpRequest, front: Page | None) -> Mapping[str, Any] | None:
    """The first courses of the language for the front page; None where there are none."""
    if front is None:
        return None
    courses = open_to(request, CoursePage.objects.descendant_of(front))
    shown = list(courses.select_related("image", "locale").order_by("path")[:MAX_FRONT_COURSES])
    return {"courses": shown} if shown else None


def pages_found(request: HttpRequest, index: Page, words: str) -> list[Page]:
    """Pages below the catalogue that the visitor may open and whose title or body has the words, best first;
    at most 50."""
    pages = open_to(request, Page.objects.descendant_of(index))
    return list(pages.search(words[:MAX_WORDS_LENGTH], operator="and")[:50])


def catalogue_context(request: HttpRequest, index: Page) -> Mapping[str, Any]:
    """Courses, the filters in force and, where words were given, the pages found.

    An unknown theme or level filters nothing and is ignored.
    """
    theme, level = request.GET.get("theme", ""), request.GET.get("level", "")
    words = request.GET.get("q", "").strip()[:MAX_WORDS_LENGTH]
    courses = courses_below(request, index)
    if theme in Theme.values:
        courses = courses.filter(theme=theme)
    if level in Level.values:
        courses = courses.filter(level=level)
    found = pages_found(request, index, words) if words else []
    return {
        "courses": list(courses),
        "themes": Theme.choices,
        "levels": Level.choices,
        "theme": theme,
        "level": level,
        "words": words,
        "found": found,
    }
