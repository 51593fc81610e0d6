import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from courses.progress.models import ActivityCompletion
from courses.quizzes.domain.attempts import (
    AttemptNotFound,
    Refusal,
    Refused,
    save_answer,
    start,
    submit,
)
from courses.quizzes.domain.queries import journal_of
from courses.quizzes.domain.saving import MAX_ENTRIES_PER_QUESTION, MAX_SEQUENCE
from courses.quizzes.models import AnswerEntry, Attempt, Question, QuizPage
from tests.factories.accounts import UserFactory
from tests.factories.courses import CourseTree
from tests.factories.quizzes import choice_id, make_quiz, start_quiz, take_quiz

DEVICE = "device-one"
OTHER = "device-two"


def reason_of(call) -> Refusal:
    with pytest.raises(Refused) as refused:
        call()
    return refused.value.reason


# Start


def test_starting_twice_gives_the_attempt_in_progress(quiz, learner):
    first, second = start_quiz(learner, quiz), start_quiz(learner, quiz, language="ar")
    assert second.uuid == first.uuid
    assert (second.number, second.locale, Attempt.objects.count()) == (1, "fr", 1)


def test_the_paper_stays_as_it_was_when_the_quiz_changes(quiz, learner):
    attempt = start_quiz(learner, quiz)
    Question.objects.all().update(stem="changed", points=9)
    QuizPage.objects.all().update(pass_mark=100)
    again = Attempt.objects.get(uuid=start_quiz(learner, quiz).uuid)
    assert (again.paper, again.answer_key, again.pass_mark) == (attempt.paper, attempt.answer_key, 70)


def test_attempts_are_counted_and_limited(course, learner):
    quiz = make_quiz(course, "numeric", max_attempts=2)
    numbers = [take_quiz(learner, quiz, wrong=(0,)).number for _ in range(2)]
    assert numbers == [1, 2]
    assert reason_of(lambda: start_quiz(learner, quiz)) == Refusal.NO_ATTEMPTS_LEFT


def test_nobody_starts_again_after_a_pass(quiz, learner):
    take_quiz(learner, quiz)
    assert reason_of(lambda: start_quiz(learner, quiz)) == Refusal.ALREADY_PASSED


def test_a_quiz_without_questions_is_not_started(course, learner):
    quiz = make_quiz(course, questions=[])
    assert reason_of(lambda: start_quiz(learner, quiz)) == Refusal.NO_QUESTIONS
    assert Attempt.objects.count() == 0


def test_a_quiz_with_an_absent_type_is_not_started(course, learner):
    quiz = make_quiz(course, "numeric")
    Question.objects.update(type="gone")
    assert reason_of(lambda: start_quiz(learner, quiz)) == Refusal.UNGRADABLE


def test_the_database_allows_one_attempt_in_progress(quiz, learner):
    attempt = start_quiz(learner, quiz)
    attempt.pk, attempt.uuid, attempt.number = None, uuid.uuid4(), 2
    attempt._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt.save()


# Answers


@pytest.fixture
def attempt(quiz, learner):
    return start_quiz(learner, quiz)


@pytest.fixture
def numeric_key(quiz):
    return quiz.question_key(3)


def test_the_same_answer_sent_ten_times_is_one_entry(attempt, learner, numeric_key):
    at = timezone.now()
    receipts = [
        save_answer(
            learner,
            attempt.uuid,
            numeric_key,
            "30",
            at=at + timedelta(seconds=n),
            device_id=DEVICE,
            sequence=1,
        )
        for n in range(10)
    ]
    assert AnswerEntry.objects.count() == 1
    assert [receipt.repeated for receipt in receipts] == [False] + [True] * 9
    assert {receipt.received_at for receipt in receipts} == {at}
    assert {receipt.max_sequence for receipt in receipts} == {1}


def test_the_highest_sequence_counts_whatever_the_order(attempt, learner, numeric_key):
    for sequence, raw in [(3, "33"), (1, "31"), (2, "32")]:
        receipt = save_answer(
            learner, attempt.uuid, numeric_key, raw, at=timezone.now(), device_id=DEVICE, sequence=sequence
        )
    assert journal_of(attempt).answers == {numeric_key: "33"}
    assert (receipt.sequence, receipt.max_sequence, receipt.current) == (2, 3, False)


