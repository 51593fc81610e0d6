"""The supervisor of `make run`: what it checks before, and how it ends what it started."""

import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from elearn import run
from elearn.run import StartError, Supervisor, checked_data_dir, checked_port, child_environment, locked

STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
PARENT = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "open(sys.argv[1], 'w').write(str(child.pid)); time.sleep(60)"
)


@pytest.fixture
def supervisor() -> Iterator[Supervisor]:
    supervisor = Supervisor(os.environ)
    yield supervisor
    supervisor.stop()


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


def wait_for(path: Path) -> str:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.05)
    raise AssertionError(f"{path} was not written")


def test_port_defaults_to_8000_or_says_that_it_is_busy(monkeypatch: pytest.MonkeyPatch):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        busy = listener.getsockname()[1]
        monkeypatch.setattr(run, "DEFAULT_PORT", str(busy))

        with pytest.raises(StartError) as refused:
            checked_port({})

    assert str(refused.value) == (
        f"Port {busy} is in use by another program. Choose another one: PORT={busy + 1} make run"
    )
    assert checked_port({"PORT": str(busy)}) == busy


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "80 80", "٨٠٠٠"])
def test_port_that_is_none_is_refused(text: str):
    with pytest.raises(StartError) as refused:
        checked_port({"PORT": text})

    assert str(refused.value) == f"PORT must be a number from 1 to 65535; it is {text!r}."


def test_data_dir_is_made(tmp_path: Path):
    assert checked_data_dir({"ELEARN_DATA_DIR": str(tmp_path / "a" / "b")}) == tmp_path / "a" / "b"
    assert (tmp_path / "a" / "b").is_dir()


def test_data_dir_below_a_file_is_refused(tmp_path: Path):
    (tmp_path / "file").touch()

    with pytest.raises(StartError, match="can't be written to") as refused:
        checked_data_dir({"ELEARN_DATA_DIR": str(tmp_path / "file" / "data")})

    assert "ELEARN_DATA_DIR=/path/to/folder make run" in str(refused.value)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_read_only_data_dir_is_refused(tmp_path: Path):
    tmp_path.chmod(0o500)

    with pytest.raises(StartError, match=r"can't be written to \(Permission denied\)"):
        checked_data_dir({"ELEARN_DATA_DIR": str(tmp_path)})


def test_data_dir_serves_one_run_at_a_time(tmp_path: Path):
    with locked(tmp_path), pytest.raises(StartError, match="Another `make run` is using"):
        locked(tmp_path)

    locked(tmp_path).close()


def test_children_get_the_settings_the_user_gave(tmp_path: Path):
    given = {"DATABASE_URL": "postgres://db/x", "DJANGO_SETTINGS_MODULE": "other.settings"}

    environment = child_environment(given, 8123, tmp_path)

    assert environment == {
        "DATABASE_URL": "postgres://db/x",
        "DJANGO_SETTINGS_MODULE": "other.settings",
        "ELEARN_BASE_URL": "http://localhost:8123",
        "ELEARN_DATA_DIR": str(tmp_path),
        "PYTHONUNBUFFERED": "1",
    }


def test_each_child_leads_a_session_of_its_own(supervisor: Supervisor):
    child = supervisor.start("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])

    assert os.getsid(child.process.pid) == child.process.pid
    assert supervisor.ended() is None


def test_child_that_ends_is_noticed_by_name(supervisor: Supervisor):
    supervisor.start("sleeper", [sys.executable, "-c", "import time; time.sleep(60)"])
    short = supervisor.start("short", [sys.executable, "-c", "raise SystemExit(3)"])
    short.process.wait(timeout=10)

    ended = supervisor.ended()

    assert ended is short
    assert ended.process.returncode == 3


def test_stop_leaves_nothing_of_a_childs_session(supervisor: Supervisor, tmp_path: Path):
    parent = supervisor.start("parent", [sys.executable, "-c", PARENT, str(tmp_path / "pid")])
    grandchild = int(wait_for(tmp_path / "pid"))

    supervisor.stop()

    assert not is_running(parent.process.pid)
    deadline = time.monotonic() + 5
    while is_running(grandchild) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_running(grandchild)
    assert supervisor.children == []


def test_child_that_ignores_the_request_is_killed(supervisor: Supervisor, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(run, "STOP_SECONDS", 0.5)
    child = supervisor.start("stubborn", [sys.executable, "-c", STUBBORN])
    time.sleep(0.5)
    began = time.monotonic()

    supervisor.stop()

    assert child.process.returncode in {-signal.SIGKILL, -signal.SIGTERM}
    assert time.monotonic() - began < 5


def test_stop_takes_less_than_ten_seconds_at_worst():
    assert run.STOP_SECONDS <= 8.0


def test_preparation_that_fails_ends_the_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    started = []
    monkeypatch.setattr(Supervisor, "listen", lambda self: None)
    monkeypatch.setattr(Supervisor, "finish", lambda self, child: self.children.remove(child) or 1)
    monkeypatch.setattr(
        Supervisor,
        "start",
        lambda self, name, command: (started.append(name), self.children.append(name), name)[-1],
    )

    code = run.serve({"ELEARN_DATA_DIR": str(tmp_path), "PORT": str(free_port())})

    assert code == 1
    assert started == ["preparation"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
