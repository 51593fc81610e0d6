"""A person's own page in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.auth import PasswordChangeForm

from courses.accounts.interfaces.fields import NameField
from courses.accounts.interfaces.saving import PersonSavingMixin, set_password
from courses.accounts.models import User


class DisplayNameForm(PersonSavingMixin, forms.ModelForm):
    display_name = NameField(label=_("Name shown on the site"), max_length=80)

    class Meta:
        model = User
        fields = ("display_name",)


class PasswordForm(PasswordChangeForm):
    def save(self, commit: bool = True) -> User:
        """Write the password alone. Atomic. Http404 if the account is closed."""
        set_password(self.user, self.cleaned_data["new_password1"])
        return self.user
