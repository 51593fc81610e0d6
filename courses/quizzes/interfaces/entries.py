"""Answers as a browser's script sends them."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

MAX_BYTES = 16 * 1024


class BadEntry(ValueError):
    """The body isn't an entry."""


@dataclass(frozen=True)
class Entry:
    """`{"question": uuid, "device": text, "sequence": whole number, "value": anything}`."""

    question: UUID
    device: str
    sequence: int
    value: Any

    @classmethod
    def parse(cls, body: bytes) -> "Entry":
        """Raises BadEntry for anything that isn't exactly such an object of at most 16 KiB."""
        if len(body) > MAX_BYTES:
            raise BadEntry("too long")
        try:
            data = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadEntry("no JSON") from error
        if not isinstance(data, dict) or set(data) != {"question", "device", "sequence", "value"}:
            raise BadEntry("keys")
        question, device, sequence = data["question"], data["device"], data["sequence"]
        if not (isinstance(question, str) and isinstance(device, str)):
            raise BadEntry("types")
        if not isinstance(sequence, int) or isinstance(sequence, bool):
            raise BadEntry("sequence")
        try:
            key = UUID(question)
        except ValueError as error:
            raise BadEntry("question") from error
        return cls(key, device, sequence, data["value"])
