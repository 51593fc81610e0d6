"""What course pages, quizzes and their results say of the certificate, from the first day to the download."""

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.certificates.domain.issue import issue_now
from courses.certificates.models import Certificate
from courses.progress.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending
from tests.factories.courses import make_course
from tests.factories.progress import make_enrolment
from tests.factories.quizzes import make_quiz, take_quiz

pytestmark = pytest.mark.django_db
UNCONFIRMED = {"certificate_name_confirmed_at": None}


@pytest.fixture
def learner(client):
    user = UserFactory(
        display_name="سلمى", certificate_name_latin="", certificate_name_arabic="سلمى بن علي", **UNCONFIRMED
    )
    client.force_login(user)
    return user


def main_of(response):
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_a_learner_under_way_reads_what_will_be_printed_and_which_script_is_missing(client, course, learner):
    make_enrolment(learner, course, done=1)

    for url in (course.url(course.pages["en"]), "/en/my-learning/"):
        said = main_of(client.get(url))
        assert "Your certificate will be printed as:" in said
        assert "سلمى بن علي" in said
        assert "No name in Latin letters is known" in said
        assert 'href="/en/account/certificate-name/?next=' in said
        assert 'action="/en/account/certificate-name/"' not in said


def test_who_isnt_enrolled_is_told_nothing(client, course, learner):
    assert "certificate-name" not in main_of(client.get(course.url(course.pages["en"])))


def test_the_page_of_a_quiz_tells_it_to_who_is_enrolled(client, course, learner):
    quiz = make_quiz(course, "single_choice")
    before = main_of(client.get(course.url(quiz.pages["en"])))
    make_enrolment(learner, course)

    after = main_of(client.get(course.url(quiz.pages["en"])))

    words = "Your certificate will be printed as:"
    assert (words in before, words in after) == (False, True)


@pytest.mark.parametrize("address", ["course", "my learning"])
def test_the_form_on_the_page_brings_the_certificate(
    client, course, learner, address, django_capture_on_commit_callbacks
):
    """The course is complete and the name unconfirmed: one form, one button, and the certificate is asked for."""
    make_enrolment(learner, course, done=4)
    url = course.url(course.pages["en"]) if address == "course" else "/en/my-learning/"
    waiting = main_of(client.get(url))
    assert "Confirm the name to be printed" in waiting
    assert waiting.count('action="/en/account/certificate-name/"') == 1
    assert waiting.count("btn--primary") == 1
    assert f'name="next" value="{url}"' in waiting

    with django_capture_on_commit_callbacks(execute=True):
        response = client.post(
            "/en/account/certificate-name/",
            {
                "certificate_name_latin": "Salma Ben Ali",
                "certificate_name_arabic": "سلمى بن علي",
                "next": url,
            },
        )

    assert response.url == url
    content = Certificate.objects.get().snapshot["content"]
    assert (content["holder_latin"], content["holder_arabic"]) == ("Salma Ben Ali", "سلمى بن علي")
    assert "Confirm the name to be printed" not in main_of(client.get(url))


def test_a_name_corrected_later_changes_no_certificate_that_was_asked_for(client, course, learner):
    learner.certificate_name_confirmed_at = timezone.now()
    learner.save()
    certificate = make_pending(learner, course)

    client.post("/en/account/certificate-name/", {"certificate_name_latin": "Another Name"})

    assert Certificate.objects.get().snapshot == certificate.snapshot


@pytest.mark.parametrize("state", ["name", "address", "being made", "ready"])
@pytest.mark.parametrize("place", ["result", "quiz", "course"])
def test_the_end_of_a_course_tells_the_state_of_the_certificate(client, site, learner, state, place):
    course = make_course(site, modules=1, lessons=1)
    quiz = make_quiz(course, "single_choice")
    if state != "name":
        learner.certificate_name_confirmed_at = timezone.now()
        learner.save()
    if state == "address":
        learner.emailaddress_set.update(verified=False)
    make_enrolment(learner, course, done=1)
    attempt = take_quiz(learner, quiz)
    if state == "ready":
        issue_now(Enrolment.objects.get().pk, timezone.now())
    url = {
        "result": "/en" + reverse("quizzes:review", args=[attempt.uuid])[3:],
        "quiz": course.url(quiz.pages["en"]),
        "course": course.url(course.pages["en"]),
    }[place]

    said = main_of(client.get(url))

    assert "Course complete" in said
    assert {
        "name": "Confirm the name to be printed",
        "address": "your e-mail address isn&#x27;t confirmed",
        "being made": "Being made",
        "ready": "Download (PDF)",
    }[state] in said
    assert said.count("btn--primary") == (1 if state in ("name", "ready") else 0)
