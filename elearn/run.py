"""The supervisor of `make run`: prepares, then runs web server, worker and beat until one of them or the user stops.

Each child has a session of its own, so that Ctrl-C in the terminal reaches this process alone: it asks the
main process of each child to end, and kills what is left after STOP_SECONDS. A whole process group that gets
the signal at once (Celery with its pool) doesn't end well.
"""

import contextlib
import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
DEFAULT_PORT = "8000"
WEB_WORKERS = 2
WEB_THREADS = 4
START_SECONDS = 90
STOP_SECONDS = 7.0
POLL_SECONDS = 0.1


class StartError(Exception):
    """The site can't start; the message says what to change."""


@dataclass
class Child:
    """One of the processes that serve the site, leader of its own session."""

    name: str
    process: "subprocess.Popen[bytes]"


def checked_port(environment: Mapping[str, str]) -> int:
    """The port to serve on. Raises StartError where PORT isn't one or somebody listens there."""
    text = environment.get("PORT") or DEFAULT_PORT
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise StartError(f"PORT must be a number from 1 to 65535; it is {text!r}.")
    port = int(text)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise StartError(
                f"This user may not use port {port}. Choose one above 1023: PORT=8001 make run"
            ) from None
        except OSError:
            raise StartError(
                f"Port {port} is in use by another program. Choose another one: PORT={port % 65535 + 1} make run"
            ) from None
    return port


def checked_data_dir(environment: Mapping[str, str]) -> Path:
    """The data directory, made where it is missing. Raises StartError where nothing can be written to it."""
    path = Path(environment.get("ELEARN_DATA_DIR") or ROOT / "var").resolve()
    try:
        # Only one that is made here: a folder of the user's keeps its permissions.
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise StartError(
            f"The data directory {path} can't be written to ({error.strerror}).\n"
            "Name another one: ELEARN_DATA_DIR=/path/to/folder make run"
        ) from None
    return path


def locked(data_dir: Path) -> IO[str]:
    """Hold the data directory for as long as the returned file is open; StartError where another run holds it."""
    lock = (data_dir / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise StartError(
            f"Another `make run` is using {data_dir}. Stop it first, or name another folder in ELEARN_DATA_DIR."
        ) from None
    return lock


def child_environment(environment: Mapping[str, str], port: int, data_dir: Path) -> dict[str, str]:
    result: MutableMapping[str, str] = dict(environment)
    result.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.local")
    result.setdefault("ELEARN_BASE_URL", f"http://localhost:{port}")
    result["ELEARN_DATA_DIR"] = str(data_dir)
    result["PYTHONUNBUFFERED"] = "1"
    return dict(result)


def commands(port: int, data_dir: Path) -> dict[str, list[str]]:
    """What is run, by name."""
    # Root is common in containers, and the warning hides the addresses printed after it.
    as_root = "ignore:You're running the worker with superuser privileges:Warning"
    celery = [sys.executable, "-W", as_root, "-m", "celery", "--quiet", "-A", "elearn"]
    return {
        "web server": [
            *(sys.executable, "-m", "gunicorn", "elearn.wsgi:application", "--bind", f"{HOST}:{port}"),
            *("--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS), "--log-level", "warning"),
            *("--graceful-timeout", "5", "--no-control-socket"),
        ],
        "worker": [
            *(*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat"),
        ],
        "beat": [
            *(*celery, "beat", "--loglevel", "WARNING", "--pidfile="),
            *("--schedule", str(data_dir / "celerybeat-schedule")),
        ],
    }


class Supervisor:
    """Owns the children and the wish to stop."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = dict(environment)
        self.children: list[Child] = []
        self.signals = 0

    def listen(self) -> None:
        """Ctrl-C, SIGTERM and a closed terminal ask for a stop; asking twice kills at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.signals += 1

    def start(self, name: str, command: list[str]) -> Child:
        process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdin=subprocess.DEVNULL, start_new_session=True
        )
        child = Child(name, process)
        self.children.append(child)
        return child

    def ended(self) -> Child | None:
        """A child that isn't running any more, if there is one."""
        return next((child for child in self.children if child.process.poll() is not None), None)

    def finish(self, child: Child) -> int | None:
        """Wait for a child that ends by itself: its exit code, or None where a stop was asked for."""
        while child.process.poll() is None:
            if self.signals:
                return None
            time.sleep(POLL_SECONDS)
        self.children.remove(child)
        return int(child.process.returncode)

    def stop(self) -> None:
        """End every child: ask, wait STOP_SECONDS in all, then kill; nothing of their sessions is left."""
        asked = self.signals
        for child in self.children:
            if child.process.poll() is None:
                child.process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline and self.signals <= asked:
            if all(child.process.poll() is not None for child in self.children):
                break
            time.sleep(POLL_SECONDS)
        for child in self.children:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.process.pid, signal.SIGKILL)
            child.process.wait()
        self.children.clear()


def health_of(port: int) -> tuple[int, dict[str, str]] | None:
    """Status and parts of /healthz; None while nobody answers."""
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/healthz")
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()


def wait_until_served(supervisor: Supervisor, port: int) -> None:
    """Return once the site is healthy or a stop is asked for. Raises StartError where it doesn't come up."""
    deadline = time.monotonic() + START_SECONDS
    answer = None
    while time.monotonic() < deadline and not supervisor.signals:
        dead = supervisor.ended()
        if dead is not None:
            raise StartError(
                f"The {dead.name} ended with code {dead.process.returncode}; its message is above."
            )
        answer = health_of(port)
        if answer is not None and answer[0] == 200:
            return
        time.sleep(POLL_SECONDS)
    if not supervisor.signals:
        parts = answer[1] if answer else {}
        down = ", ".join(f"{part} {verdict}" for part, verdict in parts.items() if verdict != "ok")
        raise StartError(f"The site didn't come up within {START_SECONDS} seconds ({down or 'no answer'}).")


def serve(environment: Mapping[str, str]) -> int:
    """Everything from the checks to the stop; the exit code."""
    data_dir = checked_data_dir(environment)
    with locked(data_dir):
        port = checked_port(environment)
        supervisor = Supervisor(child_environment(environment, port, data_dir))
        supervisor.listen()
        try:
            preparing = supervisor.start("preparation", [sys.executable, "-m", "elearn.prepare"])
            code = supervisor.finish(preparing)
            if code:
                return code
            if code is None:
                return 0
            print("Starting web server, worker and beat …", flush=True)
            for name, command in commands(port, data_dir).items():
                supervisor.start(name, command)
            wait_until_served(supervisor, port)
            if not supervisor.signals:
                print(
                    f"\n{(data_dir / 'welcome.txt').read_text(encoding='utf-8')}\n  Stop with Ctrl-C.",
                    flush=True,
                )
            while not supervisor.signals:
                dead = supervisor.ended()
                if dead is not None:
                    raise StartError(
                        f"The {dead.name} ended with code {dead.process.returncode}; stopping the others."
                    )
                time.sleep(POLL_SECONDS)
            return 0
        finally:
            if supervisor.children:
                print("\nStopping …", flush=True)
                began = time.monotonic()
                supervisor.stop()
                print(f"Stopped ({time.monotonic() - began:.1f} s).", flush=True)


def main() -> int:
    try:
        return serve(os.environ)
    except StartError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
