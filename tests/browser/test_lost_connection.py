"""Thirty bad days in Chromium, with those of `test_unsent.py`: connections cut in the middle of every type of question,
killed tabs and browsers, wrong clocks, several devices and accounts, storage that refuses, a server that fails."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Error, Playwright, Route, expect

from tests.browser.devices import Device
from tests.browser.killing import kill_browser_of, persistent
from tests.browser.lost import Scene
from tests.browser.planting import Planted, plant
from tests.browser.running import RunningSite
from tests.browser.saving import (
    FIELDS,
    SAVING,
    SUBMIT,
    answer_offline,
    change,
    come_back_to,
    expect_nothing_kept,
    expect_state,
    kept_on,
    lose_connection,
    restart,
    restore,
    shown,
    status,
)

TYPES = (
    "single_choice",
    "multiple_choice",
    "true_false",
    "numeric",
    "short_text",
    "matching",
    "ordering",
    "cloze",
    "open_answer",
)
LEARNERS = 41
# No line may have another one's place.
PLACES = """(fields, same) => fields.forEach((field, number) => {
  field.selectedIndex = same ? 1 : number + 1;
  field.dispatchEvent(new Event("change", { bubbles: true }));
})"""


@pytest.fixture(scope="module")
def planted(served: RunningSite) -> Planted:
    return plant(served, LEARNERS, *TYPES)


@pytest.fixture(scope="module")
def numbers() -> Iterator[int]:
    return count()


@pytest.fixture
def scene(
    device: Callable[..., Device], served: RunningSite, planted: Planted, numbers: Iterator[int]
) -> Iterator[Scene]:
    scene = Scene(device, served, planted, planted.sittings[next(numbers)])
    yield scene
    scene.judge()


# --- the connection -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", TYPES)
def test_the_connection_is_cut_in_the_middle_of(scene: Scene, kind: str):
    phone = scene.opened(kind)
    first = change(phone.page)
    scene.expect_saved(phone, first, kind)
    given = answer_offline(phone)
    assert given != first
    assert scene.on_server(kind) == first
    assert kept_on(phone.page) == 1

    restart(phone)
    phone.go(scene.path(kind))

    scene.expect_saved(phone, given, kind)
    assert shown(phone.page) == given
    # Every gap of a passage may have been saved by itself.
    assert len(scene.rows(kind)) == 2 or kind == "cloze"


def requests_overtake_each_other(scene: Scene) -> None:
    """The first answer arrives after the second, which another tab sent."""
    phone = scene.opened("numeric")
    held: list[Route] = []
    phone.page.route(SAVING, lambda route: held.append(route), times=1)
    change(phone.page)
    phone.page.wait_for_function("document.querySelector('[data-save-status]').dataset.state === 'saving'")
    while not held:
        phone.page.wait_for_timeout(50)
    other = phone.context.new_page()
    other.goto(phone.page.url)
    given = change(other)
    expect_state(other, "saved")
    held[0].continue_()
    expect_state(phone.page, "failed")
    assert scene.on_server("numeric") == given
    assert kept_on(other) == 0


def requests_arrive_twice(scene: Scene) -> None:
    phone = scene.opened("short_text")

    def double(route: Route) -> None:
        route.fetch()
        route.continue_()

    phone.page.route(SAVING, double)
    given = change(phone.page)
    scene.expect_saved(phone, given, "short_text")
    assert len(scene.rows("short_text")) == 1


def network_is_slow_and_the_learner_is_not(scene: Scene) -> None:
    """Going on before the receipt: the next page comes only after the answer is there."""
    phone = scene.opened("numeric")

    def slowly(route: Route) -> None:
        phone.page.wait_for_timeout(700)
        route.continue_()

    phone.context.route(SAVING, slowly)
    given = change(phone.page)
    phone.press_and_arrive("form[data-answers] button.btn--primary")
    assert scene.on_server("numeric") == given
    assert kept_on(phone.page) == 0


def page_is_left_at_once(scene: Scene) -> None:
    """Another address within the moment that the script waits for more letters."""
    phone = scene.opened("short_text")
    given = change(phone.page)
    phone.go("/fr/my-learning/")
    phone.go(scene.path("short_text"))
    assert shown(phone.page) == given
    come_back_to(phone.page)
    expect_nothing_kept(phone.page)
    assert scene.on_server("short_text") == given


# --- tabs and browsers that die ---------------------------------------------------------------------


def tab_crashes(scene: Scene) -> None:
    phone = scene.opened("multiple_choice")
    given = answer_offline(phone)
    with pytest.raises(Error):
        phone.page.goto("chrome://crash")
    restart(phone)
    phone.go(scene.path("multiple_choice"))
    scene.expect_saved(phone, given, "multiple_choice")


def two_tabs_crash_with_an_answer_each(scene: Scene) -> None:
    phone = scene.opened("numeric")
    other = phone.context.new_page()
    other.goto(f"{phone.base_url}{scene.path('true_false')}")
    number = answer_offline(phone)
    statement = change(other)
    expect_state(other, "waiting")
    other.close()
    restart(phone)
    phone.go(f"{scene.base}summary/")
    expect_nothing_kept(phone.page)
    assert (scene.on_server("numeric"), scene.on_server("true_false")) == (number, statement)


def test_the_browser_is_killed_and_started_again_with_its_profile(
    scene: Scene, playwright: Playwright, tmp_path: Path
):
    with persistent(playwright, tmp_path, scene.site.url, scene.sitting.storage) as phone:
        scene.listen(phone.context)
        phone.go(scene.path("matching"))
        given = answer_offline(phone)
        kill_browser_of(tmp_path)
    assert scene.rows("matching") == []

    with persistent(playwright, tmp_path, scene.site.url, scene.sitting.storage) as phone:
        scene.listen(phone.context)
        phone.go(scene.path("matching"))
        scene.expect_saved(phone, given, "matching")
        assert phone.complaints == []


# --- clocks ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("2009-01-01T00:00:00Z", "2009-01-01T00:00:00Z"),
        ("2041-06-01", "2001-06-01"),
        ("2001-06-01", "2041-06-01"),
    ],
    ids=["years behind", "falls back forty years", "jumps ahead forty years"],
)
def test_the_clock_of_the_phone(scene: Scene, before: str, after: str):
    phone = scene.phone()
    phone.page.clock.set_fixed_time(before)
    phone.go(scene.path("true_false"))
    given = answer_offline(phone)
    phone.page.clock.set_fixed_time(after)
    restore(phone)
    scene.expect_saved(phone, given, "true_false")
    other = scene.phone(script=False)
    other.go(scene.path("true_false"))
    assert status(phone.page).inner_text() == status(other.page).inner_text()


# --- several devices, several accounts --------------------------------------------------------------


def two_devices_answer_two_questions_without_connection(scene: Scene) -> None:
    phone, other = scene.opened("numeric"), scene.opened("ordering")
    number, order = answer_offline(phone), answer_offline(other)
    restore(other)
    scene.expect_saved(other, order, "ordering")
    restore(phone)
    scene.expect_saved(phone, number, "numeric")


def two_devices_answer_the_same_question_without_connection(scene: Scene) -> None:
    """Both journals are kept, and both learners' screens say the truth of what counts."""
    phone, other = scene.opened("numeric"), scene.opened("numeric")
    answer_offline(phone)
    lose_connection(other)
    other.page.locator(".question [name=answer]").fill("23")
    expect_state(other.page, "waiting")
    restore(phone)
    expect_state(phone.page, "saved")
    restore(other)
    scene.expect_saved(other, ["23"], "numeric")
    assert len({row.device for row in scene.rows("numeric")}) == 2


