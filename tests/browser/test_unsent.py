"""Answers that can't be sent at once: kept through reload and restart, sent later, told truthfully, each to its own
account. One learner and one attempt; each scenario has a device of its own, and a question that it changes."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.devices import PHONE, Device
from tests.browser.journey import START, addresses
from tests.browser.people import PASSWORD, new_address, sign_in, sign_up
from tests.browser.running import RunningSite
from tests.browser.saving import (
    SAVING,
    SOON,
    answer_offline,
    change,
    expect_state,
    lose_connection,
    restart,
    restore,
    shown,
    status,
)


@dataclass
class Learner:
    """Somebody in the middle of a quiz: the account, the session of a signed-in device, the attempt's address."""

    email: str
    session: Any
    attempt: str


@pytest.fixture(scope="module")
def learner(chromium: Browser, served: RunningSite) -> Learner:
    return begin(chromium, served)


def begin(chromium: Browser, served: RunningSite) -> Learner:
    phone = Device.open(chromium, served.url, "fr", **PHONE)
    email = new_address("unsent")
    sign_up(phone, name="Hayet Jlassi", email=email, region="Kasserine")
    phone.go(addresses(phone).quizzes[0])
    phone.press_and_arrive(START)
    found = Learner(email, phone.context.storage_state(), re.sub(r"questions/\d+/$", "", phone.page.url))
    phone.close()
    return found


@dataclass
class Scene:
    """What a scenario plays with."""

    device: Callable[..., Device]
    learner: Learner

    def phone(self, language: str = "fr", **options: Any) -> Device:
        return self.device(language, storage=self.learner.session, **PHONE, **options)

    def question(self, number: int = 1) -> str:
        return f"{self.learner.attempt}questions/{number}/"

    def on_server(self, number: int = 1) -> list[Any]:
        """What another device is shown."""
        other = self.phone(script=False)
        other.go(self.question(number))
        return shown(other.page)


@pytest.fixture
def scene(device: Callable[..., Device], learner: Learner) -> Scene:
    return Scene(device, learner)


# --- scenarios ------------------------------------------------------------------------------------


def comes_back_online(scene: Scene) -> None:
    phone = scene.phone()
    phone.go(scene.question())
    given = answer_offline(phone)
    expect(status(phone.page)).to_have_text(
        "En attente de connexion : 1 réponse gardée sur cet appareil.", timeout=SOON
    )
    restore(phone)
    expect_state(phone.page, "saved")
    assert scene.on_server() == given


def is_reloaded_while_unsent(scene: Scene) -> None:
    phone = scene.phone()
    phone.go(scene.question())
    phone.page.route(SAVING, lambda route: route.abort())
    given = change(phone.page)
    expect_state(phone.page, "waiting")
    phone.page.reload()
    expect_state(phone.page, "waiting")
    assert shown(phone.page) == given
    phone.page.unroute(SAVING)
    expect_state(phone.page, "saved")
    assert scene.on_server() == given


def tab_is_killed_and_question_opened(scene: Scene) -> None:
    phone = scene.phone()
    phone.go(scene.question())
    given = answer_offline(phone)
    restart(phone)
    phone.go(scene.question())
    expect_state(phone.page, "saved")
    assert shown(phone.page) == given == scene.on_server()


def tab_is_killed_and_my_learning_opened(scene: Scene) -> None:
    phone = scene.phone()
    phone.go(scene.question())
    given = answer_offline(phone)
    restart(phone)
    phone.go("/fr/my-learning/")
    expect_state(phone.page, "saved")
    assert scene.on_server() == given
    phone.page.reload()
    expect(status(phone.page)).to_be_hidden()


def tab_is_killed_and_quiz_opened(scene: Scene) -> None:
    phone = scene.phone()
    quiz = addresses(phone).quizzes[0]
    phone.go(scene.question())
    given = answer_offline(phone)
    restart(phone)
    phone.go(quiz)
    expect_state(phone.page, "saved")
    assert scene.on_server() == given


