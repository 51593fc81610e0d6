"""No page has a barrier that axe can find, in any language, signed out or in."""

from collections.abc import Callable

import pytest

from tests.browser.axe import run_axe
from tests.browser.devices import DESKTOP, Device
from tests.browser.survey import CASES, PAGES, Survey

BAD_PAGE = """<!doctype html><html><head><title></title></head><body>
<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p style="color:#bbb;background:#fff">faint</p><input><h3>deep</h3>
<button></button></body></html>"""


@pytest.mark.parametrize(("name", "language"), CASES)
def test_page_has_no_barrier(survey: Survey, name: str, language: str):
    visit = survey.visit(name, language)

    assert visit.status == PAGES[name].status
    assert visit.axe.violations == [], visit.url
    assert visit.axe.passes > 10


# Other colours and the wide layout, with the menu and the outline beside the text.
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("home", "ar"),
        ("lesson", "ar"),
        ("checklist", "fr"),
        ("question: several answers", "ar"),
        ("review, failed", "fr"),
        ("report: whole country", "ar"),
        ("report: region", "fr"),
        ("sign up, with errors", "ar"),
        ("valid certificate", "fr"),
    ],
)
def test_page_has_no_barrier_on_a_desktop(
    survey: Survey, device: Callable[..., Device], name: str, language: str, dark: bool
):
    page_type = PAGES[name]
    path = page_type.path(survey, language)
    wide = device(language, dark=dark, storage=survey.storage(page_type.who), **DESKTOP)

    wide.go(path)
    if page_type.act is not None:
        page_type.act(wide)
    found = run_axe(wide.page)

    assert found.violations == []
    assert found.passes > 10


def test_a_bad_page_is_caught(device: Callable[..., Device]):
    """The control: a judge that never complains would prove nothing."""
    page = device("fr").page
    page.set_content(BAD_PAGE)

    found = run_axe(page)

    broken = {line.split(" ")[0] for line in found.violations}
    assert {
        "image-alt",
        "color-contrast",
        "label",
        "button-name",
        "html-has-lang",
        "document-title",
    } <= broken
