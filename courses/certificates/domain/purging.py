"""Deleting the files that nobody may have any more, each for itself."""

import logging
from collections.abc import Callable, Iterable

logger = logging.getLogger(__name__)


def purge_each(ids: Iterable[int], purge: Callable[[int], None], what: str) -> int:
    """Have `purge` delete the file of each row; how many went. One that the storage keeps is logged as `what`, and
    waits for the next sweep; the others don't wait for it.
    """
    purged = 0
    for pk in ids:
        try:
            purge(pk)
        except OSError:
            logger.exception("%s %s: its file couldn't be deleted", what, pk)
        else:
            purged += 1
    return purged
