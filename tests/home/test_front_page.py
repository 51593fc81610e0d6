"""The front page, for a stranger and for a learner in the middle of a course."""

import pytest

from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_a_stranger_is_led_to_the_courses(client, course):
    content = client.get("/fr/").content.decode()

    assert '<a class="btn btn--primary" href="/fr/catalogue/">' in content
    assert "next-step" not in content


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_the_published_courses_of_the_language_stand_on_it(client, course, language):
    content = client.get(f"/{language}/").content.decode()

    assert f"Course JUR {language}" in content
    assert content.count('<li class="card">') == 1


def test_an_unpublished_course_is_not_shown(client, course):
    course.pages["fr"].unpublish()

    assert "front-courses-title" not in client.get("/fr/").content.decode()


@pytest.mark.needs_plugin("courses.progress")
def test_a_learner_finds_the_next_step_first(client, course, regions):
    from tests.factories.progress import make_enrolment

    user = UserFactory(region=regions.kasserine)
    make_enrolment(user, course, done=1)
    client.force_login(user)

    content = client.get("/fr/").content.decode()

    assert f'<a class="btn btn--primary" href="{course.url(course.lessons["fr"][1])}">' in content
    assert content.count("btn--primary") == 1


@pytest.mark.needs_plugin("courses.progress")
def test_whoever_completed_everything_sees_the_front_page_alone(client, course, regions):
    from tests.factories.progress import make_enrolment

    user = UserFactory(region=regions.kasserine)
    make_enrolment(user, course, done=4)
    client.force_login(user)

    assert "next-step" not in client.get("/fr/").content.decode()
