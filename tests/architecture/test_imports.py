"""Who may import whom, and who names whom."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import (
    PLUGINS,
    ROOT,
    code_of,
    is_plugin_file,
    markup_of,
    matches,
    python_files,
    relative,
    template_files,
)

NAMES = "|".join(PLUGINS)
# An import or a path of a plugin's module, a label, a template folder, a namespace of URLs. Sentences for people may
# speak of quizzes and reports.
PLUGIN_NAME = re.compile(rf"courses[._/](?:{NAMES})\b|[\"'](?:{NAMES}):")
# In code also the bare name as a value (in HTML, `progress` is an element).
PLUGIN_IN_CODE = re.compile(rf"{PLUGIN_NAME.pattern}|[\"'](?:{NAMES})[\"']")


def test_import_contract_is_kept():
    lint_imports = Path(sys.executable).with_name("lint-imports")

    run = subprocess.run([lint_imports, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert run.returncode == 0, run.stdout


def test_core_names_no_plugin():
    core = [path for path in python_files(("courses", "home")) if not is_plugin_file(path)]

    found = [line for path in core for line in matches(PLUGIN_IN_CODE, path, code_of(path))]

    assert found == []


def test_templates_of_site_and_core_name_no_plugin():
    shared = [path for path in template_files() if not is_plugin_file(path)]

    found = [line for path in shared for line in matches(PLUGIN_NAME, path, markup_of(path))]

    assert found == []
    assert ROOT / "templates" / "base.html" in shared


@pytest.mark.parametrize("name", PLUGINS)
def test_plugins_name_no_plugin_that_they_do_not_depend_on(name: str):
    """A plugin may name itself and what its AppConfig says it depends on."""
    from importlib import import_module

    from courses.plugin_api.config import CoursePluginConfig

    config = next(
        member
        for member in vars(import_module(f"courses.{name}.apps")).values()
        if isinstance(member, type)
        and issubclass(member, CoursePluginConfig)
        and member is not CoursePluginConfig
    )
    known = {name, *(needed.rsplit(".", 1)[-1] for needed in config.Plugin.depends_on)}
    others = "|".join(sorted(set(PLUGINS) - known))
    pattern = re.compile(rf"courses[._/](?:{others})\b|[\"'](?:{others}):")
    own = ROOT / "courses" / name

    found = [
        *(
            line
            for path in python_files((f"courses/{name}",))
            for line in matches(pattern, path, code_of(path))
        ),
        *(
            line
            for path in template_files()
            if path.is_relative_to(own)
            for line in matches(pattern, path, markup_of(path))
        ),
    ]

    assert found == []


def test_product_does_not_import_the_deployment():
    pattern = re.compile(r"^\s*(?:from|import)\s+elearn\b.*$", re.MULTILINE)

    found = [
        line
        for path in python_files(("courses", "home"), migrations=True)
        for line in matches(pattern, path, path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_apps_modules_import_only_models_free_doors():
    """An `apps.py` is read before any model may be: at module level it reaches config and registries alone."""
    allowed = {"courses.plugin_api.config", "courses.plugin_api.registries", "courses.lib"}
    pattern = re.compile(r"^(?:from|import)\s+(courses[.\w]*)", re.MULTILINE)

    found = [
        f"{relative(path)}: {module}"
        for path in python_files()
        if path.name == "apps.py"
        for module in pattern.findall(path.read_text(encoding="utf-8"))
        if not any(module == door or module.startswith(f"{door}.") for door in allowed)
    ]

    assert found == []
