"""Passages with gaps and open answers on the learner's pages: asked, saved with and without a script, reviewed."""

import html
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from courses.quizzes.domain.marking import mark
from courses.quizzes.domain.queries import journal_of
from courses.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import choice_id, make_quiz, start_quiz, take_quiz


@pytest.fixture
def quiz(course):
    return make_quiz(course, "cloze", "open_answer")


@pytest.fixture
def attempt(client, quiz, learner):
    client.force_login(learner)
    return start_quiz(learner, quiz)


def url(name, attempt, *args, language="en"):
    path = reverse(f"quizzes:{name}", args=[attempt.uuid, *args])
    return f"/{language}/{path.split('/', 2)[2]}"


def text_of(response):
    return html.unescape(response.content.decode())


def value_of(attempt, position):
    key = attempt.paper["questions"][position - 1]["key"]
    return next((value for k, value in journal_of(attempt).answers.items() if str(k) == key), None)


def marked(quiz, attempt, first, second, comment=""):
    key = quiz.question_key(1)
    marks = {choice_id(key, 0): first, choice_id(key, 1): second}
    return mark(attempt.uuid, key, marks, comment, by=UserFactory(), at=timezone.now())


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_gaps_stand_in_the_passage_with_a_name_each_and_a_form_saves_them(client, attempt, quiz, language):
    asked = url("question", attempt, 1, language=language)
    page = text_of(client.get(asked))
    [passage] = re.findall(r'<div class="cloze".*?</div>', page, re.DOTALL)
    words = re.sub(r"<select.*?</select>|<[^>]+>", "|", passage, flags=re.DOTALL)
    assert re.sub(r"\|+", "|", words) == f"|Start {language} | then | and | days {language}.|"
    assert len(set(re.findall(r'aria-label="([^"]+)"', passage))) == 3
    assert re.findall(r'name="([^"]+)"', passage) == ["answer"] * 3
    option = re.findall(r'<option value="([^"]*)"', passage)[2]
    given = [option, "«كلمة»", "٣٠"]
    assert client.post(asked, {"answer": given}).status_code == 302
    assert value_of(attempt, 1) == [option, "«كلمة»", "30"]
    kept = text_of(client.get(asked))
    assert f'value="{option}" selected' in kept
    assert 'value="«كلمة»"' in kept
    assert client.post(asked, {"answer": ["", "", ""]}).status_code == 302
    assert value_of(attempt, 1) is None


def test_a_number_that_is_none_is_explained_and_nothing_is_lost(client, attempt):
    response = client.post(url("question", attempt, 1), {"answer": ["", "kept", "thirty"]})
    page = text_of(response)
    assert "a number in digits only" in page
    assert 'value="kept"' in page
    assert 'value="thirty"' in page
    assert page.count('aria-invalid="true"') == 3
    assert value_of(attempt, 1) is None


def test_the_script_sends_a_list_of_gaps_and_a_text(client, attempt):
    def send(position, sequence, value):
        entry = {
            "question": attempt.paper["questions"][position - 1]["key"],
            "device": "device-one",
            "sequence": sequence,
            "value": value,
        }
        return client.post(url("answers", attempt), json.dumps(entry), content_type="application/json").json()

    assert send(1, 1, ["", "", "30"])["saved"] is True
    assert value_of(attempt, 1) == [None, None, "30"]
    assert send(1, 2, ["", "", ""])["saved"] is True
    assert value_of(attempt, 1) is None
    long = "كلمة\n" * 999
    assert send(2, 3, long)["saved"] is True
    assert value_of(attempt, 2) == long.strip()
    refused = send(2, 4, "x" * 5001)
    assert (refused["error"], "5,000" in refused["message"]) == ("not_understood", True)
    assert value_of(attempt, 2) == long.strip()


def test_an_open_answer_keeps_its_lines(client, attempt):
    asked = url("question", attempt, 2)
    client.post(asked, {"answer": "  One\r\ntwo <b>\r\n"})
    assert value_of(attempt, 2) == "One\ntwo <b>"
    page = client.get(asked).content.decode()
    assert ">\nOne\ntwo &lt;b&gt;</textarea>" in page
    assert 'maxlength="5000"' in page
    # What it is marked by isn't told before.
    assert "Criterion" not in page
    assert not re.search("Word|accepted", client.get(url("question", attempt, 1)).content.decode())


def test_until_it_is_marked_nothing_of_the_result_is_told(client, quiz, learner):
    client.force_login(learner)
    attempt = take_quiz(learner, quiz)
    page = text_of(client.get(url("review", attempt)))
    assert "Your answers are submitted" in page
    assert "A trainer marks your open answer." in page
    assert "Declare it" in page
    for hidden in (
        "Not passed",
        "Passed",
        "choice--right",
        "choice--wrong",
        "Wrong",
        "Criterion",
        "Explanation",
        "%",
    ):
        assert hidden not in re.sub(r"<style.*?</style>", "", page.split("<main")[1].split("</main>")[0]), (
            hidden
        )
    intro = text_of(client.get(quiz.pages["en"].url))
    assert "A trainer is still marking your last attempt." in intro
    assert "To be marked" in intro
    assert client.post(url("submit", attempt)).headers["Location"].endswith("/review/")


def test_the_review_shows_points_and_comment_and_the_criteria_once_they_may_be_told(client, quiz, learner):
    client.force_login(learner)
    failed = take_quiz(learner, quiz, wrong=(0,))
    marked(quiz, failed, 1, 0, "Name the deadline.")
    page = text_of(client.get(url("review", failed)))
    assert "Not passed yet" in page
    assert "1 of 2 points" in page
    assert "0 of 3 points" in page
    assert "Name the deadline." in page
    assert "Criterion 0 en" not in page
    assert "Right answer" not in page

    passed = take_quiz(learner, quiz)
    assert marked(quiz, passed, 2, 3).passed
    page = text_of(client.get(url("review", passed)))
    assert "Criterion 0 en" in page
    assert "3 of 3 points" in page
    # Now the gaps of the failed attempt are told, too.
    earlier = text_of(client.get(url("review", failed)))
    assert earlier.count("choice--wrong") == 3
    assert "Right answer: <bdi>Word en</bdi>" in earlier


def test_practice_leaves_out_what_nobody_marks(client, course):
    quiz = make_quiz(course, "open_answer", "numeric")
    practice = f"/en/quizzes/{quiz.key}/practice/"
    page = text_of(client.get(practice))
    assert "1 question is marked by a trainer; practice leaves it out." in page
    assert "<textarea" not in page
    result = client.post(practice, {f"q-{quiz.question_key(1)}": "30"}).context["result"]
    assert (result.percent, result.waiting, Attempt.objects.count()) == (100, (), 0)