def test_between_two_devices_with_one_sequence_the_later_receipt_counts(attempt, learner, numeric_key):
    at = timezone.now()
    for device, raw, seconds in [(DEVICE, "1", 5), (OTHER, "2", 9), ("device-three", "3", 7)]:
        save_answer(
            learner,
            attempt.uuid,
            numeric_key,
            raw,
            at=at + timedelta(seconds=seconds),
            device_id=device,
            sequence=4,
        )
    assert journal_of(attempt).answers == {numeric_key: "2"}
    assert AnswerEntry.objects.count() == 3


def test_one_sequence_cannot_stand_for_two_answers(attempt, learner, numeric_key):
    def save(raw):
        return save_answer(
            learner, attempt.uuid, numeric_key, raw, at=timezone.now(), device_id=DEVICE, sequence=7
        )

    save("30")
    with pytest.raises(Refused) as refused:
        save("31")
    assert (refused.value.reason, refused.value.max_sequence) == (Refusal.SEQUENCE_TAKEN, 7)
    assert journal_of(attempt).answers == {numeric_key: "30"}


@pytest.mark.parametrize("blank", [None, "", "  ", []])
def test_a_blank_withdraws_the_answer(attempt, learner, numeric_key, blank):
    for sequence, raw in [(1, "30"), (2, blank)]:
        save_answer(
            learner, attempt.uuid, numeric_key, raw, at=timezone.now(), device_id=DEVICE, sequence=sequence
        )
    assert journal_of(attempt).answers == {}
    assert AnswerEntry.objects.count() == 2


def test_junk_is_refused_and_leaves_the_answer_as_it_was(attempt, learner, numeric_key):
    save_answer(learner, attempt.uuid, numeric_key, "30", at=timezone.now(), device_id=DEVICE, sequence=1)
    for raw in ("abc", {"a": 1}, ["30"], True):
        refused = reason_of(
            lambda raw=raw: save_answer(
                learner, attempt.uuid, numeric_key, raw, at=timezone.now(), device_id=DEVICE, sequence=2
            )
        )
        assert refused == Refusal.NOT_UNDERSTOOD
    assert journal_of(attempt).answers == {numeric_key: "30"}


@pytest.mark.parametrize(
    ("device", "sequence"),
    [("short", 1), ("x" * 65, 1), ("with space", 1), (DEVICE, 0), (DEVICE, -1), (DEVICE, MAX_SEQUENCE + 1)],
)
def test_bad_devices_and_sequences_are_refused(attempt, learner, numeric_key, device, sequence):
    refused = reason_of(
        lambda: save_answer(
            learner, attempt.uuid, numeric_key, "30", at=timezone.now(), device_id=device, sequence=sequence
        )
    )
    assert (refused, AnswerEntry.objects.count()) == (Refusal.BAD_ENTRY, 0)


def test_a_question_of_another_quiz_is_refused(attempt, learner):
    refused = reason_of(lambda: save_answer(learner, attempt.uuid, uuid.uuid4(), "30", at=timezone.now()))
    assert refused == Refusal.UNKNOWN_QUESTION


def test_somebody_elses_attempt_does_not_exist(attempt, numeric_key):
    stranger = UserFactory()
    with pytest.raises(AttemptNotFound):
        save_answer(stranger, attempt.uuid, numeric_key, "30", at=timezone.now())
    with pytest.raises(AttemptNotFound):
        submit(stranger, attempt.uuid, at=timezone.now())


def test_a_flood_of_changes_is_stopped(attempt, learner, numeric_key):
    AnswerEntry.objects.bulk_create(
        AnswerEntry(
            attempt=attempt,
            question_key=numeric_key,
            device_id=DEVICE,
            sequence=n,
            value="1",
            content_hash="",
            received_at=timezone.now(),
        )
        for n in range(1, MAX_ENTRIES_PER_QUESTION + 1)
    )
    for entry in ({"device_id": DEVICE, "sequence": 5000}, {}):
        refused = reason_of(
            lambda entry=entry: save_answer(
                learner, attempt.uuid, numeric_key, "30", at=timezone.now(), **entry
            )
        )
        assert refused == Refusal.TOO_MANY


def test_a_forms_answer_comes_behind_what_was_received(attempt, learner, numeric_key):
    save_answer(learner, attempt.uuid, numeric_key, "1", at=timezone.now(), device_id=DEVICE, sequence=9)
    first = save_answer(learner, attempt.uuid, numeric_key, "30", at=timezone.now())
    again = save_answer(learner, attempt.uuid, numeric_key, "٣٠", at=timezone.now())
    assert (first.sequence, first.repeated, again.sequence, again.repeated) == (10, False, 10, True)
    assert journal_of(attempt).answers == {numeric_key: "30"}
    assert AnswerEntry.objects.count() == 2


