"""The system as its users get it: `python -m elearn.run` in a process of its own, on data of its own.

ELEARN_TEST_SITE_URL names a site that runs already, to try one test without waiting for a start (its data in
ELEARN_TEST_SITE_DATA, for the tests that look there). Otherwise the embedded profile by default. Where DATABASE_URL names a PostgreSQL, the site gets a new database beside it, which
is dropped at the end; CACHE_URL and CELERY_BROKER_URL are used as they are.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from elearn.run import health_of

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 240
STOP_SECONDS = 20


@dataclass
class RunningSite:
    """A started site. `url` has no slash at its end; `log` is everything the processes printed; with `environment` a
    command of the product works on its data.
    """

    url: str
    log_file: Path | None = None
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def log(self) -> str:
        if self.log_file is None:
            return "(started by somebody else)"
        return self.log_file.read_text(encoding="utf-8", errors="replace")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment_of(port: int, data_dir: Path, database_url: str) -> dict[str, str]:
    """The caller's environment without what a test suite sets, so that defaults are the product's."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ELEARN_", "DJANGO_", "PYTEST_", "COV_"))
    }
    kept |= {
        "DJANGO_SETTINGS_MODULE": "elearn.settings.local",
        "PORT": str(port),
        "ELEARN_DATA_DIR": str(data_dir),
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if database_url:
        kept["DATABASE_URL"] = database_url
    return kept


@contextlib.contextmanager
def running_site(folder: Path) -> Iterator[RunningSite]:
    """Start, wait until healthy, yield, stop. Raises RuntimeError with the log where the site doesn't come up."""
    given = os.environ.get("ELEARN_TEST_SITE_URL", "")
    if given:
        url = given.rstrip("/")
        data_dir = Path(os.environ.get("ELEARN_TEST_SITE_DATA", folder))
        yield RunningSite(url, environment=environment_of(urlsplit(url).port or 80, data_dir, ""))
        return
    with _own_database() as database_url:
        port, data_dir, log_file = free_port(), folder / "data", folder / "site.log"
        environment = environment_of(port, data_dir, database_url)
        _forget_other_sites(environment)
        with log_file.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "elearn.run"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        site = RunningSite(f"http://localhost:{port}", log_file, environment)
        try:
            _wait_until_healthy(site, process, port)
            yield site
        finally:
            _stop(process)


def _forget_other_sites(environment: dict[str, str]) -> None:
    """A shared cache may hold outlines of a course in another database."""
    if "CACHE_URL" in environment:
        clear = "import django; django.setup(); from django.core.cache import cache; cache.clear()"
        subprocess.run([sys.executable, "-c", clear], cwd=ROOT, env=environment, check=True)


def _wait_until_healthy(site: RunningSite, process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The site ended with code {process.returncode}:\n{site.log}")
        answer = health_of(port)
        if answer is not None and answer[0] == 200:
            return
        time.sleep(0.2)
    raise RuntimeError(f"The site isn't healthy after {START_SECONDS} seconds:\n{site.log}")


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask the supervisor to end; where it doesn't, kill it and the sessions of its children."""
    sessions = _children(process.pid)
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        for session in sessions:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(session, signal.SIGKILL)
        process.kill()
        process.wait(timeout=STOP_SECONDS)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


@contextlib.contextmanager
def _own_database() -> Iterator[str]:
    """A fresh PostgreSQL database beside the one of DATABASE_URL; nothing where that is SQLite or unset."""
    given = os.environ.get("DATABASE_URL", "")
    if not given.startswith("postgres"):
        yield ""
        return
    import psycopg
    from psycopg import sql

    name = sql.Identifier(f"elearn_browser_{os.getpid()}")
    with psycopg.connect(given, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
        try:
            parts = urlsplit(given)
            yield urlunsplit(parts._replace(path=f"/elearn_browser_{os.getpid()}"))
        finally:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
