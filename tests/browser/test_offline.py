"""A phone without a connection: however often one presses, the page stays with its answers, and goes on later."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.devices import PHONE, Device
from tests.browser.journey import (
    SAVED,
    START,
    addresses,
    give,
    save_and_continue,
    shown_question,
    shows,
)
from tests.browser.people import new_address, sign_up

Devices = Callable[..., Device]
CONTINUE = "form[data-answers] button.btn--primary"
STATUS = "[data-save-status]"


def test_pressing_continue_twice_without_a_connection_keeps_page_and_answer(device: Devices):
    phone = device("fr", **PHONE)
    sign_up(phone, name="Meriem Trabelsi", email=new_address("offline"), region="Kasserine")
    phone.go(addresses(phone).quizzes[0])
    phone.press_and_arrive(START)
    here = phone.page.url
    question = shown_question(phone)
    # Whoever is asked whether to leave says yes; nothing may get that far.
    phone.page.on("dialog", lambda dialog: dialog.accept())

    phone.context.set_offline(True)
    give(phone, question)
    expect(phone.page.locator(STATUS)).to_have_attribute("data-state", "waiting")
    for press in (1, 2, 3):
        phone.press(CONTINUE)
        expect(phone.page.locator(STATUS), f"after press {press}").to_have_text(re.compile("connexion"))
        phone.page.wait_for_timeout(300)
        assert (phone.page.url, phone.page.locator(".question").count()) == (here, 1), press
        expect(phone.page.locator(CONTINUE)).to_be_enabled()
    assert shows(phone, question)

    phone.context.set_offline(False)
    expect(phone.page.locator(SAVED)).to_be_visible()
    save_and_continue(phone)
    assert phone.page.url != here
    phone.go(here)
    assert shows(phone, question)


def test_without_anything_to_send_going_on_needs_a_connection_too(device: Devices):
    phone = device("fr", **PHONE)
    sign_up(phone, name="Meriem Trabelsi", email=new_address("offline-empty"), region="Kasserine")
    phone.go(addresses(phone).quizzes[0])
    phone.press_and_arrive(START)
    here = phone.page.url

    phone.context.set_offline(True)
    for _press in range(2):
        phone.press(CONTINUE)
        expect(phone.page.locator(STATUS)).to_have_attribute("data-state", "waiting")
        phone.page.wait_for_timeout(300)
        assert (phone.page.url, phone.page.locator(".question").count()) == (here, 1)

    phone.context.set_offline(False)
    expect(phone.page.locator(STATUS)).to_have_text("")
    save_and_continue(phone)
    assert phone.page.url != here
