"""The main menu, from the registry."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.urls import reverse

from courses.plugin_api.registries import menu_items

register = template.Library()


@dataclass(frozen=True)
class MenuLink:
    key: str
    label: Any
    url: str
    current: bool


@register.simple_tag(takes_context=True)
def site_menu(context: template.Context) -> list[MenuLink]:
    """The menu entries that this request's person sees, in their order."""
    request = context.get("request")
    if request is None or not hasattr(request, "user"):
        return []
    links = []
    for item in sorted(menu_items, key=lambda item: item.order):
        if item.visible(request):
            url = reverse(item.url_name)
            links.append(MenuLink(item.key, item.label, url, request.path.startswith(url)))
    return links
