"""The courses that a report can name."""

from uuid import UUID

from django.db.models import Max

from courses.models import CoursePage
from courses.progress.api import Enrolment
from courses.reports.domain.scope import ReportScope


def course_titles(language: str) -> dict[UUID, str]:
    """Titles by course key, in `language` where the course exists in it, in the order of the catalogue; then
    courses that are gone but have enrolments, by the title shown at enrolment. Two queries.
    """
    titles: dict[UUID, str] = {}
    in_language: set[UUID] = set()
    pages = CoursePage.objects.live().order_by("path")
    for key, title, code in pages.values_list("translation_key", "title", "locale__language_code"):
        if key not in titles or (code == language and key not in in_language):
            titles[key] = title
        if code == language:
            in_language.add(key)
    gone = (
        Enrolment.objects.exclude(course_key__in=list(titles))
        .order_by()
        .values("course_key")
        .annotate(title=Max("course_title"))
    )
    for row in gone:
        titles[row["course_key"]] = row["title"]
    return titles


def programmes_in(scope: ReportScope) -> list[str]:
    """Codes of the programmes that somebody in scope is enrolled with, sorted. One query."""
    reached = Enrolment.objects.exclude(programme="").filter(user__in=scope.people)
    return sorted(reached.order_by().values_list("programme", flat=True).distinct())
