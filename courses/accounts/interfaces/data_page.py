"""A person's data as something to read: from the JSON-ready export to labelled entries."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.accounts.domain.personal_data import LABELS, personal_data_sources
from courses.lib.dates import format_date

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?")


@dataclass
class Entry:
    """A value with its label, or a group of entries. `items` are the members of a list, each a group."""

    label: str
    value: str = ""
    children: list["Entry"] = field(default_factory=list)
    items: list[list["Entry"]] = field(default_factory=list)


def sections(held: Mapping[str, Any], language: str) -> list[Entry]:
    """One entry for the account and one for each source, of what `export_all` returned."""
    labels_of: dict[str, tuple[Any, Mapping[str, Any]]] = {
        "account": (gettext_lazy("Account"), {}),
        **{source.key: (source.label, source.labels) for source in personal_data_sources},
    }
    found = []
    for key, value in held.items():
        if key in labels_of:
            label, own = labels_of[key]
            found.append(_entry(str(label), value, {**LABELS, **own}, language))
    return found


def _entry(label: str, value: Any, labels: Mapping[str, Any], language: str) -> Entry:
    if isinstance(value, Mapping):
        return Entry(label, children=_children(value, labels, language))
    if isinstance(value, list | tuple):
        if any(isinstance(item, Mapping) for item in value):
            return Entry(label, items=[_children(item, labels, language) for item in value])
        return Entry(label, value=", ".join(_text(item, language) for item in value) or "—")
    return Entry(label, value=_text(value, language))


def _children(value: Mapping[str, Any], labels: Mapping[str, Any], language: str) -> list[Entry]:
    return [
        _entry(str(labels.get(key, key.replace("_", " "))), held, labels, language)
        for key, held in value.items()
    ]


def _text(value: Any, language: str) -> str:
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and (match := _ISO.fullmatch(value)):
        try:
            if not match[1]:
                return format_date(date.fromisoformat(value), language)
            moment = timezone.localtime(datetime.fromisoformat(value))
            return f"{format_date(moment.date(), language)}, {moment:%H:%M}"
        except ValueError:
            return value
    return str(value)
