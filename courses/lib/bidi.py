"""The Unicode bidirectional algorithm (UAX #9), for text that we lay out ourselves.

A browser orders mixed Arabic and Latin text on its own; on paper we have to. The flow is: resolve the
levels of a whole paragraph, cut the logical text into lines, then ask for the visual runs of each line.
Doing it in the other order prints the end of a sentence first.

Implemented: explicit embeddings, overrides and isolates (X1-X10), weak types (W1-W7), paired brackets (N0),
neutrals (N1-N2), implicit levels (I1-I2), trailing whitespace (L1) and reordering (L2). Mirroring (L4) is
left to the text shaper, which gets the logical text of a run with its direction; `mirrored` is there for
those who draw without a shaper.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bidi.mirror import MIRRORED

from courses.lib.bidi_rules import ISOLATE_INITIATORS, resolve_brackets, resolve_neutrals, resolve_weak

Direction = Literal["ltr", "rtl"]

# Explicit formatting characters: they steer the order of the text and are never drawn.
LRM, RLM, ALM = "\u200e", "\u200f", "\u061c"
LRE, RLE, PDF, LRO, RLO = "\u202a", "\u202b", "\u202c", "\u202d", "\u202e"
LRI, RLI, FSI, PDI = "\u2066", "\u2067", "\u2068", "\u2069"
CONTROLS = frozenset((LRM, RLM, ALM, LRE, RLE, PDF, LRO, RLO, LRI, RLI, FSI, PDI))

_MAX_DEPTH = 125
_STRONG_RTL = frozenset(("R", "AL"))
_REMOVED_BY_X9 = frozenset(("RLE", "LRE", "RLO", "LRO", "PDF", "BN"))


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one line with a single direction.

    `text` is in logical order (as typed) and without direction controls; `start` is the index of its first
    character in the paragraph; `level` is the embedding level: odd reads from right to left.
    """

    text: str
    start: int
    level: int

    @property
    def direction(self) -> Direction:
        return "rtl" if self.level % 2 else "ltr"


def strip_controls(text: str) -> str:
    """The text without direction marks, embeddings, overrides and isolates."""
    return "".join(character for character in text if character not in CONTROLS)


def clean(text: str) -> str:
    """The text as it is printed or compared: NFC, no direction controls, every white space one blank.

    The no-break spaces of French punctuation stay.
    """
    text = unicodedata.normalize("NFC", strip_controls(text))
    text = "".join(" " if unicodedata.category(c) == "Cc" and c.isspace() else c for c in text)
    return " ".join(part for part in text.split(" ") if part)


def isolate(text: str) -> str:
    """The text between first-strong isolates, so that what surrounds it can't reorder it."""
    return f"{FSI}{text}{PDI}"


def is_rtl(text: str) -> bool:
    """True when the first strong character outside isolates reads from right to left (rules P2 and P3)."""
    return _first_strong(_classes(text), 0, len(text)) == 1


def mirrored(text: str) -> str:
    """Each bracket or quotation mark replaced by its mirror image, for right-to-left runs drawn unshaped."""
    return "".join(MIRRORED.get(character, character) for character in text)


def visual_runs(line: str, base: Direction) -> list[Run]:
    """The runs of a paragraph of one line, in the order in which they are drawn from left to right."""
    levels = resolve_levels(line, base)
    return line_runs(line, levels, base, 0, len(line))


def line_runs(text: str, levels: Sequence[int], base: Direction, start: int, end: int) -> list[Run]:
    """The runs of the line `text[start:end]` of a paragraph, in visual order from left to right.

    `levels` come from `resolve_levels(text, base)` on the whole paragraph. Controls are left out of the
    runs. Rules L1 (white space at the end of the line) and L2 (reordering) are applied.
    """
    base_level = 1 if base == "rtl" else 0
    line_levels = list(levels[start:end])
    for index in range(len(line_levels) - 1, -1, -1):
        category = unicodedata.bidirectional(text[start + index])
        if category not in ("WS", "BN", "B", "S") and text[start + index] not in CONTROLS:
            break
        line_levels[index] = base_level
    runs: list[Run] = []
    characters: list[str] = []
    first = 0
    for index, level in enumerate(line_levels):
        character = text[start + index]
        if character in CONTROLS:
            continue
        if characters and level != line_levels[first]:
            runs.append(Run("".join(characters), start + first, line_levels[first]))
            characters = []
        if not characters:
            first = index
        characters.append(character)
    if characters:
        runs.append(Run("".join(characters), start + first, line_levels[first]))
    return _reordered(runs)


