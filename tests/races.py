"""Calls that begin together, for the tests of two at once."""

from collections.abc import Callable
from threading import Barrier, Event, Thread
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction

# The marks of a file of races.
ROW_LOCKS = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        "postgresql" not in settings.DATABASES["default"]["ENGINE"], reason="SQLite has no row locks"
    ),
]


def at_once(call: Callable[[int], Any], times: int = 8) -> list[Any]:
    """The results of `times` calls that begin together, each on its own connection; None where one raised."""
    barrier, results = Barrier(times), [None] * times

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            results[number] = call(number)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(number,)) for number in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def while_held(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[Any, Any]:
    """The results of both: `second` begins once `first` has its locks, and `first` commits only when `second` waits for
    one of them or has ended without. PostgreSQL only. None in the place of what raised.
    """
    results: list[Any] = [None, None]
    held, ended = Event(), Event()

    def run_first() -> None:
        try:
            with transaction.atomic():
                results[0] = first()
                held.set()
                for _ in range(500):
                    if ended.wait(0.01) or _somebody_waits():
                        break
        finally:
            held.set()
            connection.close()

    def run_second() -> None:
        try:
            held.wait(10)
            results[1] = second()
        finally:
            ended.set()
            connection.close()

    threads = [Thread(target=run_first), Thread(target=run_second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results[0], results[1]


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])
