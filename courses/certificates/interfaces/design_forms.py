"""The form of a design: what it refuses, and in which words."""

import unicodedata
from collections.abc import Iterator
from types import new_class
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from courses.certificates.domain.contrast import ENOUGH, contrast
from courses.certificates.domain.designs import bytes_of, known_placeholders, only_default
from courses.certificates.domain.eligibility import unprintable
from courses.certificates.interfaces.pdf.wording import TEXT_FIELDS, WORDINGS, placeholders_in
from courses.certificates.interfaces.pictures import PictureError, check
from courses.certificates.models.designs import LANGUAGES

COLOURS = ("accent", "warm", "background_colour", "ink")
MAX_TEXT_LENGTH = 300
LONG_TEXTS = ("disclaimer",)

TEXT_LABELS: dict[str, Any] = {
    "title": gettext_lazy("Title"),
    "intro": gettext_lazy("Above the name"),
    "statement": gettext_lazy("Above the course"),
    "passed": gettext_lazy("Below the course"),
    "completed_label": gettext_lazy("Day of completion: label"),
    "completed": gettext_lazy("Day of completion"),
    "duration_label": gettext_lazy("Duration: label"),
    "duration": gettext_lazy("Duration"),
    "score_label": gettext_lazy("Score: label"),
    "score": gettext_lazy("Score"),
    "valid_label": gettext_lazy("Validity: label"),
    "valid": gettext_lazy("Validity"),
    "law_label": gettext_lazy("State of the law: label"),
    "law": gettext_lazy("State of the law"),
    "provisions_label": gettext_lazy("Provisions: label"),
    "themes_label": gettext_lazy("Themes: label"),
    "issued": gettext_lazy("Day of issue"),
    "signature": gettext_lazy("Below the line to sign on"),
    "verify": gettext_lazy("Beside the code"),
    "reference": gettext_lazy("Reference"),
    "disclaimer": gettext_lazy("What the certificate isn't"),
}

_PICTURE_WORDS = {
    "format": gettext_lazy("Choose a PNG or JPEG file."),
    "broken": gettext_lazy("This file is damaged: choose another one."),
    "large": gettext_lazy("This picture has more than 12 million pixels: choose a smaller one."),
    "small": gettext_lazy("This picture has fewer than 16 pixels on a side: choose a larger one."),
}


def wording_name(language: str, field: str) -> str:
    """The form's name for a text of the wording."""
    return f"wording_{language}_{field}"


def printable(text: str) -> str:
    """The text, where the fonts of certificates have all its characters; ValidationError names those they lack."""
    missing = unprintable(text)
    if missing:
        named = ", ".join(f"{sign} ({unicodedata.name(sign, f'U+{ord(sign):04X}')})" for sign in missing)
        raise ValidationError(_("Certificates can't print: %(characters)s") % {"characters": named})
    return text


def worded(text: str) -> str:
    """The text, where it can be printed and everything in braces is known. ValidationError."""
    unknown = sorted(placeholders_in(text) - known_placeholders())
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in unknown)
        raise ValidationError(
            _("Nothing stands for %(names)s. The list of variables shows what there is.") % {"names": names}
        )
    rest = text
    for name in placeholders_in(text):
        rest = rest.replace(f"{{{name}}}", "")
    if "{" in rest or "}" in rest:
        raise ValidationError(
            _("A brace has no counterpart, or there is more than a name between two of them.")
        )
    return printable(text)


class PicturesForm(WagtailAdminModelForm):
    """Takes only images whose files can be printed."""

    data: Any

    def usable(self, name: str) -> Any:
        """The chosen image. ValidationError says why its file can't be printed."""
        image = self.cleaned_data[name]
        if image is None:
            return None
        try:
            check(bytes_of(image))
        except Exception as error:  # a damaged file, a lost one: each storage has errors of its own
            reason = error.reason if isinstance(error, PictureError) else "broken"
            # The chooser might not be able to show it either: the form comes back without it.
            self.data = self.data.copy()
            self.data[self.add_prefix(name)] = ""
            raise ValidationError(_PICTURE_WORDS[reason]) from error
        return image


