"""A network that loses, doubles, delays and reorders, driven by a seed; and the time in which all of it happens.

Nothing sleeps: time is a number of milliseconds, and what is to happen waits in a heap. The server at the other end
is the real one, asked through Django's test client.
"""

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any

TIMEOUT = 15_000


@dataclass
class Reply:
    """What came back. A status of 0: nothing did, within the time that the client waits."""

    status: int = 0
    data: Any = None
    location: str = ""


Handler = Callable[[str, str, Any], Reply]


@dataclass
class Time:
    """Virtual milliseconds, and what happens in them."""

    now: int = 0
    _heap: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)
    _ties: Any = field(default_factory=count)

    def after(self, delay: int, act: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (self.now + delay, next(self._ties), act))

    def run(self, until: int) -> bool:
        """Let everything happen that is due by then; whether nothing is left to happen."""
        while self._heap and self._heap[0][0] <= until:
            self.now, _tie, act = heapq.heappop(self._heap)
            act()
        return not self._heap


@dataclass
class Network:
    """`trouble` from 0 (a good connection) to 1 (hardly anything gets through at the first try)."""

    time: Time
    random: Random
    handler: Handler
    tally: Counter[str]
    trouble: float = 0.0

    def send(self, method: str, path: str, body: Any, hear: Callable[[Reply], None]) -> None:
        """Exactly one reply is heard, of the server or of the clock; the server may see the request never, once or
        twice, and long after the client gave up."""
        heard: list[Reply] = []

        def hear_once(reply: Reply) -> None:
            if not heard:
                heard.append(reply)
                hear(reply)

        self.tally["requests"] += 1
        self.time.after(TIMEOUT, lambda: hear_once(Reply()))
        fate = self._fate()
        self.tally[fate] += 1
        if fate == "requests dropped":
            return
        if fate == "errors before the answer was read":
            self.time.after(self._delay(), lambda: hear_once(Reply(500)))
            return
        self._arrive(method, path, body, hear_once, fate)
        if fate == "duplicates":
            self._arrive(method, path, body, hear_once, "")

    def _fate(self) -> str:
        if self.random.random() >= self.trouble:
            return "undisturbed"
        return self.random.choice(
            (
                "requests dropped",
                "responses dropped",
                "duplicates",
                "delayed",
                "errors before the answer was read",
                "errors after the answer was saved",
            )
        )

    def _delay(self) -> int:
        return self.random.randrange(5, 400)

    def _arrive(self, method: str, path: str, body: Any, hear: Callable[[Reply], None], fate: str) -> None:
        late = self.random.randrange(1_000, 3 * TIMEOUT) if fate == "delayed" else 0

        def arrive() -> None:
            self.tally["handled"] += 1
            reply = self.handler(method, path, body)
            if fate == "responses dropped":
                return
            if fate == "errors after the answer was saved":
                reply = Reply(500)
            self.time.after(self._delay(), lambda: hear(reply))

        self.time.after(self._delay() + late, arrive)
