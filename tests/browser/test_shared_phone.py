"""A phone goes from hand to hand: who comes next sees nothing of who was before."""

from collections.abc import Callable

import pytest

from tests.browser.devices import PHONE, Device
from tests.browser.journey import START, addresses, answer, shown_question
from tests.browser.people import PASSWORD, new_address, sign_in, sign_out, sign_up

Devices = Callable[..., Device]
NAME = "نجلاء الورتاني"


@pytest.fixture
def phone(device: Devices) -> Device:
    """A phone on which somebody is signed in, in the middle of a quiz."""
    phone = device("ar", **PHONE)
    sign_up(phone, name=NAME, email=new_address("shared"), region="القصرين")
    phone.go(addresses(phone).quizzes[0])
    phone.press_and_arrive(START)
    answer(phone, shown_question(phone))
    return phone


def test_back_shows_nothing_after_signing_out(phone: Device):
    for path in ("/ar/account/data/", "/ar/account/profile/", "/ar/my-learning/"):
        phone.go(path)
    assert NAME in phone.page.content()

    sign_out(phone)

    for _ in range(4):
        phone.page.go_back(wait_until="load")
        assert NAME not in phone.page.content(), phone.page.url
        assert "example.org" not in phone.page.content(), phone.page.url


def test_pages_of_a_person_are_never_stored(phone: Device):
    paths = ["/ar/", "/ar/my-learning/", "/ar/account/profile/", "/ar/account/data/", addresses(phone).home]
    stored = {}
    for path in paths:
        response = phone.page.goto(f"{phone.base_url}{path}")
        assert response is not None
        stored[path] = "no-store" in response.headers.get("cache-control", "")

    assert stored == dict.fromkeys(paths, True)


def test_next_person_starts_without_the_answers_of_the_first(phone: Device):
    attempt = phone.page.url
    sign_out(phone)

    sign_up(phone, name="سامي الجلاصي", email=new_address("second"), region="القصرين")
    with phone.expecting(404):
        response = phone.page.goto(attempt)
        assert response is not None
        assert response.status == 404
    phone.go(addresses(phone).quizzes[0])
    phone.press_and_arrive(START)

    assert phone.page.locator(".question input:checked").count() == 0
    assert phone.page.locator("ol.qnav .is-answered").count() == 0
    assert NAME not in phone.page.content()


def test_signing_out_ends_the_session_of_this_device_only(device: Devices):
    email = new_address("two-devices")
    first, second = device("ar", **PHONE), device("ar", **PHONE)
    sign_up(first, name=NAME, email=email, region="القصرين")
    sign_in(second, email, PASSWORD)

    sign_out(first)
    first.go("/ar/my-learning/")
    second.go("/ar/my-learning/")

    assert first.path == "/ar/accounts/login/"
    assert second.path == "/ar/my-learning/"
