"""Rules of style that a reader of the files can see."""

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.sources import (
    PRODUCT,
    ROOT,
    files,
    markup_of,
    matches,
    python_files,
    relative,
    template_files,
)

# A test file may list many cases of one thing.
MAX_LINES = {"courses": 400, "templates": 400, "tests": 800}
GETTEXT = {
    "_",
    *("gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"),
}
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:|<script\b(?![^>]*\bsrc=)[^>]*>", re.IGNORECASE
)
PHYSICAL = re.compile(
    r"\b(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b"
    r"|(?<![\w-])(?:left|right)\s*:"
    r"|\b(?:float|clear|text-align)\s*:\s*(?:left|right)\b"
    r"|\bborder-(?:top|bottom)-(?:left|right)-radius\b"
)
CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


@pytest.mark.parametrize("folders", [PRODUCT, ("templates",), ("tests",)], ids=lambda value: value[0])
def test_files_are_short(folders: tuple[str, ...]):
    long = {
        relative(path): lines
        for path in files(folders, ".py", ".html", ".js")
        if "migrations" not in path.parts
        and (lines := path.read_text(encoding="utf-8").count("\n")) > MAX_LINES[folders[0]]
    }

    assert long == {}


def gettext_calls(path: Path) -> list[ast.Call]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in GETTEXT
    ]


def test_messages_are_literals():
    """An f-string, a sum or a variable inside gettext never reaches the catalogue."""
    found = []
    for path in python_files():
        for call in gettext_calls(path):
            name = call.func.id  # type: ignore[attr-defined]
            texts = call.args[: 3 if "np" in name else 2 if name.startswith(("ng", "pg")) else 1]
            if not all(isinstance(text, ast.Constant) and isinstance(text.value, str) for text in texts):
                found.append(f"{relative(path)}:{call.lineno}")

    assert found == []


def test_translation_functions_keep_names_that_extraction_knows():
    pattern = re.compile(
        r"\b(?:n|p|np)?gettext(?:_lazy|_noop)?\s+as\s+(?!_\b)\w+|\b(?:n|p|np)gettext\w*\s+as\s+_\b"
    )

    found = [
        line for path in python_files() for line in matches(pattern, path, path.read_text(encoding="utf-8"))
    ]

    assert found == []


def test_templates_have_no_inline_script_or_style():
    found = [line for path in template_files() for line in matches(INLINE, path, markup_of(path))]

    assert found == []


def test_stylesheets_are_logical():
    """Nothing says left or right: the same sheet serves both directions."""
    found = []
    for path in files((*PRODUCT, "templates"), ".css"):
        text = CSS_COMMENT.sub(lambda part: "\n" * part.group().count("\n"), path.read_text(encoding="utf-8"))
        found += matches(PHYSICAL, path, text)

    assert found == []


def test_templates_load_nothing_from_another_host():
    pattern = re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)\s*=\s*[\"'](?:https?:)?//[^\"']*", re.I
    )

    found = [line for path in template_files() for line in matches(pattern, path, markup_of(path))]

    assert found == []


def test_apps_have_readmes():
    apps = [path.parent for path in (ROOT / "courses").glob("*/apps.py")]

    missing = [relative(app) for app in apps if not (app / "README.md").is_file()]

    assert missing == []


def test_runtime_pins_are_those_that_tests_run_with():
    def pins(name: str) -> dict[str, str]:
        """Version by package, whatever the environment it is for."""
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        parts = [re.fullmatch(r"([\w.\[\]-]+)==(\S+)(?: ;.*)?", line) for line in lines]
        return {part[1]: part[2] for part in parts if part}

    runtime, development = pins("requirements.txt"), pins("requirements-dev.txt")

    assert {name: development.get(name) for name in runtime} == runtime


def test_requirements_name_no_index():
    text = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("requirements*"))

    assert re.findall(r"https?://\S+|--(?:extra-)?index-url|--find-links", text) == []
