"""Places of questions in the bank: at once, in all languages, in what is published and in what waits."""

from datetime import UTC, datetime

import pytest
from wagtail.models import ModelLogEntry

from courses.quizzes.domain.filing import (
    FILED,
    add_tag,
    set_category,
    set_difficulty,
    set_retired,
    set_tags,
    share_filing,
)
from courses.quizzes.enums import Difficulty
from courses.quizzes.models import Question, QuestionCategory, QuestionTag
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_question, make_quiz, take_quiz

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)


def logged():
    return list(ModelLogEntry.objects.filter(action=FILED).values_list("object_id", "data", "timestamp"))


def test_a_category_holds_in_all_languages_and_in_drafts_that_wait(locales):
    question, other = make_question("numeric"), make_question("numeric")
    category = QuestionCategory.objects.create(name="Law")
    draft = question["ar"]
    draft.stem = "تغيير"
    draft.save_revision()
    by = UserFactory()
    key = question["fr"].translation_key

    assert set_category([key], category, by=by, at=AT) == 1

    assert (
        list(Question.objects.filter(category=category).values_list("translation_key", flat=True))
        == [key] * 3
    )
    draft.refresh_from_db()
    waiting = draft.get_latest_revision_as_object()
    assert (draft.stem, waiting.stem, waiting.category) == ("Stem ar", "تغيير", category)
    assert logged() == [(str(question["fr"].pk), {"category": category.pk}, AT)]
    other["fr"].refresh_from_db()
    assert other["fr"].category is None

    # Again: nothing changes and nothing is logged.
    assert set_category([key], category, by=by, at=AT) == 0
    assert len(logged()) == 1
    assert set_category([key], None, by=by, at=AT) == 1


def test_filing_makes_no_version_and_changes_no_attempt(course):
    quiz = make_quiz(course, "numeric")
    attempt = take_quiz(UserFactory(), quiz)
    question = quiz.questions[0]["fr"]
    revisions = question.revisions.count()

    assert set_difficulty([question.translation_key], Difficulty.HARD, by=UserFactory(), at=AT) == 1
    assert set_retired([question.translation_key], True, by=UserFactory(), at=AT) == 1

    paper = attempt.paper
    attempt.refresh_from_db()
    assert (attempt.paper, question.revisions.count()) == (paper, revisions)
    question.refresh_from_db()
    assert (question.difficulty, question.retired) == ("hard", True)


def test_a_tag_is_added_once_to_the_variant_that_decides(locales):
    question = make_question("numeric")
    key = question["ar"].translation_key

    assert add_tag([key], "  Money  laundering ", by=UserFactory(), at=AT) == 1
    assert add_tag([key], "Money laundering", by=UserFactory(), at=AT) == 0

    assert [list(question[code].tags.names()) for code in ("fr", "ar")] == [["Money laundering"], []]
    assert QuestionTag.objects.count() == 1
    with pytest.raises(ValueError, match="name"):
        add_tag([key], "  ", by=UserFactory(), at=AT)

    assert set_tags(question["fr"], ["Bank"], by=UserFactory(), at=AT) is True
    assert set_tags(question["fr"], ["Bank"], by=UserFactory(), at=AT) is False
    assert list(question["fr"].tags.names()) == ["Bank"]


def test_what_the_deciding_variant_is_published_with_holds_in_the_others(locales):
    question = make_question("numeric")
    french, arabic = question["fr"], question["ar"]
    category = QuestionCategory.objects.create(name="Law")
    french.category, french.difficulty = category, "easy"
    french.save_revision().publish()
    arabic.refresh_from_db()
    assert (arabic.category, arabic.difficulty) == (category, "easy")

    # A variant that doesn't decide takes nothing along.
    arabic.difficulty = "hard"
    arabic.save_revision().publish()
    french.refresh_from_db()
    assert french.difficulty == "easy"
    assert share_filing(french) == 1
