"""A typed registry that remembers which app each entry came from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Registrable(Protocol):
    """What can be registered: anything with a key, unique in its registry."""

    @property
    def key(self) -> str: ...


T = TypeVar("T", bound=Registrable)


@dataclass(frozen=True)
class Duplicate:
    """Two apps wanted the same key; the first kept it. Reported as a system-check error."""

    registry: str
    key: str
    kept: str
    refused: str


class Registry(Generic[T]):
    """Entries by key, in the order of registration.

    Registering the same key again keeps the first entry and notes a `Duplicate` (an exception in `ready()`
    would hide every other problem of the start; the system check names them all).
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.duplicates: list[Duplicate] = []
        self._entries: dict[str, T] = {}
        self._origins: dict[str, str] = {}

    def register(self, entry: T, *, origin: str) -> None:
        """Add `entry`; `origin` is the label of the app that registers it."""
        if entry.key in self._entries:
            if self._entries[entry.key] != entry:
                self.duplicates.append(Duplicate(self.name, entry.key, self._origins[entry.key], origin))
            return
        self._entries[entry.key] = entry
        self._origins[entry.key] = origin

    def unregister(self, key: str) -> None:
        """Remove an entry (for tests and for plugins that replace another's); KeyError if it is absent."""
        del self._entries[key]
        del self._origins[key]

    def get(self, key: str) -> T | None:
        return self._entries.get(key)

    def origin_of(self, key: str) -> str:
        """Label of the app that registered `key`; KeyError if nobody did."""
        return self._origins[key]

    def __getitem__(self, key: str) -> T:
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        return key in self._entries

    def __iter__(self) -> Iterator[T]:
        return iter(self._entries.values())

    def __len__(self) -> int:
        return len(self._entries)
