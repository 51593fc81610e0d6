"""A device: a browser context with one page, and everything it complained about."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Playwright,
    Request,
    Response,
)

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PHONE = {"width": 360, "height": 740, "touch": True}
DESKTOP = {"width": 1280, "height": 900}
LOCALES = {"ar": "ar-TN", "fr": "fr-TN", "en": "en-GB"}
TIMEOUT = 20_000


def launch(playwright: Playwright) -> Browser:
    if not Path(CHROMIUM).exists():
        raise RuntimeError(f"{CHROMIUM} is missing: apt-get install chromium, or name it in CHROMIUM")
    return playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)


@dataclass
class Device:
    """What somebody holds in their hands. `press` taps or clicks; `go` opens an address of the site."""

    context: BrowserContext
    page: Page
    base_url: str
    language: str
    touch: bool
    script: bool
    complaints: list[str] = field(default_factory=list)
    # Statuses of pages that a test asks for on purpose.
    expected_statuses: set[int] = field(default_factory=set)

    @classmethod
    def open(
        cls,
        browser: Browser,
        base_url: str,
        language: str,
        *,
        width: int = 1280,
        height: int = 900,
        touch: bool = False,
        script: bool = True,
        storage: Any = None,
        dark: bool = False,
    ) -> "Device":
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=LOCALES[language],
            timezone_id="Africa/Tunis",
            is_mobile=touch,
            has_touch=touch,
            java_script_enabled=script,
            storage_state=storage,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            accept_downloads=True,
        )
        return cls.around(context, base_url, language, touch=touch, script=script)

    @classmethod
    def around(
        cls,
        context: BrowserContext,
        base_url: str,
        language: str,
        *,
        touch: bool = False,
        script: bool = True,
    ) -> "Device":
        """A context that is open already, with a new page, listened to."""
        context.set_default_timeout(TIMEOUT)
        device = cls(context, context.new_page(), base_url, language, touch, script)
        context.on("console", device._heard)
        context.on("weberror", lambda error: device.complaints.append(f"script: {error.error}"))
        context.on("request", device._asked)
        context.on("response", device._answered)
        return device

    def close(self) -> None:
        self.context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        # Failed loads are judged with their status in `_answered`.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console on {message.page and message.page.url}: {message.text}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != urlsplit(self.base_url).netloc:
            self.complaints.append(f"another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected_statuses:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")

    @contextlib.contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Inside, these statuses are no complaint."""
        self.expected_statuses |= set(statuses)
        yield
        self.page.wait_for_load_state()
        self.expected_statuses -= set(statuses)

    def go(self, path: str) -> int:
        """Open an address of the site (a path or a whole address); the status."""
        response = self.page.goto(path if "://" in path else f"{self.base_url}{path}")
        assert response is not None
        return response.status

    def press(self, target: "str | Locator") -> None:
        """Tap or click, bringing it into view; where it is in a closed menu, open that first."""
        found = self.page.locator(target) if isinstance(target, str) else target
        found = found.first
        if self.touch:
            found.tap()
        else:
            found.click()

    def press_and_arrive(self, target: "str | Locator") -> None:
        """Press something that leads to another page, and wait until it is there."""
        with self.page.expect_navigation(wait_until="load"):
            self.press(target)

    def reload_until(self, visible: Callable[[], bool], *, seconds: float, every: float = 1.0) -> bool:
        """Reload the page until the condition holds: how somebody without JavaScript waits."""
        for _ in range(max(1, int(seconds / every))):
            if visible():
                return True
            self.page.wait_for_timeout(every * 1000)
            self.page.reload()
        return visible()

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def text(self, selector: str = "main") -> str:
        return self.page.locator(selector).first.inner_text()
