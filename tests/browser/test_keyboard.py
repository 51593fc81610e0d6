"""Everything can be done with a keyboard, and the focus is always seen."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.answers import Question
from tests.browser.devices import PHONE, Device
from tests.browser.journey import (
    SAVED,
    START,
    addresses,
    answer_fields,
    chosen,
    passed,
    shown_question,
    shows,
)
from tests.browser.people import new_address, sign_in, sign_up

Devices = Callable[..., Device]

# What holds the focus: where it is, what it is called, and whether an outline (or a ring of shadow) shows it.
FOCUSED = """() => {
  let element = document.activeElement;
  if (!element || element === document.body) return null;
  const box = element.getBoundingClientRect();
  const seen = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none";
  };
  // An inline SVG link has no outline of its own: its shape is drawn with a thicker line.
  const shape = element.matches("svg a") ? element.querySelector("path") : null;
  const label = element.labels?.[0];
  return {
    tag: element.tagName.toLowerCase(), name: element.getAttribute("name"), value: element.getAttribute("value"),
    type: element.getAttribute("type"), text: element.innerText ?? element.textContent,
    label: element.getAttribute("aria-label"), href: element.getAttribute("href"),
    order: [...document.querySelectorAll("*")].indexOf(element),
    inMain: !!element.closest("main"),
    visible: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    ring: seen(element) || (label ? seen(label) : false) || (shape ? parseFloat(getComputedStyle(shape).strokeWidth) > 1.5 || seen(shape) : false),
  };
}"""


def tab(device: Device) -> Any:
    device.page.keyboard.press("Tab")
    return device.page.evaluate(FOCUSED)


def walk(device: Device, stop: Callable[[Any], bool], *, limit: int = 120) -> list[Any]:
    """Tab until `stop`; each stop on the way is visible, ringed and later in the page than the one before."""
    stops = []
    for _ in range(limit):
        here = tab(device)
        assert here is not None, "the focus left the page"
        assert here["visible"], here
        assert here["ring"], here
        stops.append(here)
        if stop(here):
            orders = [one["order"] for one in stops]
            assert orders == sorted(orders)
            return stops
    raise AssertionError(f"not reached: {[(one['tag'], one['text']) for one in stops]}")


def is_answer(here: Any) -> bool:
    return bool(here["name"] == "answer")


def test_skip_link_comes_first_and_leads_to_the_content(device: Devices):
    reader = device("ar", **PHONE)
    reader.go("/ar/catalogue/")

    first = tab(reader)
    assert first["href"] == "#main"
    assert first["visible"]
    reader.page.keyboard.press("Enter")

    assert tab(reader)["inMain"]


def test_menus_open_close_and_give_the_focus_back(device: Devices):
    member = device("fr", **PHONE)
    sign_in(member, "member.fr@demo.example")
    page = member.page
    for name in ("menu--main", "menu--account"):
        menu = page.locator(f"details.{name}")
        menu.locator("summary").focus()
        page.keyboard.press("Enter")
        expect(menu.locator(".menu__panel")).to_be_visible()
        inside = tab(member)
        assert inside["ring"]
        assert menu.evaluate("menu => menu.contains(document.activeElement)")
        page.keyboard.press("Escape")
        expect(menu.locator(".menu__panel")).to_be_hidden()
        assert menu.evaluate("menu => menu.querySelector('summary') === document.activeElement")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_quiz_from_its_page_to_the_result(device: Devices, language: str):
    learner = device(language)
    region = {"ar": "القصرين", "fr": "Kasserine"}[language]
    sign_up(learner, name="Rim Ayari", email=new_address("keyboard"), region=region)
    learner.go(addresses(learner).quizzes[0])
    page = learner.page

    walk(learner, lambda here: here["tag"] == "button" and here["inMain"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator(START).count() == 0

    for _ in range(6):
        question = shown_question(learner)
        answer_by_keyboard(learner, question)
        expect(page.locator(SAVED)).to_be_visible()
        following = walk(learner, lambda here: here["tag"] == "button")
        assert following[-1]["inMain"]
        with page.expect_navigation():
            page.keyboard.press("Enter")

    assert learner.path.endswith("/summary/")
    walk(learner, lambda here: here["tag"] == "button" and here["inMain"])
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert passed(learner)


def answer_by_keyboard(learner: Device, question: Question) -> None:
    """Give the right answer, from before the first field of the question on."""
    walk(learner, is_answer)
    fields, keyboard = answer_fields(learner, question), learner.page.keyboard
    if question.type == "numeric":
        keyboard.type(question.right[0])
    elif question.lines:
        # In the order of the screen, which isn't that of the right answer.
        wanted = dict(zip([field.get_attribute("id") for field in fields], question.right, strict=True))
        for number in range(len(wanted)):
            if number:
                walk(learner, is_answer)
            focused = learner.page.locator(":focus")
            # The arrow passes places that another line has: the screen says so, and nothing of it is saved.
            learner.expected_statuses.add(422)
            pick(learner, focused, wanted[focused.get_attribute("id")])
    elif question.type == "multiple_choice":
        values = [field.get_attribute("value") for field in fields]
        boxes = learner.page.locator(".question input[type=checkbox]")
        for number in range(boxes.count()):
            if number:
                walk(learner, is_answer)
            if learner.page.locator(":focus").get_attribute("value") in values:
                keyboard.press("Space")
    else:
        [one] = fields
        choose(learner, one)
    assert shows(learner, question)


def pick(device: Device, field: Any, text: str) -> None:
    """In a list, the arrow goes through what can be chosen."""
    for _ in range(30):
        if chosen(field) == text:
            return
        device.page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrow doesn't reach {text}")


def choose(device: Device, wanted: Any) -> None:
    """Among radio buttons the arrows choose; the focus is on the first of them."""
    page = device.page
    page.keyboard.press("Space")
    for _ in range(8):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError("the arrows don't reach the answer")


@pytest.mark.parametrize(("language", "kasserine"), [("ar", "القصرين"), ("fr", "Kasserine")])
def test_each_governorate_of_the_map_is_a_link_with_its_figure(
    device: Devices, language: str, kasserine: str
):
    administrator = device(language)
    sign_in(administrator, "admin@demo.example")
    administrator.go(f"/{language}/reports/regions/TN/")
    links = administrator.page.locator("svg.map a")
    labels = [links.nth(number).get_attribute("aria-label") or "" for number in range(links.count())]

    stops = walk(
        administrator, lambda here: here["tag"] == "a" and here["order"] == last_of_map(administrator)
    )

    reached = {here["label"]: here["href"] for here in stops if here["label"] in labels}
    assert len(labels) == len(set(labels)) == 24
    assert set(reached) == set(labels)
    # A name and what there is to say of it: its figures, or that nobody is there.
    assert all(re.fullmatch(r".{3,}: .{3,}", label) for label in labels)
    [of_kasserine] = [label for label in labels if kasserine in label]
    assert "/TN-42/" in reached[of_kasserine]
    links.nth(labels.index(of_kasserine)).focus()
    with administrator.page.expect_navigation():
        administrator.page.keyboard.press("Enter")
    assert administrator.text("h1") == kasserine


def last_of_map(device: Device) -> int:
    return int(
        device.page.evaluate(
            "() => [...document.querySelectorAll('*')].indexOf([...document.querySelectorAll('svg.map a')].pop())"
        )
    )
