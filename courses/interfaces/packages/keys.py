"""From the ids written in a package to the UUIDs that pages, blocks and learning records carry."""

import re
from uuid import UUID, uuid5

# Generated once. It must never change: every learning record made on content of a package hangs on a key
# derived from it.
NAMESPACE = UUID("660de7c3-f6bd-4ac0-b7e7-0589df595882")

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_uuid(identifier: str) -> bool:
    """Whether an id is itself a UUID in its usual form (lower case, with hyphens)."""
    return _UUID.fullmatch(identifier) is not None


def key_for(identifier: str) -> UUID:
    """The key of a course, module, lesson, quiz, question or checklist: the same for ever and everywhere.

    An id that is a UUID is its own key; any other id gives a UUID of version 5 in `NAMESPACE`.
    """
    return UUID(identifier) if is_uuid(identifier) else uuid5(NAMESPACE, identifier)


def block_key(lesson_id: str, position: int) -> UUID:
    """The id of the block at `position` (from 0) of a lesson, the same in all its languages."""
    return uuid5(key_for(lesson_id), str(position))


def child_key(block_id: UUID, position: int) -> UUID:
    """The id of an item (a step) at `position` (from 0) inside a block, the same in all languages."""
    return uuid5(block_id, str(position))
