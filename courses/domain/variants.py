"""Which language variant of a page or snippet decides: its rules are read from there, whatever the others say."""

from typing import Any

from django.conf import settings
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, get_translatable_fields


def rules_variant(instance: Any) -> Any | None:
    """The variant that rules are read from; None where it is `instance` itself. One query, none for a new one.

    As everywhere, that is a published variant rather than a draft, the one in the site's default language
    first, then the oldest. Aliases decide nothing.
    """
    if instance.pk is None:
        return None
    variants = type(instance)._default_manager.filter(translation_key=instance.translation_key)
    if isinstance(instance, Page):
        variants = variants.filter(alias_of__isnull=True)
    best = min(
        variants.select_related("locale"),
        key=lambda found: (not found.live, found.locale.language_code != settings.LANGUAGE_CODE, found.pk),
        default=None,
    )
    return None if best is None or best.pk == instance.pk else best


def rule_fields(model: type[Any]) -> tuple[str, ...]:
    """The fields that are the same in every language: synchronised, and no translation may override them."""
    return tuple(
        field.field_name
        for field in get_translatable_fields(model)
        if isinstance(field, SynchronizedField) and not field.overridable
    )
