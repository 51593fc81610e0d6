"""Progress in the Wagtail admin: the way to the programmes, and their changes in the log."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry

from courses.accounts.api import sees_everybody


class ProgrammesMenuItem(MenuItem):
    """To the screen that coordinators use as well; they don't enter the admin."""

    def is_shown(self, request: HttpRequest) -> bool:
        return sees_everybody(request.user)  # type: ignore[arg-type]


@hooks.register("register_admin_menu_item")
def programmes_menu_item() -> MenuItem:
    return ProgrammesMenuItem(
        _("Programmes"), reverse_lazy("progress:programmes"), icon_name="tag", order=310, name="programmes"
    )


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action("progress.programme.create", _("Programme made"), _("Programme made"))
    actions.register_action("progress.programme.change", _("Programme changed"), _("Programme changed"))
