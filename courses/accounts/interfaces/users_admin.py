"""People in the Wagtail admin. Wagtail's own forms know first and last name and drop our fields silently."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.forms import ChoiceField, ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.users import forms as wagtail_forms
from wagtail.users.views import users as wagtail_users

from courses.accounts.domain import names
from courses.accounts.domain.closing import close_account
from courses.accounts.domain.queries import address_is_taken
from courses.accounts.domain.roles import (
    LastAdministratorError,
    lock_among_administrators,
    refuse_last_administrator,
)
from courses.accounts.interfaces.fields import NameField, RegionField
from courses.accounts.interfaces.saving import PersonSavingMixin, replace_address
from courses.accounts.models import RoleGrant, User

PERSON_FIELDS = (
    "email",
    "member_code",
    "display_name",
    "certificate_name_latin",
    "certificate_name_arabic",
    "language",
    "region",
    "groups",
)
PRINTED_NAMES = ("certificate_name_latin", "certificate_name_arabic")


class PersonFieldsMixin(ModelForm):
    """Our fields in the place of first and last name; the rights of administrators come from roles."""

    display_name = NameField(label=gettext_lazy("Name shown on the site"), max_length=80)
    certificate_name_latin = NameField(
        rule=names.clean_latin_name,
        required=False,
        label=gettext_lazy("Name on certificates, in Latin letters"),
    )
    certificate_name_arabic = NameField(
        rule=names.clean_arabic_name,
        required=False,
        label=gettext_lazy("Name on certificates, in Arabic letters"),
    )
    language = ChoiceField(choices=settings.LANGUAGES, label=gettext_lazy("Preferred language"))
    region = RegionField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("first_name", "last_name", "is_superuser"):
            self.fields.pop(name, None)
        self.fields["email"].required = False
        self.fields["email"].help_text = _("Empty for a person who signs in with a member code.")

    def separate_username_field(self) -> bool:
        return False

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not cleaned.get("email") and not cleaned.get("member_code"):
            self.add_error("email", _("A person needs an e-mail address or a member code to sign in."))
        return cleaned

    def clean_email(self) -> str | None:
        address = (self.cleaned_data["email"] or "").strip().lower()
        if address and address_is_taken(address, except_of=self.instance):
            self.add_error("email", _("Another account has it."))
        return address or None

    def clean_member_code(self) -> str | None:
        code = (self.cleaned_data["member_code"] or "").strip().upper()
        if code and User.objects.filter(member_code__iexact=code).exclude(pk=self.instance.pk).exists():
            self.add_error("member_code", _("Another account has it."))
        return code or None


class PersonCreationForm(PersonFieldsMixin, wagtail_forms.UserCreationForm):
    class Meta(wagtail_forms.UserCreationForm.Meta):
        model = User
        fields = PERSON_FIELDS


class PersonEditForm(PersonSavingMixin, PersonFieldsMixin, wagtail_forms.UserEditForm):
    class Meta(wagtail_forms.UserEditForm.Meta):
        model = User
        fields = (*PERSON_FIELDS, "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # Wagtail's form deletes these two itself when people edit themselves.
        editing_self = kwargs.pop("editing_self", False)
        # The session of who edits, which stays when people change their own address.
        self.keep_session: str | None = kwargs.pop("keep_session", None)
        super().__init__(*args, **kwargs)
        if editing_self:
            del self.fields["is_active"]

    def lock(self) -> User | None:
        if not self._switches_off():
            return super().lock()
        try:
            return lock_among_administrators(self.instance.pk)
        except User.DoesNotExist:
            return None

    def _switches_off(self) -> bool:
        return "is_active" in self.fields and not self.cleaned_data["is_active"]

    def after_save(self, person: User, before: User) -> None:
        """LastAdministratorError, which undoes what was saved, where nobody could administer any more."""
        if before.is_active and self._switches_off():
            refuse_last_administrator(before)
        if (person.email or "").lower() != (before.email or "").lower():
            replace_address(person, keep_session=self.keep_session)
        if any(getattr(person, name) != getattr(before, name) for name in PRINTED_NAMES):
            # What the holder confirmed was another name: nothing is printed before they see this one.
            User.objects.filter(pk=person.pk).update(certificate_name_confirmed_at=None)


class EditView(wagtail_users.EditView):
    """Not of the erased."""

    def get_queryset(self) -> QuerySet[User]:
        people: QuerySet[User] = super().get_queryset()
        return people.filter(erased_at__isnull=True)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "keep_session": self.request.session.session_key}

    def form_valid(self, form: ModelForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except LastAdministratorError:
            form.add_error(
                "is_active",
                _("This is the last active administrator. Give the role to somebody else first."),
            )
            # Wagtail words its message where it validates.
            self.is_valid(form)
            return self.form_invalid(form)


class IndexView(wagtail_users.IndexView):
    """Without the erased; searched by name, address and code."""

    def get_base_queryset(self) -> QuerySet[User]:
        people: QuerySet[User] = super().get_base_queryset()
        return people.filter(erased_at__isnull=True)

    def search_queryset(self, queryset: QuerySet[User]) -> QuerySet[User]:
        if not self.is_searching:
            return queryset
        text = self.search_query.strip()
        return queryset.filter(
            Q(display_name__icontains=text)
            | Q(certificate_name_latin__icontains=text)
            | Q(certificate_name_arabic__icontains=text)
            | Q(email__icontains=text)
            | Q(member_code__iexact=text)
        )


class CloseView(wagtail_users.DeleteView):
    """People are never deleted; closing the account takes everything personal and keeps the records."""

    page_title = gettext_lazy("Close the account")
    success_message = gettext_lazy("The account is closed.")

    @property
    def confirmation_message(self) -> str:
        return _(
            "Closing an account can't be undone. Name, addresses, memberships and roles are removed; learning "
            "records stay without a name, and certificates still verify."
        )

    def get_usage(self) -> None:
        # The records that point to a person don't stand in the way: they stay.
        return None

    def get_usage_url(self) -> None:
        return None

    def form_valid(self, form: ModelForm) -> HttpResponse:
        try:
            return super().form_valid(form)
        except LastAdministratorError:
            messages.error(self.request, _("The last administrator's account can't be closed."))
            return redirect(self.get_success_url())

    def delete_action(self) -> None:
        close_account(self.object, timezone.now(), by=self.request.user)


class UserViewSet(wagtail_users.UserViewSet):
    menu_label = gettext_lazy("People")
    index_view_class = IndexView
    edit_view_class = EditView
    delete_view_class = CloseView
    template_prefix = "courses_accounts/admin/users/"

    def get_form_class(self, for_update: bool = False) -> type[ModelForm]:
        return PersonEditForm if for_update else PersonCreationForm


def refuse_in_bulk(
    request: HttpRequest, action_type: str, objects: list[Any], action: Any
) -> HttpResponse | None:
    """Wagtail's bulk actions write past the verbs: they would delete rows that learning records point to, switch
    off the last administrator or on an account closed for good, and leave the rights of a role behind."""
    if action.model is User and action_type in ("delete", "set_active_state"):
        messages.error(
            request,
            _("Accounts are closed, switched on and switched off one by one, from the person's page."),
        )
        return redirect("wagtailusers_users:index")
    if action.model is RoleGrant and action_type == "delete":
        messages.error(request, _("Roles are taken back one by one."))
        return redirect("wagtailsnippets_courses_accounts_rolegrant:list")
    return None
