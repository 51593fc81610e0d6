"""Words in the site's languages inside one row: `{"ar": …, "fr": …}`, with a form field for each language.

For rows that are the same in every language (an objective, the title of a section) and so have no variants.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext_lazy as _


def in_language(words: Mapping[str, str], language: str | None = None) -> str:
    """The words in a language (the active one), else in the site's own, else in any."""
    for code in (language or get_language() or "", settings.LANGUAGE_CODE):
        if words.get(code):
            return words[code]
    return next((text for text in words.values() if text), "")


class WordsWidget(forms.MultiWidget):
    """A labelled text field for each language, each written in its own direction."""

    template_name = "courses_quizzes/admin/words.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        widgets: dict[str, forms.Widget | type[forms.Widget]] = {}
        for code, _name in settings.LANGUAGES:
            info = get_language_info(code)
            direction = "rtl" if info["bidi"] else "ltr"
            # The name that assistive technology says; the template prints it above the field as well.
            widgets[code] = forms.TextInput(
                {"lang": code, "dir": direction, "aria-label": info["name_local"]}
            )
        super().__init__(widgets, attrs)

    def decompress(self, value: Any) -> list[str]:
        words = value if isinstance(value, dict) else {}
        return [words.get(code, "") for code, _name in settings.LANGUAGES]


class WordsFormField(forms.MultiValueField):
    """Required: words in the site's own language at least."""

    widget = WordsWidget

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        for unused in ("encoder", "decoder"):
            kwargs.pop(unused, None)
        fields = [forms.CharField(required=False, max_length=max_length) for _language in settings.LANGUAGES]
        super().__init__(fields, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        codes = [code for code, _name in settings.LANGUAGES]
        return {code: text for code, text in zip(codes, data_list, strict=False) if text}

    def clean(self, value: Any) -> dict[str, str]:
        words: dict[str, str] = super().clean(value) or {}
        if self.required and settings.LANGUAGE_CODE not in words:
            name = get_language_info(settings.LANGUAGE_CODE)["name_translated"]
            raise ValidationError(
                _("Write it in this language at least: %(language)s"), params={"language": name}
            )
        return words

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(WordsWidget().decompress(initial), data)


class WordsField(models.JSONField):
    """`{language code: text}`; languages without words are left out."""

    def __init__(self, *args: Any, max_length: int = 255, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, max_length=max_length, **kwargs)

    def formfield(self, **kwargs: Any) -> Any:
        options: dict[str, Any] = {
            "required": not self.blank,
            "label": self.verbose_name,
            "help_text": self.help_text,
            "max_length": self.max_length,
        }
        options.update(
            {name: value for name, value in kwargs.items() if name in ("label", "help_text", "required")}
        )
        return WordsFormField(**options)
