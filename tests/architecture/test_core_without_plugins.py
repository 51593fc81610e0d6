"""The core's own tests pass with any plugin off: each case is a run of pytest in a process of its own."""

import os
import re
import subprocess
import sys

import pytest
from django.db import connection

from tests.architecture.sources import ROOT
from tests.architecture.test_disabled_plugins import BUILTIN, LEFT

pytestmark = pytest.mark.plugins_off
CORE = [
    "tests/courses/domain",
    "tests/courses/lib",
    "tests/courses/management",
    "tests/courses/test_pages.py",
    "tests/courses/test_translation.py",
    "tests/home",
]
# Accounts lie below every plugin, and packages that bring no quiz are read without any: one run says enough.
ALL = "progress,quizzes,certificates,reports"
ALL_OF_THE_CORE = [*CORE, "tests/courses/interfaces", "tests/courses/accounts"]


def run_core_tests(disabled: str, paths: list[str]) -> subprocess.CompletedProcess[str]:
    # Not the parent's: its database, its data folder and its place in a parallel run.
    own = {name: value for name, value in os.environ.items() if not name.startswith(("ELEARN_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "not worker and not browser and not postgres", *paths],
        cwd=ROOT,
        env={**own, "ELEARN_DISABLED_PLUGINS": disabled},
        capture_output=True,
        text=True,
        timeout=900,
    )


@pytest.mark.parametrize("disabled", [name for name, left in LEFT.items() if left != BUILTIN])
def test_core_tests_pass(disabled: str):
    if connection.vendor != "sqlite":
        pytest.skip("the rule doesn't depend on the database")
    paths = ALL_OF_THE_CORE if disabled == ALL else CORE

    run = run_core_tests(disabled, paths)

    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    passed = re.search(r"(\d+) passed", run.stdout)
    # A run that collected next to nothing would pass as well.
    assert passed is not None
    assert int(passed[1]) > 70
