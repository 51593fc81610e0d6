"""Checking answers and leaving pages: the verbs, and what they refuse afterwards."""

import uuid
from datetime import timedelta
from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.quizzes.domain.attempts import AttemptNotFound, save_answer, submit
from courses.quizzes.domain.checking import check, leave_page
from courses.quizzes.domain.personal_data import erase, export
from courses.quizzes.domain.purge import purge_answers
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.replay import replay
from courses.quizzes.models import AnswerEntry, Attempt, Check
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_quiz, start_quiz


@pytest.fixture
def taking(course, learner):
    """Start an attempt at a quiz of two true statements with these rules."""

    def start(*types: str, **rules):
        quiz = make_quiz(course, *(types or ("true_false", "true_false")), **rules)
        return quiz, start_quiz(learner, quiz)

    return start


def save(learner, attempt, key, raw, **others):
    return save_answer(learner, attempt.uuid, key, raw, at=timezone.now(), **others)


def refused(act, *args, **kwargs) -> Refusal:
    with pytest.raises(Refused) as caught, transaction.atomic():
        act(*args, **kwargs)
    return caught.value.reason


def test_a_checked_answer_stands(taking, learner):
    quiz, attempt = taking(feedback_mode="immediate")
    key, at = quiz.question_key(0), timezone.now()
    save(learner, attempt, key, "false", device_id="device-one", sequence=5)
    made = check(learner, attempt.uuid, key, at=at)
    assert (made.value, made.fraction, made.try_number, made.checked_at) == ("false", "0", 1, at)
    # The same answer again is the same check, and the same entry is receipted again.
    assert check(learner, attempt.uuid, key, at=at).pk == made.pk
    assert save(learner, attempt, key, "false", device_id="device-one", sequence=5).repeated
    assert save(learner, attempt, key, "false").repeated
    for others in ({}, {"device_id": "device-two", "sequence": 6}):
        assert refused(save, learner, attempt, key, "true", **others) == Refusal.CHECKED
    assert refused(save, learner, attempt, key, "") == Refusal.CHECKED
    assert AnswerEntry.objects.count() == 1
    save(learner, attempt, quiz.question_key(1), "false")
    save(learner, attempt, quiz.question_key(1), "true")
    assert submit(learner, attempt.uuid, at=at).percent == 50


def test_three_tries_each_for_a_third_less(taking, learner):
    quiz, attempt = taking("single_choice", "numeric", feedback_mode="interactive")
    key, number = quiz.question_key(0), quiz.question_key(1)
    ids = [block.id for block in quiz.questions[0]["fr"].choices]
    for tried, raw in enumerate((ids[0], ids[2], ids[1]), start=1):
        save(learner, attempt, key, raw)
        assert check(learner, attempt.uuid, key, at=timezone.now()).try_number == tried
    assert refused(save, learner, attempt, key, ids[0]) == Refusal.CHECKED
    save(learner, attempt, number, "31")
    check(learner, attempt.uuid, number, at=timezone.now())
    # Changed after a check, and not checked again: the second try.
    save(learner, attempt, number, "30")
    done = submit(learner, attempt.uuid, at=timezone.now())
    assert done.results == {str(key): "1/3", str(number): "2/3"}
    assert Fraction(done.score_num, done.score_den) == 1
    done = Attempt.objects.get(pk=done.pk)
    assert replay(done, AnswerEntry.objects.all(), Check.objects.all()).identical
    assert not replay(done, AnswerEntry.objects.all()).identical


def test_the_last_of_three_wrong_tries_stands(taking, learner):
    quiz, attempt = taking("numeric", feedback_mode="interactive")
    key = quiz.question_key(0)
    for raw in ("1", "2", "3"):
        save(learner, attempt, key, raw)
        check(learner, attempt.uuid, key, at=timezone.now())
    assert refused(save, learner, attempt, key, "30") == Refusal.CHECKED
    assert Check.objects.count() == 3


@pytest.mark.parametrize(
    ("rules", "raw", "reason"),
    [
        ({}, "true", Refusal.NO_CHECKS),
        ({"feedback_mode": "immediate", "show_verdicts": "later"}, "true", Refusal.NO_CHECKS),
        ({"feedback_mode": "immediate"}, "", Refusal.NOTHING_TO_CHECK),
    ],
)
def test_what_cant_be_checked(taking, learner, rules, raw, reason):
    quiz, attempt = taking(**rules)
    save(learner, attempt, quiz.question_key(0), raw)
    assert refused(check, learner, attempt.uuid, quiz.question_key(0), at=timezone.now()) == reason
    assert Check.objects.count() == 0


