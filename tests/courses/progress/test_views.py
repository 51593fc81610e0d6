"""The learner's screens."""

import uuid

import pytest
from django.test import Client
from wagtail.models import Page

from courses.models import CoursePage, LessonPage
from courses.progress.models import ActivityCompletion, CourseProgress, Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.courses import make_course
from tests.factories.progress import ProgrammeFactory, make_enrolment


@pytest.fixture
def learner(regions, client):
    user = UserFactory(region=regions.kasserine)
    client.force_login(user)
    return user


def test_my_learning_asks_to_sign_in(client, db):
    response = client.get("/fr/my-learning/")

    assert response.status_code == 302
    assert response.url == "/fr/accounts/login/?next=/fr/my-learning/"


def test_my_learning_of_a_newcomer_shows_the_way_to_the_courses(client, learner, course):
    response = client.get("/fr/my-learning/")

    assert response.status_code == 200
    assert 'href="/fr/catalogue/"' in response.content.decode()


def test_enrolling_leads_to_the_first_lesson(client, learner, course):
    response = client.post(f"/ar/courses/{course.key}/enrol/")

    assert response.status_code == 302
    assert response.url == course.url(course.lessons["ar"][0])
    assert Enrolment.objects.get().locale == "ar"


@pytest.mark.parametrize("path", ["courses/{}/enrol/", "activities/{}/complete/"])
def test_records_are_written_by_post_alone(client, learner, course, path):
    assert client.get("/fr/" + path.format(course.key)).status_code == 405


@pytest.mark.parametrize("path", ["courses/{}/enrol/", "activities/{}/complete/"])
def test_an_unknown_key_is_not_found(client, learner, course, path):
    assert client.post("/fr/" + path.format(uuid.uuid4())).status_code == 404


def test_marking_a_lesson_enrols_records_and_goes_on(client, learner, course):
    response = client.post(f"/fr/activities/{course.lessons['fr'][0].translation_key}/complete/")

    assert response.status_code == 302
    assert response.url == course.url(course.lessons["fr"][1])
    assert ActivityCompletion.objects.get().enrolment.user == learner


def test_marking_the_last_lesson_leads_to_my_learning(client, learner, course):
    make_enrolment(learner, course, done=3)

    response = client.post(f"/fr/activities/{course.lessons['fr'][3].translation_key}/complete/")

    assert (response.status_code, response.url) == (302, "/fr/my-learning/")
    assert CourseProgress.objects.get().percent == 100


def test_the_lesson_that_completes_the_course_leads_to_my_learning_though_more_can_be_read(
    client, learner, course
):
    course.add_to_module(LessonPage, 1, title="More", slug="more", required=False)
    make_enrolment(learner, course, done=3)

    response = client.post(f"/en/activities/{course.lessons['en'][3].translation_key}/complete/", follow=True)
    again = client.post(f"/en/activities/{course.lessons['en'][3].translation_key}/complete/")

    assert response.redirect_chain == [("/en/my-learning/", 302)]
    assert response.content.decode().count("Course complete") >= 2
    # Marked once more, it goes on to what is left.
    assert again.url.endswith("/more/")


def test_the_page_of_a_complete_course_says_so(client, learner, course):
    make_enrolment(learner, course, done=4)

    page = client.get(course.url(course.pages["en"])).content.decode()

    assert "Course complete" in page
    assert 'href="/en/my-learning/"' in page


def test_an_invitation_link_puts_its_programme_on_the_enrolment(client, learner, course):
    ProgrammeFactory(code="UE-2026")

    response = client.get("/fr/join/ue-2026/jur/")
    client.post(f"/fr/courses/{course.key}/enrol/")

    assert response.url == course.url(course.pages["fr"])
    assert Enrolment.objects.get().programme == "UE-2026"


def test_an_invitation_counts_for_whoever_starts_by_marking_a_lesson(client, learner, course):
    ProgrammeFactory(code="UE-2026")
    client.get("/fr/join/ue-2026/jur/")
    client.post(f"/fr/activities/{course.lessons['fr'][0].translation_key}/complete/")

    assert Enrolment.objects.get().programme == "UE-2026"


@pytest.mark.parametrize(("hours", "programme"), [(1, "UE-2026"), (3, "")])
def test_an_invitation_that_a_visitor_followed_waits_two_hours_for_an_account(course, hours, programme):
    ProgrammeFactory(code="UE-2026")
    visitor = Client()
    visitor.get("/fr/join/ue-2026/jur/")
    session = visitor.session
    row = next(iter(session["programme"].values()))
    row["at"] -= hours * 3600
    session.save()
    visitor.force_login(UserFactory())

    visitor.post(f"/fr/courses/{course.key}/enrol/")

    assert Enrolment.objects.get().programme == programme


def test_an_invitation_is_only_for_the_person_who_followed_it(client, learner, course):
    ProgrammeFactory(code="UE-2026")
    client.get("/fr/join/ue-2026/jur/")
    session = client.session
    next(iter(session["programme"].values()))["person"] = UserFactory().pk
    session.save()

    client.post(f"/fr/courses/{course.key}/enrol/")

    assert Enrolment.objects.get().programme == ""


def test_an_invitation_to_an_unknown_course_is_not_found(client, course):
    assert client.get("/fr/join/ue-2026/none/").status_code == 404


def test_what_is_missing_is_named_and_linked(client, learner, course):
    make_enrolment(learner, course, done=3)

    content = client.get("/fr/my-learning/").content.decode()

    last = course.lessons["fr"][3]
    assert "75 %" in content
    assert f'href="{course.url(last)}"' in content


def test_a_sequential_course_locks_the_next_module_and_says_why(client, learner, site):
    course = make_course(site, sequential=True)
    make_enrolment(learner, course, done=1)
    locked = course.lessons["fr"][2]

    response = client.get(course.url(locked))

    assert response.status_code == 403
    assert "Module 1 fr" in response.content.decode()
    blocked = client.post(f"/fr/activities/{locked.translation_key}/complete/")
    assert (blocked.status_code, blocked.url) == (302, course.url(course.pages["fr"]))
    assert ActivityCompletion.objects.count() == 1


def test_a_sequential_course_can_be_read_by_those_who_keep_no_progress(client, site):
    course = make_course(site, sequential=True)

    assert client.get(course.url(course.lessons["fr"][3])).status_code == 200


def test_opening_a_lesson_is_where_the_learner_goes_on(client, learner, course):
    make_enrolment(learner, course)
    client.get(course.url(course.lessons["ar"][2]))

    content = client.get("/fr/my-learning/").content.decode()

    assert f'<a class="btn btn--primary" href="{course.url(course.lessons["fr"][2])}">' in content


def test_a_course_that_is_gone_stays_in_my_learning(client, learner, course):
    make_enrolment(learner, course, done=4)
    for page in course.pages.values():
        Page.objects.get(pk=page.pk).delete()

    response = client.get("/fr/my-learning/")

    assert response.status_code == 200
    assert "Course JUR fr" in response.content.decode()
    assert CoursePage.objects.count() == 0


def test_pages_of_signed_in_people_are_not_stored(client, learner, course):
    response = client.get(course.url(course.lessons["fr"][0]))

    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("courses", [1, 3])
def test_queries_of_my_learning_grow_by_the_course_only(
    client, learner, site, django_assert_num_queries, courses
):
    for number in range(courses):
        make_enrolment(learner, make_course(site, code=f"C{number}"), done=1)
    client.get("/fr/my-learning/")

    with django_assert_num_queries(7):
        assert client.get("/fr/my-learning/").status_code == 200
