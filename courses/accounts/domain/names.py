"""Names as they can be written and printed."""

import unicodedata
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CERTIFICATE_NAME_LENGTH = 80

_LATIN_SIGNS = frozenset(" -'’.")
_ARABIC_SIGNS = frozenset(" -'’.")
# Letters of Arabic and of Tunisian and Moroccan writing (پ ڤ ڥ ڨ ڢ گ ڭ چ), then tashkeel.
_ARABIC_LETTERS = frozenset(
    [chr(code) for code in (*range(0x0621, 0x063B), *range(0x0641, 0x064B), 0x0671)] + list("پڤڥڨڢگڭچ")
)
_ARABIC_MARKS = frozenset([chr(code) for code in range(0x064B, 0x0653)] + ["ٰ"])


def tidy(text: str) -> str:
    """One line: normalised (NFC), without invisible controls, single spaces, no space at the ends."""
    composed = unicodedata.normalize("NFC", text)
    spaced = " ".join(composed.split())
    visible = "".join(char for char in spaced if unicodedata.category(char) not in ("Cc", "Cf"))
    return " ".join(visible.split())


def clean_display_name(text: str) -> str:
    """A name for the site, tidied. ValidationError without a letter or with signs no name has."""
    name = tidy(text)
    if not any(char.isalpha() for char in name):
        raise ValidationError(_("Write a name with at least one letter."), code="letters")
    wrong = next((char for char in name if char in "<>{}[]\\|/@" or _is_symbol(char)), None)
    if wrong is not None:
        raise ValidationError(
            _("A name can't hold the sign %(sign)s."), code="character", params={"sign": wrong}
        )
    return name


def clean_latin_name(text: str) -> str:
    """A name for certificates in Latin letters, tidied; empty stays empty.

    Raises ValidationError that names the first character which can't be printed, or says that the name is
    too long or has no letters.
    """
    return _clean_certificate_name(
        text,
        lambda char: _is_latin_letter(char) or char in _LATIN_SIGNS,
        _("%(sign)s isn't a Latin letter. Use letters such as a, é or ç, spaces, hyphens and apostrophes."),
    )


def clean_arabic_name(text: str) -> str:
    """A name for certificates in Arabic letters, tidied, without tatweel; empty stays empty.

    Raises ValidationError as `clean_latin_name` does.
    """
    # Presentation forms (from old keyboards and PDFs) become letters.
    plain = unicodedata.normalize("NFKC", text).replace("ـ", "")
    return _clean_certificate_name(
        plain,
        lambda char: char in _ARABIC_LETTERS or char in _ARABIC_MARKS or char in _ARABIC_SIGNS,
        _("%(sign)s isn't an Arabic letter. Use Arabic letters, spaces and hyphens."),
    )


def certificate_names_from(display_name: str) -> dict[str, str]:
    """The certificate name that a display name can serve as, by field name; empty when it suits no script."""
    cleaners: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("certificate_name_latin", clean_latin_name),
        ("certificate_name_arabic", clean_arabic_name),
    )
    for field, clean in cleaners:
        try:
            return {field: clean(display_name)}
        except ValidationError:
            continue
    return {}


def _clean_certificate_name(text: str, allowed: Callable[[str], bool], refusal: Any) -> str:
    name = tidy(text)
    if not name:
        return ""
    wrong = next((char for char in name if not allowed(char)), None)
    if wrong is not None:
        raise ValidationError(refusal, code="character", params={"sign": wrong})
    if sum(char.isalpha() for char in name) < 2:
        raise ValidationError(_("Write the name with at least two letters."), code="letters")
    if len(name) > CERTIFICATE_NAME_LENGTH:
        raise ValidationError(
            _("The certificate has room for %(limit)s characters; this name has %(length)s."),
            code="length",
            params={"limit": CERTIFICATE_NAME_LENGTH, "length": len(name)},
        )
    return name


def _is_latin_letter(char: str) -> bool:
    # Up to Latin Extended Additional: every European and Vietnamese letter, no phonetic signs.
    return char.isalpha() and (ord(char) < 0x250 or 0x1E00 <= ord(char) < 0x1F00) and char not in "ªº"


def _is_symbol(char: str) -> bool:
    return unicodedata.category(char) in ("So", "Sk", "Sm", "Sc", "Cn", "Co", "Cs")
