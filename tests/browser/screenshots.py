"""Pictures of the main screens of a running site with its demo, in three languages, on a phone and on a desktop.

    python -m tests.browser.screenshots http://localhost:8000 var/screenshots [name …]

Not a test: somebody looks at them. Names are those of the survey (`lesson`, `report: region` …); without a name the
main screens are taken.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.devices import DESKTOP, PHONE, Device, launch
from tests.browser.survey import LANGUAGES, PAGES, Survey

MAIN = [
    "home",
    "catalogue",
    "search results",
    "course",
    "course, enrolled",
    "module",
    "lesson",
    "lesson, enrolled",
    "lesson on neighbouring duties",
    "checklist",
    "quiz",
    "quiz, under way",
    "practice, reviewed",
    "question: number",
    "question: several answers",
    "question: a case",
    "question with an error",
    "summary",
    "review, failed",
    "review, passed",
    "my learning, empty",
    "my learning, under way",
    "my learning, complete",
    "certificate",
    "sign in",
    "sign up, with errors",
    "association",
    "profile",
    "my data",
    "close account",
    "second step",
    "valid certificate",
    "unknown certificate",
    "report: regions",
    "report: whole country",
    "report: region",
    "report: association",
    "report: people",
    "report: export with names",
    "associations to decide",
    "members to decide",
    "mailbox",
    "not found",
    "plain page",
    "home with its menu open",
]


def take(base_url: str, folder: Path, names: list[str]) -> int:
    """Write `<screen>-<language>-<phone|desktop>.png` for each; how many were written."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = 0
    with sync_playwright() as playwright:
        browser = launch(playwright)
        survey = Survey(browser, base_url)
        for name in names:
            page_type = PAGES[name]
            for language in LANGUAGES:
                path = page_type.path(survey, language)
                for screen, size in (("phone", PHONE), ("desktop", DESKTOP)):
                    device = Device.open(
                        browser, base_url, language, storage=survey.storage(page_type.who), **size
                    )
                    device.go(path)
                    if page_type.act is not None:
                        page_type.act(device)
                    slug = re.sub(r"\W+", "-", name).strip("-")
                    device.page.screenshot(path=folder / f"{slug}-{language}-{screen}.png", full_page=True)
                    device.close()
                    taken += 1
        survey.close()
        browser.close()
    return taken


def main(arguments: list[str]) -> int:
    if len(arguments) < 2:
        print(__doc__, file=sys.stderr)
        return 2
    base_url, folder, *names = arguments
    unknown = [name for name in names if name not in PAGES]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. Known: {', '.join(PAGES)}", file=sys.stderr)
        return 2
    print(f"{take(base_url.rstrip('/'), Path(folder), names or MAIN)} pictures in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
