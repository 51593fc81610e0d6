"""Rules W1 to N2 of the bidirectional algorithm, on the classes of one isolating run sequence.

For `courses.lib.bidi`, which is what other modules use.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from bidi.mirror import MIRRORED

ISOLATE_INITIATORS = frozenset(("LRI", "RLI", "FSI"))
_NEUTRAL_OR_ISOLATE = frozenset(("B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"))
# U+2329/232A decompose to U+3008/3009, so the two pairs match each other (UAX #9, BD16).
_CANONICAL_BRACKET = {"\u2329": "\u3008", "\u232a": "\u3009"}


def resolve_weak(kinds: list[str], start_kind: str) -> None:
    """Rules W1 to W7."""
    previous = start_kind
    for i, kind in enumerate(kinds):  # W1
        if kind == "NSM":
            kinds[i] = "ON" if previous in ISOLATE_INITIATORS or previous == "PDI" else previous
        previous = kinds[i]
    strong = start_kind
    for i, kind in enumerate(kinds):  # W2
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[i] = "AN"
    for i, kind in enumerate(kinds):  # W3
        if kind == "AL":
            kinds[i] = "R"
    for i in range(1, len(kinds) - 1):  # W4
        around = (kinds[i - 1], kinds[i + 1])
        if (kinds[i] in ("ES", "CS") and around == ("EN", "EN")) or (
            kinds[i] == "CS" and around == ("AN", "AN")
        ):
            kinds[i] = around[0]
    i = 0
    while i < len(kinds):  # W5
        if kinds[i] != "ET":
            i += 1
            continue
        j = i
        while j < len(kinds) and kinds[j] == "ET":
            j += 1
        if (i > 0 and kinds[i - 1] == "EN") or (j < len(kinds) and kinds[j] == "EN"):
            kinds[i:j] = ["EN"] * (j - i)
        i = j
    strong = start_kind
    for i, kind in enumerate(kinds):  # W6 and W7
        if kind in ("ES", "ET", "CS"):
            kinds[i] = "ON"
        elif kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[i] = "L"


def _as_direction(kind: str) -> str | None:
    if kind == "L":
        return "L"
    return "R" if kind in ("R", "EN", "AN") else None


def resolve_brackets(
    text: str,
    sequence: Sequence[int],
    kinds: list[str],
    original: Sequence[str],
    start_kind: str,
    embedding: str,
) -> None:
    """Rule N0: both brackets of a pair take the same direction."""
    for opening, closing in _bracket_pairs(text, sequence, kinds):
        inside = {_as_direction(kind) for kind in kinds[opening + 1 : closing]} - {None}
        if embedding in inside:
            chosen = embedding
        elif inside:
            context = next((d for k in reversed(kinds[:opening]) if (d := _as_direction(k))), start_kind)
            chosen = context if context != embedding else embedding
        else:
            continue
        for position in (opening, closing):
            kinds[position] = chosen
            for later in range(position + 1, len(kinds)):
                if original[later] != "NSM":
                    break
                kinds[later] = chosen


def _bracket_pairs(text: str, sequence: Sequence[int], kinds: Sequence[str]) -> list[tuple[int, int]]:
    """BD16: pairs of positions in the sequence, sorted by the opening bracket."""
    pairs: list[tuple[int, int]] = []
    stack: list[tuple[str, int]] = []
    for position, index in enumerate(sequence):
        if kinds[position] != "ON":
            continue
        character = text[index]
        category = unicodedata.category(character)
        if category not in ("Ps", "Pe") or character not in MIRRORED:
            continue
        if category == "Ps":
            if len(stack) == 63:
                break
            closer = MIRRORED[character]
            stack.append((_CANONICAL_BRACKET.get(closer, closer), position))
        else:
            wanted = _CANONICAL_BRACKET.get(character, character)
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == wanted:
                    pairs.append((stack[depth][1], position))
                    del stack[depth:]
                    break
    return sorted(pairs)


def resolve_neutrals(kinds: list[str], start_kind: str, end_kind: str, embedding: str) -> None:
    """Rules N1 and N2."""
    i = 0
    while i < len(kinds):
        if kinds[i] not in _NEUTRAL_OR_ISOLATE:
            i += 1
            continue
        j = i
        while j < len(kinds) and kinds[j] in _NEUTRAL_OR_ISOLATE:
            j += 1
        left = _as_direction(kinds[i - 1]) if i else start_kind
        right = _as_direction(kinds[j]) if j < len(kinds) else end_kind
        kinds[i:j] = [left if left == right and left else embedding] * (j - i)
        i = j
