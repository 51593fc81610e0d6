"""The site's name, in the script of the language."""

from django.conf import settings
from django.utils.translation import get_language


def site_name(language: str | None = None) -> str:
    """ELEARN_SITE_NAME_AR in Arabic where it is set, else WAGTAIL_SITE_NAME; `language` defaults to the active one."""
    code = language or get_language() or settings.LANGUAGE_CODE
    arabic = str(settings.ELEARN_SITE_NAME_AR) if code.startswith("ar") else ""
    return arabic or str(settings.WAGTAIL_SITE_NAME)