def resolve_levels(text: str, base: Direction) -> list[int]:
    """The embedding level of each character of a paragraph: as many as `len(text)`.

    Characters that rule X9 removes (embeddings, overrides, boundary neutrals) take the level of their
    neighbour, so that they never split a run.
    """
    base_level = 1 if base == "rtl" else 0
    classes = _classes(text)
    if base_level == 0 and not any(
        c in ("R", "AL", "AN") or text[i] in CONTROLS for i, c in enumerate(classes)
    ):
        return [0] * len(text)
    matching = _matching_isolates(classes)
    levels, resolved = _explicit(classes, matching, base_level)
    for sequence in _isolating_run_sequences(classes, levels, matching):
        _resolve_sequence(text, classes, resolved, levels, sequence, base_level, matching)
    for index, kind in enumerate(resolved):
        if kind in ("AN", "EN"):
            levels[index] += 2 if levels[index] % 2 == 0 else 1
        elif (kind == "R") != (levels[index] % 2 == 1) and classes[index] not in _REMOVED_BY_X9:
            levels[index] += 1
    previous = base_level
    for index, kind in enumerate(classes):
        if kind in _REMOVED_BY_X9:
            levels[index] = previous
        elif kind in ("B", "S"):
            levels[index] = base_level  # L1, first half: separators
            for back in range(index - 1, -1, -1):
                if classes[back] not in ("WS", "LRI", "RLI", "FSI", "PDI") and (
                    classes[back] not in _REMOVED_BY_X9
                ):
                    break
                levels[back] = base_level
        previous = levels[index]
    return levels


def _classes(text: str) -> list[str]:
    return [unicodedata.bidirectional(character) or "L" for character in text]


def _matching_isolates(classes: Sequence[str]) -> dict[int, int]:
    """Initiator → its PDI and PDI → its initiator (BD9); an initiator without PDI maps to the end."""
    matching: dict[int, int] = {}
    stack: list[int] = []
    for index, kind in enumerate(classes):
        if kind in ISOLATE_INITIATORS:
            stack.append(index)
        elif kind == "PDI" and stack:
            opener = stack.pop()
            matching[opener] = index
            matching[index] = opener
    for opener in stack:
        matching[opener] = len(classes)
    return matching


def _first_strong(classes: Sequence[str], start: int, end: int) -> int:
    """0 or 1, the level that rules P2 and P3 give to a stretch; 0 when it has no strong character."""
    depth = 0
    for index in range(start, end):
        kind = classes[index]
        if kind in ISOLATE_INITIATORS:
            depth += 1
        elif kind == "PDI":
            depth = max(depth - 1, 0)
        elif depth == 0 and kind == "L":
            return 0
        elif depth == 0 and kind in _STRONG_RTL:
            return 1
    return 0


