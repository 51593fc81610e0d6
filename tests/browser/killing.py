"""A browser with a profile on the disk, and killing it as a phone does that runs out of memory."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from playwright.sync_api import Error, Playwright

from tests.browser.devices import ARGS, CHROMIUM, Device


@contextmanager
def persistent(playwright: Playwright, profile: Path, base_url: str, storage: Any) -> Iterator[Device]:
    """A device of its own browser process. Who was signed in signs in again after a restart."""
    context = playwright.chromium.launch_persistent_context(
        profile, executable_path=CHROMIUM, args=ARGS, viewport={"width": 360, "height": 740}
    )
    try:
        context.add_cookies(storage["cookies"])
        yield Device.around(context, base_url, "fr")
    finally:
        with suppress(Error):
            context.close()


def kill_browser_of(profile: Path) -> None:
    """SIGKILL for the processes of this profile's browser, and for no other's."""
    named = f"--user-data-dir={profile}".encode()
    for process in Path("/proc").iterdir():
        with suppress(OSError):
            if process.name.isdigit() and named in (process / "cmdline").read_bytes().split(b"\0"):
                os.kill(int(process.name), signal.SIGKILL)
