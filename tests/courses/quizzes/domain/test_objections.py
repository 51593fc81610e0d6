import threading
from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from wagtail.models import ModelLogEntry

from courses.quizzes.domain import objections
from courses.quizzes.domain.before import start_before
from courses.quizzes.domain.objections import (
    ObjectionRefusal,
    ObjectionRefused,
    answer,
    answer_due,
    contest,
    is_overdue,
    queue,
    tell_answers,
)
from courses.quizzes.domain.personal_data import erase, export
from courses.quizzes.domain.purge import purge_answers
from courses.quizzes.enums import ObjectionStatus
from courses.quizzes.models import Attempt, Objection
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_quiz, start_quiz, take_quiz

AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
TEXT = "The second answer is right too, by article 9."

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz(course):
    return make_quiz(course, "true_false", "numeric")


@pytest.fixture
def attempt(learner, quiz):
    return take_quiz(learner, quiz, wrong=(0,))


def object_to(attempt, quiz, number=0, text=TEXT, at=AT):
    user = attempt.enrolment.user
    return contest(user, attempt.uuid, quiz.question_key(number), text, locale="fr", at=at)


@pytest.mark.parametrize(
    ("at", "due"),
    [
        (datetime(2026, 3, 2, 22, 59, tzinfo=UTC), date(2026, 3, 16)),
        (datetime(2026, 3, 2, 23, tzinfo=UTC), date(2026, 3, 17)),  # midnight in Tunis
        (datetime(2028, 2, 15, 12, tzinfo=UTC), date(2028, 2, 29)),
        (datetime(2026, 12, 25, 12, tzinfo=UTC), date(2027, 1, 8)),
    ],
)
def test_an_answer_is_due_a_number_of_local_days_later(at, due):
    assert answer_due(at) == due


def test_one_objection_for_each_question_of_an_attempt(attempt, quiz):
    first = object_to(attempt, quiz)

    assert object_to(attempt, quiz, text="Something else altogether.") == first
    assert object_to(attempt, quiz, 1) != first
    assert (first.text, first.status, first.answer_due) == (TEXT, ObjectionStatus.OPEN, date(2026, 3, 16))
    with pytest.raises(IntegrityError), transaction.atomic():
        Objection.objects.create(
            attempt=attempt, question_key=first.question_key, made_at=AT, answer_due=AT.date()
        )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("too short", ObjectionRefusal.TOO_SHORT),
        (" " * 30, ObjectionRefusal.TOO_SHORT),
        ("x" * 2001, ObjectionRefusal.TOO_LONG),
    ],
)
def test_words_have_their_limits(attempt, quiz, text, reason):
    with pytest.raises(ObjectionRefused) as refused:
        object_to(attempt, quiz, text=text)

    assert refused.value.reason == reason
    assert not Objection.objects.exists()


def test_only_of_ones_own_graded_attempt_and_of_what_it_asked(learner, course, attempt, quiz):
    with pytest.raises(Attempt.DoesNotExist):
        contest(UserFactory(), attempt.uuid, quiz.question_key(0), TEXT, locale="fr", at=AT)
    with pytest.raises(LookupError):
        contest(learner, attempt.uuid, uuid4(), TEXT, locale="fr", at=AT)
    with pytest.raises(ObjectionRefused):
        object_to(start_quiz(learner, quiz), quiz)
    other = make_quiz(course, "true_false", slug="other", before_form=True)
    before = start_before(attempt.enrolment, other.key, locale="fr", at=AT)
    with pytest.raises(ObjectionRefused):
        object_to(before, other)


def test_the_answer_stands_once_given(attempt, quiz):
    objection = object_to(attempt, quiz)
    trainer = UserFactory()

    first = answer(objection.uuid, accept=False, words="The article says so.", by=trainer, at=AT)
    assert answer(objection.uuid, accept=False, words="The article says so.", by=trainer, at=AT) == first
    with pytest.raises(ObjectionRefused) as refused:
        answer(objection.uuid, accept=True, words="You are right indeed.", by=UserFactory(), at=AT)

    assert refused.value.reason == ObjectionRefusal.ANSWERED
    objection.refresh_from_db()
    assert (objection.status, objection.answered_by) == (ObjectionStatus.REJECTED, trainer)
    entry = ModelLogEntry.objects.get(action="quizzes.objection.answer")
    assert (entry.user, entry.data) == (trainer, {"decision": "rejected"})


def test_nobody_answers_their_own(learner, attempt, quiz):
    objection = object_to(attempt, quiz)

    with pytest.raises(ObjectionRefused) as refused:
        answer(objection.uuid, accept=True, words="I am right indeed.", by=learner, at=AT)

    assert refused.value.reason == ObjectionRefusal.OWN


