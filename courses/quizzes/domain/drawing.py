"""Which of the questions that the bank offers a paper asks, and in which order: pure functions.

Chance comes from a seed, the attempt's own: the same seed gives the same paper, and no other number generator is
asked. A question is asked once in a paper, and one that a quiz names itself is never drawn besides.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from uuid import UUID


@dataclass(frozen=True)
class Row:
    """One row of a quiz: the question with this key, or `count` of those that meet all of the conditions given.

    Objective and category are named by their row's id; a category stands for what lies below it, too. `section`: the
    title of the part that begins here, by language; empty for none.
    """

    question: UUID | None = None
    count: int = 0
    objective: int | None = None
    category: int | None = None
    tag: str = ""
    difficulty: str = ""
    section: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_draw(self) -> bool:
        return self.question is None


@dataclass(frozen=True)
class Offered:
    """A question that may be asked, as its canonical variant says. `order`: its age. `categories`: its own, and those
    that one lies in; `tags` are folded. `scenario`: the key of its case.
    """

    key: UUID
    order: int = 0
    objective: int | None = None
    categories: frozenset[int] = frozenset()
    tags: frozenset[str] = frozenset()
    difficulty: str = ""
    scenario: UUID | None = None


@dataclass(frozen=True)
class Section:
    """A part of a paper: its title by language, empty for none, and the keys of its questions."""

    words: Mapping[str, str]
    keys: tuple[UUID, ...]


def rank(seed: str, *parts: object) -> bytes:
    """A place in a shuffle: with another seed, each order of the same things is as likely."""
    return sha256("\x1f".join([seed, *map(str, parts)]).encode()).digest()


def meets(row: Row, question: Offered) -> bool:
    """Whether a draw may take this question."""
    return (
        row.is_draw
        and row.objective in (None, question.objective)
        and (row.category is None or row.category in question.categories)
        and (not row.tag or folded(row.tag) in question.tags)
        and row.difficulty in ("", question.difficulty)
    )


def folded(tag: str) -> str:
    return tag.strip().casefold()


def pools(rows: Sequence[Row], offered: Mapping[UUID, Offered]) -> dict[int, list[UUID]]:
    """What each draw, by its place among the rows, may take; without what the quiz asks anyway."""
    named = {row.question for row in rows}
    return {
        place: [key for key, question in offered.items() if key not in named and meets(row, question)]
        for place, row in enumerate(rows)
        if row.is_draw
    }


def _in_turn(found: Mapping[int, Sequence[UUID]]) -> list[int]:
    """The draws with the fewest questions take first, so that wider ones leave them theirs."""
    return sorted(found, key=lambda place: (len(found[place]), place))


def draw(
    rows: Sequence[Row], offered: Mapping[UUID, Offered], *, seed: str, seen: Collection[UUID] = ()
) -> dict[int, list[UUID]]:
    """The keys that each draw takes: unseen ones first, each of them as likely as another; all there are, where there
    are too few.
    """
    found = pools(rows, offered)
    seen = frozenset(seen)
    taken: set[UUID] = set()
    drawn: dict[int, list[UUID]] = {}
    for place in _in_turn(found):
        free = [key for key in found[place] if key not in taken]
        # With its place in the rank: what one draw left over isn't less likely in the next.
        free.sort(key=lambda key: (key in seen, rank(seed, "draw", place, key)))
        drawn[place] = free[: rows[place].count]
        taken.update(drawn[place])
    return drawn


def sure(rows: Sequence[Row], offered: Mapping[UUID, Offered]) -> dict[int, int]:
    """How many questions each draw, by its place, can count on, whatever the draws before it take. Exact where of two
    draws one takes from a part of what the other takes from, or from something else altogether.
    """
    found = pools(rows, offered)
    counts: dict[int, int] = {}
    for place in _in_turn(found):
        own = set(found[place])
        lost = sum(min(rows[earlier].count, len(own.intersection(found[earlier]))) for earlier in counts)
        counts[place] = max(0, len(own) - lost)
    return counts


def compose(
    rows: Sequence[Row],
    offered: Mapping[UUID, Offered],
    *,
    seed: str,
    seen: Collection[UUID] = (),
    shuffle: bool = False,
) -> list[Section]:
    """What a paper asks, by section; a section without questions is left out. `shuffle`: in an order of this paper's
    own, inside each section. Questions of one case stand together in the order in which they were put or written.
    """
    drawn = draw(rows, offered, seed=seed, seen=seen)
    parts: list[tuple[Mapping[str, str], list[tuple[int, UUID]]]] = [({}, [])]
    asked: set[UUID] = set()
    for place, row in enumerate(rows):
        if row.section:
            parts.append((row.section, []))
        for key in [row.question] if row.question else drawn[place]:
            if key in offered and key not in asked:
                parts[-1][1].append((place, key))
                asked.add(key)
    return [
        Section(words, tuple(_arranged(placed, offered, seed if shuffle else None)))
        for words, placed in parts
        if placed
    ]


def _arranged(
    placed: Iterable[tuple[int, UUID]], offered: Mapping[UUID, Offered], seed: str | None
) -> list[UUID]:
    """The keys of a section; `seed` None for the order of the rows."""
    units: dict[UUID, list[tuple[int, UUID]]] = {}
    for place, key in placed:
        units.setdefault(offered[key].scenario or key, []).append((place, key))
    ordered = list(units.items())
    if seed is not None:
        ordered.sort(key=lambda unit: rank(seed, "order", unit[0]))
    return [
        key
        for _name, unit in ordered
        for _place, key in sorted(unit, key=lambda entry: (entry[0], offered[entry[1]].order))
    ]
