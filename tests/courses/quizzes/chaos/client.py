"""The script of the question page, in Python: the same rules as `unsent.js` and `answers.js`.

A device keeps, for each person and attempt, its id, the last sequence it gave out and one unsent entry for each
question; all its tabs share them. A tab sends what is kept, oldest first, one at a time, again and again with the
same sequence until it hears a receipt or a refusal, and submits only when nothing is left.
"""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.courses.quizzes.chaos.network import Network, Reply

AFTER_A_CHANGE = 600


@dataclass(frozen=True)
class Entry:
    question: str
    device: str
    sequence: int
    value: Any
    # When it was given, by the device's clock, in milliseconds.
    since: int = field(default=0, compare=False)


@dataclass
class Device:
    """What a phone keeps through reloads and crashes."""

    id: str
    sequence: int = 0
    kept: dict[str, Entry] = field(default_factory=dict)
    # How far the clock of the device is off by now, in milliseconds; it may jump.
    skew: int = 0

    def keep(self, question: str, value: Any, floor: int, since: int) -> Entry:
        """Give the next sequence; a newer answer takes the place of an unsent one to the same question."""
        given = [entry.sequence for entry in self.kept.values()]
        self.sequence = max(self.sequence, floor, *given) + 1
        entry = self.kept[question] = Entry(question, self.id, self.sequence, value, since)
        return entry

    def renumber(self, entry: Entry, highest: int) -> None:
        if self.kept.get(entry.question) == entry:
            self.keep(entry.question, entry.value, highest, entry.since)

    def drop(self, entry: Entry) -> None:
        """A newer answer that was given meanwhile stays."""
        if self.kept.get(entry.question) == entry:
            del self.kept[entry.question]


@dataclass
class Shown:
    """What learners were told, by all tabs of all devices."""

    saved: list[Entry] = field(default_factory=list)
    # Answers by the form of the page: question and value; the server numbers them.
    by_form: list[tuple[str, Any]] = field(default_factory=list)
    refused: list[tuple[Entry, str]] = field(default_factory=list)
    graded: int = 0


@dataclass
class Tab:
    """One open page of the attempt. `alive` ends with the tab; what it had asked is answered to nobody."""

    device: Device
    network: Network
    base: str
    shown: Shown
    tally: Counter[str]
    floor: int
    alive: bool = True
    sending: bool = False
    submitting: bool = False
    submitted: bool = False
    backoff: int = 0

    def open(self) -> None:
        """What was kept before a reload or crash is sent again."""
        self._flush()

    def die(self) -> None:
        self.alive = False

    def answer(self, question: str, value: Any) -> None:
        if not self.alive or self.submitted:
            return
        self.tally["answers given"] += 1
        entry = self.device.keep(question, value, self.floor, self._clock())
        self.floor = max(self.floor, entry.sequence)
        self._later(AFTER_A_CHANGE, self._flush)

    def answer_by_form(self, question: str, position: int, form: dict[str, Any]) -> None:
        """Without the script: the page is posted whole, and a person presses again where no page comes."""
        if not self.alive or self.submitted:
            return

        def heard(reply: Reply) -> None:
            if not self.alive:
                return
            kept = "/questions/" in reply.location or reply.location.endswith("/summary/")
            if reply.status == 302 and kept:
                self.tally["saved by the form"] += 1
                self.shown.by_form.append((question, form["answer"]))
            elif reply.status != 302:
                self._later(3_000, lambda: self.answer_by_form(question, position, form))

        self.network.send("FORM", f"{self.base}questions/{position}/", form, heard)

    def submit(self) -> None:
        """Pressing waits for what is kept; pressing twice sends twice."""
        if self.alive and not self.submitted:
            self.submitting = True
            self._flush()

    def _clock(self) -> int:
        return self.network.time.now + self.device.skew

    def _later(self, delay: int, act: Callable[[], None]) -> None:
        self.network.time.after(delay, lambda: act() if self.alive else None)

    def _retry(self) -> None:
        self.backoff = min(self.backoff * 2 or 2_000, 30_000)
        self._later(self.backoff, self._flush)

    def _flush(self) -> None:
        if self.sending or not self.alive:
            return
        entry = min(self.device.kept.values(), key=lambda kept: kept.sequence, default=None)
        if entry is None:
            if self.submitting and not self.submitted:
                self._send_submit()
            return
        self.sending = True
        self.network.send(
            "JSON",
            f"{self.base}answers/",
            _body(entry, self._clock()),
            lambda reply: self._heard(entry, reply),
        )

    def _heard(self, entry: Entry, reply: Reply) -> None:
        if not self.alive:
            return
        self.sending = False
        if reply.status == 0 or reply.status >= 500:
            self._retry()
            return
        self.backoff = 0
        data = reply.data
        self.floor = max(self.floor, data.get("max_sequence") or 0)
        if data["saved"]:
            self.tally["receipts"] += 1
            self.tally["told of another device"] += not data["current"]
            self.shown.saved.append(entry)
            self.device.drop(entry)
        elif data["error"] == "sequence_taken":
            self.tally["renumbered"] += 1
            self.device.renumber(entry, data["max_sequence"])
        else:
            self.tally["refused for good"] += 1
            self.shown.refused.append((entry, data["error"]))
            self.device.drop(entry)
        self._flush()

    def _send_submit(self) -> None:
        def heard(reply: Reply) -> None:
            if not self.alive or self.submitted:
                return
            if reply.status == 302:
                self.submitted = True
                self.shown.graded += 1
            else:
                self._retry()

        self.network.send("FORM", f"{self.base}submit/", {}, heard)


def _body(entry: Entry, now: int) -> str:
    return json.dumps(
        {
            "question": entry.question,
            "device": entry.device,
            "sequence": entry.sequence,
            "value": entry.value,
            "waited": max(0, now - entry.since),
        }
    )
