"""Regions, associations and roles in the Wagtail admin. Roles go through the verbs, so that rights and log follow."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import (
    CreateView,
    DeleteView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from courses.accounts.domain.roles import LastAdministratorError, grant_role, revoke_role
from courses.accounts.enums import Role
from courses.accounts.interfaces.entrance import normalise_login
from courses.accounts.interfaces.fields import RegionField
from courses.accounts.models import Association, Region, RoleGrant, User


class WithoutActions(ModelPermissionPolicy):
    """The model's permissions, less some actions that nobody has here."""

    def __init__(self, model: Any, *refused: str) -> None:
        super().__init__(model)
        self.refused = refused

    def user_has_permission(self, user: User, action: str) -> bool:
        return action not in self.refused and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: User, actions: list[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)


class RegionViewSet(SnippetViewSet):
    """The tree comes from files (load_regions); names can be corrected here until the next load."""

    model = Region
    icon = "site"
    menu_label = gettext_lazy("Regions")
    list_display = ("name", "code", "kind")
    list_filter = ("kind",)
    search_fields = ("name_fr", "name_ar", "name_en", "code")
    ordering = ("path",)
    panels = (FieldPanel("name_fr"), FieldPanel("name_ar"), FieldPanel("name_en"))


class AssociationForm(forms.ModelForm):
    region = RegionField()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not cleaned.get("name_ar") and not cleaned.get("name_latin"):
            self.add_error("name_ar", _("Write the name in Arabic, in Latin letters, or in both."))
        return cleaned


class AssociationViewSet(SnippetViewSet):
    model = Association
    icon = "group"
    menu_label = gettext_lazy("Associations")
    list_display = ("name", "region", "status")
    list_filter = ("status",)
    search_fields = ("name_ar", "name_latin")
    ordering = ("search_key",)

    def get_queryset(self, request: Any) -> QuerySet[Association]:
        return Association.objects.select_related("region")

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return forms.modelform_factory(
            Association, form=AssociationForm, fields=("name_ar", "name_latin", "region", "status")
        )


class RoleForm(forms.ModelForm):
    """The person by address or code: a list of everybody would be no choice."""

    person = forms.CharField(label=gettext_lazy("E-mail address or member code"), max_length=254)
    region = RegionField(
        required=False,
        help_text=gettext_lazy("Required for coordinators; it includes everything below."),
    )

    class Meta:
        model = RoleGrant
        fields = ("person", "role", "region", "may_export_names")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A role may be over a group or a country too.
        self.fields["region"] = forms.ModelChoiceField(
            Region.objects.order_by("path"),
            required=False,
            label=_("Region"),
            help_text=_("Required for coordinators; it includes everything below."),
        )

    def clean_person(self) -> User:
        login = normalise_login(self.cleaned_data["person"])
        field = "email__iexact" if "@" in login else "member_code__iexact"
        person = User.objects.filter(**{field: login}, is_active=True).first()
        if person is None:
            raise forms.ValidationError(_("Nobody active has this address or code."))
        return person

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("role") == Role.COORDINATOR and not cleaned.get("region"):
            self.add_error("region", _("A coordinator needs a region."))
        return cleaned

    def _post_clean(self) -> None:
        """The verb saves; the constraints are its business."""


class GrantView(CreateView):
    def save_instance(self) -> RoleGrant:
        data = self.form.cleaned_data
        return grant_role(
            data["person"],
            Role(data["role"]),
            region=data["region"],
            may_export_names=data["may_export_names"],
            by=self.request.user,
            at=timezone.now(),
        )

    def get_success_buttons(self) -> list[Any]:
        return []


class RevokeView(DeleteView):
    page_title = gettext_lazy("Take the role back")

    def get_usage_url(self) -> None:
        return None

    def form_valid(self, form: forms.Form) -> HttpResponse:
        try:
            return super().form_valid(form)
        except LastAdministratorError:
            messages.error(self.request, _("The last administrator's role can't be taken back."))
            return redirect(self.get_success_url())

    def delete_action(self) -> None:
        revoke_role(self.object, by=self.request.user, at=timezone.now())


class RoleViewSet(SnippetViewSet):
    model = RoleGrant
    icon = "key"
    menu_label = gettext_lazy("Roles")
    list_display = ("user", "role", "region", "may_export_names", "granted_at")
    list_filter = ("role",)
    ordering = ("-granted_at",)
    add_view_class = GrantView
    delete_view_class = RevokeView
    copy_view_enabled = False

    def get_queryset(self, request: Any) -> QuerySet[RoleGrant]:
        return RoleGrant.objects.select_related("user", "region")

    def get_form_class(self, for_update: bool = False) -> type[forms.ModelForm]:
        return RoleForm


class TerritoryGroup(SnippetViewSetGroup):
    menu_label = gettext_lazy("People and territory")
    menu_icon = "group"
    menu_order = 300
    items = (AssociationViewSet, RegionViewSet, RoleViewSet)
