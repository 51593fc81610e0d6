"""What a page costs over the wire: bytes as they come, headers included, counted by the browser itself."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.devices import PHONE, Device
from tests.browser.journey import addresses
from tests.browser.people import sign_in

FIRST_PAGE = 60 * 1024
NEXT_PAGE = 15 * 1024


class Meter:
    """Bytes of everything that is loaded from now on."""

    def __init__(self, device: Device) -> None:
        self.parts: dict[str, int] = {}
        self._addresses: dict[str, str] = {}
        session = device.context.new_cdp_session(device.page)
        session.send("Network.enable")
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.loadingFinished", self._finished)

    def _sent(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _finished(self, event: dict[str, Any]) -> None:
        address = self._addresses.get(event["requestId"], event["requestId"])
        self.parts[address] = self.parts.get(address, 0) + int(event["encodedDataLength"])

    def taken(self) -> int:
        """The sum so far; counts from zero again."""
        total = sum(self.parts.values())
        self.parts = {}
        return total


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
@pytest.mark.parametrize("member", ["", "member.fr@demo.example"], ids=["signed-out", "signed-in"])
def test_lessons_are_light(device: Callable[..., Device], language: str, member: str):
    session = None
    looking = device(language)
    lessons = addresses(looking).lessons
    if member:
        sign_in(looking, member)
        session = looking.context.storage_state()
    # A device that has nothing of the site in its cache.
    reader = device(language, storage=session, **PHONE)
    meter = Meter(reader)

    reader.go(lessons[0])
    reader.page.wait_for_load_state("networkidle")
    first, parts = sum(meter.parts.values()), dict(meter.parts)
    meter.taken()
    weights = {}
    for lesson in lessons[1:]:
        reader.go(lesson)
        # The last events of a page come a moment after it.
        reader.page.wait_for_timeout(50)
        weights[lesson] = meter.taken()

    assert any(address.endswith(".css") for address in parts), parts
    assert 0 < first <= FIRST_PAGE, parts
    assert min(weights.values()) > 0
    assert max(weights.values()) <= NEXT_PAGE, weights
