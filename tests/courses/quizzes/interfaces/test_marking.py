"""The queue of open answers in the admin: who sees it, what it shows, marking one after the other."""

import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from courses.accounts.api import grant_role
from courses.accounts.enums import Role
from courses.quizzes.domain.marking import mark
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import Attempt, Marking
from courses.quizzes.tasks import tell_marked
from tests.factories.accounts import RoleGrantFactory, UserFactory
from tests.factories.quizzes import choice_id, make_quiz, take_quiz

INDEX = "quiz_marking:index"
QUEUE_QUERIES = 13
FORM_QUERIES = 12


@pytest.fixture
def quiz(course):
    return make_quiz(course, "open_answer")


@pytest.fixture
def trainer(client, db):
    person = UserFactory()
    UserProfile.objects.create(user=person, preferred_language="en")
    grant_role(person, Role.TRAINER, by=None, at=timezone.now())
    client.force_login(person)
    return person


def address(attempt, quiz, name="answer"):
    return reverse(f"quiz_marking:{name}", args=[attempt.uuid, quiz.question_key(0)])


def page_of(response):
    return html.unescape(response.content.decode())


def posted(client, attempt, quiz, first, second, comment="", seen=0, **options):
    data = {"points-1": first, "points-2": second, "comment": comment, "seen": seen}
    return client.post(address(attempt, quiz), data, **options)


def test_the_queue_shows_what_waits_without_a_name(client, trainer, quiz):
    learner = UserFactory(display_name="Amina Trabelsi")
    attempt = take_quiz(learner, quiz)
    page = page_of(client.get(reverse(INDEX)))
    assert "Stem 0 en" in page
    assert address(attempt, quiz) in page
    form = page_of(client.get(address(attempt, quiz)))
    for shown in ("Declare it", "in time.", "Criterion 0 en", "Criterion 1 en", "0 to 3 points", "Stem 0 fr"):
        assert shown in form, shown
    for hidden in ("Amina", "Trabelsi", learner.email):
        assert hidden not in page + form
    # Each field of the form has a label, and reading begins at the question.
    fields = re.findall(r'<(?:input type="number"|textarea)[^>]*id="([^"]+)"', form)
    assert len(fields) == 3
    assert all(f'for="{name}"' in form for name in fields)
    assert re.search(r"<h2[^>]*autofocus", form)


def test_saving_grades_writes_to_the_learner_and_goes_to_the_next(
    client, trainer, quiz, mailoutbox, monkeypatch, django_capture_on_commit_callbacks
):
    queued = []
    monkeypatch.setattr(tell_marked, "delay", queued.append)
    learners = [UserFactory(language="ar"), UserFactory()]
    first, second = [take_quiz(learner, quiz) for learner in learners]
    with django_capture_on_commit_callbacks(execute=True):
        response = posted(client, first, quiz, 2, 3, "أحسنت")
    assert response.headers["Location"] == address(second, quiz)
    first.refresh_from_db()
    assert (first.status, first.percent) == (AttemptStatus.SUBMITTED, 100)
    assert Marking.objects.get().marked_by == trainer
    assert queued == [str(first.uuid)]
    for _ in range(2):
        tell_marked(queued[0])
    [letter] = mailoutbox
    assert letter.to == [learners[0].email]
    assert f"/ar/quizzes/attempts/{first.uuid}/review/" in letter.body
    assert "100" not in letter.body.replace(str(first.uuid), "")
    last = posted(client, second, quiz, 0, 0, follow=True)
    assert "No answer waits any more." in page_of(last)


@pytest.mark.parametrize(
    ("first", "second", "word"),
    [("", 1, "required"), (3, 1, "less than or equal to 2"), (1, -1, "greater than or equal to 0"), ("x", 1, "whole number")],
)  # fmt: skip
def test_bad_points_are_explained_and_nothing_is_lost(client, trainer, quiz, learner, first, second, word):
    attempt = take_quiz(learner, quiz)
    response = posted(client, attempt, quiz, first, second, "Kept words")
    page = page_of(response)
    assert response.status_code == 200
    assert word in page
    assert "Kept words" in page
    assert not Marking.objects.exists()


def test_two_trainers_at_once_are_told(client, trainer, quiz, learner):
    attempt, key = take_quiz(learner, quiz), quiz.question_key(0)
    marks = {choice_id(key, 0): 1, choice_id(key, 1): 1}
    mark(attempt.uuid, key, marks, "", by=UserFactory(), at=timezone.now())
    response = posted(client, attempt, quiz, 2, 3, follow=True)
    assert "Somebody else marked this answer meanwhile" in page_of(response)
    assert Marking.objects.count() == 1
    seen = Marking.objects.get().pk
    lower = page_of(posted(client, attempt, quiz, 0, 0, seen=seen))
    assert "points can be raised, and not lowered" in lower
    assert posted(client, attempt, quiz, 2, 3, seen=seen).headers["Location"].endswith("?marked")
    attempt.refresh_from_db()
    assert attempt.percent == 100
    assert address(attempt, quiz) in page_of(client.get(f"{reverse(INDEX)}?marked"))


def test_later_keeps_its_place(client, trainer, quiz):
    first, second = [take_quiz(UserFactory(), quiz) for _ in range(2)]
    assert client.get(address(first, quiz, "skip")).headers["Location"] == address(second, quiz)
    assert client.get(address(second, quiz, "skip")).headers["Location"] == reverse(INDEX)
    # After marking the second, the one that was left comes back.
    assert posted(client, second, quiz, 1, 1).headers["Location"] == address(first, quiz)


def test_what_is_not_to_be_marked_is_not_found(client, trainer, quiz, learner):
    own = take_quiz(trainer, quiz)
    purged = take_quiz(learner, quiz)
    Attempt.objects.filter(pk=purged.pk).update(purged_at=timezone.now())
    for attempt in (own, purged):
        # Unknown addresses without a language lead to the one with it first.
        assert client.get(address(attempt, quiz), follow=True).status_code == 404
        posted(client, attempt, quiz, 1, 1)
    assert not Marking.objects.exists()
    assert "No answer waits." in page_of(client.get(reverse(INDEX)))


@pytest.mark.parametrize("role", [None, Role.COORDINATOR])
def test_only_trainers_and_administrators_mark(client, quiz, learner, regions, role):
    attempt = take_quiz(learner, quiz)
    person = UserFactory()
    if role:
        RoleGrantFactory(user=person, role=role, region=regions.centre_ouest)
    client.force_login(person)
    for path in (reverse(INDEX), address(attempt, quiz), address(attempt, quiz, "skip")):
        assert client.get(path).status_code == 403
    assert posted(client, attempt, quiz, 1, 1).status_code == 403
    assert not Marking.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_queue_asks_the_database_the_same_whatever_it_shows(
    client, trainer, quiz, count, django_assert_num_queries
):
    attempts = [take_quiz(UserFactory(), quiz) for _ in range(count)]
    for path, queries in ((reverse(INDEX), QUEUE_QUERIES), (address(attempts[0], quiz), FORM_QUERIES)):
        client.get(path)
        with django_assert_num_queries(queries):
            client.get(path)
