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
from courses.domain.publishing import missing_to_publish
from courses.interfaces.start_panel import CoursesPanel


@hooks.register("construct_homepage_panels")
def courses_first(request: HttpRequest, panels: list[Any]) -> None:
    """The courses on the first screen, for whoever writes them."""
    panels.append(CoursesPanel(request.user))


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


@hooks.register("before_bulk_action")
def keep_unfinished_pages_as_drafts(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Publishing from a list passes no form: what a page lacks is said here, and nothing is published."""
    if action_type != "publish":
        return None
    pages = [found for found in objects if isinstance(found, Page)]
    if request.POST.get("include_descendants"):
        pages += [below for page in pages for below in page.get_descendants().not_live()]
    lacking = {page.pk: (page, missing) for page in pages if (missing := missing_to_publish(page))}
    for page, missing in lacking.values():
        messages.error(
            request,
            _("“%(title)s” can't be published yet: %(reason)s")
            % {"title": page.get_admin_display_title(), "reason": " ".join(missing)},
        )
    return redirect("wagtailadmin_explore_root") if lacking else None


def _refuse(request: HttpRequest) -> None:
    messages.error(
        request,
        _(
            "This page can't be deleted: it holds activities of a plugin that is switched off. "
            "Switch the plugin on first, or unpublish the page."
        ),
    )
