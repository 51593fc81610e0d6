"""Fixtures of the whole suite. Each test starts in French, in Tunis, with an empty cache and no open page."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.utils import timezone, translation
from wagtail.models import Locale, Site

from tests.factories.accounts import RegionTree, make_regions
from tests.factories.courses import CourseTree, make_course, make_site

PLUGINS = ["courses.progress", "courses.quizzes", "courses.certificates", "courses.reports"]
# Tests of the core that bring a quiz along: their very imports need the plugin.
IMPORT_A_PLUGIN = {
    "tests/courses/interfaces/packages/test_import_safety.py": "courses.quizzes",
    "tests/courses/interfaces/packages/test_importer.py": "courses.quizzes",
    "tests/courses/interfaces/packages/test_limits.py": "courses.quizzes",
    "tests/courses/interfaces/packages/test_exporter.py": "courses.quizzes",
}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """While a plugin is off (`ELEARN_DISABLED_PLUGINS`), what imports its models isn't read: Django would take
    them for models of the core."""
    plugin = IMPORT_A_PLUGIN.get(collection_path.relative_to(config.rootpath).as_posix())
    return True if plugin is not None and not apps.is_installed(plugin) else None


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tests for all plugins off, or for one, name what they need; nobody's import takes the models in by the way."""
    taken = [name for name in PLUGINS if f"{name}.models" in sys.modules and not apps.is_installed(name)]
    if taken:
        raise pytest.UsageError(f"A test imports the models of a plugin that is off: {', '.join(taken)}")


@pytest.fixture(autouse=True)
def _same_start() -> Iterator[None]:
    """Language, time zone and cache don't leak from one test into the next."""
    cache.clear()
    Site.clear_site_root_paths_cache()
    with translation.override(settings.LANGUAGE_CODE):
        yield
    timezone.deactivate()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--of-servers",
        action="store_true",
        help="leave out the tests of courses that ask no database: another server can't change them",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test with real transactions empties the database at its end, and Django makes content types anew. Putting
    back what migrations wrote (`serialized_rollback`) would then write them twice: no test does, `make_site` plants
    the tree where there is none."""
    for item in items:
        marker = item.get_closest_marker("django_db")
        if marker is not None and marker.kwargs.get("transaction"):
            item.add_marker(pytest.mark.django_db(transaction=True), append=False)
        for needs in item.iter_markers("needs_plugin"):
            if not apps.is_installed(needs.args[0]):
                item.add_marker(pytest.mark.skip(reason=f"{needs.args[0]} is switched off"))
    if config.getoption("--of-servers"):
        pure = [item for item in items if "tests/courses/" in item.nodeid and not _asks_database(item)]
        config.hook.pytest_deselected(items=pure)
        left_out = set(pure)
        items[:] = [item for item in items if item not in left_out]


def _asks_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or not {"db", "transactional_db"}.isdisjoint(
        fixtures
    )


@pytest.fixture(autouse=True)
def _no_content_type_of_an_emptied_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test with real transactions empties the database at its end; content types get new ids after it."""
    yield
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        ContentType.objects.clear_cache()


@pytest.fixture
def regions(db: None) -> RegionTree:
    """Tunisia, two groups (Centre-Ouest, Sud-Est) and their governorates."""
    return make_regions()


@pytest.fixture
def locales(db: None) -> SimpleNamespace:
    """The three locales, by code."""
    return SimpleNamespace(
        **{code: Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES}
    )


@pytest.fixture
def site(locales: SimpleNamespace) -> SimpleNamespace:
    """A site with a front page and a catalogue in each language: `site.home["fr"]`, `site.catalogue["ar"]`."""
    return make_site(locales)


@pytest.fixture
def course(site: SimpleNamespace) -> CourseTree:
    """A course of two modules with two lessons each, in French, Arabic and English."""
    return make_course(site)
