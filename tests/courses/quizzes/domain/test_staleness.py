"""A translation knows which words it goes with."""

from uuid import uuid4

import pytest
from django.utils import timezone

from courses.progress.domain.recording import enrol
from courses.quizzes.domain.attempts import start
from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.domain.overview import overview_of
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.staleness import note_all_fresh, stale_among, words_digest
from courses.quizzes.enums import StaleLanguage
from courses.quizzes.models import Question, QuizPage, Scenario
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import add_draw, make_objective, make_question, make_quiz


def publish(question, **fields):
    question.refresh_from_db()
    for name, value in fields.items():
        setattr(question, name, value)
    question.save_revision().publish()


def variants(made):
    key = made["fr"].translation_key
    return list(Question.objects.filter(translation_key=key, live=True).select_related("locale"))


@pytest.fixture
def made(site):
    """Published in three languages, one after the other."""
    made = make_question("single_choice")
    for language in ("fr", "ar", "en"):
        publish(made[language])
    return made


def test_what_was_published_before_this_was_kept_counts_as_fresh(site):
    assert stale_among(variants(make_question())) == set()


def test_changed_words_make_the_translations_stale_until_they_are_published_again(made):
    assert stale_among(variants(made)) == set()
    publish(made["fr"], stem="Autre question ?")
    assert stale_among(variants(made)) == {"ar", "en"}
    publish(made["ar"], stem="سؤال آخر؟")
    assert stale_among(variants(made)) == {"en"}
    publish(made["en"])
    assert stale_among(variants(made)) == set()


def test_a_draft_changes_nothing(made):
    made["fr"].stem = "Brouillon"
    made["fr"].save_revision()
    assert stale_among(variants(made)) == set()


@pytest.mark.parametrize(
    "field", ["case", "stem", "feedback", "unit", "accepted", "passage", "hints", "provisions"]
)
def test_every_word_counts(made, field):
    question = made["fr"]
    before = words_digest(question)
    setattr(question, field, "autre")
    assert words_digest(question) != before


def test_the_words_of_choices_count_and_scoring_does_not(made):
    question = made["fr"]
    before = words_digest(question)
    question.points, question.difficulty = 9, "hard"
    question.choices[0].value["correct"] = True
    assert words_digest(question) == before
    question.choices[0].value["text"] = "Autre"
    assert words_digest(question) != before


def test_a_new_canonical_variant_goes_with_what_it_was_translated_from(site):
    made = make_question("single_choice", languages=("fr", "ar"))
    Question.objects.filter(pk=made["fr"].pk).update(live=False, first_published_at=None)
    publish(made["ar"])
    publish(made["fr"])
    assert stale_among(variants(made)) == set()
    publish(made["fr"], stem="Autre question ?")
    assert stale_among(variants(made)) == {"ar"}


def test_what_comes_together_is_fresh(made):
    publish(made["fr"], stem="Autre question ?")
    note_all_fresh(Question, [made["fr"].translation_key])
    assert stale_among(variants(made)) == set()


# What learners get


def test_a_stale_language_gets_the_original_words(course, made):
    quiz = make_quiz(course, questions=[made])
    publish(made["fr"], stem="Autre question ?")
    publish(made["en"], stem="Another question?")
    frozen = freeze_quiz(quiz.key)
    [question] = frozen.load().questions
    assert sorted(question.texts) == ["en", "fr"]
    assert question.texts_in("ar")["stem"] == "Autre question ?"
    assert frozen.withheld == frozenset()


def test_a_withheld_language_says_which_ones_work(course, made):
    quiz = make_quiz(course, questions=[made])
    QuizPage.objects.update(stale_language=StaleLanguage.WITHHOLD)
    publish(made["fr"], stem="Autre question ?")
    publish(made["en"])
    at = timezone.now()
    enrolment = enrol(UserFactory(), course.key, locale="ar", at=at)
    with pytest.raises(Refused) as refused:
        start(enrolment, quiz.key, locale="ar", at=at)
    assert refused.value.reason == Refusal.STALE_LANGUAGE
    assert "français" in refused.value.word
    assert "English" in refused.value.word
    assert "العربية" not in refused.value.word
    attempt = start(enrolment, quiz.key, locale="fr", at=at)
    # Whoever changes the language on the way reads the original there, too.
    assert sorted(attempt.paper["questions"][0]["texts"]) == ["en", "fr"]


def test_whether_a_language_is_withheld_does_not_hang_on_the_draw(course, made):
    objective = make_objective()
    Question.objects.filter(translation_key=made["fr"].translation_key).update(objective=objective)
    for _number in range(5):
        make_question("numeric", objective=objective)
    quiz = make_quiz(course, questions=[])
    add_draw(quiz, 1, draw_objective=objective)
    QuizPage.objects.update(stale_language=StaleLanguage.WITHHOLD)
    publish(made["fr"], stem="Autre question ?", objective=objective)
    assert {freeze_quiz(quiz.key, seed=seed).withheld for seed in "abcdefgh"} == {frozenset({"ar", "en"})}


# Scenarios have words of their own


@pytest.fixture
def scenario(site, locales):
    """Published in three languages, one after the other."""
    key = uuid4()
    made = {}
    for language, locale in vars(locales).items():
        made[language] = Scenario.objects.create(
            translation_key=key, locale=locale, title=f"Cas {language}", text="…", live=False
        )
    for language in ("fr", "ar", "en"):
        publish(made[language])
    return made


def cases(made):
    return list(Scenario.objects.filter(translation_key=made["fr"].translation_key).select_related("locale"))


@pytest.mark.parametrize("field", ["title", "text"])
def test_a_changed_case_makes_its_translations_stale_until_they_are_published_again(scenario, field):
    assert stale_among(cases(scenario)) == set()
    publish(scenario["fr"], **{field: "Autre"})
    assert stale_among(cases(scenario)) == {"ar", "en"}
    publish(scenario["ar"])
    assert stale_among(cases(scenario)) == {"en"}
    publish(scenario["en"])
    assert stale_among(cases(scenario)) == set()


def test_a_stale_case_is_asked_in_its_original_words_and_its_questions_are_not(course, made, scenario):
    publish(made["fr"], scenario=scenario["fr"])
    for language in ("ar", "en"):
        publish(made[language])
    quiz = make_quiz(course, questions=[made])
    publish(scenario["fr"], text="Autre cas")
    publish(scenario["en"], text="Another case")
    frozen = freeze_quiz(quiz.key)
    [case] = frozen.paper["scenarios"].values()
    assert (case["language"], sorted(case["texts"])) == ("fr", ["en", "fr"])
    assert sorted(frozen.load().questions[0].texts) == ["ar", "en", "fr"]
    assert frozen.withheld == frozenset()
    warnings = [advice.about for advice in overview_of(quiz.pages["fr"]).warnings]
    assert ("Cas fr",) in warnings


def test_a_language_is_withheld_for_a_case_too_whether_or_not_it_is_drawn(course, made, scenario):
    objective = make_objective()
    publish(made["fr"], scenario=scenario["fr"], objective=objective)
    for language in ("ar", "en"):
        publish(made[language])
    for _number in range(5):
        make_question("numeric", objective=objective)
    quiz = make_quiz(course, questions=[])
    add_draw(quiz, 1, draw_objective=objective)
    QuizPage.objects.update(stale_language=StaleLanguage.WITHHOLD)
    publish(scenario["fr"], text="Autre cas")
    assert {freeze_quiz(quiz.key, seed=seed).withheld for seed in "abcdefgh"} == {frozenset({"ar", "en"})}
