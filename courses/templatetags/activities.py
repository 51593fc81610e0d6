"""Words about activities."""

from typing import Any

from django import template

from courses.domain.outline import OutlineActivity
from courses.plugin_api.registries import activity_kinds

register = template.Library()


@register.simple_tag
def activity_label(activity: OutlineActivity) -> Any:
    """The learner's word for the activity's kind; empty for one whose plugin is off."""
    kind = activity_kinds.get(activity.kind)
    return kind.label if kind else ""


@register.filter
def at(sequence: Any, index: int) -> Any:
    """The item at a position (from 0); empty beyond the end."""
    return sequence[index] if 0 <= index < len(sequence) else ""