def somebody_else_uses_the_phone_meanwhile(scene: Scene) -> None:
    phone = scene.opened("single_choice")
    given = answer_offline(phone)
    restart(phone)
    other = scene.planted.sittings[-1]
    phone.context.clear_cookies()
    phone.context.add_cookies(other.storage["cookies"])
    phone.go(f"/fr/quizzes/attempts/{other.attempt}/questions/1/")
    assert not any(shown(phone.page))
    change(phone.page)
    expect_state(phone.page, "saved")
    # It still waits for its own account, unless the page that was closed sent it with its last breath.
    assert len(scene.rows()) <= 1

    phone.context.clear_cookies()
    phone.context.add_cookies(scene.sitting.storage["cookies"])
    phone.go("/fr/my-learning/")
    scene.expect_saved(phone, given)


def the_session_ends_meanwhile(scene: Scene) -> None:
    phone = scene.opened("numeric")
    phone.context.clear_cookies()
    with phone.expecting(401, 403):
        given = change(phone.page)
        expect_state(phone.page, "failed")
    assert kept_on(phone.page) == 1
    phone.context.add_cookies(scene.sitting.storage["cookies"])
    phone.go(scene.path("numeric"))
    scene.expect_saved(phone, given, "numeric")


# --- storage that refuses ---------------------------------------------------------------------------

# A full disk ends the transaction; the tab's storage throws.
FULL = """IDBObjectStore.prototype.put = function () { this.transaction.abort(); };
  Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };"""
BLOCKED = """for (const name of ["indexedDB", "sessionStorage", "localStorage"])
  Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });"""


@pytest.mark.parametrize("trouble", [FULL, BLOCKED], ids=["full", "blocked"])
def test_storage_is(scene: Scene, trouble: str):
    """The page alone keeps the answer, says that it waits, and sends it."""
    phone = scene.phone()
    phone.context.add_init_script(trouble)
    phone.go(scene.path("numeric"))
    given = answer_offline(phone)
    restore(phone)
    scene.expect_saved(phone, given, "numeric")


