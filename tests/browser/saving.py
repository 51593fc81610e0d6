"""Answers on a page, what the page says of them, and connections that fail."""

from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.devices import Device

STATUS = "[data-save-status]"
SAVING = "**/quizzes/attempts/*/answers/"
SUBMIT = "main form[action$='/submit/'] button.btn--primary"
# Trying again takes seconds on purpose.
SOON = 30_000
FIELDS = ".question [name=answer]"
READ = "fields => fields.map(f => ['radio', 'checkbox'].includes(f.type) ? f.checked : f.value)"
# Each list goes on by one; lists that follow one another begin with different choices.
CHANGE = """fields => fields.filter((field) => field.options).forEach((field, number) => {
  const index = field.selectedIndex > 0 ? field.selectedIndex : number;
  field.selectedIndex = index % (field.options.length - 1) + 1;
  field.dispatchEvent(new Event("change", { bubbles: true }));
})"""
# What the device keeps, by the product's own script.
KEPT = """async () => (await (await import(document.querySelector("[data-save-status]").dataset.store))
  .kept(document.body.dataset.person)).length"""


def shown(page: Page) -> list[Any]:
    return list(page.locator(FIELDS).evaluate_all(READ))


def change(page: Page) -> list[Any]:
    """Answer otherwise than it is; what is shown then. All lists get another choice."""
    fields = page.locator(FIELDS)
    kind = fields.first.evaluate("field => field.type")
    if page.locator(".question [data-gaps]").count():
        fields.evaluate_all(CHANGE)
        fields.last.fill("17" if fields.last.input_value() != "17" else "19")
        return shown(page)
    if kind in ("radio", "checkbox"):
        # Of several choices that are all taken, the first is given up.
        free = next((number for number, chosen in enumerate(shown(page)) if not chosen), 0)
        fields.nth(free).locator("xpath=..").click()
    elif kind == "select-one":
        fields.evaluate_all(CHANGE)
    else:
        fields.first.fill("17" if fields.first.input_value() != "17" else "19")
    return shown(page)


def status(page: Page) -> Locator:
    return page.locator(STATUS)


def expect_state(page: Page, state: str) -> None:
    expect(status(page)).to_have_attribute("data-state", state, timeout=SOON)


def kept_on(page: Page) -> int:
    """How many answers this device still has to send for the account of the page."""
    return int(page.evaluate(KEPT))


def expect_nothing_kept(page: Page) -> None:
    page.wait_for_function(f"async () => !await ({KEPT})()")


def come_back_to(page: Page) -> None:
    """The window gets the focus again: what waits for the next try is sent at once."""
    page.evaluate("dispatchEvent(new Event('focus'))")


def lose_connection(phone: Device) -> None:
    phone.context.set_offline(True)


def restore(phone: Device) -> None:
    phone.context.set_offline(False)


def answer_offline(phone: Device) -> list[Any]:
    # A script that isn't loaded before the connection is lost notices nothing; the form saves then.
    phone.page.locator("[data-save-status][data-ready]").wait_for(state="attached")
    lose_connection(phone)
    given = change(phone.page)
    expect_state(phone.page, "waiting")
    return given


def restart(phone: Device) -> None:
    """The tab is killed; later the browser is opened again, with a connection."""
    phone.page.close()
    restore(phone)
    phone.page = phone.context.new_page()
