"""Answers as a browser's script sends them."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

# The longest open answer, each of its characters written as an escape.
MAX_BYTES = 32 * 1024
# In milliseconds: a day; what is credited has a lower cap.
LONGEST_WAIT = 24 * 60 * 60 * 1000


class BadEntry(ValueError):
    """The body isn't an entry."""


@dataclass(frozen=True)
class Entry:
    """`{"question": uuid, "device": text, "sequence": whole number, "value": anything}`, and where the answer waited
    for a connection `"waited"`: for how many milliseconds, as the device measured it.
    """

    question: UUID
    device: str
    sequence: int
    value: Any
    waited: timedelta = timedelta(0)

    @classmethod
    def parse(cls, body: bytes) -> "Entry":
        """Raises BadEntry for anything that isn't exactly such an object of at most 32 KiB. A time of waiting that
        makes no sense is none: no answer is lost for it.
        """
        if len(body) > MAX_BYTES:
            raise BadEntry("too long")
        try:
            data = json.loads(body)
        except (ValueError, RecursionError) as error:
            raise BadEntry("no JSON") from error
        if not isinstance(data, dict) or set(data) - {"waited"} != {
            "question",
            "device",
            "sequence",
            "value",
        }:
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
        return cls(key, device, sequence, data["value"], _waited(data.get("waited")))


def _waited(milliseconds: Any) -> timedelta:
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool):
        return timedelta(0)
    return timedelta(milliseconds=min(max(milliseconds, 0), LONGEST_WAIT))
