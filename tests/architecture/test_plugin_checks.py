"""What a plugin does wrong is said by a system check that names it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest

from courses import checks
from courses.checks import check_plugins, check_registries, plugin_configs
from courses.lib.registry import Registry
from courses.plugin_api.config import PluginMeta
from courses.plugin_api.registries import ActivityKind, MenuItem, activity_kinds, menu_items
from tests.architecture.sources import ROOT


class Complete(PluginMeta):
    name = "Stranger"
    version = "1"
    author = "A stranger"
    description = "Something"


def config(**changes: Any) -> SimpleNamespace:
    return SimpleNamespace(name="stranger", Plugin=type("Plugin", (Complete,), changes))


def found(monkeypatch: pytest.MonkeyPatch, **changes: Any) -> list[tuple[str, str]]:
    monkeypatch.setattr(checks, "plugin_configs", lambda: [config(**changes)])
    return [(message.id, message.msg) for message in check_plugins(None)]


def test_plugins_of_the_product_have_no_error():
    assert check_plugins(None) == []
    assert check_registries(None) == []
    assert [item.name for item in plugin_configs()] == [
        "courses.progress",
        "courses.quizzes",
        "courses.certificates",
        "courses.reports",
        "tests.dummy_plugin",
    ]


def test_complete_plugin_has_no_error(monkeypatch: pytest.MonkeyPatch):
    assert found(monkeypatch) == []


def test_plugin_that_does_not_say_who_it_is(monkeypatch: pytest.MonkeyPatch):
    assert found(monkeypatch, author="", version="") == [
        ("courses.E001", "The plugin stranger doesn't say its version, author.")
    ]


def test_plugin_for_another_api(monkeypatch: pytest.MonkeyPatch):
    assert found(monkeypatch, api_version=99) == [
        ("courses.E002", "The plugin stranger was written for plugin API 99; this is 1.")
    ]


def test_plugin_without_what_it_needs(monkeypatch: pytest.MonkeyPatch):
    assert found(monkeypatch, depends_on=("courses.progress", "forum")) == [
        ("courses.E003", "The plugin stranger depends on forum, which isn't installed.")
    ]


@pytest.fixture
def own_kinds() -> Iterator[Registry[ActivityKind]]:
    """The activity kinds, put back as they were after the test."""
    before = list(activity_kinds)
    yield activity_kinds
    for key in {kind.key for kind in activity_kinds} - {kind.key for kind in before}:
        activity_kinds.unregister(key)


@pytest.fixture
def own_menu() -> Iterator[Registry[MenuItem]]:
    kept = len(menu_items.duplicates)
    yield menu_items
    del menu_items.duplicates[kept:]


def test_key_registered_twice(own_menu: Registry[MenuItem]):
    taken = next(iter(own_menu))
    own_menu.register(
        MenuItem(key=taken.key, label="Mine", url_name="stranger:mine", visible=bool), origin="stranger"
    )

    messages = [(message.id, message.msg) for message in check_registries(None)]

    assert messages == [
        (
            "courses.E004",
            f"stranger registers {taken.key!r} in the menu items, "
            f"but {own_menu.origin_of(taken.key)} has that key.",
        )
    ]
    assert own_menu[taken.key] is taken


def test_kind_without_model(own_kinds: Registry[ActivityKind]):
    own_kinds.register(
        ActivityKind(key="forum", model="stranger.ForumPage", label="Forum"), origin="stranger"
    )

    messages = [(message.id, message.msg) for message in check_registries(None)]

    assert messages == [
        ("courses.E005", "stranger: the activity kind 'forum' names stranger.ForumPage, which is no model.")
    ]


def test_kind_of_a_model_that_is_no_activity(own_kinds: Registry[ActivityKind]):
    own_kinds.register(
        ActivityKind(key="forum", model="courses.ModulePage", label="Forum"), origin="stranger"
    )

    messages = [(message.id, message.msg) for message in check_registries(None)]

    assert messages == [
        (
            "courses.E006",
            "stranger: the model courses.ModulePage of the activity kind 'forum' isn't an ActivityPage.",
        )
    ]


class Stranger:
    """A distribution with one plugin, laid out as pip would, in a folder on the path of a process of its own."""

    PLUGIN: ClassVar[str] = """
        from courses.plugin_api.config import CoursePluginConfig, PluginMeta
        from courses.plugin_api.registries import MenuItem, menu_items

        class StrangerConfig(CoursePluginConfig):
            name = "stranger"

            class Plugin(PluginMeta):
                name = "Stranger"
                version = "1"
                author = "A stranger"
                description = "Something"
                {meta}

            def register(self):
                menu_items.register(
                    MenuItem(key="{key}", label="Mine", url_name="stranger:mine", visible=bool), origin=self.label
                )
    """

    def __init__(self, folder: Path, *, meta: str = "", key: str = "stranger", urls: str = "") -> None:
        self.folder = folder
        (folder / "stranger").mkdir()
        (folder / "stranger" / "__init__.py").touch()
        (folder / "stranger" / "apps.py").write_text(dedent(self.PLUGIN).format(meta=meta, key=key))
        if urls:
            (folder / "stranger" / "urls.py").write_text(dedent(urls))
        info = folder / "stranger-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: stranger\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text("[elearn.plugins]\nstranger = stranger\n")

    def run(self, script: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-c", f"import django; django.setup()\n{dedent(script)}"],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "elearn.settings.test",
                "PYTHONPATH": os.pathsep.join([str(self.folder), str(ROOT)]),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=120,
        )


ADDRESSES = """
    from django.http import HttpResponse
    from django.urls import path

    app_name = "stranger"
    urlpatterns = [path("stranger/", lambda request: HttpResponse("hello"), name="mine")]
