from datetime import timedelta

import pytest
from django.utils import timezone

from courses.progress.models import Enrolment
from courses.quizzes import tasks
from courses.quizzes.domain import quiz_statistics
from courses.quizzes.domain.personal_data import erase
from courses.quizzes.domain.purge import purge_answers
from courses.quizzes.domain.quiz_statistics import compute, compute_stale, first_attempts, stale
from courses.quizzes.models import Attempt, Question, QuizStatistic
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_quiz, start_quiz, take_quiz


@pytest.fixture
def later():
    return timezone.now() + timedelta(hours=2)


def five(quiz, **how):
    return [take_quiz(UserFactory(), quiz, **how) for _ in range(5)]


def test_the_figures_of_a_quiz_and_its_questions(quiz, later):
    five(quiz)
    take_quiz(UserFactory(), quiz, wrong=(0, 3), language="ar")
    row = compute(quiz.key, at=later)
    assert row.titles["fr"] == "Quiz"
    assert (row.summary["attempts"], row.summary["median_percent"], row.summary["passed"]) == (6, 100, 0.833)
    # The one attempt in Arabic isn't shown, and with it the five others, which would give it away.
    assert row.summary["languages"] == []
    assert [(question["type"], question["facility"]) for question in row.questions] == [
        ("single_choice", 0.833),
        ("multiple_choice", 1.0),
        ("true_false", 1.0),
        ("numeric", 0.833),
    ]
    first, several, _true, number = row.questions
    assert [(choice["right"], choice["share"]) for choice in first["choices"]] == [
        (False, 0.167),
        (True, 0.833),
        (False, 0.0),
    ]
    assert [choice["share"] for choice in several["choices"]] == [1.0, 0.0, 1.0]
    assert number["choices"] == []
    assert first["stems"]["ar"] == "Stem 0 ar"


def test_the_first_attempt_of_a_person_counts_in_whatever_cycle(quiz, learner):
    first = take_quiz(learner, quiz, wrong=(0, 1, 2))
    take_quiz(learner, quiz)
    again = take_quiz(UserFactory(), quiz)
    # A second cycle of the first person.
    cycle = Enrolment.objects.get(pk=again.enrolment_id)
    Enrolment.objects.filter(pk=cycle.pk).update(user=learner, cycle=2)
    start_quiz(UserFactory(), quiz)
    assert list(first_attempts(quiz.key)) == [first]


def test_an_edited_question_is_another_version(quiz, later):
    five(quiz, wrong=(3,))
    Question.objects.filter(translation_key=quiz.question_key(3)).update(number=31)
    five(quiz)
    rows = compute(quiz.key, at=later).questions
    own = [row for row in rows if row["key"] == str(quiz.question_key(3))]
    assert [(row["current"], row["asked"], row["facility"]) for row in own] == [
        (True, 5, 0.0),
        (False, 5, 0.0),
    ]
    others = [row for row in rows if row["key"] == str(quiz.question_key(0))]
    assert [(row["current"], row["asked"]) for row in others] == [(True, 10)]


def test_who_is_erased_stays_counted_for_the_quiz(quiz, learner, later):
    five(quiz)
    take_quiz(learner, quiz)
    erase(learner, timezone.now())
    row = compute(quiz.key, at=later)
    assert (row.summary["attempts"], row.questions[0]["asked"]) == (6, 5)


def test_nothing_stored_names_or_counts_four_people(quiz, later):
    for _ in range(4):
        take_quiz(UserFactory(), quiz)
    row = compute(quiz.key, at=later)
    assert row.summary == {"attempts": None}
    assert {(question["asked"], "facility" in question) for question in row.questions} == {(None, False)}


def test_only_what_changed_is_computed_again(quiz, learner):
    at = timezone.now()
    assert stale() == []
    take_quiz(learner, quiz)
    assert stale() == [quiz.key]
    Attempt.objects.update(submitted_at=at - timedelta(days=1))
    assert compute_stale(at=at) == 1
    assert (stale(), compute_stale(at=at)) == ([], 0)
    # Also where answers were removed, and where the figures are of an older kind.
    purge_answers(at=at + timedelta(days=800))
    assert stale() == [quiz.key]
    compute(quiz.key, at=at + timedelta(days=900))
    assert stale() == []
    QuizStatistic.objects.update(format=0)
    assert stale() == [quiz.key]


def test_an_attempt_whose_paper_changed_meanwhile_is_left_for_the_next_time(quiz, later, monkeypatch):
    changed = take_quiz(UserFactory(), quiz)
    five(quiz)
    real = quiz_statistics._papers

    def racing(quiz_key):
        papers = real(quiz_key)
        Attempt.objects.filter(pk=changed.pk).update(paper_hash="0" * 64)
        return papers

    monkeypatch.setattr(quiz_statistics, "_papers", racing)
    assert compute(quiz.key, at=later).summary["attempts"] == 5


def test_an_earlier_computation_overwrites_no_later_one(quiz, later):
    compute(quiz.key, at=later)
    five(quiz)
    assert compute(quiz.key, at=later - timedelta(minutes=1)).summary == {"attempts": None}
    assert compute(quiz.key, at=later).summary["attempts"] == 5


def test_queries_do_not_depend_on_attempts(quiz, later, django_assert_num_queries):
    for _ in range(2):
        five(quiz)
        # Papers (2), attempts, journals; savepoint, row, savepoint of its making or update, release.
        QuizStatistic.objects.all().delete()
        compute(quiz.key, at=later)
        with django_assert_num_queries(10):
            compute(quiz.key, at=later)


def test_the_task_computes_all_quizzes(quiz, course):
    other = make_quiz(course, "numeric", slug="other")
    take_quiz(UserFactory(), quiz)
    take_quiz(UserFactory(), other)
    tasks.compute_statistics()
    assert set(QuizStatistic.objects.values_list("quiz_key", flat=True)) == {quiz.key, other.key}