def test_checks_are_the_learners_own_and_end_with_the_attempt(taking, learner):
    quiz, attempt = taking(feedback_mode="immediate")
    key, at = quiz.question_key(0), timezone.now()
    save(learner, attempt, key, "true")
    for verb, args in ((check, (key,)), (leave_page, (1,))):
        with pytest.raises(AttemptNotFound):
            verb(UserFactory(), attempt.uuid, *args, **({"at": at} if verb is check else {}))
    assert refused(check, learner, attempt.uuid, uuid.uuid4(), at=at) == Refusal.UNKNOWN_QUESTION
    submit(learner, attempt.uuid, at=at)
    assert refused(check, learner, attempt.uuid, key, at=at) == Refusal.SUBMITTED
    assert refused(leave_page, learner, attempt.uuid, 1) == Refusal.SUBMITTED


def test_the_database_keeps_one_check_a_try_and_lets_none_change(taking, learner):
    quiz, attempt = taking(feedback_mode="immediate")
    save(learner, attempt, quiz.question_key(0), "true")
    made = check(learner, attempt.uuid, quiz.question_key(0), at=timezone.now())
    twin = Check(
        attempt=attempt,
        question_key=made.question_key,
        try_number=1,
        value="false",
        fraction="0",
        checked_at=made.checked_at,
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    with pytest.raises(TypeError):
        made.save()
    with pytest.raises(TypeError):
        Check.objects.update(fraction="1")


def test_there_is_no_way_back(taking, learner):
    quiz, attempt = taking("true_false", "true_false", "true_false", forward_only=True)
    first, second = quiz.question_key(0), quiz.question_key(1)
    save(learner, attempt, first, "true")
    assert [leave_page(learner, attempt.uuid, 1) for _ in range(2)] == [2, 2]
    assert save(learner, attempt, first, "true").repeated
    for others in ({}, {"device_id": "device-one", "sequence": 9}):
        assert refused(save, learner, attempt, first, "false", **others) == Refusal.LEFT
    save(learner, attempt, second, "false")
    assert leave_page(learner, attempt.uuid, 3) == 4
    assert leave_page(learner, attempt.uuid, 1) == 4
    assert refused(save, learner, attempt, second, "true") == Refusal.LEFT
    assert refused(leave_page, learner, attempt.uuid, 4) == Refusal.UNKNOWN_QUESTION


def test_where_there_is_a_way_back_nothing_is_left(taking, learner):
    quiz, attempt = taking()
    assert leave_page(learner, attempt.uuid, 1) == 1
    save(learner, attempt, quiz.question_key(0), "false")


def test_saving_takes_one_query_more_where_answers_are_checked(taking, learner, django_assert_num_queries):
    counts = []
    for rules in ({}, {"feedback_mode": "immediate", "slug": "other"}):
        quiz, attempt = taking(**rules)
        with django_assert_num_queries(100, exact=False) as context:
            save(learner, attempt, quiz.question_key(0), "true", device_id="device-one", sequence=1)
        counts.append(len(context))
    assert counts[1] - counts[0] == 1
    assert counts[1] <= 8


def test_my_data_tells_of_checks_and_erasing_removes_them(taking, learner):
    quiz, attempt = taking("numeric", feedback_mode="interactive")
    key = quiz.question_key(0)
    for raw in ("31", "30"):
        save(learner, attempt, key, raw)
        check(learner, attempt.uuid, key, at=timezone.now())
    submit(learner, attempt.uuid, at=timezone.now())
    [told] = export(learner)
    assert [row["answer"].split()[0] for row in told["checked_answers"]] == ["31", "30"]
    start_quiz(learner, make_quiz(quiz.course, "numeric", module=1, feedback_mode="immediate"))
    with transaction.atomic():
        erase(learner, timezone.now())
    assert Check.objects.count() == 0


def test_checks_are_purged_with_the_answers(taking, learner):
    quiz, attempt = taking("numeric", feedback_mode="interactive")
    save(learner, attempt, quiz.question_key(0), "31")
    check(learner, attempt.uuid, quiz.question_key(0), at=timezone.now())
    submit(learner, attempt.uuid, at=timezone.now())
    purge_answers(at=timezone.now() + timedelta(days=300))
    assert Check.objects.count() == 1
    purge_answers(at=timezone.now() + timedelta(days=400))
    assert Check.objects.count() == 0
