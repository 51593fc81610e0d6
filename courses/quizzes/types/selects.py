"""What the types share that are answered by a select for each line. An option's value is `LINE CHOICE`."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict


def raw_from_selects(data: QueryDict, name: str) -> dict[str, str]:
    """Line and choice of each select in a posted form; those left alone are not in it."""
    return dict(value.split(" ", 1) for value in data.getlist(name) if " " in value)


def nothing_chosen(raw: Any) -> bool:
    """Whether no select of the raw answer holds anything."""
    values = raw.values() if isinstance(raw, Mapping) else raw if isinstance(raw, list) else [raw]
    return all(value is None or value == "" for value in values)
