"""What the admin says before quizzes and questions with attempts are deleted."""

import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.models import Page
from wagtail.users.models import UserProfile

from courses.models import ModulePage
from courses.quizzes.models import Attempt, QuizPage
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.quizzes import make_question, make_quiz, start_quiz, take_quiz


@pytest.fixture
def admin_client(client, course):
    administrator = make_administrator()
    UserProfile.objects.create(user=administrator, preferred_language="en")
    client.force_login(administrator)
    return client


@pytest.fixture
def tried(course):
    """A required quiz with two submitted attempts and one that is running."""
    quiz = make_quiz(course, "numeric")
    take_quiz(UserFactory(), quiz)
    take_quiz(UserFactory(), quiz, wrong=(0,))
    start_quiz(UserFactory(), quiz)
    return quiz


def warnings(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def shown(response) -> str:
    return " ".join(response.content.decode().split())


def delete_url(page: Page) -> str:
    return reverse("wagtailadmin_pages:delete", args=[page.pk])


def test_deleting_a_quiz_warns_of_its_attempts_and_of_learners_in_progress(admin_client, tried):
    page = shown(admin_client.get(delete_url(tried.pages["fr"])))

    assert "3 attempts were made. Their results stay, and so do certificates already issued." in page
    assert "1 attempt isn&#x27;t submitted yet: its answers stay, but no page leads to it any more." in page
    assert "It is required, and 3 learners are in the middle of the course:" in page

    assert admin_client.post(delete_url(tried.pages["fr"])).status_code == 302
    assert (QuizPage.objects.filter(pk=tried.pages["fr"].pk).exists(), Attempt.objects.count()) == (False, 3)


def test_the_warning_stands_above_modules_too_and_speaks_of_the_language_that_goes(admin_client, tried):
    module = tried.course.modules["fr"][0]
    whole = shown(admin_client.get(delete_url(tried.course.pages["fr"])))
    assert "3 attempts were made." in shown(admin_client.get(delete_url(module)))
    # Without its course nobody is in the middle of it.
    assert ("3 attempts were made." in whole, "It is required" in whole) == (True, False)

    arabic = shown(admin_client.get(delete_url(tried.pages["ar"])))
    assert "The quiz goes on in its other languages." in arabic
    assert ("It is required" in arabic, "no page leads" in arabic) == (False, False)


def test_an_optional_or_untried_quiz_warns_of_no_more_than_is_true(admin_client, course):
    optional = make_quiz(course, "numeric", required=False, slug="optional")
    assert not re.search(r"attempts? w", shown(admin_client.get(delete_url(optional.pages["fr"]))))
    take_quiz(UserFactory(), optional)
    page = shown(admin_client.get(delete_url(optional.pages["fr"])))
    assert ("1 attempt was made. Its result stays" in page, "It is required" in page) == (True, False)


def test_what_was_tried_is_not_deleted_from_a_list(admin_client, tried):
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    module = tried.course.modules["fr"][0]

    response = admin_client.post(f"{url}?id={module.pk}", {"wagtail_site_name": "x"})

    assert response.status_code == 302
    assert ModulePage.objects.filter(pk=module.pk).exists()
    assert warnings(response)[-1] == "Nothing was deleted: delete pages with such quizzes one by one."


def test_deleting_a_question_warns_of_its_attempts(admin_client, tried):
    question = tried.questions[0]["fr"]
    untried = make_question("numeric")["fr"]
    url = "/admin/snippets/courses_quizzes/question/delete/{}/"

    assert "was asked in 3 attempts. The attempts, their answers and their results stay." in shown(
        admin_client.get(url.format(question.pk))
    )
    assert "was asked in" not in shown(admin_client.get(url.format(untried.pk)))
