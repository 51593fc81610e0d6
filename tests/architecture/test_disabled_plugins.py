"""With any plugin off, over data made while it was on: the site starts, serves its pages, and completes nothing.

Each case is a process of its own, because plugins are chosen when Django starts.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from wagtail.models import Locale

from tests.architecture.sources import ROOT

# Sorted before the tests that empty the database.
pytestmark = pytest.mark.django_db
BUILTIN = ["courses.progress", "courses.quizzes", "courses.certificates", "courses.reports"]
# What is still on when one is switched off: what depends on it goes too.
LEFT = {
    "progress": [],
    "quizzes": ["courses.progress", "courses.certificates", "courses.reports"],
    "certificates": ["courses.progress", "courses.quizzes", "courses.reports"],
    "reports": ["courses.progress", "courses.quizzes", "courses.certificates"],
    "progress,quizzes,certificates,reports": [],
    "": BUILTIN,
}
PAGES = ["front", "catalogue", "course", "course in Arabic", "module", "lesson", "sign in", "health"]


def make_data() -> None:
    """A course with a quiz at its end; a learner has read everything and taken no quiz."""
    from types import SimpleNamespace

    from courses.quizzes.models import QuizPage
    from tests.factories.accounts import UserFactory, make_administrator
    from tests.factories.courses import make_course, make_site
    from tests.factories.progress import make_enrolment

    codes = ("ar", "fr", "en")
    locales = SimpleNamespace(**{code: Locale.objects.get_or_create(language_code=code)[0] for code in codes})
    tree = make_course(make_site(locales), modules=2, lessons=1)
    tree.add_to_module(QuizPage, 1, title="Quiz", slug="quiz", live=False)
    # Published as if it had questions: this is about the page.
    QuizPage.objects.update(live=True)
    make_enrolment(UserFactory(email="learner@example.org"), tree, done=2)
    make_administrator(email="boss@example.org")


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the migrated database of this run and the data; copied, so that nothing migrates again."""
    with django_db_blocker.unblock():
        if connection.vendor != "sqlite":
            pytest.skip("the copy is SQLite's; the rule doesn't depend on the database")
        path = tmp_path_factory.mktemp("plugins") / "made.sqlite3"
        with transaction.atomic():
            make_data()
            path.write_bytes(connection.connection.serialize())
            transaction.set_rollback(True)
    return path


def find_without(plugins: str, database: Path, tmp_path: Path) -> dict[str, Any]:
    own = tmp_path / "db.sqlite3"
    own.write_bytes(database.read_bytes())
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.architecture.without_plugins"],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "elearn.settings.test",
            "DATABASE_URL": f"sqlite:///{own}",
            "ELEARN_DATA_DIR": str(tmp_path),
            "ELEARN_DISABLED_PLUGINS": plugins,
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(
        run.stdout.splitlines()[-1].rpartition("System check identified no issues (0 silenced).")[2]
    )


@pytest.mark.parametrize("plugins", LEFT)
def test_site_serves_its_pages(plugins: str, database: Path, tmp_path: Path):
    found = find_without(plugins, database, tmp_path)

    quizzes_are_on = "courses.quizzes" in LEFT[plugins]
    expected = {**dict.fromkeys(PAGES, 200), "quiz": 200 if quizzes_are_on else 503}
    assert found["installed"] == LEFT[plugins]
    assert found["visitor"] == expected
    assert found["learner"] == {**expected, "sign in": 302}
    assert found["quiz"] == {"required": True, "available": quizzes_are_on}
    assert found["says unavailable"] is not quizzes_are_on
    # Deleting the module of a quiz is refused while its plugin is off: to the explorer with a message.
    assert found["administrator"] == {"explore": 200, "delete": 302}
    assert found["module is kept"] is not quizzes_are_on
    assert found.get("course is complete", False) is False


def test_fixture_leaves_nothing_behind(database: Path, db: None):
    from courses.models import CoursePage

    assert CoursePage.objects.count() == 0
