"""The result that a certificate may print."""

import pytest

from courses.quizzes.domain.certifying import best_results
from courses.quizzes.models import Attempt
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_quiz, take_quiz

pytestmark = pytest.mark.django_db


def test_the_best_passed_attempt_counts_and_several_tests_are_averaged(course, django_assert_num_queries):
    learner, beginner = UserFactory(), UserFactory()
    first, second = make_quiz(course, "single_choice"), make_quiz(course, "single_choice", slug="second")
    attempts = [take_quiz(learner, quiz, wrong=wrong) for quiz in (first, second) for wrong in ((0,), ())]
    # At the first test both count; at the second one the better one isn't a pass.
    figures = ((80, True), (95, True), (99, False), (90, True))
    for attempt, (percent, passed) in zip(attempts, figures, strict=True):
        Attempt.objects.filter(pk=attempt.pk).update(percent=percent, passed=passed)
    none = take_quiz(beginner, first, wrong=(0,))

    with django_assert_num_queries(1):
        found = best_results([attempts[0].enrolment_id, none.enrolment_id], "fr")

    assert found == {attempts[0].enrolment_id: "92"}
