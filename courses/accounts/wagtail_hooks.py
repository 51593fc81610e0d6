"""People and territory in the Wagtail admin."""

from django.contrib import messages
from django.db.models import Model, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail import hooks
from wagtail.admin.views import account
from wagtail.log_actions import LogActionRegistry
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet

from courses.accounts.interfaces.admin_account import DisplayNameForm, PasswordForm
from courses.accounts.interfaces.snippets import TerritoryGroup, WithoutActions
from courses.accounts.interfaces.users_admin import refuse_in_bulk
from courses.accounts.models import Association, Region, RoleGrant, User

# Wagtail's form on /admin/account/ asks for a first and a last name, which our people don't have, and offers
# no other way to replace it; without this nobody could save anything on that page.
account.NameEmailSettingsPanel.form_class = DisplayNameForm
# And its form of the password saves the person's row whole, over what changed since it was read.
account.ChangePasswordPanel.form_class = PasswordForm

# The tree comes from files; a role is granted and taken back, never edited.
register_permission_policy(Region, WithoutActions(Region, "add"))
register_permission_policy(RoleGrant, WithoutActions(RoleGrant, "change"))
register_snippet(TerritoryGroup)
hooks.register("before_bulk_action", refuse_in_bulk)

LOG_ACTIONS = {
    "accounts.association.approve": gettext_lazy("Association approved"),
    "accounts.association.refuse": gettext_lazy("Association refused"),
    "accounts.association.merge": gettext_lazy("Association joined with another"),
    "accounts.membership.confirm": gettext_lazy("Membership confirmed"),
    "accounts.membership.refuse": gettext_lazy("Membership refused"),
    "accounts.role.grant": gettext_lazy("Role granted"),
    "accounts.role.revoke": gettext_lazy("Role taken back"),
    "accounts.account.close": gettext_lazy("Account closed"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions: LogActionRegistry) -> None:
    for action, label in LOG_ACTIONS.items():
        actions.register_action(action, label, label)


@hooks.register("before_delete_snippet")
def keep_what_people_hang_on(request: HttpRequest, instances: list[Model]) -> HttpResponse | None:
    """A region or association with people can't be deleted, alone or in bulk; the message says why."""
    regions = [row for row in instances if isinstance(row, Region)]
    associations = [row.pk for row in instances if isinstance(row, Association)]
    below = Q(pk__in=[])
    for region in regions:
        below |= Q(path__startswith=region.path)
    held = regions and (
        User.objects.filter(region__in=Region.objects.filter(below)).exists()
        or Association.objects.filter(region__in=Region.objects.filter(below)).exists()
        or Region.objects.filter(below, rolegrant__isnull=False).exists()
    )
    if held or Association.objects.filter(pk__in=associations, memberships__isnull=False).exists():
        messages.error(
            request,
            _("It can't be deleted: people, associations or roles belong to it. Nothing was changed."),
        )
        return redirect("wagtailadmin_home")
    return None
