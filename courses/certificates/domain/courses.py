"""Courses by name, for whoever looks after their certificates."""

from uuid import UUID

from django.db.models import Max

from courses.certificates.models import Certificate
from courses.models import CoursePage


def course_titles(language: str, *, with_gone: bool = False) -> dict[UUID, str]:
    """Titles by key, in `language` where the course exists in it: drafts too, in the order of the catalogue. With
    `with_gone` also courses that only certificates know any more. One query, or two.
    """
    titles: dict[UUID, str] = {}
    pages = CoursePage.objects.filter(alias_of__isnull=True).order_by("path")
    for key, title, code in pages.values_list("translation_key", "title", "locale__language_code"):
        if key not in titles or code == language:
            titles[key] = title
    if with_gone:
        printed = Certificate.objects.order_by().values_list("course_key")
        for key, title in printed.annotate(title=Max("enrolment__course_title")):
            titles.setdefault(key, title)
    return titles
