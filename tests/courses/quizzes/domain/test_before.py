from datetime import UTC, datetime, timedelta

import pytest
from django.utils.translation import gettext

from courses.progress.domain.recording import enrol
from courses.progress.models import ActivityCompletion
from courses.quizzes.domain.attempts import save_answer, start, submit
from courses.quizzes.domain.before import NotOffered, before_form_of, start_before
from courses.quizzes.domain.overview import overview_of
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.queries import attempts_at
from courses.quizzes.domain.refusals import Refused
from courses.quizzes.enums import AttemptPurpose, ShownFrom
from courses.quizzes.models import QuizItem, QuizPage
from tests.factories.quizzes import add_draw, make_objective, make_quiz

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)


@pytest.fixture
def quiz(course):
    return make_quiz(course, "true_false", "numeric", before_form=True, time_limit_minutes=20)


@pytest.fixture
def enrolment(learner, quiz):
    return enrol(learner, quiz.course.key, locale="fr", at=AT)


def answered(user, attempt, quiz, *numbers):
    for number in numbers:
        save_answer(user, attempt.uuid, quiz.question_key(number), quiz.right(number), at=AT)
    return submit(user, attempt.uuid, at=AT)


def test_it_counts_for_nothing(learner, quiz, enrolment):
    attempt = start_before(enrolment, quiz.key, locale="ar", at=AT)

    done = answered(learner, attempt, quiz, 0, 1)

    assert (done.purpose, done.percent, done.locale) == (AttemptPurpose.BEFORE, 100, "ar")
    assert not ActivityCompletion.objects.exists()
    assert not attempts_at(enrolment, quiz.key).exists()
    assert start(enrolment, quiz.key, locale="fr", at=AT).number == 1


def test_it_has_no_time_limit_and_tells_its_score_alone(quiz, enrolment):
    attempt = start_before(enrolment, quiz.key, locale="fr", at=AT)

    policy = Paper.load(attempt.paper).policy
    assert (attempt.deadline_at, policy.time_limit_minutes) == (None, 0)
    assert policy.show_score == ShownFrom.AFTER
    hidden = (policy.show_verdicts, policy.show_remarks, policy.show_answers, policy.show_explanations)
    assert set(hidden) == {ShownFrom.NEVER}


def test_it_has_no_other_rule_of_the_test_and_looks_like_it(course, learner):
    rules = {"forward_only": True, "penalty_percent": 50, "feedback_mode": "interactive", "layout": "all"}
    quiz = make_quiz(course, "true_false", slug="ruled", before_form=True, **rules)
    enrolment = enrol(learner, quiz.course.key, locale="fr", at=AT)

    policy = Paper.load(start_before(enrolment, quiz.key, locale="fr", at=AT).paper).policy

    assert (policy.forward_only, policy.penalty_percent) == (False, 0)
    assert (policy.feedback_mode, policy.layout) == ("after", "all")


def test_of_a_quiz_that_draws_nothing_it_asks_the_same_and_the_editor_says_so(quiz, enrolment):
    before = start_before(enrolment, quiz.key, locale="fr", at=AT)
    test = start(enrolment, quiz.key, locale="fr", at=AT)

    assert [row["key"] for row in before.paper["questions"]] == [
        row["key"] for row in test.paper["questions"]
    ]
    same = gettext("The test asks the same questions as its form before the course: nothing is drawn.")
    assert same in {advice.words for advice in overview_of(quiz.pages["fr"]).warnings}
    add_draw(quiz, 1, draw_objective=make_objective())
    assert same not in {advice.words for advice in overview_of(quiz.pages["fr"]).warnings}


def test_starting_twice_goes_on_with_the_same_one(quiz, enrolment):
    first = start_before(enrolment, quiz.key, locale="fr", at=AT)

    assert start_before(enrolment, quiz.key, locale="fr", at=AT) == first
    assert before_form_of(enrolment, quiz.pages["fr"]).running


def test_it_can_be_taken_once(learner, quiz, enrolment):
    answered(learner, start_before(enrolment, quiz.key, locale="fr", at=AT), quiz, 0)

    form = before_form_of(enrolment, quiz.pages["fr"])
    assert (form.offered, form.percent) == (False, 50)
    with pytest.raises(NotOffered):
        start_before(enrolment, quiz.key, locale="fr", at=AT)


def test_not_once_the_test_was_begun(quiz, enrolment):
    start_before(enrolment, quiz.key, locale="fr", at=AT)
    start(enrolment, quiz.key, locale="fr", at=AT)

    form = before_form_of(enrolment, quiz.pages["fr"])
    assert (form.offered, form.running, form.percent) == (False, False, None)
    with pytest.raises(NotOffered):
        start_before(enrolment, quiz.key, locale="fr", at=AT)


def test_not_of_a_quiz_without_one_nor_of_one_that_asks_nothing(course, quiz, enrolment):
    without = make_quiz(course, "true_false", slug="without")
    QuizItem.objects.filter(page__translation_key=quiz.key).delete()

    for key in (without.key, quiz.key):
        with pytest.raises(NotOffered):
            start_before(enrolment, key, locale="fr", at=AT)


def test_looking_costs_two_queries_at_most(quiz, enrolment, django_assert_num_queries):
    with django_assert_num_queries(2):
        before_form_of(enrolment, quiz.pages["fr"])
    with django_assert_num_queries(0):
        assert before_form_of(None, quiz.pages["fr"]).offered


def test_the_test_ends_a_form_that_was_left_open(learner, quiz, enrolment):
    form = start_before(enrolment, quiz.key, locale="fr", at=AT)
    save_answer(learner, form.uuid, quiz.question_key(0), quiz.right(0), at=AT)

    start(enrolment, quiz.key, locale="fr", at=AT)

    form.refresh_from_db()
    assert (form.is_submitted, form.percent) == (True, 50)
    # Nothing that the test teaches comes into it.
    with pytest.raises(Refused):
        save_answer(learner, form.uuid, quiz.question_key(1), quiz.right(1), at=AT)


@pytest.mark.parametrize("field", ["opens_at", "closes_at"])
def test_it_waits_for_the_opening_and_ends_with_the_closing(quiz, enrolment, field):
    shift = timedelta(hours=1 if field == "opens_at" else -1)
    QuizPage.objects.update(**{field: AT + shift})

    with pytest.raises(NotOffered):
        start_before(enrolment, quiz.key, locale="fr", at=AT)
