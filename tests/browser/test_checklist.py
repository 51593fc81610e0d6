"""The 'my association' checklist: it advises, it stays in the browser, and it sends nothing."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.devices import PHONE, Device
from tests.browser.journey import addresses

Devices = Callable[..., Device]


@pytest.fixture
def open_checklist(device: Devices) -> Callable[..., Device]:
    def opened(language: str = "ar", **options: object) -> Device:
        reader = device(language, **PHONE, **options)
        reader.go(addresses(reader).checklists[0])
        reader.page.wait_for_load_state("networkidle")
        return reader

    return opened


def items(reader: Device) -> list[Locator]:
    return reader.page.locator("fieldset.check").all()


def choose(reader: Device, item: Locator, value: str) -> None:
    reader.press(item.locator("label", has=reader.page.locator(f"input[value={value}]")))


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_answering_sends_nothing(open_checklist: Callable[..., Device], language: str):
    reader = open_checklist(language)
    sent: list[str] = []
    reader.context.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    assert 5 <= len(items(reader)) <= 8

    for value in ("yes", "no", "unknown"):
        for item in items(reader):
            choose(reader, item, value)
            expect(item.locator(f".check__advice--{value}")).to_be_visible()
    reader.press("[data-clear]")
    # A beacon that waits for the page's end would leave now.
    reader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    reader.page.wait_for_timeout(1500)
    reader.page.goto("about:blank")
    reader.page.wait_for_timeout(300)

    assert [one for one in sent if "about:blank" not in one] == []


def test_a_beacon_would_be_seen(open_checklist: Callable[..., Device]):
    """The control of the test above."""
    reader = open_checklist("fr")
    sent: list[str] = []
    reader.context.on("request", lambda request: sent.append(request.url))

    reader.page.evaluate("() => { navigator.sendBeacon('/healthz', 'x'); }")
    reader.page.wait_for_timeout(500)
    reader.complaints.clear()

    assert sent == [f"{reader.base_url}/healthz"]


def test_advice_follows_the_answer(open_checklist: Callable[..., Device]):
    reader = open_checklist()
    first = items(reader)[0]

    assert [advice.is_visible() for advice in first.locator(".check__advice").all()] == [False, False, False]
    choose(reader, first, "no")
    expect(first.locator(".check__advice--no")).to_be_visible()
    choose(reader, first, "unknown")
    expect(first.locator(".check__advice--unknown")).to_be_visible()
    expect(first.locator(".check__advice--no")).to_be_hidden()


def test_answers_survive_a_reload_and_can_be_erased(open_checklist: Callable[..., Device]):
    reader = open_checklist()
    choose(reader, items(reader)[0], "no")
    choose(reader, items(reader)[1], "yes")

    reader.page.reload()
    chosen = reader.page.locator("fieldset.check input:checked")
    assert [field.input_value() for field in chosen.all()] == ["no", "yes"]
    expect(items(reader)[0].locator(".check__advice--no")).to_be_visible()

    reader.press("[data-clear]")
    assert chosen.count() == 0
    reader.page.reload()
    assert chosen.count() == 0


def test_answers_of_one_tab_are_unknown_to_another(open_checklist: Callable[..., Device]):
    """On a shared phone, closing the tab forgets."""
    reader = open_checklist()
    choose(reader, items(reader)[0], "no")
    address = reader.page.url
    reader.page.close()

    reader.page = reader.context.new_page()
    reader.page.goto(address)

    assert reader.page.locator("fieldset.check input:checked").count() == 0
    assert reader.context.storage_state()["cookies"] == []


def test_advice_appears_without_scripts(open_checklist: Callable[..., Device]):
    reader = open_checklist("fr", script=False)
    first = items(reader)[0]

    choose(reader, first, "no")

    expect(first.locator(".check__advice--no")).to_be_visible()
    expect(reader.page.locator("[data-clear]")).to_be_hidden()


def test_print_shows_what_was_answered(open_checklist: Callable[..., Device]):
    reader = open_checklist("fr")
    first = items(reader)[0]
    choose(reader, first, "no")
    reader.page.emulate_media(media="print")

    expect(first.locator("legend")).to_be_visible()
    expect(first.locator(".check__advice--no")).to_be_visible()
    assert first.locator("input[value=no]").is_checked()
    expect(reader.page.locator("[data-checklist-actions]")).to_be_hidden()
    expect(reader.page.locator(".site-header")).to_be_hidden()
