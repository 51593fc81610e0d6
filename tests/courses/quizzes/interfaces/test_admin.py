import html
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from wagtail.test.utils.form_data import inline_formset, nested_form_data, streamfield

from courses.quizzes.domain.attempts import submit
from courses.quizzes.models import Question, QuizItem, QuizPage
from courses.quizzes.models.quiz import RULES
from tests.factories.accounts import UserFactory, make_administrator
from tests.factories.quizzes import make_question, make_quiz, start_quiz, take_quiz

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
        "accepted": "",
        "pairs": streamfield([]),
        "sequence": streamfield([]),
        "passage": "",
        "rubric": streamfield([]),
        "pictures": streamfield([]),
        "choice_scoring": "all",
        "partial_credit": "on",
        "feedback": "Article 10.",
        "points": "1",
        "scenario": "",
        "hints": "",
        "provisions": "",
        "category": "",
        "tags": "",
        "difficulty": "medium",
        "objective": "",
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


# Publication


def quiz_data(page, questions, **changes):
    rules = {name: QuizPage._meta.get_field(name).get_default() for name in RULES}
    fields = {
        **{
            name: "on" if value is True else value
            for name, value in rules.items()
            if value is not None and value is not False
        },
        "title": page.title,
        "slug": page.slug,
        "intro": "",
        "required": "on",
        "estimated_minutes": "5",
        "law_checked_to": "",
        "package_id": "",
        "items": inline_formset([{"question": question.pk, "draw_count": "0"} for question in questions]),
        "comments": inline_formset([]),
        "go_live_at": "",
        "expire_at": "",
        "seo_title": "",
        "search_description": "",
    }
    return nested_form_data(fields | changes)


def add_quiz(client, course, questions, **changes):
    module = course.modules["fr"][0]
    url = reverse("wagtailadmin_pages:add", args=["courses_quizzes", "quizpage", module.pk])
    return client.post(url, quiz_data(QuizPage(title="Neuf", slug="neuf"), questions, **changes))


def test_a_quiz_is_published_with_a_published_question_only(admin_client, course):
    draft = make_question("numeric", languages=("fr",), live=False)["fr"]
    word = gettext("Choose at least one published question.")

    for questions in ([], [draft]):
        response = add_quiz(admin_client, course, questions, **{"action-publish": "1"})
        assert response.status_code == 200
        assert response.context["form"].formsets["items"].non_form_errors() == [word]
        assert word in html.unescape(response.content.decode())
    assert QuizPage.objects.count() == 0

    Question.objects.filter(pk=draft.pk).update(live=True)
    assert add_quiz(admin_client, course, [draft], **{"action-publish": "1"}).status_code == 302
    assert [item.question for item in QuizPage.objects.get(live=True).items.all()] == [draft]


def test_a_draft_of_a_quiz_may_have_no_question(admin_client, course):
    assert add_quiz(admin_client, course, []).status_code == 302
    page = QuizPage.objects.get()
    assert page.live is False

    with pytest.raises(ValidationError, match=re.escape(gettext("Choose at least one published question."))):
        page.get_latest_revision().publish()


# Rules in other languages


