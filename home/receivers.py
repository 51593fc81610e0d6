"""The shop window listens to its own pages."""

from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from home.models import FOOTER_CACHE, PlainPage


@receiver([post_save, post_delete], sender=PlainPage, dispatch_uid="home.footer")
def forget_footer(sender: Any, **kwargs: Any) -> None:
    """Drop the footer's links, in every language, once the change is committed."""
    names = [f"{FOOTER_CACHE}:{code}" for code, _name in settings.LANGUAGES]
    transaction.on_commit(lambda: cache.delete_many(names))
