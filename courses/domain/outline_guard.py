"""Pages that must not be deleted because their plugin is off."""

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page


def unavailable_below(page: Page) -> bool:
    """Whether the page or one below it has a type that isn't installed now."""
    types = (
        Page.objects.descendant_of(page, inclusive=True).values_list("content_type_id", flat=True).distinct()
    )
    return any(ContentType.objects.get_for_id(pk).model_class() is None for pk in types)
