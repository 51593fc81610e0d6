from dataclasses import dataclass

import pytest

from courses.lib.registry import Duplicate, Registry


@dataclass(frozen=True)
class Entry:
    key: str
    value: int = 0


@pytest.fixture
def registry():
    return Registry("entries")


def test_entries_come_in_the_order_of_registration(registry):
    registry.register(Entry("b"), origin="one")
    registry.register(Entry("a"), origin="two")

    assert [entry.key for entry in registry] == ["b", "a"]
    assert (len(registry), "a" in registry, registry.get("c")) == (2, True, None)
    assert registry.origin_of("a") == "two"


def test_the_first_of_two_keeps_the_key_and_the_second_is_noted(registry):
    registry.register(Entry("a", 1), origin="one")
    registry.register(Entry("a", 2), origin="two")

    assert registry["a"].value == 1
    assert registry.duplicates == [Duplicate("entries", "a", "one", "two")]


def test_the_same_entry_again_is_no_duplicate(registry):
    registry.register(Entry("a", 1), origin="one")
    registry.register(Entry("a", 1), origin="one")

    assert registry.duplicates == []


def test_an_entry_can_be_taken_out(registry):
    registry.register(Entry("a"), origin="one")
    registry.unregister("a")

    assert len(registry) == 0
    with pytest.raises(KeyError):
        registry.unregister("a")