def storage_fills_up_in_the_middle(scene: Scene) -> None:
    phone = scene.opened("numeric")
    first = change(phone.page)
    expect_state(phone.page, "saved")
    phone.page.evaluate(f"() => {{ {FULL} }}")
    given = answer_offline(phone)
    assert given != first
    restore(phone)
    scene.expect_saved(phone, given, "numeric")


# --- a server that fails ----------------------------------------------------------------------------


def assert_graded_once(scene: Scene) -> list[tuple[str, int | None]]:
    """One attempt, which is over; whether a person has to mark it depends on the types of the day."""
    grades = scene.grades()
    assert [status in ("submitted", "to_mark") for status, _percent in grades] == [True], grades
    return grades


def server_fails_until_the_learner_comes_back(scene: Scene) -> None:
    phone = scene.opened("ordering")
    phone.page.route(SAVING, lambda route: route.fulfill(status=503, body="no"), times=1)
    with phone.expecting(503):
        given = change(phone.page)
        expect_state(phone.page, "waiting")
    come_back_to(phone.page)
    scene.expect_saved(phone, given, "ordering")


def test_an_order_put_right_while_it_is_being_refused_is_shown_as_saved(scene: Scene):
    phone, held = scene.opened("ordering"), []
    phone.page.route(SAVING, lambda route: held.append(route), times=1)
    with phone.expecting(422):
        phone.page.locator(FIELDS).evaluate_all(PLACES, True)
        while not held:
            phone.page.wait_for_timeout(20)
        phone.page.locator(FIELDS).evaluate_all(PLACES, False)
        held[0].continue_()
        scene.expect_saved(phone, shown(phone.page), "ordering")


def submitting_waits_for_what_is_unsent(scene: Scene) -> None:
    phone = scene.opened("true_false")
    given = answer_offline(phone)
    restart(phone)
    phone.context.route(SAVING, lambda route: route.fulfill(status=500, body="no"), times=1)
    with phone.expecting(500):
        phone.go(f"{scene.base}summary/")
        expect_state(phone.page, "waiting")
        phone.press(SUBMIT)
        phone.page.wait_for_timeout(300)
        # A second press, where the button is still there: it breaks off the first one's navigation. Nothing waits for
        # the button, since that page may go at any moment.
        with suppress(Error):
            phone.page.evaluate("(button) => document.querySelector(button)?.click()", SUBMIT)
        expect(phone.page).to_have_url(re.compile(r"/review/$"))
    assert [row.value for row in scene.rows("true_false")] == ["true" if given[0] else "false"]
    assert_graded_once(scene)


def response_of_submitting_is_lost(scene: Scene) -> None:
    phone = scene.opened("true_false")
    change(phone.page)
    expect_state(phone.page, "saved")
    phone.go(f"{scene.base}summary/")

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    phone.page.route("**/submit/", lose, times=1)
    phone.press(SUBMIT)
    # Chromium's own page that says so; a navigation meanwhile would meet it.
    expect(phone.page).to_have_url(re.compile("^chrome-error:"))
    grades = assert_graded_once(scene)
    phone.go(f"{scene.base}summary/")
    assert phone.path.endswith("/review/")
    assert scene.grades() == grades


def server_fails_at_submitting(scene: Scene) -> None:
    phone = scene.opened("true_false")
    change(phone.page)
    expect_state(phone.page, "saved")
    phone.go(f"{scene.base}summary/")
    phone.page.route("**/submit/", lambda route: route.fulfill(status=500, body="no"), times=1)
    with phone.expecting(500):
        phone.press_and_arrive(SUBMIT)
        phone.page.go_back()
    assert scene.grades() == [("in_progress", None)]
    phone.press_and_arrive(SUBMIT)
    assert phone.path.endswith("/review/")
    assert_graded_once(scene)


SCENARIOS = [
    requests_overtake_each_other,
    requests_arrive_twice,
    network_is_slow_and_the_learner_is_not,
    page_is_left_at_once,
    tab_crashes,
    two_tabs_crash_with_an_answer_each,
    two_devices_answer_two_questions_without_connection,
    two_devices_answer_the_same_question_without_connection,
    somebody_else_uses_the_phone_meanwhile,
    the_session_ends_meanwhile,
    storage_fills_up_in_the_middle,
    server_fails_until_the_learner_comes_back,
    submitting_waits_for_what_is_unsent,
    response_of_submitting_is_lost,
    server_fails_at_submitting,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_no_answer_is_lost_when(scene: Scene, scenario: Callable[[Scene], None]):
    scenario(scene)
