"""The form that checks a certificate, and what it says of a code it can't read."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from courses.certificates.domain.privacy import DEFAULT_LINK_DAYS, LINK_DAYS
from courses.certificates.domain.verification import MAX_TYPED_LENGTH, read_serial
from courses.lib.ids import LENGTH, SerialError, display_serial

# Readers take a PDF whose header stands a little further in.
PDF_HEADER_WITHIN = 1024


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


def _in_days(days: int) -> str:
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}


_days = lazy(_in_days, str)


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


class FileForm(forms.Form):
    """One PDF, to be compared with what was issued. `cleaned_data["file"]` is in memory."""

    file = forms.FileField(
        label=_("PDF of the certificate"),
        help_text=_("At most 1 MB. The file is looked at and not kept."),
        error_messages={
            "required": _("Choose the PDF of a certificate."),
            "missing": _("Choose the PDF of a certificate."),
            "empty": _("This file is empty."),
        },
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
    )

    def say_too_big(self) -> None:
        """The upload was stopped at its limit; that no file arrived isn't worth another word."""
        self.errors["file"] = self.error_class(
            [gettext("This file is larger than 1 MB, so it isn't one of ours.")]
        )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        start = file.read(PDF_HEADER_WITHIN)
        file.seek(0)
        if b"%PDF-" not in start:
            raise forms.ValidationError(_("This file isn't a PDF."), code="not_pdf")
        return file


class NameLinkForm(forms.Form):
    """For how long a link with the full name opens. `cleaned_data["days"]` is a number of days."""

    days = forms.TypedChoiceField(
        label=_("How long the link opens"),
        choices=[(days, _days(days)) for days in LINK_DAYS],
        coerce=int,
        initial=DEFAULT_LINK_DAYS,
        widget=forms.RadioSelect,
    )
