"""One running site and one browser for the whole folder; contexts (devices) for each test.

Everything is scoped to the package, because Playwright keeps an event loop in this thread while it is open, under
which Django refuses its database.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.devices import Device, launch
from tests.browser.running import RunningSite, running_site
from tests.browser.survey import Survey


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.nodeid:
            item.add_marker(pytest.mark.browser)
            if "survey" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.survey)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    served = getattr(item, "funcargs", {}).get("served")
    if report.failed and isinstance(served, RunningSite):
        report.sections.append(("log of the site", served.log[-6000:]))
    return report


@pytest.fixture(scope="package")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningSite]:
    """The real system: web server, worker and beat, with the demo."""
    with running_site(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def device(chromium: Browser, served: RunningSite) -> Iterator[Callable[..., Device]]:
    """Make a device: `device("fr", width=1280, height=900, touch=False, script=True, storage=None)`.

    At the end of the test each device must be quiet: no console error, no policy violation, no failed request, and
    nothing asked of another host.
    """
    made: list[Device] = []

    def make(language: str = "fr", **options: Any) -> Device:
        made.append(Device.open(chromium, served.url, language, **options))
        return made[-1]

    yield make
    complaints = [complaint for one in made for complaint in one.complaints]
    for one in made:
        one.close()
    assert complaints == []


@pytest.fixture(scope="package")
def survey(chromium: Browser, served: RunningSite) -> Iterator[Survey]:
    """Every page type in every language, looked at once, for the tests that judge them."""
    survey = Survey(chromium, served.url)
    yield survey
    survey.close()
