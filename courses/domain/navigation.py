"""What the templates of course pages need: outline with states, where I am, what comes before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from wagtail.models import Page

from courses.domain.outline import (
    CourseNotFound,
    CourseOutline,
    OutlineActivity,
    OutlineLink,
    OutlineModule,
    outline_for,
)
from courses.plugin_api.registries import ActivityState, outline_decorators


@dataclass(frozen=True)
class OutlineRow:
    """An activity as the outline shows it to this person."""

    activity: OutlineActivity
    state: ActivityState
    reason: Any = ""


@dataclass(frozen=True)
class OutlineSection:
    """A module as the outline shows it to this person."""

    module: OutlineModule
    rows: tuple[OutlineRow, ...]
    current: bool

    @property
    def done_count(self) -> int:
        return sum(row.state == ActivityState.DONE for row in self.rows)


def sections_for(
    request: HttpRequest, outline: CourseOutline, current: UUID | None = None
) -> tuple[OutlineSection, ...]:
    """The outline with the states that the decorators tell for this request's person."""
    states: dict[UUID, ActivityState] = {}
    reasons: dict[UUID, Any] = {}
    for decorator in outline_decorators:
        told = decorator.states(request, outline.key)
        if told is not None:
            states.update(told.states)
            reasons.update(told.reasons)

    def row(activity: OutlineActivity) -> OutlineRow:
        if not activity.available:
            return OutlineRow(activity, ActivityState.UNAVAILABLE)
        state = states.get(activity.key, ActivityState.TODO)
        return OutlineRow(activity, state, reasons.get(activity.key, ""))

    return tuple(
        OutlineSection(
            module,
            tuple(row(activity) for activity in module.activities),
            any(item.key == current for item in module.items),
        )
        for module in outline.modules
    )


def neighbours(outline: CourseOutline, key: UUID) -> tuple[Any, Any]:
    """What comes before and after a page in reading order, activities and links alike; None at the ends."""
    order: list[OutlineActivity | OutlineLink] = []
    for module in outline.modules:
        order.extend(module.items)
    position = next((index for index, item in enumerate(order) if item.key == key), None)
    if position is None:
        return None, None
    before = order[position - 1] if position else None
    after = order[position + 1] if position + 1 < len(order) else None
    return before, after


def activity_context(request: HttpRequest, page: Page) -> Mapping[str, Any]:
    """For an activity or checklist page: outline, sections, module, previous and next."""
    try:
        outline = outline_for(request, page)
    except CourseNotFound:
        return {"outline": None, "sections": (), "module": None, "previous": None, "next": None}
    before, after = neighbours(outline, page.translation_key)
    return {
        "outline": outline,
        "sections": sections_for(request, outline, page.translation_key),
        "module": outline.module_of(page.translation_key),
        "previous": before,
        "next": after,
    }


def course_context(request: HttpRequest, page: Page) -> Mapping[str, Any]:
    """For a course page: outline and sections."""
    try:
        outline = outline_for(request, page)
    except CourseNotFound:
        return {"outline": None, "sections": ()}
    return {"outline": outline, "sections": sections_for(request, outline)}


def module_context(request: HttpRequest, page: Page) -> Mapping[str, Any]:
    """For a module page: outline and this module's section."""
    try:
        outline = outline_for(request, page)
    except CourseNotFound:
        return {"outline": None, "section": None}
    sections = sections_for(request, outline)
    section = next((found for found in sections if found.module.key == page.translation_key), None)
    return {"outline": outline, "section": section}
