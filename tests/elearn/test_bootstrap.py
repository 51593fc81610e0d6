"""The first step of every make target: the right Python and the pinned packages."""

import ast
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FILE = ROOT / "elearn" / "bootstrap.py"


@pytest.fixture
def bootstrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The module as a script would see it, with a virtual environment of its own that doesn't exist yet."""
    monkeypatch.setenv("ELEARN_VENV", str(tmp_path / "venv"))
    spec = importlib.util.spec_from_file_location("bootstrap_under_test", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make_interpreter(module: ModuleType) -> None:
    python = Path(module.PYTHON)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)


def test_old_pythons_can_read_the_file():
    """An old Python must get as far as the message."""
    tree = ast.parse(FILE.read_text(encoding="utf-8"), feature_version=(3, 6))

    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    assert imported == {"ensurepip", "hashlib", "os", "shutil", "subprocess", "sys", "venv"}


def test_old_python_is_told_what_to_do(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys):
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: None)

    with pytest.raises(SystemExit) as ended:
        bootstrap.use_new_enough_python()

    message = capsys.readouterr().err
    assert ended.value.code == 1
    assert "Python 3.11 or newer is needed" in message
    assert "make run PYTHON=/path/to/python3.12" in message


def test_newer_python_beside_the_old_one_is_used(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch):
    called = []
    monkeypatch.setattr(bootstrap.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(bootstrap.sys, "argv", ["bootstrap.py", "requirements.txt"])
    monkeypatch.setattr(
        bootstrap.shutil, "which", lambda name: "/opt/python3.12" if name == "python3.12" else None
    )

    def execv(path: str, arguments: list[str]) -> None:
        called.append((path, arguments))
        raise SystemExit(0)

    monkeypatch.setattr(bootstrap.os, "execv", execv)

    with pytest.raises(SystemExit):
        bootstrap.use_new_enough_python()

    assert called == [("/opt/python3.12", ["/opt/python3.12", "bootstrap.py", "requirements.txt"])]


def test_nothing_is_installed_twice(bootstrap: ModuleType):
    make_interpreter(bootstrap)
    before = bootstrap.is_installed("requirements.txt")
    Path(bootstrap.stamp("requirements.txt")).write_text(bootstrap.fingerprint("requirements.txt"))

    after = bootstrap.is_installed("requirements.txt")

    assert (before, after) == (False, True)


def test_other_pins_are_installed_again(bootstrap: ModuleType):
    make_interpreter(bootstrap)
    Path(bootstrap.stamp("requirements.txt")).write_text("of other pins")

    assert bootstrap.is_installed("requirements.txt") is False


def test_environment_that_is_gone_is_made_again(bootstrap: ModuleType):
    Path(bootstrap.VENV).mkdir()
    Path(bootstrap.stamp("requirements.txt")).write_text(bootstrap.fingerprint("requirements.txt"))

    assert bootstrap.is_installed("requirements.txt") is False


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_cannot_be_written_to_is_named(bootstrap: ModuleType, tmp_path: Path, capsys):
    tmp_path.chmod(0o500)

    with pytest.raises(SystemExit):
        bootstrap.make_venv()

    assert "can't be created" in capsys.readouterr().err
