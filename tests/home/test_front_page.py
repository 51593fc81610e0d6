"""The front page, for a stranger and for a learner in the middle of a course."""

import pytest

from tests.factories.accounts import UserFactory
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


def test_a_stranger_is_led_to_the_courses(client, course):
    content = client.get("/fr/").content.decode()

    assert '<a class="btn btn--primary" href="/fr/catalogue/">' in content
    assert "next-step" not in content


def test_a_learner_finds_the_next_step_first(client, course, regions):
    user = UserFactory(region=regions.kasserine)
    make_enrolment(user, course, done=1)
    client.force_login(user)

    content = client.get("/fr/").content.decode()

    assert f'<a class="btn btn--primary" href="{course.url(course.lessons["fr"][1])}">' in content
    assert content.count("btn--primary") == 1


def test_whoever_completed_everything_sees_the_front_page_alone(client, course, regions):
    user = UserFactory(region=regions.kasserine)
    make_enrolment(user, course, done=4)
    client.force_login(user)

    assert "next-step" not in client.get("/fr/").content.decode()
