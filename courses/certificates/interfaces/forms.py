"""The form that checks a certificate, and what it says of a code it can't read."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from courses.certificates.domain.verification import MAX_TYPED_LENGTH, read_serial
from courses.lib.ids import LENGTH, SerialError, display_serial


def in_words(error: SerialError) -> str:
    """What is wrong with a code, for somebody who holds the paper."""
    if error.reason == "check":
        return gettext(
            "This code has a typing error: at least one character is wrong. Compare it with the certificate."
        )
    if error.reason == "character":
        return gettext("“%(character)s” isn't used in codes. Compare the code with the certificate.") % {
            "character": error.character
        }
    return gettext("A code has %(count)s letters and digits. Compare it with the certificate.") % {
        "count": LENGTH
    }


class VerifyForm(forms.Form):
    """One code, as typed from paper. `cleaned_data["code"]` is the canonical serial."""

    code = forms.CharField(
        label=_("Code of the certificate"),
        help_text=_("16 letters and digits, printed beside the QR code. Capitals and dashes don't matter."),
        max_length=MAX_TYPED_LENGTH,
        error_messages={"required": _("Type the code that is printed on the certificate.")},
        widget=forms.TextInput(
            attrs={
                "class": "input--ltr",
                "dir": "ltr",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
    )

    def clean_code(self) -> str:
        try:
            return read_serial(self.cleaned_data["code"])
        except SerialError as error:
            raise forms.ValidationError(in_words(error), code=error.reason) from error

    @classmethod
    def for_serial(cls, serial: str) -> "VerifyForm":
        """An empty form that shows a well-formed serial as it is printed."""
        initial: dict[str, Any] = {"code": display_serial(serial)}
        return cls(initial=initial)
