"""Rows of a file ⇄ blocks of a question's streams. A block keeps its id as long as it can be recognised."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from courses.quizzes.interfaces.exchange.report import Unusable
from courses.quizzes.interfaces.exchange_rows import Row
from courses.quizzes.models import Question

# The words that tell one row of a stream from another.
_MAIN_WORDS = ("text", "prompt", "option")


def blocks_of(question: Question | None, name: str) -> list[dict[str, Any]]:
    return list(getattr(question, name).get_prep_value()) if question is not None else []


def set_stream(question: Question, name: str, blocks: list[dict[str, Any]]) -> bool:
    if [_compared(block) for block in blocks_of(question, name)] == [_compared(block) for block in blocks]:
        return False
    setattr(question, name, blocks)
    return True


def _compared(block: Mapping[str, Any]) -> tuple[Any, ...]:
    return block["type"], block["id"], {name: value for name, value in block["value"].items() if value}


def _main(value: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(value.get(word) or "" for word in _MAIN_WORDS)


def with_ids(rows: Sequence[Row], old: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows as blocks. A block that was there keeps its id: the one that the row names, else the one with the same
    words, else the one at the same place.
    """
    left = {block["id"]: (place, block) for place, block in enumerate(old)}
    taken: dict[int, Mapping[str, Any]] = {}

    def match(fits: Any) -> None:
        for place, row in enumerate(rows):
            if place not in taken:
                for id_, (old_place, block) in left.items():
                    if block["type"] == row.kind and fits(place, row, old_place, block):
                        taken[place] = block
                        del left[id_]
                        break

    match(lambda place, row, old_place, block: bool(row.key) and row.key == block["id"])
    match(lambda place, row, old_place, block: not row.key and _main(row.value) == _main(block["value"]))
    match(lambda place, row, old_place, block: not row.key and place == old_place)
    blocks = []
    for place, row in enumerate(rows):
        kept = taken.get(place, {"id": row.key or str(uuid.uuid4()), "value": {"package_id": ""}})
        value = {**kept["value"], **row.value}
        if row.shared and "points" in kept["value"]:
            value["points"] = kept["value"]["points"]
        blocks.append({"type": row.kind, "id": kept["id"], "value": value})
    return blocks


def pictures_in_words(
    rows: Sequence[Row], deciding: Sequence[Mapping[str, Any]], own: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The deciding variant's pictures with the words of the rows on the same image, else of its own blocks."""
    told = {row.value["image"]: row.value.get("alt", "") for row in rows}
    kept = {block["id"]: block["value"].get("alt") or "" for block in own}
    return [
        {
            **block,
            "value": {
                **block["value"],
                "alt": told.get(block["value"].get("image")) or kept.get(block["id"], ""),
            },
        }
        for block in deciding
    ]


def in_words_of(rows: Sequence[Row], deciding: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The deciding variant's blocks in the words of the rows, place by place. Raises Unusable where they don't fit."""
    kinds = [(block["type"], bool(block["value"].get("correct"))) for block in deciding]
    if kinds != [(row.kind, bool(row.value.get("correct"))) for row in rows]:
        raise Unusable(
            _(
                "It doesn't fit the question with its id in the other language: as many choices, pairs or items in "
                "the same order, the same ones right."
            )
        )
    words = ("text", "feedback", "prompt", "option", "alt")
    return [
        {
            **block,
            "value": {**block["value"], **{name: row.value[name] for name in words if name in row.value}},
        }
        for block, row in zip(deciding, rows, strict=True)
    ]
