"""Blocks of a package ⇄ raw data of the StreamFields of `courses.blocks`.

Every item of a list gets an id derived from its block's id and its place, the same in all languages.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from courses.interfaces.packages.keys import child_key, key_for
from courses.interfaces.packages.rich import RichError
from courses.interfaces.packages.schema import Block, ChecklistItem, LocalText

Raw = dict[str, Any]


def listed(parent: UUID, values: Sequence[Any]) -> list[Raw]:
    """Raw data of a ListBlock."""
    return [
        {"type": "item", "value": value, "id": str(child_key(parent, position))}
        for position, value in enumerate(values)
    ]


def unlisted(raw: Sequence[Any]) -> list[Any]:
    """The values of a ListBlock's raw data."""
    return [item["value"] if isinstance(item, Mapping) and "value" in item else item for item in raw]


# Lessons


def body_to_stream(blocks: Sequence[Block], file_id: Callable[[str], int]) -> list[Raw]:
    """Raw data of a lesson's body. `file_id`: the image's or document's primary key for a path in the package."""
    return [
        {"type": block["type"], "value": _to_stream(block, file_id), "id": block["id"]} for block in blocks
    ]


def _to_stream(block: Block, file_id: Callable[[str], int]) -> Any:
    value, key = block["value"], UUID(block["id"])
    match block["type"]:
        case "image":
            return {"image": file_id(value["image"]), "alt": value["alt"], "caption": ""}
        case "document":
            return {"document": file_id(value["file"]), "title": value["title"]}
        case "steps":
            return {"steps": listed(key, value["steps"])}
        case "table":
            rows = [
                listed(child_key(key, position), row) for position, row in enumerate(value["rows"], start=1)
            ]
            return {"header": listed(child_key(key, 0), value["header"]), "rows": listed(key, rows)}
        case "law":
            return {**value, "facts": listed(key, value["facts"])}
        case _:
            return value


def body_from_stream(raw: Sequence[Mapping[str, Any]], file_path: Callable[[str, int], str]) -> list[Block]:
    """Blocks of a lesson from its body's raw data.

    file_path: the path in the package for 'image' or 'document' and a primary key. Raises RichError for what
    the format can't hold, with the number of the block; LookupError for a file that is gone.
    """
    blocks: list[Block] = []
    for number, block in enumerate(raw, start=1):
        try:
            value = _from_stream(block["type"], block["value"], file_path)
        except (RichError, LookupError) as error:
            raise RichError(f"block {number}: {error}") from None
        blocks.append({"type": block["type"], "value": value, "id": block["id"]})
    return blocks


def _from_stream(kind: str, value: Any, file_path: Callable[[str, int], str]) -> Any:
    match kind:
        case "image":
            if value.get("caption"):
                raise RichError("the caption of an image cannot be written")
            return {"image": file_path("image", value["image"]), "alt": value["alt"]}
        case "document":
            return {"file": file_path("document", value["document"]), "title": value["title"]}
        case "steps":
            return {"steps": unlisted(value["steps"])}
        case "table":
            rows = [unlisted(row) for row in unlisted(value["rows"])]
            return {"header": unlisted(value["header"]), "rows": rows}
        case "law":
            return {**value, "facts": unlisted(value["facts"])}
        case _:
            return value


# Objectives and checklists


def objectives_to_stream(course_id: str, objectives: Sequence[LocalText], language: str) -> list[Raw]:
    key = key_for(course_id)
    return [
        {"type": "objective", "value": objective[language], "id": str(child_key(key, position))}
        for position, objective in enumerate(objectives)
    ]


def items_to_stream(items: Sequence[ChecklistItem], language: str) -> list[Raw]:
    """Raw data of a checklist's questions in one language."""
    return [
        {
            "type": "item",
            "value": {
                "question": item.question[language],
                "if_no": item.if_no[language],
                "if_unknown": item.if_unknown[language],
                "text": item.text[language],
                "article": item.article[language],
                "deadline": item.deadline[language] if item.deadline else "",
                "facts": listed(key_for(item.id), item.facts),
                "package_id": item.id,
            },
            "id": str(key_for(item.id)),
        }
        for item in items
    ]


def items_from_stream(streams: Mapping[str, Sequence[Mapping[str, Any]]], main: str) -> list[ChecklistItem]:
    """The questions of a checklist from the raw data of its languages; `main` says which there are.

    Raises RichError where a language lacks one.
    """
    return [_item(block, streams) for block in streams[main]]


def _item(block: Mapping[str, Any], streams: Mapping[str, Sequence[Mapping[str, Any]]]) -> ChecklistItem:
    values: dict[str, Mapping[str, Any]] = {}
    for language, stream in streams.items():
        found = next((other for other in stream if other["id"] == block["id"]), None)
        if found is None:
            raise RichError(f"the question '{block['value']['question']}' is missing in '{language}'")
        values[language] = found["value"]

    def texts(name: str) -> dict[str, str]:
        return {language: value.get(name) or "" for language, value in values.items()}

    deadline = texts("deadline")
    identifier = block["value"].get("package_id") or ""
    if not identifier or str(key_for(identifier)) != block["id"]:
        identifier = block["id"]
    return ChecklistItem(
        id=identifier,
        facts=tuple(unlisted(block["value"]["facts"])),
        question=texts("question"),
        if_no=texts("if_no"),
        if_unknown=texts("if_unknown"),
        text=texts("text"),
        article=texts("article"),
        deadline=deadline if any(deadline.values()) else None,
    )
