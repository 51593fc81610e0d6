"""System checks of the words on certificates, and of what its seal needs."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import DEFAULT_DB_ALIAS, DatabaseError
from django.utils import timezone

from courses.certificates.domain.keys import EXPIRES_SOON, expiry_of_seals
from courses.certificates.interfaces.pdf.wording import SHEET_WORDS, WORDINGS, placeholders
from courses.plugin_api.registries import certificate_variables

# Shorter ones can be guessed by whoever has a copy of the database.
SHORTEST_PASSPHRASE = 20


@register(Tags.security, deploy=True)
def check_key_passphrase(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Private keys are encrypted with a passphrase that isn't in the database."""
    if len(settings.ELEARN_KEY_PASSPHRASE) >= SHORTEST_PASSPHRASE:
        return []
    return [
        Warning(
            f"ELEARN_KEY_PASSPHRASE is missing or has fewer than {SHORTEST_PASSPHRASE} characters.",
            hint="No certificate can be sealed without it. Set a random one in the environment, and keep a copy.",
            id="courses_certificates.W001",
        )
    ]


@register(Tags.database)
def check_end_of_the_seals_key(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The key for PDFs doesn't end within two months. Looked at where the database is (`check --database default`,
    `migrate`), and never more than a warning: an end in two months mustn't keep anything from starting.
    """
    if DEFAULT_DB_ALIAS not in (databases or ()):
        return []
    try:
        found = expiry_of_seals(timezone.now())
    except DatabaseError:
        # No tables yet, or no database: others say so.
        return []
    if found is None:
        return []
    ends = f"{found.at:%Y-%m-%d %H:%M} UTC"
    return [
        Warning(
            f"The key that seals certificates ended on {ends}: certificates wait."
            if found.over
            else f"The key that seals certificates ends on {ends}, within {EXPIRES_SOON.days} days.",
            hint="Make or import another one with `manage.py certificate_key`. What was issued stays valid.",
            id="courses_certificates.W003" if found.over else "courses_certificates.W002",
        )
    ]


@register
def check_time_stamp_authority(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The address of the authority is one, where there is any."""
    if not settings.ELEARN_TSA_URL or settings.ELEARN_TSA_URL.startswith(("http://", "https://")):
        return []
    return [
        Error(
            "ELEARN_TSA_URL isn't an address that begins with http:// or https://.",
            hint="Leave it empty where no time-stamp authority is used.",
            id="courses_certificates.E003",
        )
    ]


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
