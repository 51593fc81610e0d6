"""Where people land who had no page in mind: what is first of ELEARN_LANDING_URL_NAMES that is on."""

from urllib.parse import quote

from django.apps import apps


def landing(language: str) -> str:
    return f"/{language}/my-learning/" if apps.is_installed("courses.progress") else f"/{language}/"


def association_step(language: str) -> str:
    """The step after sign-up, on the way there."""
    return f"/{language}/account/association/?next={quote(landing(language), safe='')}"
