"""The form that asks for the name to be printed on certificates, in both scripts."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.accounts.domain import names
from courses.accounts.interfaces.fields import NameField
from courses.accounts.models import User


class CertificateNameForm(forms.Form):
    """Proposes what is known of the person's name; at least one script is needed."""

    certificate_name_arabic = NameField(
        rule=names.clean_arabic_name,
        required=False,
        label=_("Name in Arabic letters"),
        help_text=_("As on your identity card. Printed on the Arabic side of the certificate."),
        widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar", "autocomplete": "off"}),
    )
    certificate_name_latin = NameField(
        rule=names.clean_latin_name,
        required=False,
        label=_("Name in Latin letters"),
        help_text=_("As on your passport. Printed on the French side, and on certificates in English."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, user: User) -> None:
        known = {
            "certificate_name_latin": user.certificate_name_latin,
            "certificate_name_arabic": user.certificate_name_arabic,
        }
        if not any(known.values()):
            known.update(names.certificate_names_from(user.display_name))
        super().__init__(data, initial=known)
        if get_language() != "ar":
            self.order_fields(["certificate_name_latin", "certificate_name_arabic"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not any(cleaned.get(name) for name in self.fields):
            self.add_error(
                next(iter(self.fields)), _("Write the name in Arabic letters, in Latin letters, or in both.")
            )
        return cleaned
