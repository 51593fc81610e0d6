"""The core's face in the Wagtail admin."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.models import Page

from courses.domain.outline_guard import unavailable_below


@hooks.register("before_delete_page")
def keep_pages_of_absent_plugins(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A page whose plugin is off can't be deleted: the plugin's part of it would be left behind."""
    if unavailable_below(page):
        _refuse(request)
        return redirect("wagtailadmin_explore", page.get_parent().pk if page.get_parent() else page.pk)
    return None


@hooks.register("before_bulk_action")
def keep_pages_of_absent_plugins_in_bulk(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """The same for the pages ticked in a list."""
    pages = [found for found in objects if isinstance(found, Page)]
    if action_type == "delete" and any(unavailable_below(page) for page in pages):
        _refuse(request)
        return redirect("wagtailadmin_explore_root")
    return None


def _refuse(request: HttpRequest) -> None:
    messages.error(
        request,
        _(
            "This page can't be deleted: it holds activities of a plugin that is switched off. "
            "Switch the plugin on first, or unpublish the page."
        ),
    )
