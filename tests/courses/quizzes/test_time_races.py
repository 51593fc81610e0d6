"""The end of an attempt's time, from several sides at once, on a database that locks rows."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from wagtail.models import Locale, Page

from courses.progress.domain.recording import enrol
from courses.progress.models import ActivityCompletion
from courses.quizzes.domain.allowances import grant
from courses.quizzes.domain.attempts import Refused, end, save_answer, start, submit
from courses.quizzes.domain.sweep import end_overdue
from courses.quizzes.models import AnswerEntry, Attempt
from tests.factories.accounts import UserFactory
from tests.factories.courses import make_course, make_site
from tests.factories.quizzes import make_quiz
from tests.races import ROW_LOCKS, at_once

pytestmark = ROW_LOCKS
START = datetime(2026, 7, 2, 9, 0, tzinfo=UTC)
OVER = START + timedelta(hours=1)
DEVICE = "device-one"


@pytest.fixture
def quiz(transactional_db):
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES}
    if not Page.objects.filter(depth=1).exists():
        Page.add_root(instance=Page(title="Root", slug="root", locale=locales["fr"]))
    course = make_course(make_site(SimpleNamespace(**locales)))
    return make_quiz(course, "numeric", time_limit_minutes=30)


@pytest.fixture
def attempt(quiz):
    learner = UserFactory()
    enrolment = enrol(learner, quiz.course.key, locale="fr", at=START)
    begun = start(enrolment, quiz.key, locale="fr", at=START)
    save_answer(learner, begun.uuid, quiz.question_key(0), "30", at=START + timedelta(minutes=1))
    return begun


def test_sweeps_submits_and_starts_at_the_end_are_one_grading(quiz, attempt):
    learner, enrolment = attempt.enrolment.user, attempt.enrolment
    acts = [
        lambda: end_overdue(at=OVER),
        lambda: end(attempt.uuid, at=OVER),
        lambda: submit(learner, attempt.uuid, at=OVER),
        # Going on with an attempt whose time is over ends it. A later press may not find it in progress any more.
        lambda: start_or_refused(enrolment, quiz),
    ]
    at_once(lambda number: acts[number % len(acts)]())
    found = Attempt.objects.get()
    assert (found.percent, found.passed, found.ended_by) == (100, True, "deadline")
    assert ActivityCompletion.objects.get().evidence == attempt.uuid


def start_or_refused(enrolment, quiz):
    try:
        start(enrolment, quiz.key, locale="fr", at=OVER)
    except Refused:
        return


def test_an_answer_racing_the_sweep_is_kept_and_late(quiz, attempt):
    learner = attempt.enrolment.user

    def act(number):
        if number == 0:
            end_overdue(at=OVER)
            return
        with pytest.raises(Refused):
            save_answer(
                learner,
                attempt.uuid,
                quiz.question_key(0),
                "31",
                at=OVER,
                device_id=f"device-{number:02}",
                sequence=9,
            )

    at_once(act)
    assert Attempt.objects.get().percent == 100
    late = AnswerEntry.objects.filter(late=True)
    assert (late.count(), AnswerEntry.objects.count()) == (7, 8)


def test_answers_of_one_outage_racing_each_other_credit_it_once(quiz, attempt):
    learner, back = attempt.enrolment.user, START + timedelta(minutes=6)

    def act(number):
        save_answer(
            learner,
            attempt.uuid,
            quiz.question_key(0),
            str(number),
            at=back,
            device_id=DEVICE,
            sequence=number + 2,
            waited=timedelta(minutes=4),
        )

    at_once(act)
    assert Attempt.objects.get().credited_seconds == 240


def test_extra_time_racing_the_sweep_comes_before_the_end_or_too_late(quiz, attempt):
    allowing = UserFactory(is_superuser=True)

    def act(number):
        if number % 2:
            return end_overdue(at=OVER)
        return grant(quiz.key, user=attempt.enrolment.user, minutes=60, reason="Why", by=allowing, at=OVER).pk

    at_once(act)
    found = Attempt.objects.get()
    assert found.is_submitted or found.deadline_at >= START + timedelta(minutes=90)
    # Ended, it was with the deadline of that moment; never graded with time left.
    assert not found.is_submitted or found.percent == 100
