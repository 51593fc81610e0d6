"""The moments around every deadline: pure first, then through the verbs."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from courses.progress.domain.recording import enrol
from courses.progress.models import ActivityCompletion
from courses.quizzes.domain.attempts import Refusal, Refused, end, save_answer, start, submit
from courses.quizzes.domain.clock import Clock, deadline_of, extended
from courses.quizzes.domain.paper import content_hash
from courses.quizzes.domain.queries import answer_counts, journal_of
from courses.quizzes.domain.replay import replay
from courses.quizzes.domain.sweep import end_overdue
from courses.quizzes.enums import AttemptStatus, EndedBy
from courses.quizzes.models import AnswerEntry, Attempt, QuizPage
from tests.factories.quizzes import make_quiz

START = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)
DEVICE = "device-one"
SECOND = timedelta(seconds=1)
CAP = 600


def minutes(count):
    return timedelta(minutes=count)


def seconds(count):
    return timedelta(seconds=count)


# The pure part

CLOCK = Clock(deadline=START + minutes(30), credited=0, grace=60, cap=CAP)


def test_the_moments_follow_each_other():
    clock = CLOCK.credited_with(100)
    assert clock.ends_at == CLOCK.deadline + seconds(100)
    assert clock.taken_until == clock.ends_at + seconds(60)
    assert clock.swept_from == clock.taken_until + seconds(500)
    assert [clock.takes(clock.taken_until), clock.takes(clock.taken_until + SECOND)] == [True, False]
    assert [clock.is_over(clock.swept_from), clock.is_over(clock.swept_from + SECOND)] == [False, True]


@pytest.mark.parametrize(
    ("waited", "gap", "credited", "credit"),
    [
        (120, 300, 0, 120),  # what it waited
        (300, 120, 0, 120),  # no more than the server saw pass
        (900, 900, 0, 600),  # no more than the cap
        (900, 900, 590, 10),  # no more than what is left of it
        (900, 900, 600, 0),
        (0, 300, 0, 0),
        (-5, 300, 0, 0),
        (300, -5, 0, 0),  # a receipt out of order
        (0.9, 300, 0, 0),  # whole seconds
    ],
)
def test_an_outage_is_credited_as_measured_up_to_the_cap(waited, gap, credited, credit):
    last = START + minutes(10)
    assert CLOCK.credited_with(credited).credit(last + seconds(gap), last, seconds(waited)) == credit


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 400), st.integers(-1000, 100_000)), max_size=12
    )  # seconds between receipts, and what a device claims
)
def test_no_device_gains_more_than_the_server_saw_pass_nor_more_than_the_cap(receipts):
    clock, last, passed = CLOCK, START, 0
    for gap, waited in receipts:
        at = last + seconds(gap)
        credit = clock.credit(at, last, seconds(waited))
        assert 0 <= credit <= gap
        clock, last, passed = clock.credited_with(credit), at, passed + gap
    assert clock.credited <= min(CAP, passed)


@pytest.mark.parametrize(
    ("limit", "extra", "closes", "deadline"),
    [
        (0, 0, None, None),
        (0, 15, None, None),  # extra time adds nothing where there is no limit
        (30, 0, None, 30),
        (30, 15, None, 45),
        (30, 15, 40, 40),  # closing bounds every deadline
        (30, 0, 40, 30),
        (0, 15, 40, 40),
    ],
)
def test_the_deadline_is_the_limit_with_extra_time_and_never_after_the_closing(
    limit, extra, closes, deadline
):
    closes_at = None if closes is None else START + minutes(closes)
    found = deadline_of(START, minutes=limit, extra_minutes=extra, closes_at=closes_at)
    assert found == (None if deadline is None else START + minutes(deadline))


def test_extending_changes_the_minutes_of_this_paper_alone():
    paper = {"policy": {"time_limit_minutes": 30, "grace_seconds": 60}, "questions": []}
    assert extended(paper, 5)["policy"] == {"time_limit_minutes": 150, "grace_seconds": 60}
    assert paper["policy"]["time_limit_minutes"] == 30


# Through the verbs


def timed_quiz(course, **fields):
    return make_quiz(course, "numeric", "numeric", **{"time_limit_minutes": 30} | fields)


def begin(user, quiz, at=START, **how):
    enrolment = enrol(user, quiz.course.key, locale="fr", at=at)
    return start(enrolment, quiz.key, locale="fr", at=at, **how)


def refusal_of(call):
    with pytest.raises(Refused) as refused:
        call()
    return refused.value


@pytest.fixture
def quiz(course):
    return timed_quiz(course)


def save(user, attempt, quiz, at, *, number=0, raw="30", sequence=1, waited=0):
    return save_answer(
        user,
        attempt.uuid,
        quiz.question_key(number),
        raw,
        at=at,
        device_id=DEVICE,
        sequence=sequence,
        waited=seconds(waited),
    )


@pytest.mark.parametrize(
    ("after", "counts"),
    [(-1, True), (0, True), (1, True), (60, True), (61, False), (3600, False)],  # seconds after the deadline
)
def test_an_answer_counts_until_the_grace_is_over_and_is_kept_later(quiz, learner, after, counts):
    attempt = begin(learner, quiz)
    at = START + minutes(30) + seconds(after)
    if counts:
        assert save(learner, attempt, quiz, at).ends_at == START + minutes(30)
    else:
        assert refusal_of(lambda: save(learner, attempt, quiz, at)).reason == Refusal.LATE
    entry = AnswerEntry.objects.get()
    assert (entry.late, entry.received_at) == (not counts, at)
    assert len(journal_of(attempt).answers) == int(counts)
    assert answer_counts(quiz.question_key(0)).answered == int(counts)


def test_a_forms_late_answer_is_kept_and_refused_as_well(quiz, learner):
    attempt = begin(learner, quiz)
    late = START + minutes(40)
    for raw in ("30", "31"):
        refusal = refusal_of(
            lambda raw=raw: save_answer(learner, attempt.uuid, quiz.question_key(0), raw, at=late)
        )
        assert refusal.reason == Refusal.LATE
    assert sorted(AnswerEntry.objects.values_list("sequence", "late")) == [(1, True), (2, True)]


def test_the_same_late_entry_again_is_late_again_and_kept_once(quiz, learner):
    attempt = begin(learner, quiz)
    for after in (40, 41):
        at = START + minutes(after)
        assert refusal_of(lambda at=at: save(learner, attempt, quiz, at)).reason == Refusal.LATE
    assert AnswerEntry.objects.count() == 1


def test_an_entry_saved_in_time_is_receipted_again_whenever_it_comes_again(quiz, learner):
    attempt = begin(learner, quiz)
    first = save(learner, attempt, quiz, START + minutes(1))
    assert save(learner, attempt, quiz, START + minutes(50)).received_at == first.received_at
    submit(learner, attempt.uuid, at=START + minutes(51))
    again = save(learner, attempt, quiz, START + minutes(52))
    assert (again.repeated, again.received_at) == (True, first.received_at)
    assert refusal_of(lambda: save(learner, attempt, quiz, START + minutes(52), raw="31")).reason in (
        Refusal.SEQUENCE_TAKEN,
        Refusal.LATE,
    )


def test_an_outage_is_credited_once_and_not_for_a_repeated_entry(quiz, learner):
    attempt = begin(learner, quiz)
    save(learner, attempt, quiz, START + minutes(20))
    back = START + minutes(33)
    # Waited for nine minutes; silent on the server since minute 20.
    receipt = save(learner, attempt, quiz, back, number=1, sequence=2, waited=540)
    assert receipt.ends_at == START + minutes(39)
    save(learner, attempt, quiz, back + SECOND, number=1, sequence=2, waited=540)
    save(learner, attempt, quiz, back + 2 * SECOND, sequence=3, raw="31", waited=540)
    attempt.refresh_from_db()
    assert (attempt.credited_seconds, attempt.last_receipt_at) == (542, back + 2 * SECOND)


def test_a_late_entry_takes_nothing_from_others_of_the_same_outage(quiz, learner):
    attempt = begin(learner, quiz)
    save(learner, attempt, quiz, START + minutes(28))
    back = START + minutes(38)
    assert refusal_of(lambda: save(learner, attempt, quiz, back, raw="31", sequence=3)).reason == Refusal.LATE
    assert save(learner, attempt, quiz, back + SECOND, number=1, sequence=2, waited=500).current
    assert journal_of(attempt).answers == {quiz.question_key(0): "30", quiz.question_key(1): "30"}


def test_nobody_is_credited_more_than_the_cap(quiz, learner, settings):
    settings.QUIZ_OUTAGE_CAP_SECONDS = 60
    attempt = begin(learner, quiz)
    save(learner, attempt, quiz, START + minutes(20))
    at = START + minutes(32) + SECOND
    assert (
        refusal_of(lambda: save(learner, attempt, quiz, at, raw="1", sequence=2, waited=900)).reason == "late"
    )
    assert save(
        learner, attempt, quiz, at - SECOND, raw="2", sequence=3, waited=900
    ).ends_at == START + minutes(31)


def test_without_a_limit_no_time_is_counted(course, learner):
    quiz = make_quiz(course, "numeric")
    attempt = begin(learner, quiz)
    receipt = save(learner, attempt, quiz, START + timedelta(days=300), waited=500)
    attempt.refresh_from_db()
    assert (attempt.deadline_at, attempt.credited_seconds, receipt.ends_at) == (None, 0, None)


def test_a_deadline_is_a_moment_whatever_the_local_day(quiz, learner):
    """Midnight in Tunis is 23:00 UTC: an attempt across it runs its thirty minutes."""
    begun = datetime(2026, 7, 2, 22, 45, tzinfo=UTC)
    attempt = begin(learner, quiz, at=begun)
    assert attempt.deadline_at == datetime(2026, 7, 2, 23, 15, tzinfo=UTC)
    assert save(learner, attempt, quiz, datetime(2026, 7, 2, 23, 16, tzinfo=UTC)).current


# Extension by the learner


@pytest.mark.parametrize(("times", "limit"), [(1, 30), (2, 60), (5, 150), (10, 300)])
def test_a_learner_may_take_more_time_before_starting(quiz, learner, times, limit):
    attempt = begin(learner, quiz, extension=times)
    assert attempt.deadline_at == START + minutes(limit)
    assert attempt.paper["policy"]["time_limit_minutes"] == limit
    assert attempt.paper_hash == content_hash([attempt.paper, attempt.answer_key])


@pytest.mark.parametrize(
    ("fields", "times"),
    [({}, 3), ({}, 0), ({}, -2), ({"extendable": False}, 2), ({"time_limit_minutes": 0}, 2)],
)
def test_no_other_extension_is_given(course, learner, fields, times):
    quiz = timed_quiz(course, **fields)
    refused = refusal_of(lambda: begin(learner, quiz, extension=times))
    assert (refused.reason, Attempt.objects.count()) == (Refusal.NOT_EXTENDABLE, 0)


def test_an_extension_never_goes_past_the_closing(course, learner):
    quiz = timed_quiz(course, closes_at=START + minutes(45))
    assert begin(learner, quiz, extension=10).deadline_at == START + minutes(45)


# When one may start


def test_a_quiz_opens_and_closes_at_its_moment(course, learner):
    opens, closes = START, START + minutes(60)
    quiz = make_quiz(course, "numeric", opens_at=opens, closes_at=closes)
    for at, reason, moment in [
        (opens - SECOND, Refusal.NOT_OPEN_YET, opens),
        (closes, Refusal.CLOSED, closes),
        (closes + SECOND, Refusal.CLOSED, closes),
    ]:
        refused = refusal_of(lambda at=at: begin(learner, quiz, at=at))
        assert (refused.reason, refused.moment) == (reason, moment)
    assert begin(learner, quiz, at=opens).deadline_at == closes


def test_the_next_attempt_waits_for_the_delay(course, learner):
    quiz = make_quiz(course, "numeric", delay_minutes=90)
    attempt = begin(learner, quiz)
    # An attempt in progress is gone on with at once.
    assert begin(learner, quiz, at=START + SECOND).pk == attempt.pk
    ended = START + minutes(5)
    submit(learner, attempt.uuid, at=ended)
    free = ended + minutes(90)
    refused = refusal_of(lambda: begin(learner, quiz, at=free - SECOND))
    assert (refused.reason, refused.moment) == (Refusal.TOO_SOON, free)
    assert begin(learner, quiz, at=free).number == 2


# The end


def test_the_sweep_waits_for_all_that_could_still_be_credited(quiz, learner):
    attempt = begin(learner, quiz)
    for number in (0, 1):
        save(learner, attempt, quiz, START + minutes(1), number=number, sequence=number + 1)
    over = START + minutes(30) + seconds(60 + CAP)
    assert end_overdue(at=over) == []
    assert end(attempt.uuid, at=over) is False
    assert end_overdue(at=over + SECOND) == [attempt.uuid]
    attempt.refresh_from_db()
    assert (attempt.status, attempt.ended_by, attempt.submitted_at) == (
        AttemptStatus.SUBMITTED,
        EndedBy.DEADLINE,
        over + SECOND,
    )
    assert (attempt.percent, attempt.passed, ActivityCompletion.objects.count()) == (100, True, 1)
    assert end_overdue(at=over + minutes(5)) == []


def test_what_comes_after_the_sweep_is_late_and_changes_no_grade(quiz, learner):
    attempt = begin(learner, quiz)
    save(learner, attempt, quiz, START + minutes(1))
    end_overdue(at=START + minutes(60))
    refused = refusal_of(lambda: save(learner, attempt, quiz, START + minutes(61), number=1, sequence=2))
    attempt.refresh_from_db()
    assert (refused.reason, attempt.percent) == (Refusal.LATE, 50)
    assert replay(attempt, AnswerEntry.objects.filter(attempt=attempt)).identical
    assert replay(attempt, AnswerEntry.objects.filter(attempt=attempt)).entries == 2


def test_submitting_late_by_hand_grades_what_was_saved_in_time(quiz, learner):
    attempt = begin(learner, quiz)
    save(learner, attempt, quiz, START + minutes(1))
    refusal_of(lambda: save(learner, attempt, quiz, START + minutes(32), number=1, sequence=2))
    graded = submit(learner, attempt.uuid, at=START + minutes(33))
    assert (graded.percent, graded.ended_by) == (50, EndedBy.DEADLINE)
    # In grace it is the learner's own submission.
    other = begin(learner, quiz, at=START + minutes(40))
    assert submit(learner, other.uuid, at=START + minutes(71)).ended_by == EndedBy.LEARNER


def test_starting_again_after_the_end_shows_the_end_and_begins_nothing(quiz, learner):
    attempt = begin(learner, quiz)
    again = begin(learner, quiz, at=START + minutes(60))
    assert (again.pk, again.status, Attempt.objects.count()) == (attempt.pk, AttemptStatus.SUBMITTED, 1)
    assert begin(learner, quiz, at=START + minutes(61)).number == 2


def test_a_closing_time_set_later_ends_what_runs(course, learner):
    quiz = make_quiz(course, "numeric")
    attempt = begin(learner, quiz)
    closes = START + minutes(10)
    QuizPage.objects.filter(translation_key=quiz.key).update(closes_at=closes)
    assert end_overdue(at=START + minutes(5)) == []
    attempt.refresh_from_db()
    assert attempt.deadline_at == closes
    QuizPage.objects.filter(translation_key=quiz.key).update(closes_at=None)
    assert end_overdue(at=START + minutes(60)) == []
    attempt.refresh_from_db()
    assert attempt.deadline_at is None


def test_one_that_cannot_be_graded_waits_and_hinders_no_other(course, learner, quiz):
    from tests.factories.accounts import UserFactory

    stuck, other = begin(learner, quiz), begin(UserFactory(), quiz, at=START + SECOND)
    rows = [{**row, "type": "gone"} for row in stuck.paper["questions"]]
    Attempt.objects.filter(pk=stuck.pk).update(paper={**stuck.paper, "questions": rows})
    assert end_overdue(at=START + minutes(60)) == [other.uuid]
    stuck.refresh_from_db()
    assert stuck.status == AttemptStatus.IN_PROGRESS


def test_the_job_is_registered_and_runs(quiz, learner):
    from courses.plugin_api.registries import periodic_jobs
    from courses.quizzes.tasks import end_overdue_attempts

    job = periodic_jobs["quizzes.deadlines"]
    assert (job.task, job.every_seconds) == ("courses.quizzes.tasks.end_overdue_attempts", 60)
    begin(learner, quiz, at=datetime.now(UTC) - timedelta(days=1))
    end_overdue_attempts()
    assert Attempt.objects.get().ended_by == EndedBy.DEADLINE


# Queries


def test_saving_into_a_timed_attempt_takes_eight_queries_at_most(
    course, learner, django_assert_max_num_queries
):
    for count in (1, 3):
        quiz = make_quiz(course, *["numeric"] * count, time_limit_minutes=30, slug=f"quiz-{count}")
        attempt = begin(learner, quiz)
        with django_assert_max_num_queries(8):
            save(learner, attempt, quiz, START + SECOND, waited=1)
