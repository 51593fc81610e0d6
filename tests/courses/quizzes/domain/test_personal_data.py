from django.db import transaction
from django.utils import timezone, translation

from courses.accounts.api import personal_data_sources
from courses.quizzes.domain.personal_data import erase, export
from courses.quizzes.models import AnswerEntry, Attempt
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import start_quiz, take_quiz


def test_the_export_tells_what_was_answered_in_the_readers_language(quiz, learner):
    take_quiz(learner, quiz, wrong=(3,))
    take_quiz(UserFactory(), quiz)
    with translation.override("en"):
        [attempt] = export(learner)
    assert attempt["activity"] == str(quiz.key)
    assert (attempt["quiz"], attempt["number"], attempt["percent"], attempt["passed"]) == (
        "Quiz",
        1,
        75,
        True,
    )
    assert [(row["question"], row["answer"]) for row in attempt["answers"]] == [
        ("Stem 0 en", "Choice 1 en"),
        ("Stem 1 en", "Choice 0 en · Choice 2 en"),
        ("Stem 2 en", "True"),
        ("Stem 3 en", "31 days en"),
    ]
    assert "correct" not in str(attempt)


def test_the_page_shows_titles_and_words_and_no_key(client, quiz, learner):
    take_quiz(learner, quiz)
    client.force_login(learner)

    page = client.get("/en/account/data/").content.decode()

    assert [word for word in ("Stem 0 en", "100 %", "French") if word not in page] == []
    assert str(quiz.key) not in page


def test_erasing_purges_answers_with_their_hash_and_keeps_the_grade(quiz, learner):
    done = take_quiz(learner, quiz, wrong=(0, 1))
    start_quiz(learner, quiz)
    other = take_quiz(UserFactory(), quiz)
    at = timezone.now()
    with transaction.atomic():
        erase(learner, at)
    kept = Attempt.objects.get(enrolment__user=learner)
    assert (kept.uuid, kept.percent, kept.passed, kept.purged_at, kept.results) == (
        done.uuid,
        50,
        False,
        at,
        {},
    )
    assert len(done.answers_hash) == 64
    assert (kept.paper_hash, kept.answers_hash) == (done.paper_hash, "")
    other.refresh_from_db()
    assert len(other.answers_hash) == 64
    assert set(AnswerEntry.objects.values_list("attempt_id", flat=True)) == {other.pk}


def test_the_source_is_registered():
    source = personal_data_sources["quizzes"]
    assert (source.export, source.erase) == (export, erase)
