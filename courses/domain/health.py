"""Whether the parts the site stands on answer."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

from django.core.cache import cache
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

logger = logging.getLogger(__name__)
BROKER_TIMEOUT_SECONDS = 2


@dataclass(frozen=True)
class Health:
    """By part: 'ok', or a short word on what is wrong (never an address or a password)."""

    parts: dict[str, str]

    @property
    def ok(self) -> bool:
        return set(self.parts.values()) == {"ok"}

    def as_dict(self) -> dict[str, object]:
        return {"status": "ok" if self.ok else "down", **self.parts}


def health(connection: BaseDatabaseWrapper) -> Health:
    """Look at database, cache, broker and migrations; takes at most a few seconds."""
    return Health(
        {
            "database": _verdict("database", lambda: _database(connection)),
            "cache": _verdict("cache", _cache),
            "broker": _verdict("broker", _broker),
            "migrations": _verdict("migrations", lambda: _migrations(connection)),
        }
    )


def _verdict(part: str, look: Callable[[], str]) -> str:
    try:
        return look()
    except Exception as error:  # whatever a driver raises means the part is down
        logger.warning("Health: %s: %s", part, error)
        return "down"


def _database(connection: BaseDatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return "ok"


def _cache() -> str:
    token = uuid4().hex
    cache.set("healthz", token, 10)
    return "ok" if cache.get("healthz") else "down"


def _broker() -> str:
    from celery import current_app

    with current_app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=BROKER_TIMEOUT_SECONDS)
    return "ok"


def _migrations(connection: BaseDatabaseWrapper) -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "pending" if pending else "ok"
