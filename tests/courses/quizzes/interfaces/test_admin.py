import pytest
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.quizzes.models import Question, QuizItem
from tests.factories.accounts import make_administrator
from tests.factories.quizzes import make_question, make_quiz

LIST = "/admin/snippets/courses_quizzes/question/"


@pytest.fixture
def admin_client(client, locales):
    client.force_login(make_administrator())
    return client


def form_data(**changes):
    choices = [
        ("choice", {"text": "Oui", "correct": "on", "feedback": "", "package_id": ""}),
        ("choice", {"text": "Non", "feedback": "Voir l'article 10.", "package_id": ""}),
    ]
    fields = {
        "type": "single_choice",
        "case": "",
        "stem": "Faut-il une autorisation ?",
        "choices": streamfield(choices),
        "statement_is_true": "",
        "number": "",
        "tolerance": "0",
        "unit": "",
        "feedback": "Article 10.",
        "points": "1",
        "action-publish": "1",
    }
    return nested_form_data(fields | changes)


def test_questions_are_listed_and_filtered_by_type_and_language(admin_client):
    make_question("numeric")
    make_question("single_choice")

    def listed(**filters):
        rows = admin_client.get(LIST, filters).context["object_list"]
        return sorted((row.type, row.locale.language_code) for row in rows)

    assert len(listed()) == 6
    assert listed(type="numeric") == [("numeric", "ar"), ("numeric", "en"), ("numeric", "fr")]
    assert listed(type="numeric", locale="ar") == [("numeric", "ar")]


def test_a_trainer_writes_and_publishes_a_question(admin_client):
    response = admin_client.post(f"{LIST}add/?locale=fr", form_data())
    question = Question.objects.get()
    assert response.status_code == 302
    assert (question.live, question.locale.language_code, question.stem) == (
        True,
        "fr",
        "Faut-il une autorisation ?",
    )
    assert [(block.value["text"], block.value["correct"]) for block in question.choices] == [
        ("Oui", True),
        ("Non", False),
    ]
    assert all(block.id for block in question.choices)


@pytest.mark.parametrize(
    ("changes", "field", "word"),
    [
        ({"type": "true_false"}, "statement_is_true", "Say whether the statement is true or false."),
        ({"type": "numeric"}, "number", "Write the right number."),
        ({"type": "multiple_choice", "choices": streamfield([])}, "choices", "Write at least two choices."),
        ({"type": "gone"}, "type", "Choose one of the types."),
        ({"points": "0"}, "points", None),
        ({"tolerance": "-1"}, "tolerance", None),
        ({"stem": ""}, "stem", None),
    ],
)
def test_what_a_question_lacks_is_said_beside_its_field(admin_client, changes, field, word):
    response = admin_client.post(f"{LIST}add/?locale=fr", form_data(**changes))
    assert (response.status_code, Question.objects.count()) == (200, 0)
    errors = response.context["form"].errors
    assert list(errors) == [field]
    if word:
        assert errors[field] == [gettext(word)]


def test_a_draft_may_be_incomplete_and_is_not_asked(admin_client):
    data = form_data(type="true_false")
    del data["action-publish"]
    response = admin_client.post(f"{LIST}add/?locale=fr", data)
    assert (response.status_code, Question.objects.get().live) == (302, False)


def test_a_question_that_a_quiz_uses_cannot_be_deleted(admin_client, course):
    quiz = make_quiz(course, "numeric")
    question = quiz.questions[0]["fr"]
    admin_client.post(f"{LIST}delete/{question.pk}/")
    assert Question.objects.filter(pk=question.pk).exists()
    assert QuizItem.objects.filter(question=question).count() == 3


def test_the_form_of_a_quiz_chooses_questions(admin_client, course):
    quiz = make_quiz(course, "numeric")
    page = admin_client.get(reverse("wagtailadmin_pages:edit", args=[quiz.pages["fr"].pk])).content.decode()
    assert [
        name in page for name in ('name="items-0-question"', 'name="pass_mark"', 'name="max_attempts"')
    ] == [True] * 3