def _explicit(
    classes: Sequence[str], matching: dict[int, int], base_level: int
) -> tuple[list[int], list[str]]:
    """Rules X1 to X8: the explicit level of each character, and its class after overrides."""
    levels = [base_level] * len(classes)
    resolved = list(classes)
    stack: list[tuple[int, str | None, bool]] = [(base_level, None, False)]
    overflow_isolates = overflow_embeddings = valid_isolates = 0
    for index, kind in enumerate(classes):
        level, override, _ = stack[-1]
        if kind in ("RLE", "LRE", "RLO", "LRO"):
            levels[index] = level
            new = (level + 1) | 1 if kind in ("RLE", "RLO") else (level + 2) & ~1
            if new <= _MAX_DEPTH and not overflow_isolates and not overflow_embeddings:
                stack.append((new, {"RLO": "R", "LRO": "L"}.get(kind), False))
            elif not overflow_isolates:
                overflow_embeddings += 1
        elif kind in ISOLATE_INITIATORS:
            levels[index] = level
            if override:
                resolved[index] = override
            if kind == "FSI":
                inner = _first_strong(classes, index + 1, matching[index])
                kind = "RLI" if inner else "LRI"
            new = (level + 1) | 1 if kind == "RLI" else (level + 2) & ~1
            if new <= _MAX_DEPTH and not overflow_isolates and not overflow_embeddings:
                valid_isolates += 1
                stack.append((new, None, True))
            else:
                overflow_isolates += 1
        elif kind == "PDI":
            if overflow_isolates:
                overflow_isolates -= 1
            elif valid_isolates:
                overflow_embeddings = 0
                while not stack[-1][2]:
                    stack.pop()
                stack.pop()
                valid_isolates -= 1
            level, override, _ = stack[-1]
            levels[index] = level
            if override:
                resolved[index] = override
        elif kind == "PDF":
            if overflow_isolates:
                pass
            elif overflow_embeddings:
                overflow_embeddings -= 1
            elif not stack[-1][2] and len(stack) >= 2:
                stack.pop()
            levels[index] = stack[-1][0]
        elif kind == "B":
            levels[index] = base_level
        else:
            levels[index] = level
            if override and kind != "BN":
                resolved[index] = override
    return levels, resolved


def _isolating_run_sequences(
    classes: Sequence[str], levels: Sequence[int], matching: dict[int, int]
) -> list[list[int]]:
    """BD13: level runs, joined across isolates. Each sequence is a list of character indices."""
    runs: list[list[int]] = []
    for index, kind in enumerate(classes):
        if kind in _REMOVED_BY_X9:
            continue
        if runs and levels[runs[-1][-1]] == levels[index]:
            runs[-1].append(index)
        else:
            runs.append([index])
    by_first = {run[0]: run for run in runs}
    sequences: list[list[int]] = []
    for run in runs:
        if classes[run[0]] == "PDI" and run[0] in matching:
            continue  # continues the run of its initiator
        sequence = list(run)
        while classes[sequence[-1]] in ISOLATE_INITIATORS:
            following = by_first.get(matching[sequence[-1]])
            if following is None:
                break
            sequence.extend(following)
        sequences.append(sequence)
    return sequences


def _resolve_sequence(
    text: str,
    classes: Sequence[str],
    resolved: list[str],
    levels: Sequence[int],
    sequence: Sequence[int],
    base_level: int,
    matching: dict[int, int],
) -> None:
    """Rules W1 to N2 on one isolating run sequence; writes the outcome into `resolved`."""
    level = levels[sequence[0]]
    before = next(
        (levels[i] for i in range(sequence[0] - 1, -1, -1) if classes[i] not in _REMOVED_BY_X9), base_level
    )
    last = sequence[-1]
    if classes[last] in ISOLATE_INITIATORS and matching[last] == len(classes):
        after = base_level
    else:
        after = next(
            (levels[i] for i in range(last + 1, len(classes)) if classes[i] not in _REMOVED_BY_X9), base_level
        )
    start_kind = "R" if max(level, before) % 2 else "L"
    end_kind = "R" if max(level, after) % 2 else "L"
    kinds = [resolved[index] for index in sequence]
    original = list(kinds)
    resolve_weak(kinds, start_kind)
    embedding = "R" if level % 2 else "L"
    resolve_brackets(text, sequence, kinds, original, start_kind, embedding)
    resolve_neutrals(kinds, start_kind, end_kind, embedding)
    for position, index in enumerate(sequence):
        resolved[index] = kinds[position]


def _reordered(runs: list[Run]) -> list[Run]:
    """Rule L2 on whole runs: from the highest level to the lowest odd one, reverse what is at or above it."""
    ordered = list(runs)
    odd = [run.level for run in runs if run.level % 2]
    if not odd:
        return ordered
    for level in range(max(run.level for run in runs), min(odd) - 1, -1):
        i = 0
        while i < len(ordered):
            j = i
            while j < len(ordered) and ordered[j].level >= level:
                j += 1
            if j > i:
                ordered[i:j] = reversed(ordered[i:j])
            i = max(j, i + 1)
    return ordered
