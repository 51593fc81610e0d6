"""Forms of the account pages and of the coordinators' decisions."""

from typing import Any
from uuid import UUID

from allauth.account.adapter import get_adapter
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from courses.accounts.domain import names
from courses.accounts.domain.deciding import REASON_LENGTH
from courses.accounts.domain.queries import joinable_associations
from courses.accounts.enums import AssociationAnswer, MembershipFunction
from courses.accounts.interfaces.fields import NameField, RegionField
from courses.accounts.interfaces.http import PersonRequest
from courses.accounts.interfaces.saving import PersonSavingMixin
from courses.accounts.models import Association, User
from courses.lib.search_text import search_key

NEW = "new"


class ProfileForm(PersonSavingMixin, forms.ModelForm):
    display_name = NameField(label=_("Name shown on the site"), max_length=80)
    language = forms.ChoiceField(
        label=_("Preferred language"),
        choices=settings.LANGUAGES,
        help_text=_("For e-mails and certificates."),
    )
    region = RegionField()

    class Meta:
        model = User
        fields = (
            "display_name",
            "language",
            "region",
        )


class AssociationForm(forms.Form):
    """Which association the person belongs to. `choice` is an association's uuid, 'new' for one that isn't
    listed, or an answer without one."""

    choice = forms.CharField(
        label=_("Your association"),
        max_length=40,
        error_messages={"required": _("Choose one of the answers.")},
    )
    function = forms.ChoiceField(
        label=_("Your function in it"),
        required=False,
        choices=[("", _("I don't say")), *MembershipFunction.choices],
    )
    name_ar = forms.CharField(
        label=_("Name in Arabic"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"}),
    )
    name_latin = forms.CharField(
        label=_("Name in Latin letters"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "ltr"}),
    )
    region = RegionField(label=_("Where its seat is"), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        # Set by clean() when an association was chosen.
        self.association: Association | None = None
        super().__init__(*args, **kwargs)
        self.fields["region"].initial = user.region_id

    def clean_choice(self) -> str:
        choice: str = self.cleaned_data["choice"]
        if choice == NEW or choice in AssociationAnswer.values:
            return choice
        try:
            self.association = joinable_associations(self.user).get(uuid=UUID(choice))
        except (ValueError, Association.DoesNotExist):
            raise forms.ValidationError(_("Choose one of the answers.")) from None
        return choice

    def clean_name_ar(self) -> str:
        return names.tidy(self.cleaned_data["name_ar"])

    def clean_name_latin(self) -> str:
        return names.tidy(self.cleaned_data["name_latin"])

    def clean_function(self) -> MembershipFunction:
        return MembershipFunction(self.cleaned_data["function"] or MembershipFunction.MEMBER)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("choice") != NEW:
            return cleaned
        written = [name for name in ("name_ar", "name_latin") if cleaned.get(name)]
        if not written:
            self.add_error("name_ar", _("Write the name in Arabic, in Latin letters, or in both."))
        for name in written:
            if not search_key(cleaned[name]):
                self.add_error(name, _("Write a name with at least one letter."))
        if not cleaned.get("region") and "region" not in self.errors:
            self.add_error("region", _("Choose where its seat is."))
        return cleaned


class CloseAccountForm(forms.Form):
    """The password proves that it is the person; who has none ticks that it is meant."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    sure = forms.BooleanField(label=_("I understand that this can't be undone"))

    def __init__(self, *args: Any, request: PersonRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(*args, **kwargs)
        if not request.user.has_usable_password():
            del self.fields["password"]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        # Counts failed tries as signing in does.
        if not get_adapter(self.request).reauthenticate(self.request.user, password):
            raise forms.ValidationError(_("This isn't the password of this account."))
        return password


class DecisionForm(forms.Form):
    """A coordinator's decision on a proposed association."""

    decision = forms.ChoiceField(choices=[("approve", "approve"), ("refuse", "refuse"), ("merge", "merge")])
    reason = forms.CharField(label=_("Reason"), required=False, max_length=REASON_LENGTH)
    into = forms.IntegerField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == "refuse" and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("A refusal needs a reason; the people concerned see it."))
        if cleaned.get("decision") == "merge" and not cleaned.get("into"):
            self.add_error("into", _("Choose the association it is."))
        return cleaned
