"""Lazy translations with values in them."""

from typing import Any

from django.utils.functional import lazy


def _format(text: Any, values: dict[str, Any]) -> str:
    return str(text) % values


_lazy_format = lazy(_format, str)


def lazy_format(text: Any, **values: Any) -> Any:
    """`text % values`, translated when it is shown; `text` is a lazy translation with named placeholders."""
    return _lazy_format(text, values)