def two_tabs_keep_two_answers(scene: Scene) -> None:
    phone = scene.phone("ar")
    phone.go(scene.question(1).replace("/fr/", "/ar/"))
    other = phone.context.new_page()
    other.goto(scene.question(2).replace("/fr/", "/ar/"))
    lose_connection(phone)
    first = change(phone.page)
    expect_state(phone.page, "waiting")
    second = change(other)
    expect(status(other)).to_contain_text("إجابتان محفوظتان على هذا الجهاز", timeout=SOON)
    other.close()
    restart(phone)
    phone.go("/ar/my-learning/")
    expect_state(phone.page, "saved")
    assert (scene.on_server(1), scene.on_server(2)) == (first, second)


def later_answer_of_two_tabs_counts(scene: Scene) -> None:
    phone = scene.phone()
    phone.go(scene.question())
    other = phone.context.new_page()
    other.goto(scene.question())
    lose_connection(phone)
    change(other)
    expect_state(other, "waiting")
    given = change(phone.page)
    if given == shown(other):
        given = change(phone.page)
    expect_state(phone.page, "waiting")
    other.close()
    restart(phone)
    phone.go(scene.question())
    expect_state(phone.page, "saved")
    assert scene.on_server() == given


def server_fails_and_recovers(scene: Scene) -> None:
    phone = scene.phone()
    phone.go(scene.question())
    phone.page.route(SAVING, lambda route: route.fulfill(status=500, body="no"), times=2)
    with phone.expecting(500):
        given = change(phone.page)
        expect_state(phone.page, "waiting")
        expect_state(phone.page, "saved")
    assert scene.on_server() == given


def response_is_lost(scene: Scene) -> None:
    phone = scene.phone()
    phone.go(scene.question())

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    phone.page.route(SAVING, lose, times=1)
    given = change(phone.page)
    expect_state(phone.page, "waiting")
    assert scene.on_server() == given
    expect_state(phone.page, "saved")
    assert scene.on_server() == given


def clock_of_the_phone_is_wrong(scene: Scene) -> None:
    phone = scene.phone()
    phone.page.clock.set_fixed_time("2031-05-05T03:33:00Z")
    phone.go(scene.question())
    given = change(phone.page)
    expect_state(phone.page, "saved")
    told = status(phone.page).inner_text()
    other = scene.phone(script=False)
    other.go(scene.question())
    assert (status(other.page).inner_text(), shown(other.page)) == (told, given)


def browser_has_no_storage_of_its_own(scene: Scene) -> None:
    phone = scene.phone()
    phone.context.add_init_script("IDBFactory.prototype.open = () => { throw new Error('none'); }")
    phone.go(scene.question())
    phone.page.route(SAVING, lambda route: route.abort())
    given = change(phone.page)
    expect_state(phone.page, "waiting")
    phone.page.on("dialog", lambda dialog: dialog.accept())
    phone.page.reload()
    expect_state(phone.page, "waiting")
    assert shown(phone.page) == given
    phone.page.unroute(SAVING)
    expect_state(phone.page, "saved")
    assert scene.on_server() == given


def another_device_answered_later(scene: Scene) -> None:
    phone, other = scene.phone(), scene.phone()
    phone.go(scene.question())
    other.go(scene.question())
    answer_offline(phone)
    for _ in range(3):
        given = change(other.page)
        expect_state(other.page, "saved")
        other.page.reload()
    restore(phone)
    expect_state(phone.page, "failed")
    expect(status(phone.page)).to_contain_text("autre appareil")
    assert scene.on_server() == given


def script_is_off(scene: Scene) -> None:
    phone = scene.phone(script=False)
    phone.go(scene.question())
    given = change(phone.page)
    phone.press_and_arrive("form[data-answers] button.btn--primary")
    assert scene.on_server() == given