"""


def test_package_is_found_by_its_entry_point(tmp_path: Path):
    stranger = Stranger(tmp_path, urls=ADDRESSES)

    run = stranger.run(
        """
        from django.apps import apps
        from django.core.management import call_command
        from django.urls import reverse
        from courses.plugin_api.registries import menu_items
        call_command("check")
        print(apps.is_installed("stranger"), reverse("stranger:mine"), menu_items.origin_of("stranger"))
        """
    )

    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "True /fr/stranger/ stranger"


@pytest.mark.parametrize("name", ["stranger", "progress"])
def test_found_package_is_switched_off_like_a_builtin_one(tmp_path: Path, name: str):
    stranger = Stranger(tmp_path, meta='depends_on = ("courses.progress",)')

    run = stranger.run(
        "from django.apps import apps\nprint(apps.is_installed('stranger'))", ELEARN_DISABLED_PLUGINS=name
    )

    assert run.stdout.splitlines()[-1:] == ["False"], run.stderr


@pytest.mark.parametrize(
    ("meta", "key", "message"),
    [
        ("api_version = 99", "stranger", "The plugin stranger was written for plugin API 99; this is 1."),
        (
            'depends_on = ("forum",)',
            "stranger",
            "The plugin stranger depends on forum, which isn't installed.",
        ),
        ("", "catalogue", "courses registers 'catalogue' in the menu items, but stranger has that key."),
    ],
)
def test_start_stops_with_the_name_of_a_plugin_that_does_not_fit(
    tmp_path: Path, meta: str, key: str, message: str
):
    stranger = Stranger(tmp_path, meta=meta, key=key)

    run = stranger.run("from django.core.management import call_command; call_command('check')")

    assert run.returncode == 1
    assert message in run.stderr


def test_import_error_in_a_plugins_addresses_propagates(tmp_path: Path):
    stranger = Stranger(tmp_path, urls="import a_module_that_nobody_has")

    run = stranger.run("from django.urls import reverse\nreverse('healthz')")

    assert run.returncode == 1
    assert run.stderr.strip().splitlines()[-1] == (
        "ModuleNotFoundError: No module named 'a_module_that_nobody_has'"
    )
