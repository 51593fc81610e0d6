"""The names of the site and of who issues its certificates, in the script of the language."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import get_language


def site_name(language: str | None = None) -> str:
    """ELEARN_SITE_NAME_AR in Arabic where it is set, else WAGTAIL_SITE_NAME; `language` defaults to the active one."""
    code = language or get_language() or settings.LANGUAGE_CODE
    arabic = str(settings.ELEARN_SITE_NAME_AR) if code.startswith("ar") else ""
    return arabic or str(settings.WAGTAIL_SITE_NAME)


def issuer_name(language: str) -> str:
    """ELEARN_ISSUER_<language>; the site's name where it isn't set."""
    names: Mapping[str, str] = getattr(settings, "ELEARN_ISSUER_NAMES", {})
    return names.get(language) or site_name(language)
