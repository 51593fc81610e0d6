"""`/healthz`."""

import pytest
from django.core.cache import cache

pytestmark = pytest.mark.django_db


def test_all_is_well(client, settings):
    response = client.get("/healthz")

    assert response.json() == {
        "status": "ok",
        "database": "ok",
        "cache": "ok",
        "broker": "ok",
        "migrations": "ok",
    }
    assert response.status_code == 200


def test_a_cache_that_is_down_is_named(client, monkeypatch):
    def fail(*args, **kwargs):
        raise ConnectionError("no cache at redis://secret@host")

    monkeypatch.setattr(
        cache._connections["default"] if hasattr(cache, "_connections") else cache, "set", fail
    )

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["cache"] == "down"
    assert "secret" not in response.content.decode()


def test_pending_migrations_are_named(client, monkeypatch):
    from django.db.migrations.executor import MigrationExecutor

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda self, targets: [("one", False)])

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json()["migrations"] == "pending"
