"""Whether a page has what publication asks for, before somebody publishes it without its form."""

from django.core.exceptions import ValidationError
from wagtail.models import Page


def missing_to_publish(page: Page) -> list[str]:
    """What keeps the latest version of a page from being published, in words; empty where nothing does."""
    shown = page.get_latest_revision_as_object()
    shown.live = True
    try:
        shown.full_clean()
    except ValidationError as error:
        return list(dict.fromkeys(error.messages))
    return []
