"""Where wagtail-localize runs its jobs."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.db import transaction


class AfterCommitBackend:
    """Runs a job in this process once the transaction it was asked in has committed.

    It doesn't derive from wagtail_localize's base class: that module makes its backend while it is imported.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        """Takes no options."""

    def enqueue(self, func: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        transaction.on_commit(partial(func, *args, **kwargs))
