"""How much time outages may give back, and until when somebody's may count."""

import pytest

from courses.quizzes.domain.clock import clock_of, outage_cap, over_for_all
from courses.quizzes.domain.refusals import Refusal
from tests.courses.quizzes.domain.test_clock import (
    CAP,
    SECOND,
    START,
    begin,
    minutes,
    refusal_of,
    save,
    seconds,
)
from tests.factories.quizzes import make_quiz


@pytest.mark.parametrize(
    ("given", "cap"),
    [(minutes(60), 600), (minutes(20), 600), (minutes(19), 570), (minutes(1), 30), (SECOND, 0), (-SECOND, 0)],
)
def test_outages_never_give_back_more_than_half_the_time(given, cap):
    assert outage_cap(given) == cap


def test_a_short_quiz_is_lengthened_by_half_at_most(course, learner):
    quiz = make_quiz(course, "numeric", "numeric", time_limit_minutes=4, grace_seconds=0)
    attempt = begin(learner, quiz)
    save(learner, attempt, quiz, START + minutes(3))
    over = START + minutes(6)
    assert refusal_of(
        lambda: save(learner, attempt, quiz, over + SECOND, raw="1", sequence=2, waited=900)
    ).reason == (Refusal.LATE)
    assert save(learner, attempt, quiz, over, raw="2", sequence=3, waited=900).ends_at == over


def test_a_running_attempt_keeps_the_cap_it_began_with(course, learner, settings):
    quiz = make_quiz(course, "numeric", "numeric", time_limit_minutes=60, grace_seconds=0)
    attempt = begin(learner, quiz)
    settings.QUIZ_OUTAGE_CAP_SECONDS = 0
    save(learner, attempt, quiz, START + minutes(50))
    assert save(
        learner, attempt, quiz, START + minutes(70), raw="2", sequence=2, waited=1200
    ).ends_at == START + minutes(70)


def test_an_attempt_from_before_the_cap_was_kept_has_that_of_the_setting(course, learner, settings):
    quiz = make_quiz(course, "numeric", time_limit_minutes=60, grace_seconds=0)
    attempt = begin(learner, quiz)
    assert attempt.paper["policy"].pop("outage_cap_seconds") == CAP
    assert clock_of(attempt).cap == CAP
    settings.QUIZ_OUTAGE_CAP_SECONDS = 120
    assert clock_of(attempt).cap == 120


def test_a_quiz_is_over_for_all_when_nobody_s_outage_can_count_any_more():
    assert over_for_all(START, 60) == START + seconds(60 + CAP)
    assert over_for_all(None, 60) is None
