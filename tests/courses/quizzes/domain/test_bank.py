"""State, versions and usage of questions, as the bank tells them."""

from datetime import UTC, datetime

import pytest

from courses.quizzes.domain.bank import (
    QuestionState,
    QuizUse,
    Usage,
    stale_only,
    state_of,
    usage_of,
    versions_of,
    with_state,
)
from courses.quizzes.domain.categories import category_tree, subtree
from courses.quizzes.domain.quiz_figures import FORMAT
from courses.quizzes.domain.second_reader import submit_for_review
from courses.quizzes.models import LearningObjective, Question, QuestionCategory, QuizItem, QuizStatistic
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.quizzes import make_question, make_quiz, start_quiz

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


def test_the_state_is_what_the_records_say(locales, trainer):
    question = make_question("numeric", languages=("fr",), live=False)["fr"]
    assert state_of(question) == QuestionState.DRAFT

    submit_for_review([question], by=trainer)
    assert state_of(question) == QuestionState.IN_REVIEW

    question.refresh_from_db()
    question.current_workflow_task_state.approve(user=make_administrator())
    assert state_of(question) == QuestionState.APPROVED

    # A changed version waits: the published one goes on being asked.
    question.refresh_from_db()
    question.stem = "Changed"
    question.save_revision()
    assert state_of(question) == QuestionState.APPROVED

    Question.objects.filter(pk=question.pk).update(retired=True)
    assert state_of(question) == QuestionState.RETIRED


def test_a_version_is_a_publication_and_attempts_hold_theirs(course):
    quiz = make_quiz(course, "numeric")
    question = quiz.questions[0]["fr"]
    question.save_revision().publish()
    start_quiz(UserFactory(), quiz)
    question.refresh_from_db()
    question.save_revision()  # a draft that nobody publishes
    question.get_latest_revision().publish()
    start_quiz(UserFactory(), quiz)
    start_quiz(UserFactory(), quiz)

    found = versions_of(question)
    assert [(version.number, version.attempts) for version in found] == [(2, 2), (1, 1)]
    assert found[0].revision == question.get_latest_revision().pk


def test_the_tree_of_categories():
    law = QuestionCategory.objects.create(name="Law")
    bank = QuestionCategory.objects.create(name="Bank", parent=law)
    cheques = QuestionCategory.objects.create(name="Cheques", parent=bank)
    accounts = QuestionCategory.objects.create(name="Accounts")

    assert [str(row) for row in category_tree()] == ["Accounts", "Law", "Law › Bank", "Law › Bank › Cheques"]
    assert subtree(law.pk) == {law.pk, bank.pk, cheques.pk}
    assert subtree(cheques.pk) == {cheques.pk}
    assert subtree(accounts.pk + 99) == set()


def test_usage_names_quizzes_that_ask_a_question_or_may_draw_it(course):
    law = QuestionCategory.objects.create(name="Law")
    bank = QuestionCategory.objects.create(name="Bank", parent=law)
    objective = LearningObjective.objects.create(statement={"fr": "Payer"})
    asked, drawn, other, retired = (
        make_question("numeric", category=category, objective=objective, retired=gone)
        for category, gone in ((None, False), (bank, False), (None, False), (bank, True))
    )
    drawn["fr"].tags.add("Cheque")
    quiz = make_quiz(course, questions=[asked], title="Fixed")
    pool = make_quiz(course, questions=[], title="Drawn", slug="drawn")
    for page in pool.pages.values():
        QuizItem.objects.create(
            page=page, draw_count=1, draw_category=law, draw_objective=objective, draw_tag="cheque"
        )
    keys = [variants["fr"].translation_key for variants in (asked, drawn, other, retired)]

    found = usage_of(keys)

    assert [found[key].quizzes for key in keys] == [
        (QuizUse(quiz.pages["fr"].pk, quiz.pages["fr"].title, False),),
        (QuizUse(pool.pages["fr"].pk, pool.pages["fr"].title, True),),
        (),
        (),
    ]


def test_facility_is_that_of_the_version_of_today_over_all_quizzes(locales):
    question = make_question("numeric")["fr"]
    key = str(question.translation_key)

    def figures(asked, facility, current=True):
        row = {"key": key, "current": current, "asked": asked, "facility": facility}
        QuizStatistic.objects.create(
            quiz_key=make_question("numeric", languages=("fr",))["fr"].translation_key,
            computed_at=AT,
            format=FORMAT,
            questions=[row],
        )

    assert usage_of([question.translation_key]) == {question.translation_key: Usage()}
    figures(10, 0.5)
    figures(30, 0.9)
    figures(500, 0.1, current=False)
    # Of fewer than five nothing is said.
    figures(None, None)
    usage = usage_of([question.translation_key])[question.translation_key]
    assert (usage.asked, usage.facility) == (40, pytest.approx(0.8))


@pytest.mark.parametrize("count", [1, 3])
def test_usage_and_state_cost_the_same_for_one_and_for_three(course, django_assert_num_queries, count):
    questions = [make_question("numeric") for _ in range(count)]
    make_quiz(course, questions=questions)
    Question.objects.update(category=QuestionCategory.objects.create(name="Law"))
    keys = [variants["fr"].translation_key for variants in questions]
    with django_assert_num_queries(5):
        usage_of(keys)
    list(with_state(Question.objects.all()))
    with django_assert_num_queries(1):
        list(with_state(Question.objects.all()))


def test_a_translation_older_than_its_original_is_stale(locales):
    question = make_question("numeric")
    fresh = make_question("numeric")
    for variant in (*question.values(), *fresh.values()):
        variant.save_revision().publish()
    assert not stale_only(Question.objects.all()).exists()

    question["fr"].refresh_from_db()
    question["fr"].stem = "Changed"
    question["fr"].save_revision().publish()
    assert {found.pk for found in stale_only(Question.objects.all())} == {
        question["ar"].pk,
        question["en"].pk,
    }

    question["ar"].refresh_from_db()
    question["ar"].save_revision().publish()
    assert {found.pk for found in stale_only(Question.objects.all())} == {question["en"].pk}
