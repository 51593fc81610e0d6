"""GET /healthz: one look at everything the site stands on."""

import socket
from pathlib import Path

import pytest
from celery import current_app
from django.db import ConnectionHandler, connection
from django.test import Client
from kombu import Connection

from courses.domain.health import health

pytestmark = pytest.mark.django_db
ALL_WELL = {"status": "ok", "database": "ok", "cache": "ok", "broker": "ok", "migrations": "ok"}


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def sqlite(path: Path | str) -> object:
    return ConnectionHandler({"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path)}})[
        "default"
    ]


def test_healthy(client: Client):
    response = client.get("/healthz")

    assert response.status_code == 200
    assert response.json() == ALL_WELL


def test_cache_that_is_gone(client: Client, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"redis://127.0.0.1:{closed_port()}/0",
        }
    }

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {**ALL_WELL, "status": "down", "cache": "down"}


def test_queue_that_is_gone(client: Client, monkeypatch: pytest.MonkeyPatch):
    gone = f"redis://127.0.0.1:{closed_port()}/0"
    monkeypatch.setattr(current_app, "connection_for_write", lambda: Connection(gone))

    response = client.get("/healthz")

    assert response.status_code == 503
    assert response.json() == {**ALL_WELL, "status": "down", "broker": "down"}


def test_database_that_is_gone(tmp_path: Path):
    report = health(sqlite(tmp_path / "no" / "such" / "folder"))

    assert report.ok is False
    assert report.as_dict() == {**ALL_WELL, "status": "down", "database": "down", "migrations": "down"}


def test_pending_migrations():
    report = health(sqlite(":memory:"))

    assert report.as_dict() == {**ALL_WELL, "status": "down", "migrations": "pending"}


def test_nothing_of_addresses_or_passwords_is_told(client: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        current_app,
        "connection_for_write",
        lambda: Connection(f"redis://user:secret@127.0.0.1:{closed_port()}/0"),
    )

    response = client.get("/healthz")

    assert b"secret" not in response.content
    assert health(connection).parts["broker"] == "down"


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_only_read(client: Client, method: str):
    assert getattr(client, method)("/healthz").status_code == 405
