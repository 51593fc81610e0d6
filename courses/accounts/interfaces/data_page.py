"""A person's data as something to read: from the JSON-ready export to labelled entries."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from courses.accounts.domain.personal_data import LABELS, WORDS, personal_data_sources
from courses.lib.dates import format_date, format_moment

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}(T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?")


@dataclass
class Entry:
    """A value with its label, or a group of entries. `items` are the members of a list, each a group."""

    label: str
    value: str = ""
    children: list["Entry"] = field(default_factory=list)
    items: list[list["Entry"]] = field(default_factory=list)


@dataclass(frozen=True)
class Reading:
    """How one source is read: its labels, the words for its values, what only the file shows."""

    labels: Mapping[str, Any]
    words: Mapping[str, Callable[[Any], Any]]
    file_only: frozenset[str]
    language: str


def sections(held: Mapping[str, Any], language: str) -> list[Entry]:
    """One entry for the account and one for each source, of what `export_all` returned."""
    sources = {source.key: source for source in personal_data_sources}
    found = []
    for key, value in held.items():
        source = sources.get(key)
        if source is not None:
            reading = Reading(
                {**LABELS, **source.labels}, {**WORDS, **source.words}, source.file_only, language
            )
            found.append(_entry(str(source.label), key, value, reading))
        elif key == "account":
            found.append(_entry(_("Account"), key, value, Reading(LABELS, WORDS, frozenset(), language)))
    return found


def _entry(label: str, key: str, value: Any, reading: Reading) -> Entry:
    if isinstance(value, Mapping) and key in reading.words:
        value = reading.words[key](value)
    if isinstance(value, Mapping):
        return Entry(label, children=_children(value, reading))
    if isinstance(value, list | tuple):
        if any(isinstance(item, Mapping) for item in value):
            return Entry(label, items=[_children(item, reading) for item in value])
        comma = "، " if reading.language.startswith("ar") else ", "
        return Entry(label, value=comma.join(_text(key, item, reading) for item in value) or "—")
    return Entry(label, value=_text(key, value, reading))


def _children(value: Mapping[str, Any], reading: Reading) -> list[Entry]:
    return [
        _entry(str(reading.labels.get(key, key.replace("_", " "))), key, held, reading)
        for key, held in value.items()
        if key not in reading.file_only
    ]


def _text(key: str, value: Any, reading: Reading) -> str:
    if key in reading.words:
        value = reading.words[key](value)
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and (match := _ISO.fullmatch(value)):
        try:
            if not match[1]:
                return format_date(date.fromisoformat(value), reading.language)
            return format_moment(timezone.localtime(datetime.fromisoformat(value)), reading.language)
        except ValueError:
            return value
    return str(value)
