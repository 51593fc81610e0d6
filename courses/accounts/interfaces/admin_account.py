"""A person's own page in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from courses.accounts.interfaces.fields import NameField
from courses.accounts.interfaces.saving import PersonSavingMixin
from courses.accounts.models import User


class DisplayNameForm(PersonSavingMixin, forms.ModelForm):
    display_name = NameField(label=_("Name shown on the site"), max_length=80)

    class Meta:
        model = User
        fields = ("display_name",)
