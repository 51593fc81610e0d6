"""The courses and programmes that a report can name."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max

from courses.lib.search_text import search_key
from courses.models import CoursePage
from courses.progress.api import Enrolment, programme_names
from courses.reports.domain.scope import ReportScope


@dataclass(frozen=True)
class Choices:
    """Titles by course key, in the order of the catalogue, and names of programmes by code, in their order."""

    courses: dict[UUID, str]
    programmes: dict[str, str]


def choices_of(scope: ReportScope, language: str) -> Choices:
    """What a report of this scope can be limited to. Two queries, and one where there are programmes.

    Published courses, by their title in `language` where they exist in it; then those that are gone and that
    somebody in scope was enrolled in, by the title shown at enrolment. Programmes of people in scope only.
    """
    titles: dict[UUID, str] = {}
    in_language: set[UUID] = set()
    pages = CoursePage.objects.live().order_by("path")
    for key, title, code in pages.values_list("translation_key", "title", "locale__language_code"):
        if key not in titles or (code == language and key not in in_language):
            titles[key] = title
        if code == language:
            in_language.add(key)
    reached = (
        Enrolment.objects.filter(user__in=scope.people)
        .order_by("course_key", "programme")
        .values_list("course_key", "programme")
        .annotate(title=Max("course_title"))
    )
    programmes = set()
    for key, programme, title in reached:
        titles.setdefault(key, title)
        programmes.add(programme)
    codes = programmes - {""}
    names = programme_names(codes) if codes else {}
    return Choices(titles, dict(sorted(names.items(), key=lambda entry: (search_key(entry[1]), entry[0]))))
