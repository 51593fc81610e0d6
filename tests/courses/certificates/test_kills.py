"""An issue in bulk through killed workers, a restarted broker and a failing storage; `make kill-test` plays it large."""

import json
import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

pytestmark = [pytest.mark.worker, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def database(tmp_path):
    """Arguments and environment for a process that begins with this test's empty database."""
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(tmp_path / "empty.sqlite3") as file:
            connection.connection.backup(file)
        file.close()
        return ["--database", str(tmp_path / "empty.sqlite3")], {}
    address, _, query = os.environ["DATABASE_URL"].partition("?")
    base = address.rpartition("/")[0]
    return [], {"DATABASE_URL": f"{base}/{connection.settings_dict['NAME']}" + (f"?{query}" if query else "")}


def test_in_the_end_each_completion_has_one_certificate_one_file_and_one_letter_at_most(database):
    arguments, environment = database
    command = [sys.executable, "-m", "tests.courses.certificates.kills", "--certificates", "40"]

    played = subprocess.run(
        [*command, "--kills", "3", "--down", "2", "--seed", "7", *arguments],
        cwd=settings.BASE_DIR,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=600,
    )

    assert played.returncode == 0, played.stdout + played.stderr[-4000:]
    result = json.loads(played.stdout)
    assert len(result.pop("killed_at")) == 3
    assert (result["completions"], result["ready"], result["files"]) == (40, 40, 40)
    assert result["letters"] >= 37
    assert result["wrong"] == {}