def test_the_queue_begins_with_what_is_due_first(learner, attempt, quiz):
    second = take_quiz(learner, quiz, wrong=(0,))
    done = object_to(second, quiz, 0, at=AT - timedelta(days=9))
    answer(done.uuid, accept=True, words="You are right indeed.", by=UserFactory(), at=AT)
    later = object_to(attempt, quiz, 0, at=AT + timedelta(days=3))
    sooner = object_to(attempt, quiz, 1)

    assert list(queue()) == [sooner, later, done]
    assert [is_overdue(row, date(2026, 3, 17)) for row in queue()] == [True, False, False]
    assert not is_overdue(sooner, sooner.answer_due)


def test_each_learner_is_told_once(learner, attempt, quiz):
    objection = object_to(attempt, quiz)
    letters = []

    def send(user, told):
        letters.append((user, told.uuid))

    assert tell_answers(send, at=AT) == 0
    answer(objection.uuid, accept=True, words="You are right indeed.", by=UserFactory(), at=AT)
    assert [tell_answers(send, at=AT), tell_answers(send, at=AT)] == [1, 0]
    assert letters == [(learner, objection.uuid)]


def test_a_refused_address_keeps_no_other_letter(attempt, quiz):
    refused, other = object_to(attempt, quiz), object_to(take_quiz(UserFactory(), quiz), quiz)
    for row in (refused, other):
        answer(row.uuid, accept=True, words="You are right indeed.", by=UserFactory(), at=AT)

    def send(user, told):
        if told == refused:
            raise SMTPRecipientsRefused({user.email: (550, b"no such user")})

    assert tell_answers(send, at=AT) == 1
    refused.refresh_from_db()
    assert refused.notified_at is None
    assert tell_answers(lambda user, told: None, at=AT) == 1


def test_the_words_go_with_the_answers(learner, attempt, quiz):
    Attempt.objects.filter(pk=attempt.pk).update(started_at=AT, submitted_at=AT)
    objection = object_to(attempt, quiz)
    answered = object_to(attempt, quiz, 1)
    answer(answered.uuid, accept=False, words="The article says so.", by=UserFactory(), at=AT)

    purge_answers(at=AT + timedelta(days=400))

    assert set(Objection.objects.values_list("text", "answer")) == {("", "")}
    # What nobody answered in time can't be any more.
    assert list(queue()) == [answered]
    later = take_quiz(learner, quiz, wrong=(0,))
    Attempt.objects.filter(pk=later.pk).update(purged_at=AT)
    with pytest.raises(ObjectionRefused):
        object_to(later, quiz)
    assert objection in Objection.objects.all()


def test_a_person_has_them_and_takes_them_along(learner, attempt, quiz):
    object_to(attempt, quiz)

    (own,) = export(learner)[0]["objections"]
    erase(learner, AT)

    assert (own["question"], own["text"], own["answer_due"]) == ("Stem 0 fr", TEXT, "2026-03-16")
    assert Objection.objects.get().text == ""


def test_an_open_objection_speaks_for_every_attempt_of_the_person(learner, attempt, quiz):
    again = take_quiz(learner, quiz, wrong=(0,))
    objection = object_to(attempt, quiz)

    assert object_to(again, quiz, text="Something else altogether.") == objection
    assert object_to(take_quiz(UserFactory(), quiz, wrong=(0,)), quiz) != objection
    answer(objection.uuid, accept=False, words="The article says so.", by=UserFactory(), at=AT)
    assert object_to(again, quiz) != objection


def test_a_person_has_so_many_open_ones_at_most(client, learner, attempt, quiz, monkeypatch):
    monkeypatch.setattr(objections, "MOST_OPEN", 1)
    objection = object_to(attempt, quiz)

    with pytest.raises(ObjectionRefused) as refused:
        object_to(attempt, quiz, 1)
    assert refused.value.reason == ObjectionRefusal.TOO_MANY
    client.force_login(learner)
    page = client.post(f"/en/quizzes/attempts/{attempt.uuid}/questions/2/contest/", {"text": TEXT})
    assert (page.status_code, "Wait for an answer first" in page.content.decode()) == (200, True)
    answer(objection.uuid, accept=False, words="The article says so.", by=UserFactory(), at=AT)
    assert object_to(attempt, quiz, 1).status == ObjectionStatus.OPEN


def test_what_was_removed_isnt_answered(attempt, quiz):
    objection = object_to(attempt, quiz)
    Attempt.objects.update(purged_at=AT)

    with pytest.raises(ObjectionRefused) as refused:
        answer(objection.uuid, accept=True, words="You are right indeed.", by=UserFactory(), at=AT)

    assert refused.value.reason == ObjectionRefusal.NOT_OPEN
    assert Objection.objects.get().answer == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.postgres
def test_the_same_form_sent_twice_at_once_is_one_objection(learner, course):
    if connection.vendor == "sqlite":
        pytest.skip("an in-memory SQLite can't be shared by two writing threads; counted on PostgreSQL")
    quiz = make_quiz(course, "true_false")
    attempt = take_quiz(learner, quiz, wrong=(0,))
    barrier, made = threading.Barrier(2), []

    def work():
        try:
            barrier.wait(10)
            made.append(object_to(attempt, quiz).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(made) == 2
    assert len(set(made)) == Objection.objects.count() == 1