def test_a_form_left_blank_writes_nothing(attempt, learner, numeric_key):
    save_answer(learner, attempt.uuid, numeric_key, "", at=timezone.now())
    assert AnswerEntry.objects.count() == 0


def test_the_journal_is_append_only(attempt, learner, numeric_key):
    save_answer(learner, attempt.uuid, numeric_key, "30", at=timezone.now())
    entry = AnswerEntry.objects.get()
    entry.value = "31"
    with pytest.raises(TypeError):
        entry.save()
    with pytest.raises(TypeError):
        AnswerEntry.objects.update(value="31")


# Submit


def test_a_pass_is_graded_once_and_completes_the_quiz(quiz, learner):
    attempt = take_quiz(learner, quiz)
    again = submit(learner, attempt.uuid, at=timezone.now() + timedelta(hours=1))
    completion = ActivityCompletion.objects.get()
    assert (again.submitted_at, again.percent, again.passed) == (attempt.submitted_at, 100, True)
    assert (again.score_num, again.score_den, again.max_points) == (4, 1, 4)
    assert (completion.activity_key, completion.kind, completion.evidence) == (quiz.key, "quiz", attempt.uuid)
    assert completion.completed_at == attempt.submitted_at
    assert set(again.results.values()) == {"1"}
    assert len(again.answers_hash) == 64


def test_a_failed_attempt_completes_nothing_and_another_may_follow(quiz, learner):
    failed = take_quiz(learner, quiz, wrong=(0, 1))
    assert (failed.percent, failed.passed, ActivityCompletion.objects.count()) == (50, False, 0)
    assert take_quiz(learner, quiz).number == 2
    assert ActivityCompletion.objects.count() == 1


def test_no_answer_is_taken_after_submission(quiz, learner):
    attempt = take_quiz(learner, quiz, wrong=(0,))
    count = AnswerEntry.objects.count()
    refused = reason_of(
        lambda: save_answer(learner, attempt.uuid, quiz.question_key(0), quiz.right(0), at=timezone.now())
    )
    assert (refused, AnswerEntry.objects.count()) == (Refusal.SUBMITTED, count)


def test_an_attempt_with_an_absent_type_keeps_its_answers_and_waits(quiz, learner):
    attempt = start_quiz(learner, quiz)
    Attempt.objects.filter(pk=attempt.pk).update(
        paper={**attempt.paper, "questions": [{**row, "type": "gone"} for row in attempt.paper["questions"]]}
    )
    assert reason_of(lambda: submit(learner, attempt.uuid, at=timezone.now())) == Refusal.UNGRADABLE
    assert Attempt.objects.get().is_submitted is False


def test_the_last_quiz_completes_the_course(site, learner):
    from tests.factories.courses import make_course

    tree: CourseTree = make_course(site, modules=1, lessons=0)
    quiz = make_quiz(tree, "numeric")
    attempt = take_quiz(learner, quiz)
    assert attempt.enrolment.progress.percent == 100


def test_submitting_takes_as_many_queries_for_one_question_as_for_three(
    course, learner, django_assert_num_queries
):
    one, three = make_quiz(course, "numeric"), make_quiz(course, "numeric", "numeric", "numeric", module=1)
    for quiz in (one, three):
        attempt = start_quiz(learner, quiz)
        for number in range(len(quiz.questions)):
            save_answer(learner, attempt.uuid, quiz.question_key(number), "30", at=timezone.now())
        with django_assert_num_queries(20):
            assert submit(learner, attempt.uuid, at=timezone.now()).passed is True


def test_choices_are_answered_by_ids_that_all_languages_share(course, learner):
    quiz = make_quiz(course, "single_choice")
    attempt = start_quiz(learner, quiz, language="ar")
    arabic = quiz.questions[0]["ar"].choices[1].id
    save_answer(learner, attempt.uuid, quiz.question_key(0), arabic, at=timezone.now())
    assert arabic == choice_id(quiz.question_key(0), 1)
    assert submit(learner, attempt.uuid, at=timezone.now()).passed is True


def test_starting_needs_an_enrolment_of_the_course(quiz, learner):
    from tests.factories.progress import make_enrolment

    enrolment = make_enrolment(learner, quiz.course)
    attempt = start(enrolment, quiz.key, locale="en", at=timezone.now())
    assert (attempt.enrolment_id, attempt.locale) == (enrolment.pk, "en")
