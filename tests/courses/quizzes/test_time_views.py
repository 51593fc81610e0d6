"""Timed quizzes on the screen: the introduction, the start, the time left, what comes late."""

import html
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from courses.quizzes.models import AnswerEntry, Attempt, QuizPage
from tests.courses.quizzes.test_views import url
from tests.factories.quizzes import make_quiz, start_quiz, take_quiz

MINUTE = timedelta(minutes=1)


@pytest.fixture
def timed(client, course, learner):
    client.force_login(learner)
    return make_quiz(course, "numeric", "numeric", time_limit_minutes=30)


def page_of(client, quiz, language="en"):
    response = client.get(quiz.course.url(quiz.pages[language]))
    return html.unescape(response.content.decode()).replace("\u00a0", " ")


def start_by_form(client, quiz, **posted):
    return client.post(f"/en/quizzes/{quiz.key}/start/", posted)


def shift(attempt, by):
    """The attempt as if it had begun so much earlier."""
    Attempt.objects.filter(pk=attempt.pk).update(
        started_at=attempt.started_at - by, deadline_at=attempt.deadline_at - by
    )


def send(client, quiz, attempt, **changes):
    entry = {"question": str(quiz.question_key(0)), "device": "device-one", "sequence": 1, "value": "30"}
    return client.post(url("answers", attempt), json.dumps(entry | changes), content_type="application/json")


def test_the_introduction_offers_more_time_before_the_start(client, timed):
    page = page_of(client, timed)
    for words in ("Time to answer: 30 minutes", "How much time do you want?", "1 hour", "5 hours"):
        assert words in page
    assert [f'value="{times}"' in page for times in (1, 2, 5, 10)] == [True] * 4
    QuizPage.objects.update(extendable=False)
    page = page_of(client, timed)
    assert ("You have 30 minutes from the start." in page, "How much time" in page) == (True, False)


@pytest.mark.parametrize(
    ("posted", "minutes"),
    [({"extension": "2"}, 60), ({}, 30), ({"extension": "3"}, 30), ({"extension": "junk"}, 30)],
)
def test_the_start_takes_what_was_chosen_and_nothing_else(client, timed, posted, minutes):
    assert start_by_form(client, timed, **posted).status_code == 302
    attempt = Attempt.objects.get()
    assert attempt.deadline_at == attempt.started_at + minutes * MINUTE


def test_the_introduction_and_the_start_say_from_when_on_one_may_begin(client, course, learner):
    client.force_login(learner)
    at = timezone.now()
    for fields, words, reason in [
        ({"opens_at": at + 60 * MINUTE}, "This quiz opens on", "not_open_yet"),
        ({"opens_at": at - 60 * MINUTE, "closes_at": at - MINUTE}, "has been closed since", "closed"),
        ({"delay_minutes": 90}, "The next attempt is possible from", "too_soon"),
    ]:
        quiz = make_quiz(course, "numeric", slug=f"quiz-{reason}", **fields)
        if reason == "too_soon":
            take_quiz(learner, quiz, wrong=(0,))
        before = Attempt.objects.count()
        page = page_of(client, quiz)
        assert (words in page, "/start/" in page) == (True, False)
        shown = client.post(f"/en/quizzes/{quiz.key}/start/", follow=True)
        assert words in html.unescape(shown.content.decode())
        assert Attempt.objects.count() == before


def test_nobody_practises_before_the_opening(client, course):
    quiz = make_quiz(course, "numeric", opens_at=timezone.now() + 60 * MINUTE)
    assert "/practice/" not in page_of(client, quiz)
    assert client.get(f"/en/quizzes/{quiz.key}/practice/").status_code == 404


def test_the_pages_of_an_attempt_tell_the_time_without_a_script(client, timed, learner):
    attempt = start_quiz(learner, timed)
    ends = timezone.localtime(attempt.deadline_at)
    for name, args in (("question", (1,)), ("summary", ())):
        page = client.get(url(name, attempt, *args, language="en")).content.decode()
        assert f"{ends:%H:%M}" in page
        assert 'role="timer" aria-live="off"' in page
        assert page.count("data-time-left") == 1


def test_without_a_limit_nothing_is_said_of_time(client, quiz, learner):
    client.force_login(learner)
    attempt = start_quiz(learner, quiz)
    assert "data-time-left" not in client.get(url("question", attempt, 1)).content.decode()
    assert "seconds_left" not in send(client, quiz, attempt, question=str(quiz.question_key(3))).json()


def test_a_receipt_tells_the_time_that_is_left_with_what_was_given_back(client, timed, learner):
    attempt = start_quiz(learner, timed)
    shift(attempt, 10 * MINUTE)
    reply = send(client, timed, attempt, waited=240_000).json()
    assert (reply["saved"], 1430 < reply["seconds_left"] <= 1440) == (True, True)
    again = send(client, timed, attempt, waited=240_000).json()
    assert (again["repeated"], again["seconds_left"] <= reply["seconds_left"]) == (True, True)


@pytest.mark.parametrize("waited", [None, True, "9", -1, 1.5, 10**30, [], {}])
def test_a_time_of_waiting_that_makes_no_sense_loses_no_answer(client, timed, learner, waited):
    attempt = start_quiz(learner, timed)
    assert send(client, timed, attempt, waited=waited).status_code == 200
    attempt.refresh_from_db()
    assert attempt.credited_seconds <= 1


def test_after_the_time_pages_lead_to_submitting_and_answers_are_refused_in_words(client, timed, learner):
    attempt = start_quiz(learner, timed)
    send(client, timed, attempt)
    shift(attempt, 32 * MINUTE)
    reply = send(client, timed, attempt, value="31", sequence=2)
    assert (reply.status_code, reply.json()["error"]) == (409, "late")
    assert reply.json()["message"]
    summary = url("summary", attempt, language="en")
    for name, args in (("question", (1,)), ("attempt", ())):
        found = client.get(url(name, attempt, *args, language="en"))
        assert (found.status_code, found["Location"]) == (302, summary)
    page = html.unescape(client.get(summary).content.decode())
    assert ("The time is over." in page, "Go back to the questions" in page) == (True, False)
    posted = client.post(url("question", attempt, 2, language="en"), {"answer": "30"}, follow=True)
    assert "came after the time was over" in html.unescape(posted.content.decode())
    assert AnswerEntry.objects.filter(late=True).exists()
    assert "The time is over." in page_of(client, timed)
    review = client.post(url("submit", attempt, language="en"), follow=True)
    assert "what had been saved in time was submitted" in html.unescape(review.content.decode())
    assert Attempt.objects.get().percent == 50


def test_reading_a_page_never_submits(client, timed, learner):
    attempt = start_quiz(learner, timed)
    shift(attempt, 300 * MINUTE)
    for name, args in (("question", (1,)), ("attempt", ()), ("summary", ())):
        client.get(url(name, attempt, *args), follow=True)
    page_of(client, timed)
    attempt.refresh_from_db()
    assert attempt.is_submitted is False
    start_by_form(client, timed)
    attempt.refresh_from_db()
    assert (attempt.is_submitted, Attempt.objects.count()) == (True, 1)
