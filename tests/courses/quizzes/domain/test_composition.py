import uuid

import pytest

from courses.quizzes.domain.composition import QuizNotFound, freeze_quiz, question_count
from courses.quizzes.domain.freezing import TypeMissing
from courses.quizzes.models import Question, QuizPage
from tests.factories.quizzes import choice_id, make_question, make_quiz


def test_a_paper_holds_every_language_and_the_key_apart(course):
    quiz = make_quiz(course, "single_choice", pass_mark=80)
    key = quiz.question_key(0)
    frozen = freeze_quiz(quiz.key)
    question = frozen.paper["questions"][0]
    assert frozen.paper["pass_mark"] == 80
    assert frozen.paper["titles"] == {"fr": "Quiz", "ar": "Quiz", "en": "Quiz"}
    assert question["body"] == {"choices": [choice_id(key, n) for n in range(3)]}
    assert {code: texts["stem"] for code, texts in question["texts"].items()} == {
        "fr": "Stem 0 fr",
        "ar": "Stem 0 ar",
        "en": "Stem 0 en",
    }
    assert question["texts"]["ar"]["choices"][choice_id(key, 2)] == "Choice 2 ar"
    secret = frozen.answer_key[str(key)]
    assert secret["answer"] == {"correct": [choice_id(key, 1)]}
    assert secret["remarks"]["en"]["explanation"] == "Explanation en"


def test_the_shown_paper_holds_nothing_of_the_key(quiz):
    # The policy says from when on answers are shown, not which.
    shown = str({**freeze_quiz(quiz.key).paper, "policy": {}})
    assert [
        word for word in ("Remark", "Explanation", "correct", "answer", "tolerance") if word in shown
    ] == []


def test_freezing_takes_four_queries_whatever_the_number_of_questions(course, django_assert_num_queries):
    one, three = make_quiz(course, "numeric"), make_quiz(course, "numeric", "numeric", "numeric", module=1)
    for quiz in (one, three):
        with django_assert_num_queries(4):
            freeze_quiz(quiz.key)


def test_scoring_comes_from_the_canonical_variant_alone(course):
    quiz = make_quiz(course, "single_choice")
    arabic = quiz.questions[0]["ar"]
    arabic.choices[1].value["correct"] = False
    arabic.choices[0].value["correct"] = True
    arabic.points = 50
    arabic.save()
    frozen = freeze_quiz(quiz.key)
    assert frozen.paper["questions"][0]["points"] == 1
    assert frozen.answer_key[str(quiz.question_key(0))]["answer"] == {
        "correct": [choice_id(quiz.question_key(0), 1)]
    }


def test_a_stale_translation_gives_way_to_the_original_words(course):
    quiz = make_quiz(course, "single_choice")
    arabic = quiz.questions[0]["ar"]
    del arabic.choices[2]
    arabic.save()
    question = freeze_quiz(quiz.key).load().questions[0]
    assert sorted(question.texts) == ["en", "fr"]
    assert question.language_for("ar") == "fr"
    assert question.texts_in("ar")["stem"] == "Stem 0 fr"


def test_a_question_without_french_is_asked_in_the_language_it_has(course):
    question = make_question(languages=("ar",))
    quiz = make_quiz(course, questions=[{"fr": question["ar"], "ar": question["ar"]}])
    frozen = freeze_quiz(quiz.key).load().questions[0]
    assert (frozen.language, sorted(frozen.texts)) == ("ar", ["ar"])


def test_unpublished_questions_are_left_out_and_repeated_ones_asked_once(course):
    first, second = make_question(), make_question("numeric")
    quiz = make_quiz(course, questions=[first, second, first])
    Question.objects.filter(translation_key=second["fr"].translation_key).update(live=False)
    assert [row["type"] for row in freeze_quiz(quiz.key).paper["questions"]] == ["single_choice"]
    assert question_count(quiz.pages["fr"]) == 1


def test_the_version_changes_with_any_word(course):
    quiz = make_quiz(course, "true_false")
    before = freeze_quiz(quiz.key)
    Question.objects.filter(pk=quiz.questions[0]["ar"].pk).update(feedback="غير ذلك")
    after = freeze_quiz(quiz.key)
    assert before.paper["questions"][0]["version"] != after.paper["questions"][0]["version"]
    assert before.hash != after.hash
    assert after.hash == freeze_quiz(quiz.key).hash


def test_true_and_false_are_said_in_each_language(course):
    texts = freeze_quiz(make_quiz(course, "true_false").key).paper["questions"][0]["texts"]
    assert list(texts["en"]["choices"]) == ["true", "false"]
    assert texts["en"]["choices"]["true"] == "True"


def test_an_unpublished_or_unknown_quiz_is_not_found(quiz):
    with pytest.raises(QuizNotFound):
        freeze_quiz(uuid.uuid4())
    QuizPage.objects.filter(translation_key=quiz.key).update(live=False)
    with pytest.raises(QuizNotFound):
        freeze_quiz(quiz.key)


def test_a_quiz_with_an_absent_type_cannot_be_frozen(course):
    quiz = make_quiz(course, "numeric")
    Question.objects.update(type="gone")
    with pytest.raises(TypeMissing):
        freeze_quiz(quiz.key)
