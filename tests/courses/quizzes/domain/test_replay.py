import random
from copy import deepcopy

import pytest
from django.utils import timezone

from courses.quizzes.domain.attempts import save_answer, submit
from courses.quizzes.domain.replay import NoReplay, NotReplayable, replay
from courses.quizzes.models import AnswerEntry
from courses.quizzes.types.base import question_types
from tests.factories.quizzes import start_quiz, take_quiz


def journal(attempt):
    return list(AnswerEntry.objects.filter(attempt=attempt).order_by("sequence", "pk"))


def differing(attempt, entries):
    return {row.what: (row.recorded, row.replayed) for row in replay(attempt, entries).differences}


def test_a_long_journal_from_two_devices_is_replayed_whatever_order_it_is_read_in(quiz, learner):
    attempt = start_quiz(learner, quiz)
    draw = random.Random(3)
    for step in range(40):
        number = draw.randrange(4)
        raw = draw.choice([quiz.right(number), quiz.wrong(number), ""])
        save_answer(
            learner,
            attempt.uuid,
            quiz.question_key(number),
            raw,
            at=timezone.now(),
            device_id=f"device-{draw.choice('ab')}",
            sequence=100 - 2 * step if step % 3 else step + 1,
        )
    attempt = submit(learner, attempt.uuid, at=timezone.now())
    entries = journal(attempt)
    assert len(entries) == 40
    for _ in range(10):
        draw.shuffle(entries)
        assert replay(attempt, entries).identical


def test_a_tie_goes_to_the_later_receipt(quiz, learner):
    attempt = start_quiz(learner, quiz)
    for device, raw in (("device-a", "31"), ("device-b", "30")):
        save_answer(
            learner,
            attempt.uuid,
            quiz.question_key(3),
            raw,
            at=timezone.now(),
            device_id=device,
            sequence=7,
        )
    attempt = submit(learner, attempt.uuid, at=timezone.now())
    assert replay(attempt, reversed(journal(attempt))).identical
    assert attempt.percent == 25


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("answers_hash", "0" * 64),
        ("paper_hash", "0" * 64),
        ("score_num", 9),
        ("max_points", 5),
        ("percent", 76),
        ("passed", False),
        ("pass_mark", 80),
    ],
)
def test_each_recorded_field_is_compared(quiz, learner, field, value):
    attempt = take_quiz(learner, quiz, wrong=(3,))
    assert replay(attempt, journal(attempt)).identical
    setattr(attempt, field, value)
    assert list(differing(attempt, journal(attempt))) == ["score" if field == "score_num" else field]


def test_results_are_compared_question_by_question(quiz, learner):
    attempt = take_quiz(learner, quiz, wrong=(3,))
    right, wrong = (str(quiz.question_key(number)) for number in (0, 3))
    attempt.results = {**attempt.results, wrong: "1", "stray": "1"}
    del attempt.results[right]
    assert differing(attempt, journal(attempt)) == {
        f"result {right}": (None, "1"),
        f"result {wrong}": ("1", "0"),
        "result stray": ("1", None),
    }


def test_a_changed_answer_a_lost_entry_and_a_changed_key_are_seen(quiz, learner):
    attempt = take_quiz(learner, quiz)
    entries = journal(attempt)
    changed = deepcopy(entries)
    changed[3].value = "31"
    assert set(differing(attempt, changed)) == {
        f"entry {entries[3].pk}",
        "answers_hash",
        "score",
        "percent",
        f"result {quiz.question_key(3)}",
    }
    assert {"answers_hash", "score"} <= set(differing(attempt, entries[:3]))
    attempt.answer_key[str(quiz.question_key(3))]["answer"]["number"] = "31"
    assert {"paper_hash", "score"} <= set(differing(attempt, entries))


def test_an_absent_type_is_no_difference(quiz, learner, monkeypatch):
    attempt = take_quiz(learner, quiz)
    monkeypatch.delitem(question_types._entries, "numeric")
    with pytest.raises(NotReplayable) as refused:
        replay(attempt, journal(attempt))
    assert refused.value.reason == NoReplay.UNGRADABLE


def test_replaying_reads_no_database(quiz, learner, django_assert_num_queries):
    attempt = take_quiz(learner, quiz)
    entries = journal(attempt)
    with django_assert_num_queries(0):
        assert replay(attempt, entries).identical