class _BaseDesignForm(PicturesForm):
    """`wordings` is edited as one field for each language and text; empty prints what is shipped."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language, field, name in _wording_fields():
            if name in self.fields:
                self.initial[name] = self.instance.wordings.get(language, {}).get(field, "")

    def _get_validation_exclusions(self) -> set[str]:
        # Saving takes the default away from the others before the constraint is met.
        excluded: set[str] = super()._get_validation_exclusions()
        return excluded | {"is_default"}

    def clean_background(self) -> Any:
        return self.usable("background")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in COLOURS:
            if isinstance(cleaned.get(name), str):
                cleaned[name] = cleaned[name].upper()
        for _language, _field, name in _wording_fields():
            if text := cleaned.get(name):
                try:
                    worded(text)
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()
        # The model's own validators have spoken: what is left are colours.
        self._check_contrast()
        wordings: dict[str, dict[str, str]] = {}
        for language, field, name in _wording_fields():
            if text := self.cleaned_data.get(name):
                wordings.setdefault(language, {})[field] = text
        self.instance.wordings = wordings

    def _check_contrast(self) -> None:
        from courses.certificates.interfaces.pdf.page import Palette
        from courses.certificates.interfaces.pdf.spec import DesignSpec

        if any(name in self.errors or name not in self.cleaned_data for name in COLOURS):
            return
        colours = {name: self.cleaned_data[name] for name in COLOURS}
        ground = colours["background_colour"]
        # The small print is a lighter tint of the ink.
        printed = (("accent", colours["accent"]), ("ink", Palette.of(DesignSpec(**colours)).soft))
        for name, colour in printed:
            found = contrast(colour, ground)
            if found < ENOUGH:
                told = _(
                    "Too little contrast with the colour of the sheet: %(found)s, and %(needed)s is needed. "
                    "Choose a darker one, or a paler sheet."
                )
                self.add_error(name, told % {"found": f"{found:.1f}", "needed": ENOUGH})

    def save(self, commit: bool = True) -> Any:
        if not commit:
            return super().save(commit=False)
        with transaction.atomic():
            if self.instance.is_default:
                only_default(self.instance)
            return super().save()


def _wording_fields() -> Iterator[tuple[str, str, str]]:
    """Language, field of the wording, and the form's name for it."""
    for language in LANGUAGES:
        for field in TEXT_FIELDS:
            yield language, field, wording_name(language, field)


def _text_field(language: str, field: str) -> forms.CharField:
    """Empty, it shows the text that is shipped."""
    shipped = getattr(WORDINGS[language], field)
    attributes = {"placeholder": shipped, "lang": language, "dir": WORDINGS[language].direction}
    widget = forms.Textarea({**attributes, "rows": 2}) if field in LONG_TEXTS else forms.TextInput(attributes)
    label = TEXT_LABELS.get(field, field)
    return forms.CharField(label=label, required=False, max_length=MAX_TEXT_LENGTH, widget=widget)


_TEXT_FIELDS = {name: _text_field(language, field) for language, field, name in _wording_fields()}
DesignForm: Any = new_class(
    "DesignForm", (_BaseDesignForm,), exec_body=lambda body: body.update(_TEXT_FIELDS)
)


class LogoForm(PicturesForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A logo whose image was deleted in the library stays as an empty row, to be filled or removed.
        self.fields["image"].required = True

    def clean_image(self) -> Any:
        return self.usable("image")


class SignatoryForm(PicturesForm):
    def clean_signature(self) -> Any:
        return self.usable("signature")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        texts = [f"{kind}_{language}" for kind in ("name", "function") for language in LANGUAGES]
        for name in texts:
            try:
                printable(cleaned.get(name) or "")
            except ValidationError as error:
                self.add_error(name, error)
        names = [name for name in texts if name.startswith("name")]
        if not any(cleaned.get(name) or name in self.errors for name in names):
            self.add_error(names[0], _("Give the name in at least one language."))
        return cleaned
