"""The keys that `make run` makes, and the passphrase that the local profile keeps beside its data."""

from pathlib import Path

import pytest
from django.apps import apps
from django.test import override_settings

from elearn import prepare
from tests.elearn.test_production import last_line, python

PRINT = "from elearn.settings import local; print(local.ELEARN_KEY_PASSPHRASE, local.ELEARN_GENERATES_KEYS)"


@pytest.mark.needs_plugin("courses.certificates")
@pytest.mark.django_db
def test_the_set_is_made_once():
    assert prepare.keys() == "3 made"
    assert prepare.keys() == "up to date"

    assert apps.get_model("courses_certificates", "SigningKey").objects.count() == 3


@pytest.mark.django_db
@override_settings(ELEARN_GENERATES_KEYS=False)
def test_under_other_settings_somebody_makes_them_on_purpose():
    assert prepare.keys() == "not under these settings"


def test_without_certificates_there_are_no_keys(monkeypatch):
    monkeypatch.setattr(apps, "is_installed", lambda name: False)

    assert prepare.keys() == "certificates are off"


def test_keys_come_before_the_demo_which_issues_certificates():
    names = [name for name, _step in prepare.STEPS]

    assert names.index("Database") < names.index("Keys") < names.index("Demo")


def test_the_local_passphrase_is_made_once_and_is_for_its_owner_only(tmp_path: Path):
    first, second = (python("-c", PRINT, ELEARN_DATA_DIR=str(tmp_path / "data")) for _start in range(2))

    file = tmp_path / "data" / "key-passphrase"
    assert file.stat().st_mode & 0o777 == 0o600
    assert first.stdout == second.stdout == f"{file.read_text()} True\n", first.stderr
    assert len(file.read_text()) >= 40
    assert file.read_text() != (tmp_path / "data" / "secret-key").read_text()


def test_the_environment_goes_before_the_file(tmp_path: Path):
    run = python(
        "-c", PRINT, ELEARN_DATA_DIR=str(tmp_path), ELEARN_KEY_PASSPHRASE="from outside", SECRET_KEY="s"
    )

    assert last_line(run.stdout) == "from outside True"
    assert not (tmp_path / "key-passphrase").exists()
