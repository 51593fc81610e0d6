"""What the editor of a quiz says of its composition, and what it refuses to publish."""

import html

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from wagtail.test.utils.form_data import inline_formset

from courses.quizzes.domain.overview import overview_of
from courses.quizzes.models import Question, QuizItem, QuizPage
from tests.courses.quizzes.interfaces.test_admin import add_quiz
from tests.factories.accounts import make_administrator
from tests.factories.quizzes import add_draw, make_objective, make_question, make_quiz


@pytest.fixture
def admin_client(client, locales):
    client.force_login(make_administrator())
    return client


def row(**fields):
    return {"question": "", "draw_count": "0", "section_fr": "", "section_ar": "", "section_en": ""} | fields


def test_rows_points_and_minutes_of_an_attempt(course):
    objective = make_objective()
    for points in (1, 1, 4):
        make_question("numeric", objective=objective, points=points)
    quiz = make_quiz(course, questions=[make_question("single_choice", points=2, stem="mot " * 240)])
    add_draw(quiz, 2, draw_objective=objective)
    found = overview_of(quiz.pages["fr"])
    assert [(one.wanted, one.there, one.enough) for one in found.rows] == [(1, 1, True), (2, 3, True)]
    assert (found.questions, found.least_points, found.most_points) == (3, 4, 7)
    # Two minutes to read the long one, three times twenty seconds to decide, and some words.
    assert found.minutes == 4
    assert found.warnings == ()
    assert found.rows[1].words == f"2 × {objective}"


def test_warnings_name_what_they_are_about(course):
    single = make_objective()
    make_question("numeric", objective=single)
    silent, french, gone = (
        make_question(kind, stem=kind) for kind in ("numeric", "true_false", "short_text")
    )
    Question.objects.filter(pk=silent["fr"].pk).update(feedback=" ")
    Question.objects.filter(pk=french["ar"].pk).update(live=False)
    Question.objects.filter(translation_key=gone["fr"].translation_key).update(live=False)
    quiz = make_quiz(course, questions=[silent, french, gone])
    add_draw(quiz, 1, draw_objective=single)
    french["en"].save_revision().publish()
    french["fr"].stem = "Autre"
    french["fr"].save_revision().publish()
    with translation.override("en"):
        found = {one.words: one.about for one in overview_of(quiz.pages["fr"]).warnings}
    assert found == {
        "Not published or retired, so nobody is asked it:": (str(gone["fr"]),),
        "No second form: every attempt asks the same questions of it:": ("1 × Objective 1",),
        "No explanation:": (str(silent["fr"]),),
        "Not published in this language: Arabic": ("Autre",),
        "The translation is older than the original: English": ("Autre",),
    }


def test_queries_do_not_grow_with_rows(course, django_assert_num_queries):
    for module, count in ((0, 1), (1, 3)):
        quiz = make_quiz(course, *["numeric"] * count, module=module)
        for _row in range(count):
            objective = make_objective()
            make_question("numeric", objective=objective)
            add_draw(quiz, 1, draw_objective=objective)
        page = QuizPage.objects.get(pk=quiz.pages["fr"].pk)
        # The rows, the questions and objectives they name; what is offered; its variants; the pages' languages.
        with django_assert_num_queries(6):
            overview_of(page)


def test_the_editor_shows_it_where_the_rows_are_set(admin_client, course):
    quiz = make_quiz(course, "numeric")
    add_draw(quiz, 3, draw_objective=make_objective())
    word = gettext("too few")
    shown = {
        language: html.unescape(
            admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
        )
        for language, page in quiz.pages.items()
    }
    assert (word in shown["fr"], 'name="items-1-section_fr"' in shown["fr"]) == (True, True)
    # Elsewhere the rows are only listed.
    assert (word in shown["ar"], "<bdi>3 × " in shown["ar"]) == (False, True)


def test_a_draw_that_cannot_be_met_is_not_published_but_kept_as_a_draft(admin_client, course):
    objective = make_objective()
    question = make_question("numeric", objective=objective)["fr"]
    named = make_question("true_false")["fr"]
    items = [
        row(question=named.pk),
        row(draw_count="3", draw_objective=objective.pk, section_ar="تتمّة", section_fr="Suite"),
    ]
    changes = {"items": inline_formset(items), "action-publish": "1"}
    response = add_quiz(admin_client, course, [], **changes)
    expected = gettext("Row %(row)d: %(wanted)d to draw, %(there)d available.") % {
        "row": 2,
        "wanted": 3,
        "there": 1,
    }
    assert response.context["form"].formsets["items"].non_form_errors() == [expected]
    assert expected in html.unescape(response.content.decode())
    assert QuizPage.objects.count() == 0

    items[1]["draw_count"] = "1"
    assert add_quiz(admin_client, course, [], **changes | {"items": inline_formset(items)}).status_code == 302
    draw = QuizItem.objects.get(question=None)
    assert (draw.draw_count, draw.draw_objective, draw.page.live) == (1, objective, True)
    assert draw.section == {"fr": "Suite", "ar": "تتمّة"}
    Question.objects.filter(pk=question.pk).update(live=False)
    del changes["action-publish"]
    changes |= {"items": inline_formset(items), "slug": "brouillon"}
    assert add_quiz(admin_client, course, [], **changes).status_code == 302


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"draw_count": "2"}, "draw_count"),
        ({}, "question"),
        ({"draw_count": "101", "draw_tag": "x"}, "draw_count"),
    ],
)
def test_a_row_that_says_nothing_is_told_beside_its_field(admin_client, course, fields, field):
    items = inline_formset([row(**fields)])
    response = add_quiz(admin_client, course, [], items=items, **{"action-publish": "1"})
    formset = response.context["form"].formsets["items"]
    assert field in formset.errors[0]
    assert QuizPage.objects.count() == 0
