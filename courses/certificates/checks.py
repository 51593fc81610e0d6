"""System checks of the words on certificates."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, register

from courses.certificates.interfaces.pdf.wording import SHEET_WORDS, WORDINGS, placeholders
from courses.plugin_api.registries import certificate_variables


@register
def check_certificate_variables(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Every variable has a name of its own that a wording can write; every wording uses known names only."""
    found: list[CheckMessage] = [
        Error(
            f"{certificate_variables.origin_of(variable.key)} registers the certificate variable {variable.key!r}, "
            "which no wording can use.",
            hint=f"A key is an identifier and none of {', '.join(sorted(SHEET_WORDS))}.",
            id="courses_certificates.E001",
        )
        for variable in certificate_variables
        if not variable.key.isidentifier() or variable.key in SHEET_WORDS
    ]
    known = SHEET_WORDS | {variable.key for variable in certificate_variables}
    found += [
        Error(
            f"The wording of certificates in {language!r} uses {{{name}}}, which nothing provides.",
            hint="Register a certificate variable with this key, or leave it out.",
            id="courses_certificates.E002",
        )
        for language, wording in WORDINGS.items()
        for name in sorted(placeholders(wording) - known)
    ]
    return found
