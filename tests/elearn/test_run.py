"""`make run` for real: from an empty data directory to a served site and back, with real child processes."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FIRST_START_SECONDS = 300
pytestmark = pytest.mark.worker


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(data_dir: Path, port: int, **more: str) -> dict[str, str]:
    """What a user's shell would give: nothing of the test run's own settings."""
    ours = {
        "DJANGO_SETTINGS_MODULE",
        "DATABASE_URL",
        "ELEARN_DATA_DIR",
        "ELEARN_KEY_PASSPHRASE",
        "ELEARN_TEST_APPS",
    }
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    return {**kept, "ELEARN_DATA_DIR": str(data_dir), "PORT": str(port), **more}


def status_of(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def sessions_below(pid: int) -> set[int]:
    """Sessions led by the children of a process."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return {os.getsid(int(child)) for child in children}


def running_in(sessions: set[int]) -> list[int]:
    """Processes (zombies left out) of these sessions."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, _group, session = stat.read_text().rsplit(")", 1)[1].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(session) in sessions and state not in {"Z", "X"}:
            found.append(int(stat.parent.name))
    return found


class Run:
    """`python -m elearn.run` in a process of its own, its output in a file."""

    def __init__(self, env: dict[str, str], output: Path) -> None:
        self.output = output
        with output.open("w") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "elearn.run"],
                cwd=ROOT,
                env=env,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )

    def wait_for_text(self, text: str, seconds: float) -> float:
        began = time.monotonic()
        while text not in self.output.read_text():
            assert self.process.poll() is None, self.output.read_text()
            assert time.monotonic() - began < seconds, self.output.read_text()
            time.sleep(0.2)
        return time.monotonic() - began

    def end(self, number: int = signal.SIGTERM) -> float:
        began = time.monotonic()
        self.process.send_signal(number)
        self.process.wait(timeout=30)
        return time.monotonic() - began


@pytest.fixture(scope="module")
def database_url() -> Iterator[dict[str, str]]:
    """On PostgreSQL a database of this test's own; nothing (the embedded SQLite) otherwise."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield {}
        return
    import psycopg

    name = f"elearn_run_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'create database "{name}"')
        try:
            yield {"DATABASE_URL": urlsplit(url)._replace(path=f"/{name}").geturl()}
        finally:
            connection.execute(f'drop database "{name}" with (force)')


def test_serves_from_nothing_starts_again_quickly_and_stops_within_ten_seconds(
    tmp_path: Path, database_url: dict[str, str]
):
    port = free_port()
    env = environment(tmp_path / "data", port, **database_url)

    first = Run(env, tmp_path / "first.txt")
    try:
        first.wait_for_text("Stop with Ctrl-C.", FIRST_START_SECONDS)
        sessions = sessions_below(first.process.pid)
        assert len(sessions) == 3
        assert status_of(port, "/healthz") == 200
        assert status_of(port, "/fr/") == 200
        assert status_of(port, "/ar/catalogue/") == 302
        printed = first.output.read_text()
        assert f"http://localhost:{port}/" in printed
        assert "admin@demo.example" in printed
        assert "/verify/" in printed
        assert "] Keys … 3 made (" in printed
        assert (tmp_path / "data" / "key-passphrase").stat().st_mode & 0o777 == 0o600
    finally:
        stopping = first.end()
    assert stopping < 10
    assert first.process.returncode == 0
    assert running_in(sessions) == []

    again = Run(env, tmp_path / "again.txt")
    try:
        again.wait_for_text("Stop with Ctrl-C.", 60)
        sessions = sessions_below(again.process.pid)
        assert "Database … up to date" in again.output.read_text()
        assert "Demo … up to date" in again.output.read_text()
        assert again.output.read_text().count("admin@demo.example") == 1
    finally:
        stopping = again.end(signal.SIGINT)
    assert stopping < 10
    assert running_in(sessions) == []

    killed = Run(env, tmp_path / "killed.txt")
    killed.wait_for_text("Stop with Ctrl-C.", 60)
    sessions = sessions_below(killed.process.pid)
    victim = max(sessions)
    os.kill(victim, signal.SIGKILL)
    killed.process.wait(timeout=20)
    assert killed.process.returncode == 1
    assert "stopping the others." in killed.output.read_text()
    assert running_in(sessions) == []


def test_healthz_tells_that_the_queue_is_gone(tmp_path: Path):
    """The process that serves answers 503 with the part that is down, and goes on serving."""
    script = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from django.test import Client\n"
        "response = Client(SERVER_NAME='localhost').get('/healthz')\n"
        "print(response.status_code, response.content.decode())\n"
    )
    env = environment(tmp_path, 8000, CELERY_BROKER_URL=f"redis://127.0.0.1:{free_port()}/0")
    env["DJANGO_SETTINGS_MODULE"] = "elearn.settings.local"

    run = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
    )

    status, body = run.stdout.strip().splitlines()[-1].split(" ", 1)
    assert status == "503"
    assert json.loads(body) == {
        "status": "down",
        "database": "ok",
        "cache": "ok",
        "broker": "down",
        "migrations": "ok",
    }


def test_busy_port_is_told_before_anything_is_made(tmp_path: Path):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        run = subprocess.run(
            [sys.executable, "-m", "elearn.run"],
            cwd=ROOT,
            env=environment(tmp_path, port),
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert run.returncode == 1
    assert run.stderr.strip() == (
        f"Port {port} is in use by another program. Choose another one: PORT={port + 1} make run"
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run.lock"]
