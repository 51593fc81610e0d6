"""Pages that are seen when something is locked, missing or broken: no barrier, nothing cut off, the right direction."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.browser.axe import run_axe
from tests.browser.devices import DESKTOP, PHONE, Device
from tests.browser.states import LANGUAGES, STATES, file_name
from tests.browser.survey import MEASURE


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("states")
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("DATABASE_", "CACHE_", "CELERY_"))
    }
    made = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.browser.states", str(folder)],
        cwd=ROOT,
        env={**own, "DJANGO_SETTINGS_MODULE": "elearn.settings.test"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert made.returncode == 0, made.stderr
    return folder


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_state_has_no_barrier(
    states: Path, device: Callable[..., Device], state: str, language: str, size: dict[str, int]
):
    one = device(language, **size)
    source = (states / file_name(state, language)).read_text(encoding="utf-8")
    # Under an address of the site, so that its styles and scripts are the real ones.
    one.page.route(
        "**/state-of-the-test",
        lambda route: route.fulfill(body=source, content_type="text/html; charset=utf-8"),
    )

    one.go("/state-of-the-test")
    found = run_axe(one.page)
    measured = one.page.evaluate(MEASURE)
    if folder := os.environ.get("ELEARN_SCREENSHOTS"):
        one.page.screenshot(
            path=Path(folder) / f"{file_name(state, language)}.{size['width']}.png", full_page=True
        )

    assert found.violations == []
    assert found.passes > 10
    # The page of a broken server is in all three languages at once, each marked.
    marked = None if state == "server error" else "rtl" if language == "ar" else "ltr"
    assert one.page.locator("html").get_attribute("dir") == marked
    assert measured["wide"] == []
