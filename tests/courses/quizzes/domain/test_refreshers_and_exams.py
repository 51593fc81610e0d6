"""A refresher tells right answers: not those of questions that another quiz may still ask this person."""

from uuid import UUID

import pytest

from courses.quizzes.domain.attempts import submit
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.refreshers import may_be_told, open_refresher, schedule
from courses.quizzes.enums import ShownFrom
from courses.quizzes.models import Attempt, LearningObjective, Question, QuizPage
from tests.courses.quizzes.domain.test_refreshers import PASSED, WEEK, passed_at
from tests.factories.progress import begin_again
from tests.factories.quizzes import add_draw, make_question, make_quiz, take_quiz


def asked_in(attempt):
    return {UUID(row["key"]) for row in attempt.paper["questions"]}


@pytest.fixture
def shared(learner, course):
    """A passed quiz of three questions, one of which an exam names and one of which it may draw."""
    objective, drawn = (LearningObjective.objects.create(statement={"fr": name}) for name in "ab")
    named, free = (
        make_question("true_false", objective=objective),
        make_question("true_false", objective=objective),
    )
    other = make_question("true_false", objective=drawn)
    quiz = make_quiz(course, questions=[named, other, free])
    exam = make_quiz(course, slug="exam", questions=[named], pass_mark=50)
    add_draw(exam, 1, draw_objective=drawn)
    passed_at(take_quiz(learner, quiz))
    schedule(at=PASSED)
    return quiz, exam, free["fr"].translation_key


def test_what_an_exam_may_still_ask_is_not_asked_and_told(learner, shared):
    quiz, _exam, free = shared

    attempt = open_refresher(learner, quiz.key, locale="fr", at=WEEK)

    assert asked_in(attempt) == {free}
    assert Paper.load(attempt.paper).policy.show_verdicts == ShownFrom.AFTER


def test_after_the_exam_its_questions_come_too(learner, shared):
    quiz, exam, _free = shared
    passed_at(take_quiz(learner, exam))

    assert len(asked_in(open_refresher(learner, quiz.key, locale="fr", at=WEEK))) == 3


def test_an_exam_that_is_not_published_asks_nothing(learner, shared):
    quiz, exam, _free = shared
    QuizPage.objects.filter(translation_key=exam.key).update(live=False)

    assert len(asked_in(open_refresher(learner, quiz.key, locale="fr", at=WEEK))) == 3


def test_where_there_is_nothing_else_the_score_alone_is_told(learner, shared):
    quiz, _exam, free = shared
    Question.objects.filter(translation_key=free).update(retired=True)

    attempt = open_refresher(learner, quiz.key, locale="fr", at=WEEK)

    policy = Paper.load(attempt.paper).policy
    hidden = (policy.show_verdicts, policy.show_remarks, policy.show_answers, policy.show_explanations)
    assert (len(asked_in(attempt)), set(hidden)) == (2, {ShownFrom.NEVER})


def test_what_the_test_of_a_new_cycle_may_ask_is_not_told(learner, shared):
    quiz, exam, _free = shared
    passed_at(take_quiz(learner, exam))
    begin_again(learner, quiz.course, PASSED)

    policy = Paper.load(open_refresher(learner, quiz.key, locale="fr", at=WEEK).paper).policy

    assert (policy.show_verdicts, policy.show_answers) == (ShownFrom.NEVER, ShownFrom.NEVER)


def test_what_was_told_before_a_new_cycle_is_told_again_after_its_tests(
    client, learner, shared, django_assert_num_queries
):
    quiz, exam, _free = shared
    passed_at(take_quiz(learner, exam))
    attempt = submit(learner, open_refresher(learner, quiz.key, locale="fr", at=WEEK).uuid, at=WEEK)
    client.force_login(learner)
    address = f"/en/quizzes/attempts/{attempt.uuid}/review/"
    attempt = Attempt.objects.select_related("enrolment").get(pk=attempt.pk)

    def told():
        shown = b"Explanation en" in client.get(address).content
        assert shown is may_be_told(learner, attempt)
        return shown

    with django_assert_num_queries(1):
        may_be_told(learner, attempt)
    assert told()
    begin_again(learner, quiz.course, WEEK)
    with django_assert_num_queries(6):
        may_be_told(learner, attempt)
    assert not told()
    take_quiz(learner, quiz)
    assert not told()  # the exam may ask two of them
    take_quiz(learner, exam)
    assert told()


@pytest.mark.parametrize("others", [1, 3])
def test_opening_costs_the_same_for_one_other_quiz_and_for_three(
    learner, course, django_assert_num_queries, others
):
    questions = [make_question("true_false") for _ in range(3)]
    quiz = make_quiz(course, questions=questions)
    passed_at(take_quiz(learner, quiz))
    schedule(at=PASSED)
    for number in range(others):
        make_quiz(course, "numeric", slug=f"other-{number}")

    with django_assert_num_queries(20):
        open_refresher(learner, quiz.key, locale="fr", at=WEEK)
