import json
import uuid

import pytest

from courses.quizzes.interfaces.entries import MAX_BYTES, BadEntry, Entry

GOOD = {"question": str(uuid.UUID(int=1)), "device": "device-one", "sequence": 3, "value": ["a"]}


def test_an_entry_is_read():
    assert Entry.parse(json.dumps(GOOD).encode()) == Entry(uuid.UUID(int=1), "device-one", 3, ["a"])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        b"\xff\xfe",
        b"[" * 15000,
        b"1" * 10000,
        json.dumps({**GOOD, "more": 1}).encode(),
        json.dumps({key: GOOD[key] for key in ("question", "device", "sequence")}).encode(),
        json.dumps({**GOOD, "question": "1"}).encode(),
        json.dumps({**GOOD, "question": None}).encode(),
        json.dumps({**GOOD, "device": 5}).encode(),
        json.dumps({**GOOD, "sequence": "3"}).encode(),
        json.dumps({**GOOD, "sequence": True}).encode(),
        json.dumps({**GOOD, "sequence": 3.5}).encode(),
        json.dumps({**GOOD, "value": "x" * MAX_BYTES}).encode(),
    ],
)
def test_anything_else_is_refused(body):
    with pytest.raises(BadEntry):
        Entry.parse(body)
