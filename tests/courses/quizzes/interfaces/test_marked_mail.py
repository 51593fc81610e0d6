"""The letter that says that open answers were marked: once, in the learner's language, without the result."""

from smtplib import SMTPException

import pytest
from django.utils import timezone

from courses.quizzes.domain.marking import mark
from courses.quizzes.interfaces import marked_mail
from courses.quizzes.interfaces.marked_mail import tell, untold
from courses.quizzes.models import Marking
from courses.quizzes.tasks import sweep_markings, tell_marked
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import choice_id, make_quiz, take_quiz


@pytest.fixture
def quiz(course):
    return make_quiz(course, "open_answer", "open_answer")


def marked(quiz, attempt, number, first=1):
    key = quiz.question_key(number)
    marks = {choice_id(key, 0): first, choice_id(key, 1): 1}
    return mark(attempt.uuid, key, marks, "Comment", by=UserFactory(), at=timezone.now())


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_a_letter_goes_once_when_all_is_marked(quiz, mailoutbox, language):
    learner = UserFactory(language=language)
    attempt = take_quiz(learner, quiz)
    marked(quiz, attempt, 0)
    assert (untold(), tell(attempt.uuid, at=timezone.now())) == ([], False)
    marked(quiz, attempt, 1)
    assert untold() == [attempt.uuid]
    assert tell(attempt.uuid, at=timezone.now()) is True
    assert tell(attempt.uuid, at=timezone.now()) is False
    [letter] = mailoutbox
    assert letter.to == [learner.email]
    assert f"/{language}/quizzes/attempts/{attempt.uuid}/review/" in letter.body
    assert "Quiz" in letter.body
    assert "Comment" not in letter.body
    # Marks that were raised later are worth another letter.
    marked(quiz, attempt, 1, first=2)
    assert tell(attempt.uuid, at=timezone.now()) is True


@pytest.mark.parametrize("changes", [{"email": None, "member_code": "M-1"}, {"is_active": False}])
def test_who_cannot_be_written_to_is_not_tried_again(quiz, mailoutbox, changes):
    learner = UserFactory()
    attempt = take_quiz(learner, quiz)
    for name, value in changes.items():
        setattr(learner, name, value)
    learner.save()
    for number in range(2):
        marked(quiz, attempt, number)
    assert tell(attempt.uuid, at=timezone.now()) is False
    assert (untold(), mailoutbox) == ([], [])


def test_a_mail_server_that_fails_is_tried_again_by_the_sweep(quiz, learner, mailoutbox, monkeypatch):
    attempt = take_quiz(learner, quiz)
    for number in range(2):
        marked(quiz, attempt, number)

    def fails(*args, **kwargs):
        raise SMTPException

    with monkeypatch.context() as patch:
        patch.setattr(marked_mail, "send_mail", fails)
        with pytest.raises(SMTPException):
            tell_marked(str(attempt.uuid))
    assert Marking.objects.filter(notified_at__isnull=True).count() == 2
    monkeypatch.setattr(tell_marked, "delay", tell_marked)
    for _ in range(2):
        sweep_markings()
    assert len(mailoutbox) == 1
