"""`manage.py replay_attempt`: exit status, words and JSON."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from courses.quizzes.models import Attempt
from tests.factories.quizzes import start_quiz, take_quiz


def run(attempt, *flags):
    out = StringIO()
    try:
        call_command("replay_attempt", str(attempt), *flags, stdout=out)
    except CommandError as error:
        return error.returncode, out.getvalue(), str(error)
    return 0, out.getvalue(), ""


def test_an_attempt_as_it_was_graded_is_identical(quiz, learner):
    attempt = take_quiz(learner, quiz, wrong=(3,))
    assert run(attempt.uuid) == (0, "4 entries, 4 answers, 75 percent recorded\n", "")
    status, printed, _error = run(attempt.uuid, "--json")
    assert (status, json.loads(printed)) == (
        0,
        {"attempt": str(attempt.uuid), "identical": True, "entries": 4, "answers": 4, "differences": []},
    )


def test_each_difference_is_printed(quiz, learner):
    attempt = take_quiz(learner, quiz, wrong=(3,))
    Attempt.objects.filter(pk=attempt.pk).update(percent=100)
    status, printed, error = run(attempt.uuid)
    assert (status, error) == (1, "1 differ from the record.")
    assert "percent: recorded 100, replayed 75\n" in printed
    assert json.loads(run(attempt.uuid, "--json")[1])["differences"] == [
        {"what": "percent", "recorded": 100, "replayed": 75}
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["5f0e6a1c-7d2b-4b8e-9a53-0c1d2e3f4a5b", "no-uuid", ""])
def test_an_unknown_attempt_is_not_found(name):
    assert (run(name)[0], json.loads(run(name, "--json")[1])["reason"]) == (2, "not_found")


def test_an_attempt_in_progress_has_nothing_to_compare(quiz, learner):
    status, _printed, error = run(start_quiz(learner, quiz).uuid)
    assert (status, "isn't submitted yet" in error) == (2, True)


def test_a_purged_attempt_says_so(quiz, learner):
    attempt = take_quiz(learner, quiz)
    Attempt.objects.filter(pk=attempt.pk).update(purged_at=timezone.now(), results={})
    status, printed, error = run(attempt.uuid, "--json")
    assert (status, "answers were removed on" in error) == (2, True)
    assert json.loads(printed) == {"attempt": str(attempt.uuid), "identical": None, "reason": "purged"}
