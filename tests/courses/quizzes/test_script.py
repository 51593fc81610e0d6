"""The script of answers: what it weighs, and where it is asked for."""

import gzip
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from courses.accounts.models import User
from tests.factories.quizzes import QuizTree, start_quiz, take_quiz

SCRIPTS = ("courses_quizzes/answers.js", "site/js/unsent.js")
MOST = 8 * 1024


def test_the_scripts_are_light():
    weight = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in SCRIPTS)

    assert weight <= MOST


def test_pages_of_the_learner_send_what_the_device_kept(client: Client, learner: User, quiz: QuizTree):
    client.force_login(learner)
    submitted = take_quiz(learner, quiz, wrong=(0, 1, 2))
    attempt = start_quiz(learner, quiz)
    pages = {
        "question": reverse("quizzes:question", args=[attempt.uuid, 1]),
        "summary": reverse("quizzes:summary", args=[attempt.uuid]),
        "review": reverse("quizzes:review", args=[submitted.uuid]),
        "quiz": quiz.course.url(quiz.pages["fr"]),
        "my learning": reverse("progress:my_learning"),
    }

    bodies = {name: client.get(path).content.decode() for name, path in pages.items()}

    for name, body in bodies.items():
        assert body.count("data-save-status") == 1, name
        assert body.count("courses_quizzes/answers.js") == 1, name
        assert 'data-store="/static/site/js/unsent.js"' in body, name
    assert f'data-attempt="{attempt.uuid}"' in bodies["question"]
    assert "data-attempt" not in bodies["my learning"]


@pytest.mark.parametrize("signed_in", [True, False])
def test_signing_out_is_guarded_on_every_page_of_a_person(
    client: Client, learner: User, signed_in: bool, quiz: QuizTree
):
    if signed_in:
        client.force_login(learner)

    body = client.get(quiz.course.url(quiz.pages["fr"])).content.decode()

    assert ("data-sign-out=" in body) is signed_in
    assert ("courses_quizzes/answers.js" in body) is signed_in
