"""Places of core pages where plugins may show something."""

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from courses.plugin_api.registries import Slot, page_slots

register = template.Library()


@register.simple_tag(takes_context=True)
def page_slot(context: template.Context, name: str, page: object = None) -> SafeString:
    """Everything the plugins show in this slot, in their order; empty where they show nothing."""
    request = context["request"]
    parts = []
    for entry in sorted(page_slots, key=lambda entry: entry.order):
        if entry.slot == Slot(name):
            variables = entry.context(request, page)  # type: ignore[arg-type]
            if variables is not None:
                parts.append(render_to_string(entry.template, dict(variables), request=request))
    # Each part was escaped by its own template and is safe; anything else would be escaped here.
    return format_html_join("", "{}", ((part,) for part in parts))
