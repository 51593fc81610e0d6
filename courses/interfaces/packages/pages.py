"""What import and export share about pages: their ids, their dates, and setting fields only where they differ."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Model
from wagtail.fields import StreamField

from courses.interfaces.packages.fields import last_day, short_date
from courses.interfaces.packages.keys import key_for


def identifier_of(item: Any) -> str:
    """The id that a page or snippet has in packages: the one it came with, else its translation key.

    A copy made on the site keeps the text of the id it was copied with, but not the key; it has an id of its own.
    """
    if came_from_package(item):
        return str(item.package_id)
    return str(item.translation_key)


def came_from_package(item: Any) -> bool:
    """Whether a package made this page or snippet."""
    identifier = getattr(item, "package_id", "")
    return bool(identifier) and key_for(identifier) == item.translation_key


def day_of(checked_to: str | None) -> date | None:
    """The day that a page keeps for `YYYY-MM` (its last day) or `YYYY-MM-DD`; None for None."""
    return None if checked_to is None else last_day(checked_to)


def checked_to_of(day: date | None) -> str | None:
    """How a package writes a page's day: the month where it is the month's last day."""
    return None if day is None else short_date(day)


def assign(item: Model, values: Mapping[str, Any]) -> bool:
    """Set fields of a page or snippet; whether any of them was different. A StreamField takes raw data."""
    changed = False
    for name, value in values.items():
        field = item._meta.get_field(name)
        current = getattr(item, name)
        if isinstance(field, StreamField):
            current = field.get_prep_value(current)
        if current != value:
            setattr(item, name, value)
            changed = True
    return changed