def test_rules_of_a_quiz_are_edited_in_the_deciding_language_only(admin_client, course):
    quiz = make_quiz(course, "numeric", pass_mark=70, max_attempts=3)
    other = make_question("numeric")["fr"]
    arabic, french = quiz.pages["ar"], quiz.pages["fr"]
    QuizPage.objects.filter(pk=arabic.pk).update(pass_mark=10)
    url = reverse("wagtailadmin_pages:edit", args=[arabic.pk])

    shown = admin_client.get(url)
    fields = shown.context["form"].fields
    page = shown.content.decode()
    assert {name for name, field in fields.items() if field.disabled} == {
        *RULES,
        "required",
        "estimated_minutes",
        "law_checked_to",
        "package_id",
    }
    assert shown.context["form"]["pass_mark"].value() == 70
    # Beside each of them and above the questions.
    link = re.compile(rf'<a href="/admin/pages/{french.pk}/edit/">[^<]*: Français</a>')
    assert len(link.findall(page)) == len(RULES) + 5
    assert ("items-TOTAL_FORMS" in page, f"<bdi>{quiz.questions[0]['fr']}</bdi>" in page) == (False, True)

    tampered = quiz_data(arabic, [other], pass_mark="1", max_attempts="9", title="عنوان", package_id="X")
    assert admin_client.post(url, tampered | {"action-publish": "1"}).status_code == 302
    arabic = QuizPage.objects.get(pk=arabic.pk)
    assert (arabic.title, arabic.pass_mark, arabic.max_attempts, arabic.package_id) == ("عنوان", 70, 3, "")
    assert [item.question for item in arabic.items.all()] == [quiz.questions[0]["fr"]]

    canonical = quiz_data(french, [other], pass_mark="55")
    assert (
        admin_client.post(
            reverse("wagtailadmin_pages:edit", args=[french.pk]), canonical | {"action-publish": "1"}
        ).status_code
        == 302
    )
    assert QuizPage.objects.get(pk=french.pk).pass_mark == 55


def test_the_key_of_a_question_is_edited_in_the_deciding_language_only(admin_client):
    question = make_question("single_choice", correct=(1,), points=3)
    french, arabic = question["fr"], question["ar"]
    ids = [block.id for block in french.choices]
    rows = [
        (
            "choice",
            {"text": f"نصّ {n}", "feedback": "", "package_id": "", **({"correct": "on"} if n == 0 else {})},
        )
        for n in range(3)
    ]
    data = form_data(stem="سؤال", points="9", choices=streamfield(rows))
    data.update({f"choices-{number}-id": id_ for number, id_ in enumerate(ids)})

    shown = admin_client.get(f"{LIST}edit/{arabic.pk}/")
    link = re.compile(rf'<a href="{LIST}edit/{french.pk}/">[^<]*: Français</a>')
    # Type, scenario, statement, number, tolerance, two ways of partly right answers, points, the choices, and the
    # place in the bank: category, difficulty, objective, retired.
    assert len(link.findall(shown.content.decode())) == 13
    # The box of the right answer is shown as the deciding language has it, and can't be ticked.
    box = r"type=\"checkbox\" name=\"__NAME__\" disabled"
    assert [
        box in html.unescape(admin_client.get(f"{LIST}edit/{pk}/").content.decode())
        for pk in (arabic.pk, french.pk)
    ] == [True, False]
    assert shown.context["form"]["points"].value() == 3
    assert admin_client.post(f"{LIST}edit/{arabic.pk}/", data).status_code == 302

    arabic.refresh_from_db()
    assert (arabic.stem, arabic.points, arabic.type) == ("سؤال", 3, "single_choice")
    assert [(block.id, block.value["correct"], block.value["text"]) for block in arabic.choices] == [
        (id_, number == 1, f"نصّ {number}") for number, id_ in enumerate(ids)
    ]


# What was answered


def test_the_form_of_an_answered_question_says_so_before_it_is_changed(admin_client, course):
    quiz = make_quiz(course, "single_choice", "numeric")
    learners = [UserFactory() for _ in range(3)]
    take_quiz(learners[0], quiz)
    take_quiz(learners[1], quiz, wrong=(0,))
    submit(learners[2], start_quiz(learners[2], quiz).uuid, at=timezone.now())
    edit = f"{LIST}edit/{quiz.questions[0]['fr'].pk}/"
    fresh = make_question("numeric")["fr"]
    admin_client.cookies["django_language"] = "en"

    with translation.override("en"):
        shown = " ".join(admin_client.get(edit, HTTP_ACCEPT_LANGUAGE="en").content.decode().split())
        new = admin_client.get(f"{LIST}edit/{fresh.pk}/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "Answered in 2 of 3 attempts. A change holds for attempts that start from now on" in shown
    assert "A change holds for attempts" not in new
