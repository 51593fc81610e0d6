"""Quizzes in every mode on a phone, and the screens of their trainers: no barrier, nothing too wide, in its language."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.axe import run_axe
from tests.browser.devices import DESKTOP, PHONE, Device
from tests.browser.modes import Modes, plant_modes
from tests.browser.running import RunningSite

PAGES = (
    "timed quiz",
    "timed question",
    "timed summary",
    "all on one page",
    "cases and gaps",
    "hint and another try",
    "open answer",
    "waits for marking",
    "contest",
    "review with an objection",
    "before the course",
    "my learning with a refresher",
    "refresher",
    "refresher reviewed",
    "pictures",
)
SCREENS = (
    "import",
    "export",
    "marking queue",
    "mark an answer",
    "objections",
    "answer an objection",
    "corrections",
    "correct a question",
    "one correction",
    "allowances",
    "allow",
    "withdraw",
    "statistics",
    "statistics of a quiz",
)
TRYOUTS = ("try a question", "try a quiz")
WIDTH = "document.scrollingElement.scrollWidth"


@pytest.fixture(scope="package")
def modes(served: RunningSite) -> Modes:
    return plant_modes(served)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_a_mode_has_no_barrier(
    device: Callable[..., Device], modes: Modes, name: str, language: str
):
    phone = device(language, storage=modes.storage("learner"), **PHONE)

    assert phone.go(f"/{language}{modes.pages[name]}") == 200

    found = run_axe(phone.page)
    assert found.violations == []
    assert found.passes > 10
    assert phone.page.evaluate(WIDTH) <= PHONE["width"]


def too_wide(page: Page) -> list[str]:
    """What sticks out of the screen in the part that is ours."""
    found: list[str] = page.evaluate(
        """() => [...document.querySelectorAll("main *")].filter((element) => {
          const box = element.getBoundingClientRect();
          return box.width > 1 && (box.right > window.innerWidth + 1 || box.left < -1);
        }).slice(0, 3).map((element) => element.outerHTML.slice(0, 120))"""
    )
    return found


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_of_the_admin_has_no_barrier(
    device: Callable[..., Device], modes: Modes, name: str, language: str
):
    desk = device(language, storage=modes.storage("administrator"), **DESKTOP)

    assert desk.go(modes.screens[name]) == 200

    # Wagtail's own frame is Wagtail's.
    found = run_axe(desk.page, within="main")
    assert found.violations == []
    assert found.passes > 5
    assert desk.page.locator("html").get_attribute("lang") == language
    assert too_wide(desk.page) == []


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("name", TRYOUTS)
def test_trying_a_question_or_a_quiz_has_no_barrier(
    device: Callable[..., Device], modes: Modes, name: str, language: str
):
    """Before the answers and after them, in each language of the learners, on a phone."""
    phone = device("fr", storage=modes.storage("trainer"), **PHONE)

    assert phone.go(f"{modes.screens[name]}?language={language}") == 200

    for _step in ("asked", "reviewed"):
        found = run_axe(phone.page)
        assert found.violations == []
        assert found.passes > 10
        assert phone.page.locator("html").get_attribute("lang") == language
        assert phone.page.evaluate(WIDTH) <= PHONE["width"]
        if _step == "asked":
            phone.page.locator("form[data-once] button.btn--primary").click()
            phone.page.locator("form[data-once]").wait_for(state="detached")
