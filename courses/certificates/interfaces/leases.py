"""How many tasks work on a run at once: each holds a numbered place while it works or waits in the queue.

Kept in the shared cache, and only a limit: what is done and what isn't stands in the database. A place whose worker was
killed falls free by itself; a task whose place was given to another one ends.
"""

from uuid import uuid4

from django.conf import settings
from django.core.cache import cache

# A message may wait in the queue, and a batch be worked on, for so long before the place falls free.
SECONDS = 120
DEFAULT_PLACES = 4


def places() -> int:
    """As many tasks as there are workers (ELEARN_BULK_TASKS); more do no harm, fewer leave workers idle."""
    return int(getattr(settings, "ELEARN_BULK_TASKS", DEFAULT_PLACES))


def free(run_id: int) -> list[tuple[int, str]]:
    """Take every free place of a run: its number, and the token by which its task holds it."""
    taken = [(place, uuid4().hex) for place in range(places())]
    return [(place, token) for place, token in taken if cache.add(_key(run_id, place), token, SECONDS)]


def hold(run_id: int, place: int, token: str) -> bool:
    """Whether the place is still the task's; then it is for another while."""
    return bool(cache.get(_key(run_id, place)) == token and cache.touch(_key(run_id, place), SECONDS))


def give_back(run_id: int, place: int) -> None:
    cache.delete(_key(run_id, place))


def _key(run_id: int, place: int) -> str:
    return f"certificates:run:{run_id}:{place}"