SCENARIOS = [
    comes_back_online,
    is_reloaded_while_unsent,
    tab_is_killed_and_question_opened,
    tab_is_killed_and_my_learning_opened,
    tab_is_killed_and_quiz_opened,
    two_tabs_keep_two_answers,
    later_answer_of_two_tabs_counts,
    server_fails_and_recovers,
    response_is_lost,
    clock_of_the_phone_is_wrong,
    browser_has_no_storage_of_its_own,
    another_device_answered_later,
    script_is_off,
]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.__name__)
def test_no_answer_is_lost_when(scene: Scene, scenario: Callable[[Scene], None]):
    scenario(scene)


# --- signing out, and another account -------------------------------------------------------------


def test_signing_out_over_unsent_answers_asks_and_keeps_them_for_their_account(scene: Scene):
    phone = scene.phone()
    # Another session than that of the other scenarios ends here.
    phone.context.clear_cookies()
    sign_in(phone, scene.learner.email, PASSWORD)
    phone.go(scene.question())
    phone.page.route(SAVING, lambda route: route.abort())
    given = change(phone.page)
    expect_state(phone.page, "waiting")
    asked: list[str] = []

    def refuse(dialog: Any) -> None:
        asked.append(dialog.message)
        dialog.dismiss()

    phone.page.once("dialog", refuse)
    phone.press("details.menu--account summary")
    phone.press("details.menu--account form[action$='/logout/'] button")
    phone.page.wait_for_timeout(4000)
    assert len(asked) == 1
    assert "pas encore été envoyées" in asked[0]
    assert phone.page.url == scene.question()

    phone.page.once("dialog", lambda dialog: dialog.accept())
    phone.press_and_arrive("details.menu--account form[action$='/logout/'] button")
    phone.page.unroute(SAVING)
    sign_up(phone, name="Sami Gharbi", email=new_address("next"), region="Kasserine")
    phone.go("/fr/my-learning/")
    phone.page.wait_for_timeout(500)
    expect(status(phone.page)).to_be_hidden()
    assert scene.on_server() != given

    phone.context.clear_cookies()
    sign_in(phone, scene.learner.email, PASSWORD, after="/fr/my-learning/")
    expect_state(phone.page, "saved")
    assert scene.on_server() == given


# --- submitting; an attempt of its own -------------------------------------------------------------


@pytest.fixture
def own(device: Callable[..., Device], chromium: Browser, served: RunningSite) -> Scene:
    return Scene(device, begin(chromium, served))


def test_pressing_submit_twice_sends_what_is_kept_and_grades_once(own: Scene):
    phone = own.phone()
    phone.go(own.question())
    answer_offline(phone)
    restart(phone)
    phone.go(f"{own.learner.attempt}summary/")
    expect(phone.page.locator("ol.rows .rows__main").first).to_contain_text("Votre réponse")

    phone.page.locator("main form[action$='/submit/'] button.btn--primary").dblclick()

    # Polled: where the second press goes out, it breaks off the first one's navigation.
    expect(phone.page).to_have_url(re.compile(r"/review/$"))
    phone.go(addresses(phone).quizzes[0])
    assert phone.page.locator("#attempts-title + ul > li").count() == 1


def test_an_answer_after_submission_is_refused_clearly_and_sent_no_more(own: Scene):
    phone, other = own.phone(), own.phone()
    phone.go(own.question())
    answer_offline(phone)
    other.go(f"{own.learner.attempt}summary/")
    other.press_and_arrive("main form[action$='/submit/'] button.btn--primary")

    with phone.expecting(409):
        restore(phone)
        expect_state(phone.page, "failed")
    expect(status(phone.page)).to_contain_text("déjà remises")

    sent: list[str] = []
    phone.page.on("request", lambda request: sent.append(request.url) if "answers/" in request.url else None)
    phone.go("/fr/my-learning/")
    phone.page.wait_for_timeout(1000)
    assert sent == []
