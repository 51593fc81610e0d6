"""System checks of the accounts app."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from courses.accounts.domain.personal_data import personal_data_sources


@register
def check_personal_data_sources(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Two apps may not answer for the same part of a person's data."""
    return [
        Error(
            f"{found.refused} registers the personal data {found.key!r}, which {found.kept} already registered.",
            hint=f"Give the entry of {found.refused} a key of its own.",
            id="courses_accounts.E001",
        )
        for found in personal_data_sources.duplicates
    ]
