"""The first screen of the admin: the courses, and the way into each of their languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language_info
from wagtail.admin.ui.components import Component
from wagtail.permission_policies.pages import PagePermissionPolicy

from courses.models import CoursePage, ModulePage

MOST = 20


@dataclass(frozen=True)
class CourseRow:
    """A course in the language that decides (or its oldest), with its variants by name of the language."""

    page: CoursePage
    modules: int
    variants: list[tuple[str, CoursePage]]


class CoursesPanel(Component):
    """Shown to whoever may edit a course; three queries whatever the number of courses."""

    name = "courses"
    template_name = "courses/admin/courses_panel.html"
    order = 50

    def __init__(self, user: Any) -> None:
        self.user = user

    def get_context_data(self, parent_context: Any = None) -> dict[str, Any]:
        return {"rows": rows_for(self.user)}


def rows_for(user: Any) -> list[CourseRow]:
    """The courses that a person may edit, those that changed last first, 20 at most."""
    editable = PagePermissionPolicy().instances_user_has_permission_for(user, "change")
    below = (
        ModulePage.objects.filter(path__startswith=OuterRef("path"))
        .order_by()
        .values("depth")
        .annotate(count=Count("pk"))
        .values("count")
    )
    pages = (
        CoursePage.objects.filter(pk__in=editable.values("pk"), alias_of__isnull=True)
        .select_related("locale")
        .annotate(modules=Coalesce(Subquery(below), 0))
        .order_by("-latest_revision_created_at", "pk")
    )
    return _rows(pages)[:MOST]


def _rows(pages: Iterable[Any]) -> list[CourseRow]:
    by_key: dict[Any, list[Any]] = {}
    for page in pages:
        by_key.setdefault(page.translation_key, []).append(page)
    order = [code for code, _name in settings.LANGUAGES]
    rows = []
    for variants in by_key.values():
        variants.sort(key=lambda page: order.index(page.locale.language_code))
        own = next((p for p in variants if p.locale.language_code == settings.LANGUAGE_CODE), variants[0])
        names = [(get_language_info(p.locale.language_code)["name_local"], p) for p in variants]
        rows.append(CourseRow(own, own.modules, names))
    return rows
