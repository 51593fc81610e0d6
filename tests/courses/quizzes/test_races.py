"""Two at once, on a database that locks rows."""

import pytest
from django.conf import settings
from django.utils import timezone
from wagtail.models import Locale, Page

from courses.progress.domain.recording import enrol
from courses.progress.models import ActivityCompletion
from courses.quizzes.domain.attempts import save_answer, start, submit
from courses.quizzes.models import AnswerEntry, Attempt
from tests.factories.accounts import UserFactory
from tests.factories.courses import make_course, make_site
from tests.factories.quizzes import make_quiz, start_quiz
from tests.races import ROW_LOCKS, at_once

pytestmark = ROW_LOCKS


@pytest.fixture
def quiz(transactional_db):
    from types import SimpleNamespace

    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES}
    if not Page.objects.filter(depth=1).exists():
        Page.add_root(instance=Page(title="Root", slug="root", locale=locales["fr"]))
    return make_quiz(make_course(make_site(SimpleNamespace(**locales))))


def test_simultaneous_starts_are_one_attempt(quiz):
    learner, at = UserFactory(), timezone.now()
    enrolment = enrol(learner, quiz.course.key, locale="fr", at=at)
    started = at_once(lambda _: start(enrolment, quiz.key, locale="fr", at=at).uuid)
    assert len(set(started)) == 1
    assert Attempt.objects.count() == 1


def test_simultaneous_submits_are_one_grade_and_one_completion(quiz):
    learner = UserFactory()
    attempt = start_quiz(learner, quiz)
    for number in range(4):
        save_answer(learner, attempt.uuid, quiz.question_key(number), quiz.right(number), at=timezone.now())
    graded = at_once(lambda _: submit(learner, attempt.uuid, at=timezone.now()))
    assert len({(done.submitted_at, done.percent, done.answers_hash) for done in graded}) == 1
    assert ActivityCompletion.objects.count() == 1


def test_the_same_answer_sent_by_many_threads_is_one_entry(quiz):
    learner = UserFactory()
    attempt = start_quiz(learner, quiz)
    key = quiz.question_key(3)
    receipts = at_once(
        lambda _: save_answer(
            learner, attempt.uuid, key, "30", at=timezone.now(), device_id="device-one", sequence=1
        )
    )
    assert sorted(receipt.repeated for receipt in receipts) == [False] + [True] * 7
    assert AnswerEntry.objects.count() == 1


def test_an_answer_racing_a_submit_is_graded_or_refused_never_lost(quiz):
    from courses.quizzes.domain.attempts import Refused

    learner = UserFactory()
    attempt = start_quiz(learner, quiz)
    key = quiz.question_key(3)

    def act(number: int) -> str:
        if number == 0:
            submit(learner, attempt.uuid, at=timezone.now())
            return "submitted"
        try:
            save_answer(
                learner,
                attempt.uuid,
                key,
                "30",
                at=timezone.now(),
                device_id=f"device-{number:02}",
                sequence=1,
            )
        except Refused:
            return "refused"
        return "saved"

    outcomes = at_once(act)
    graded = Attempt.objects.get()
    assert AnswerEntry.objects.count() == outcomes.count("saved")
    assert graded.percent == (25 if "saved" in outcomes else 0)
