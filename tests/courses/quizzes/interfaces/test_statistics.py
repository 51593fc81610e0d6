"""Statistics in the admin: who sees them, what they say, what they hide."""

import html
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from courses.accounts.api import grant_role
from courses.accounts.enums import Role
from courses.quizzes.domain.quiz_figures import Finding, findings
from courses.quizzes.domain.quiz_statistics import compute
from courses.quizzes.interfaces.statistics import DASH, WORDS, attempts_words
from courses.quizzes.models import QuizStatistic
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.quizzes import make_quiz, take_quiz

LIST_QUERIES = 11
QUIZ_QUERIES = 10


@pytest.fixture
def trainer(db):
    person = UserFactory()
    grant_role(person, Role.TRAINER, by=None, at=timezone.now())
    return person


@pytest.fixture
def trainer_client(client, trainer):
    client.force_login(trainer)
    return client


@pytest.fixture
def quiz(course):
    return make_quiz(course, "single_choice", "numeric")


@pytest.fixture
def computed(quiz):
    for _ in range(5):
        take_quiz(UserFactory(display_name="Salma Trabelsi"), quiz, wrong=(1,))
    return compute(quiz.key, at=timezone.now())


def address(name, *args):
    return reverse(f"quiz_statistics:{name}", args=args)


def test_the_list_has_each_quiz_with_its_figures(trainer_client, computed):
    body = trainer_client.get(address("index")).content.decode()
    assert address("quiz", computed.quiz_key) in body
    assert "50" in body
    assert "Salma" not in body


def test_the_page_of_a_quiz_says_what_to_check(trainer_client, computed):
    body = trainer_client.get(address("quiz", computed.quiz_key)).content.decode()
    for number in range(2):
        assert f"Stem {number} " in body
    assert str(WORDS[Finding.HARDLY_ANYBODY]) in body
    assert "Salma" not in body


def test_four_attempts_are_shown_nowhere(trainer_client, quiz):
    for _ in range(4):
        take_quiz(UserFactory(), quiz)
    compute(quiz.key, at=timezone.now())
    for name, args in (("index", ()), ("quiz", (quiz.key,)), ("csv", (quiz.key,))):
        assert attempts_words(None) in trainer_client.get(address(name, *args)).content.decode()
    questions = trainer_client.get(address("quiz", quiz.key)).context["questions"]
    assert [(row["shown"], row["facility"]) for row in questions] == [(False, DASH)] * 2


def test_an_empty_list_says_why(trainer_client, quiz):
    """Nothing to compute, or nothing computed yet; few attempts are listed without figures."""

    def page():
        return html.unescape(trainer_client.get(address("index")).content.decode())

    nothing = gettext("Nobody has submitted answers to a quiz yet: there is nothing to compute.")
    waiting = gettext("Answers were submitted, but nothing was computed yet.")

    assert nothing in page()
    take_quiz(UserFactory(), quiz)
    assert waiting in page()
    compute(quiz.key, at=timezone.now())
    assert [text for text in (nothing, waiting) if text in page()] == []
    assert attempts_words(None) in page()


def test_files_hold_no_formula(trainer_client, computed):
    row = QuizStatistic.objects.get()
    row.titles = {"fr": "=1+1", "en": "=1+1", "ar": "=1+1"}
    row.questions[0]["stems"] = dict.fromkeys(("fr", "en", "ar"), "@SUM(A1)")
    row.save()
    # Every cell is quoted: a formula would stand right after a quotation mark.
    files = {
        "'=1+1": trainer_client.get(address("index"), {"export": "csv"}),
        "'@SUM(A1)": trainer_client.get(address("csv", row.quiz_key)),
    }
    for cell, response in files.items():
        text = response.content.decode("utf-8-sig")
        assert f'"{cell}"' in text
        assert not any(f'"{sign}' in text for sign in "=@+-")
    assert trainer_client.get(address("index"), {"export": "xlsx"}).status_code == 200


def test_computing_is_left_to_the_worker(trainer_client, quiz, monkeypatch):
    asked = []
    monkeypatch.setattr("courses.quizzes.tasks.compute_statistics.delay_on_commit", lambda: asked.append(1))
    assert trainer_client.get(address("compute")).status_code == 405
    assert trainer_client.post(address("compute")).url == address("index")
    assert (asked, QuizStatistic.objects.count()) == ([1], 0)


def test_only_who_may_see_statistics_sees_them(client, trainer, computed):
    member, administrator = UserFactory(), make_administrator()
    key = computed.quiz_key
    for path in (address("index"), address("results"), address("quiz", key), address("csv", key)):
        statuses = []
        for person in (member, trainer, administrator):
            client.force_login(person)
            statuses.append(client.get(path).status_code)
        assert statuses == [403, 200, 200], path
    client.force_login(member)
    assert client.post(address("compute")).status_code == 403


def test_an_unknown_quiz_is_not_found(trainer_client, course):
    for name in ("quiz", "csv"):
        # An address without language that isn't there is tried with one.
        assert trainer_client.get(address(name, uuid.uuid4()), follow=True).status_code == 404


def test_queries_of_the_list_and_of_a_quiz(trainer_client, course, computed, django_assert_num_queries):
    trainer_client.get(address("index"))
    with django_assert_num_queries(LIST_QUERIES):
        trainer_client.get(address("index"))
    for number in range(3):
        other = make_quiz(course, "numeric", slug=f"other-{number}")
        compute(other.key, at=timezone.now())
    with django_assert_num_queries(LIST_QUERIES):
        trainer_client.get(address("index"))
    with django_assert_num_queries(QUIZ_QUERIES):
        trainer_client.get(address("quiz", computed.quiz_key))


def question(**figures):
    cell = {"language": "fr", "asked": 40, "facility": 0.5}
    row = {"asked": 40, "facility": 0.5, "item_rest": 0.4, "languages": [cell], "choices": []} | figures
    return findings(row)


def choice(right, share, upper=None, lower=None):
    return {"right": right, "share": share, "upper": upper, "lower": lower}


@pytest.mark.parametrize(
    ("figures", "found"),
    [
        ({}, []),
        ({"asked": None}, []),
        ({"facility": 0.2}, [Finding.HARDLY_ANYBODY]),
        ({"facility": 0.95, "item_rest": None}, [Finding.NEARLY_EVERYBODY]),
        ({"item_rest": -0.1}, [Finding.BETTER_ANSWER_WORSE]),
        ({"item_rest": -0.1, "asked": 19}, []),
        ({"item_rest": 0.09}, [Finding.TELLS_LITTLE]),
        ({"item_rest": 0.09, "asked": 19}, []),
        (
            {"choices": [choice(True, 0.5, 0.4, 0.5), choice(False, 0.5, 0.6, 0.5)]},
            [Finding.TEMPTS_THE_BETTER],
        ),
        ({"choices": [choice(True, 0.5, 0.9, 0.1), choice(False, 0.5, 0.1, 0.9)]}, []),
        ({"choices": [choice(True, 0.5), choice(False, 0.5), choice(False, 0.0)]}, [Finding.NEVER_CHOSEN]),
        ({"languages": [{"language": "ar", "differs": "harder"}]}, [Finding.LANGUAGE]),
    ],
)
def test_findings(figures, found):
    assert question(**figures) == found
