"""The result of several attempts, and which completes the quiz."""

from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.progress.models import ActivityCompletion
from courses.quizzes.domain.attempts import Refusal, Refused
from courses.quizzes.domain.results import NOTHING, Result, passed_at, result_of
from courses.quizzes.domain.standing import standing_of
from courses.quizzes.domain.sweep import heal_completions
from courses.quizzes.enums import ResultRule
from courses.quizzes.models import Attempt
from tests.factories.quizzes import make_quiz, start_quiz, take_quiz


@dataclass(frozen=True)
class Try:
    """A graded attempt of 90 points; `missed`: a critical objective, so that its score alone doesn't pass it."""

    score: Fraction
    missed: bool = False
    pass_mark: int = 70
    max_points: int = 90

    @property
    def score_num(self):
        return self.score.numerator

    @property
    def score_den(self):
        return self.score.denominator

    @property
    def percent(self):
        return int(self.score * 100 / self.max_points)

    @property
    def passed(self):
        return not self.missed and self.score * 100 >= self.pass_mark * self.max_points


def tries(*points):
    return [Try(Fraction(point)) for point in points]


@pytest.mark.parametrize(
    ("rule", "passed", "percent"),
    [
        (ResultRule.HIGHEST, True, 100),
        (ResultRule.LATEST, False, 50),
        (ResultRule.FIRST, False, 33),
        (ResultRule.AVERAGE, False, 61),  # 183.3… / 3 = 61.1…
    ],
)
def test_each_rule(rule, passed, percent):
    assert result_of(tries(30, 90, 45), rule) == Result(passed, percent)


@pytest.mark.parametrize("rule", ResultRule.values)
def test_nothing_was_passed_where_nothing_was_tried(rule):
    assert (result_of([], rule), passed_at([], rule)) == (NOTHING, None)


def test_the_average_is_of_exact_scores_and_rounded_down():
    third = Fraction(90, 3)
    assert result_of([Try(third), Try(third), Try(90 - third)], ResultRule.AVERAGE).percent == 44


def test_the_average_passes_where_one_attempt_passed_by_itself():
    assert result_of([Try(Fraction(90), missed=True), Try(Fraction(60))], ResultRule.AVERAGE) == (False, 83)
    assert result_of([Try(Fraction(90)), Try(Fraction(60), missed=True)], ResultRule.AVERAGE) == (True, 83)


def test_passed_at_names_the_attempt_that_made_the_result_pass():
    attempts = tries(30, 90, 90, 10)
    assert passed_at(attempts, ResultRule.HIGHEST) is attempts[1]
    assert passed_at(attempts, ResultRule.AVERAGE) is attempts[2]
    assert passed_at(attempts, ResultRule.LATEST) is attempts[1]
    assert passed_at(attempts, ResultRule.FIRST) is None


scores = st.builds(Try, st.fractions(0, 90, max_denominator=12), st.booleans())


@settings(max_examples=80, deadline=None)
@given(st.lists(scores, min_size=1, max_size=5), st.sampled_from(ResultRule.values))
def test_a_result_lies_between_its_attempts_and_never_passes_without_one(attempts, rule):
    result = result_of(attempts, rule)
    percents = [attempt.percent for attempt in attempts]
    assert min(percents) <= result.percent <= max(percents)
    assert not result.passed or any(attempt.passed for attempt in attempts)


@settings(max_examples=40, deadline=None)
@given(st.lists(scores, min_size=1, max_size=4), st.randoms(use_true_random=False))
def test_the_order_matters_to_first_and_latest_alone(attempts, random):
    mixed = random.sample(attempts, len(attempts))
    for rule in (ResultRule.HIGHEST, ResultRule.AVERAGE):
        assert result_of(mixed, rule) == result_of(attempts, rule)


# Through the verbs


def two_questions(course, rule):
    return make_quiz(course, "numeric", "numeric", pass_mark=70, result_rule=rule, slug=f"quiz-{rule}")


def standing(attempt, quiz):
    return standing_of(attempt.enrolment, quiz.key, quiz.pages["fr"], at=timezone.now())


def test_an_average_completes_the_quiz_with_the_attempt_that_reaches_it(course, learner):
    quiz = two_questions(course, ResultRule.AVERAGE)
    take_quiz(learner, quiz, wrong=(0, 1))
    second = take_quiz(learner, quiz)
    assert (second.passed, standing(second, quiz).result, ActivityCompletion.objects.count()) == (
        True,
        (False, 50),
        0,
    )
    assert standing(second, quiz).may_start
    for _ in range(2):
        last = take_quiz(learner, quiz)
    assert standing(last, quiz).result == (True, 75)
    assert ActivityCompletion.objects.get().evidence == last.uuid
    with pytest.raises(Refused) as refused:
        start_quiz(learner, quiz)
    assert refused.value.reason == Refusal.ALREADY_PASSED


def test_the_first_attempt_alone_counts_where_the_quiz_says_so(course, learner):
    quiz = two_questions(course, ResultRule.FIRST)
    take_quiz(learner, quiz, wrong=(0,))
    second = take_quiz(learner, quiz)
    assert (standing(second, quiz).passed, ActivityCompletion.objects.count()) == (False, 0)


def test_a_recorded_completion_stays_whatever_the_rule_becomes(course, learner):
    quiz = two_questions(course, ResultRule.HIGHEST)
    take_quiz(learner, quiz, wrong=(0,))
    passed = take_quiz(learner, quiz)
    quiz.pages["fr"].result_rule = ResultRule.FIRST
    assert standing(passed, quiz).passed is True


def test_a_lost_completion_is_healed_by_the_rule(course, learner):
    average, first = two_questions(course, ResultRule.AVERAGE), two_questions(course, ResultRule.FIRST)
    take_quiz(learner, average, wrong=(0,))
    proof = take_quiz(learner, average)
    take_quiz(learner, first, wrong=(0,))
    take_quiz(learner, first)
    ActivityCompletion.objects.all().delete()
    at = timezone.now() + timedelta(seconds=1)
    assert heal_completions(at=at) == [proof.uuid]
    assert heal_completions(at=at) == []
    assert Attempt.objects.filter(passed=True).count() == 2
