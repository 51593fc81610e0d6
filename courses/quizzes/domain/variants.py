"""Language variants of a question: their words are their own, everything else is the deciding variant's."""

from collections.abc import Mapping
from typing import Any

# `alt`: of a picture, which itself is the same in every language.
WORDS = ("text", "feedback", "prompt", "option", "alt")


def with_keys_of(deciding: Any, *variants: Any) -> Any:
    """The choices (pairs, items) of the deciding variant, in its order and with its right answers, in the words of
    the first of `variants` that has the choice. A choice that none has keeps its original words; one that isn't the
    deciding variant's is left out. Takes and returns stream values.
    """
    words = [{block["id"]: block["value"] for block in value.get_prep_value()} for value in variants]
    rows = []
    for block in deciding.get_prep_value():
        own: Mapping[str, Any] = next((known[block["id"]] for known in words if block["id"] in known), {})
        value = {**block["value"], **{name: own[name] for name in WORDS if name in own}}
        rows.append({**block, "value": value})
    return deciding.stream_block.to_python(rows)
