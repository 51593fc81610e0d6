"""Trying questions out, and the preview beside the form: as learners see them, and nothing stays."""

import re

import pytest
from django.apps import apps
from django.urls import reverse
from wagtail.admin.models import FormState

from courses.quizzes.models import QuestionCategory, QuizItem, Scenario
from tests.courses.quizzes.interfaces.test_admin import LIST, form_data
from tests.factories.accounts import UserFactory, make_coordinator
from tests.factories.quizzes import ALL_TYPES, make_question, make_quiz

pytestmark = pytest.mark.django_db


def rows():
    """How many rows there are, in all tables of the site that aren't about being signed in."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models()
        if model._meta.managed and model._meta.app_label not in ("sessions", "account", "mfa")
    }


def question_url(question):
    return reverse("quiz_tryout:question", args=[question.pk])


@pytest.mark.parametrize("type", [*ALL_TYPES, "short_text", "matching", "ordering"])
def test_a_question_is_answered_reviewed_and_forgotten(client, course, trainer, type):
    quiz = make_quiz(course, type)
    question = quiz.questions[0]["fr"]
    client.force_login(trainer)
    url = question_url(question)
    before = rows()

    page = client.get(url).content.decode()
    assert "Stem 0 fr" in page
    assert "Explanation fr" not in page

    name = f"q-{question.translation_key}"
    right = quiz.right(0)
    if type == "matching":
        posted = [f"{left} {option}" for left, option in right.items()]
    elif type == "ordering":
        posted = [f"{item} {place}" for place, item in enumerate(right, start=1)]
    else:
        posted = right
    reviewed = client.post(url, {name: posted})
    assert reviewed.context["result"].percent == 100, reviewed.content.decode()
    assert "Explanation fr" in reviewed.content.decode()

    wrong = client.post(url, {})
    assert (wrong.context["result"].percent, "Explanation fr" in wrong.content.decode()) == (0, True)
    assert rows() == before


def test_it_speaks_each_language_and_says_where_it_is_not_translated(client, course, trainer):
    question = make_question("numeric", languages=("fr", "ar"))
    client.force_login(trainer)
    url = question_url(question["fr"])

    arabic = client.get(url, {"language": "ar"}).content.decode()
    assert re.search(r'<html lang="ar" dir="rtl">', arabic)
    assert "Stem ar" in arabic
    english = client.get(url, {"language": "en"}).content.decode()
    assert "Stem fr" in english
    assert "in the language it was written in" in english
    assert client.get(url, {"language": "xx"}, follow=True).status_code == 404


def test_what_was_saved_last_is_tried_published_or_not(client, course, trainer):
    question = make_question("numeric")["fr"]
    question.stem = "Changed since"
    question.save_revision()
    client.force_login(trainer)

    assert "Changed since" in client.get(question_url(question)).content.decode()
    # What can't be an answer is said, not graded.
    posted = client.post(question_url(question), {f"q-{question.translation_key}": "thirty"})
    assert list(posted.context["errors"]) == [question.translation_key]


def test_a_quiz_is_drawn_anew_and_its_review_is_of_what_was_answered(client, course, trainer):
    category = QuestionCategory.objects.create(name="Law")
    questions = [make_question("numeric", category=category, stem=f"Pool {n}") for n in range(12)]
    quiz = make_quiz(course, questions=[])
    for page in quiz.pages.values():
        QuizItem.objects.create(page=page, draw_count=2, draw_category=category)
    client.force_login(trainer)
    url = reverse("quiz_tryout:quiz", args=[quiz.key])
    before = rows()

    drawn = [client.get(url) for _ in range(6)]
    papers = [tuple(question.key for question in response.context["questions"]) for response in drawn]
    assert {len(paper) for paper in papers} == {2}
    assert len(set(papers)) > 1
    assert set(papers[0]) <= {variants["fr"].translation_key for variants in questions}

    for response, paper in zip(drawn, papers, strict=True):
        answers = {f"q-{key}": "30" for key in paper}
        reviewed = client.post(url, answers | {"seed": response.context["seed"]})
        assert [row.key for row in reviewed.context["rows"]] == list(paper)
        assert reviewed.context["result"].percent == 100
    assert rows() == before


@pytest.mark.parametrize("count", [1, 3])
def test_trying_a_quiz_costs_the_same_for_one_question_and_for_three(
    client, course, trainer, django_assert_num_queries, count
):
    quiz = make_quiz(course, *["numeric"] * count)
    client.force_login(trainer)
    url = reverse("quiz_tryout:quiz", args=[quiz.key])
    client.get(url)
    with django_assert_num_queries(11):
        client.get(url)


def test_only_trainers_try_out(client, course, trainer, regions):
    quiz = make_quiz(course, "numeric")
    urls = [question_url(quiz.questions[0]["fr"]), reverse("quiz_tryout:quiz", args=[quiz.key])]
    people = {"trainer": trainer, "member": UserFactory(), "coordinator": make_coordinator(regions.kasserine)}
    found = {"visitor": [client.get(url).status_code for url in urls]}
    for name, person in people.items():
        client.force_login(person)
        found[name] = [client.get(url).status_code for url in urls]
    assert found == {
        "visitor": [302, 302],
        "trainer": [200, 200],
        "member": [403, 403],
        "coordinator": [403, 403],
    }
    client.force_login(trainer)
    for page in quiz.pages.values():
        page.unpublish()
    gone = reverse("quiz_tryout:question", args=[quiz.questions[0]["fr"].pk + 999])
    assert [client.get(url, follow=True).status_code for url in (urls[1], gone)] == [404, 404]


# The preview


def shown(client, url, data, mode):
    posted = client.post(url, data)
    assert posted.json() == {"is_valid": True, "is_available": True}
    response = client.get(url, {"mode": mode, "in_preview_panel": "true"})
    assert response.status_code == 200
    return response


def test_the_form_is_previewed_in_each_language_before_it_is_saved(client, course, trainer):
    question = make_question("single_choice")
    scenario = Scenario.objects.create(title="Don", text="Un don.", locale=question["fr"].locale)
    client.force_login(trainer)
    url = f"{LIST}preview/{question['fr'].pk}/"
    data = form_data(stem="Pas encore enregistré", scenario=str(scenario.pk))

    french = shown(client, url, data, "fr")
    page = french.content.decode()
    assert ("Pas encore enregistré" in page, "Un don." in page) == (True, True)
    # The two new choices were never saved and are told apart all the same.
    assert len(set(re.findall(r'type="radio" name="[^"]+" value="([^"]+)"', page))) == 2
    # The editor shows it in a frame, under the site's own policy otherwise.
    policy = french.headers["Content-Security-Policy"]
    assert ("frame-ancestors 'self'" in policy, "unsafe-inline" in policy) == (True, False)
    assert french.headers["X-Frame-Options"] == "SAMEORIGIN"

    arabic = shown(client, url, data, "ar").content.decode()
    assert 'dir="rtl"' in arabic
    question["fr"].refresh_from_db()
    assert question["fr"].stem == "Stem fr"


def test_an_unfinished_question_is_previewed_with_what_it_lacks(client, course, trainer):
    client.force_login(trainer)
    add = client.get(f"{LIST}add/?locale=ar")
    url = f"{LIST}preview/?locale=ar"
    assert url in add.content.decode()

    page = shown(client, url, form_data(type="true_false", stem="جملة"), "ar").content.decode()
    assert "جملة" in page
    assert "notice" in page
    page = shown(client, url, form_data(type="", stem="جملة"), "ar").content.decode()
    assert "جملة" not in page
    assert FormState.objects.count() == 1
