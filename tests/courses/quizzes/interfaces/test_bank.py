"""Categories, objectives and scenarios in the admin; who may enter."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from wagtail.test.utils.form_data import nested_form_data

from courses.quizzes.models import LearningObjective, QuestionCategory, QuizItem, Scenario
from tests.factories.accounts import UserFactory, make_coordinator
from tests.factories.quizzes import make_question, make_quiz

CATEGORIES = "/admin/snippets/courses_quizzes/questioncategory/"
OBJECTIVES = "/admin/snippets/courses_quizzes/learningobjective/"
SCENARIOS = "/admin/snippets/courses_quizzes/scenario/"
QUESTIONS = "/admin/snippets/courses_quizzes/question/"


@pytest.fixture
def admin(client, site, trainer):
    client.force_login(trainer)
    return client


def objective_data(**changes):
    words = {"statement_ar": "", "statement_fr": "Payer par banque", "statement_en": ""}
    return nested_form_data({**words, "lesson": ""} | changes)


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# Who may enter


@pytest.mark.parametrize("address", [CATEGORIES, OBJECTIVES, SCENARIOS, QUESTIONS])
def test_trainers_enter_and_nobody_else(client, site, trainer, regions, address):
    found = {}
    for name, person in (
        ("trainer", trainer),
        ("member", UserFactory()),
        ("coordinator", make_coordinator(regions.kasserine)),
    ):
        client.force_login(person)
        found[name] = [client.get(f"{address}{path}").status_code for path in ("", "add/")]
    assert found == {"trainer": [200, 200], "member": [403, 403], "coordinator": [403, 403]}


def test_the_menu_has_one_place_for_quizzes(admin):
    page = admin.get("/admin/").content.decode()
    assert [
        page.count(f'"url": "{address}"') for address in (QUESTIONS, CATEGORIES, OBJECTIVES, SCENARIOS)
    ] == [1] * 4


# Categories


def test_categories_are_made_in_one_another(admin):
    law = QuestionCategory.objects.create(name="Law")
    assert admin.post(f"{CATEGORIES}add/", {"name": "Bank", "parent": law.pk}).status_code == 302
    bank = QuestionCategory.objects.get(name="Bank")
    assert str(bank) == "Law › Bank"

    # A second of the same name beside it; at the top it may stand.
    again = admin.post(f"{CATEGORIES}add/", {"name": "Bank", "parent": law.pk})
    assert (again.status_code, list(again.context["form"].errors)) == (200, ["name"])
    assert admin.post(f"{CATEGORIES}add/", {"name": "Bank", "parent": ""}).status_code == 302
    top = admin.post(f"{CATEGORIES}add/", {"name": "Bank", "parent": ""})
    assert list(top.context["form"].errors) == ["name"]

    # Not into itself, nor below itself.
    for parent in (law, bank):
        refused = admin.post(f"{CATEGORIES}edit/{law.pk}/", {"name": "Law", "parent": parent.pk})
        assert list(refused.context["form"].errors) == ["parent"]
    assert list(admin.post(f"{CATEGORIES}add/", {"name": ""}).context["form"].errors) == ["name"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_categories_is_a_tree_and_costs_the_same(admin, django_assert_num_queries, count):
    parent = QuestionCategory.objects.create(name="Z")
    for number in range(count):
        parent = QuestionCategory.objects.create(name=f"A{number}", parent=parent)
    admin.get(CATEGORIES)
    with django_assert_num_queries(13):
        response = admin.get(CATEGORIES)
    rows = [str(row) for row in response.context["object_list"]]
    assert rows == [" › ".join(["Z", *(f"A{n}" for n in range(deep))]) for deep in range(count + 1)]


def test_what_something_hangs_on_is_kept(admin, course):
    law = QuestionCategory.objects.create(name="Law")
    bank = QuestionCategory.objects.create(name="Bank", parent=law)
    free = QuestionCategory.objects.create(name="Free")
    make_question("numeric", category=bank)
    objective = LearningObjective.objects.create(statement={"fr": "Payer"})
    unused = LearningObjective.objects.create(statement={"fr": "Rien"})
    quiz = make_quiz(course, "numeric")
    QuizItem.objects.create(page=quiz.pages["fr"], draw_count=1, draw_objective=objective)

    for address, row in ((CATEGORIES, law), (CATEGORIES, bank), (OBJECTIVES, objective)):
        response = admin.post(f"{address}delete/{row.pk}/")
        assert response.headers["Location"] == address
        assert type(row).objects.filter(pk=row.pk).exists()
        assert str(row) in said(response)
    for address, row in ((CATEGORIES, free), (OBJECTIVES, unused)):
        assert admin.post(f"{address}delete/{row.pk}/").status_code == 302
        assert not type(row).objects.filter(pk=row.pk).exists()

    # Nor with several at once.
    url = reverse("wagtail_bulk_action", args=["courses_quizzes", "questioncategory", "delete"])
    admin.post(f"{url}?id={law.pk}&id={bank.pk}")
    assert QuestionCategory.objects.count() == 2


# Objectives


def test_an_objective_keeps_the_lesson_by_the_key_of_all_its_languages(admin, course):
    lesson = course.lessons["ar"][0]
    response = admin.post(f"{OBJECTIVES}add/", objective_data(lesson=lesson.pk, critical="on"))
    assert response.status_code == 302, response.context["form"].errors
    objective = LearningObjective.objects.get()
    assert (objective.statement, objective.lesson_key, objective.critical) == (
        {"fr": "Payer par banque"},
        course.lessons["fr"][0].translation_key,
        True,
    )

    shown = admin.get(f"{OBJECTIVES}edit/{objective.pk}/").context["form"]
    assert shown.initial["lesson"].translation_key == objective.lesson_key
    assert admin.post(f"{OBJECTIVES}edit/{objective.pk}/", objective_data()).status_code == 302
    objective.refresh_from_db()
    assert (objective.lesson_key, objective.critical) == (None, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"statement_fr": ""}, "statement"),
        ({"statement_fr": "x" * 256}, "statement"),
        ({"lesson": "module"}, "lesson"),
        ({"lesson": "draft"}, "lesson"),
    ],
)
def test_bad_objectives_are_refused_beside_their_field(admin, course, changes, field):
    pages = {"module": course.modules["fr"][0], "draft": course.lessons["fr"][0]}
    course.lessons["fr"][0].unpublish()
    changes = {name: getattr(pages.get(value), "pk", value) for name, value in changes.items()}
    response = admin.post(f"{OBJECTIVES}add/", objective_data(**changes))
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])
    assert not LearningObjective.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_objectives_costs_the_same(admin, course, django_assert_num_queries, count):
    for number in range(count):
        objective = LearningObjective.objects.create(
            statement={"fr": f"But {number}"}, lesson_key=course.lessons["fr"][0].translation_key
        )
        make_question("numeric", objective=objective)
    admin.get(OBJECTIVES)
    with django_assert_num_queries(12):
        response = admin.get(OBJECTIVES)
    rows = [(str(row), row.question_count) for row in response.context["object_list"]]
    assert rows == [(f"But {number}", 1) for number in range(count)]


# Scenarios


def test_a_scenario_is_written_and_published(admin):
    data = {"title": "Don", "text": "Un don de 800 dinars.", "action-publish": "1"}
    assert admin.post(f"{SCENARIOS}add/?locale=fr", data).status_code == 302
    scenario = Scenario.objects.get()
    assert (scenario.live, scenario.locale.language_code) == (True, "fr")

    response = admin.post(f"{SCENARIOS}add/?locale=fr", data | {"text": ""})
    assert list(response.context["form"].errors) == ["text"]
    response = admin.post(f"{SCENARIOS}add/?locale=fr", data | {"text": "x" * 6001})
    assert list(response.context["form"].errors) == ["text"]
