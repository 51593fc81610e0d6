"""The end of a course: what the page and the result of its last quiz say."""

import pytest
from django.urls import reverse

from courses.plugin_api.registries import PageSlot, Slot, page_slots
from courses.quizzes.models import QuizPage
from tests.factories.courses import make_checklist, make_course
from tests.factories.progress import make_enrolment
from tests.factories.quizzes import make_quiz, take_quiz


@pytest.fixture
def course(site):
    """One module: a lesson, then the quiz that is the `quiz` of these tests, and a checklist behind it."""
    return make_course(site, modules=1, lessons=1)


@pytest.fixture
def last_quiz(course):
    quiz = make_quiz(course, "single_choice")
    make_checklist(course)
    return quiz


@pytest.fixture
def read(client, learner, course):
    """The learner, signed in, has read the lesson."""
    client.force_login(learner)
    make_enrolment(learner, course, done=1)
    return learner


def main_of(response):
    page = response.content.decode()
    return page[page.index("<main") : page.index("</main>")]


def review_of(attempt):
    return "/en" + reverse("quizzes:review", args=[attempt.uuid])[3:]


def test_the_last_pass_says_that_the_course_is_complete(client, last_quiz, read):
    review = main_of(client.get(review_of(take_quiz(read, last_quiz))))

    assert "Course complete" in review
    assert "You have completed this course." in review
    # The checklist can still be gone to, and isn't the main thing any more.
    assert review.count("btn--primary") <= 1
    assert '/my-association/">Continue</a>' in review


def test_a_pass_before_the_end_goes_on(client, course, last_quiz, read):
    make_quiz(course, "numeric", slug="more", title="More")

    review = main_of(client.get(review_of(take_quiz(read, last_quiz))))

    assert "Course complete" not in review
    assert 'class="btn btn--primary" href' in review
    assert review.count("btn--primary") == 1


def test_a_failed_attempt_speaks_of_nothing_else(client, last_quiz, read):
    review = main_of(client.get(review_of(take_quiz(read, last_quiz, wrong=(0,)))))

    assert "Course complete" not in review


def test_the_quiz_page_says_it_too(client, course, last_quiz, read):
    before = main_of(client.get(course.url(last_quiz.pages["en"])))
    take_quiz(read, last_quiz)

    after = main_of(client.get(course.url(last_quiz.pages["en"])))

    assert ("Course complete" in before, "Course complete" in after) == (False, True)
    assert after.count("btn--primary") <= 1


def test_whatever_is_in_the_slot_is_shown_under_a_pass(client, last_quiz, read):
    seen = []
    page_slots.register(
        PageSlot("probe", Slot.ACTIVITY_RESULT, "nothing.html", lambda request, page: seen.append(page)),
        origin="tests",
    )
    try:
        client.get(review_of(take_quiz(read, last_quiz)))
    finally:
        page_slots.unregister("probe")

    assert [page.pk for page in seen] == [last_quiz.pages["en"].pk]


def test_the_language_switch_leads_to_the_same_result(client, last_quiz, read):
    attempt = take_quiz(read, last_quiz)

    page = client.get(review_of(attempt)).content.decode()

    assert f'href="{review_of(attempt).replace("/en/", "/ar/")}"' in page


def test_a_quiz_that_is_gone_leaves_its_result_alone(client, last_quiz, read):
    attempt = take_quiz(read, last_quiz)
    QuizPage.objects.update(live=False)

    response = client.get(review_of(attempt))

    assert response.status_code == 200
    assert "Course complete" not in main_of(response)
