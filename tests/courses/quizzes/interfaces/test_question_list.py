"""The list of questions: filters, search, what it tells, and acts on several at once."""

import html
import re

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils.translation import gettext

from courses.quizzes.enums import Difficulty
from courses.quizzes.interfaces.question_list import type_label
from courses.quizzes.models import LearningObjective, Question, QuestionCategory
from tests.courses.quizzes.interfaces.test_admin import LIST, form_data
from tests.factories.accounts import UserFactory
from tests.factories.quizzes import make_question, make_quiz, take_quiz

BULK = ("set_category", "set_difficulty", "add_tag", "retire", "bring_back", "submit_for_review")


@pytest.fixture
def admin(client, course, trainer):
    client.force_login(trainer)
    return client


def bulk_url(action, *questions, **query):
    url = reverse("wagtail_bulk_action", args=["courses_quizzes", "question", action])
    ids = "&".join(f"id={question.pk}" for question in questions)
    more = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{url}?{ids}&{more}"


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_the_list_is_narrowed_and_searched(admin):
    law = QuestionCategory.objects.create(name="Law")
    bank = QuestionCategory.objects.create(name="Bank", parent=law)
    objective = LearningObjective.objects.create(statement={"fr": "Payer"})
    first = make_question(
        "numeric", category=bank, objective=objective, difficulty=Difficulty.HARD, stem="Cheque"
    )
    second = make_question("true_false", category=law, retired=True, stem="Register")
    third = make_question("numeric", live=False, stem="Account")
    first["fr"].tags.add("urgent")
    tag = first["fr"].tags.get()
    for variant in first.values():
        variant.save_revision().publish()
    first["fr"].refresh_from_db()
    first["fr"].stem = "Cheque, changed"
    first["fr"].save_revision().publish()
    names = {"first": first, "second": second, "third": third}

    def listed(**filters):
        found = {row.translation_key for row in admin.get(LIST, filters).context["object_list"]}
        return [name for name, variants in names.items() if variants["fr"].translation_key in found]

    assert listed() == ["first", "second", "third"]
    assert listed(category=law.pk) == ["first", "second"]
    assert listed(category=bank.pk) == ["first"]
    assert listed(tag=tag.pk) == ["first"]
    assert listed(objective=objective.pk) == ["first"]
    assert listed(difficulty="hard") == ["first"]
    assert [listed(state=state) for state in ("approved", "retired", "draft", "in_review")] == [
        ["first"],
        ["second"],
        ["third"],
        [],
    ]
    assert listed(type="true_false") == ["second"]
    assert [listed(stale="yes", locale=code) for code in ("fr", "ar")] == [[], ["first"]]
    # The search goes together with each of them, and looks inside words.
    assert listed(q="egist") == ["second"]
    assert listed(q="heque", state="approved", category=law.pk, tag=tag.pk) == ["first"]
    assert listed(q="heque", state="draft") == []


def test_the_words_of_a_question_have_room_in_the_list(admin):
    """Beside many headings, which don't wrap, they would stand in a column of a few letters."""
    make_question("numeric")

    columns = admin.get(LIST).context["table"].columns

    assert columns["__str__"].width
    assert len(columns) <= 9


def test_questions_are_chosen_by_language_and_type_the_newest_first(admin):
    older, newer = make_question("numeric"), make_question("true_false")

    response = admin.get(reverse("wagtailsnippetchoosers_courses_quizzes_question:choose"))

    table, form = response.context["table"], response.context["filter_form"]
    assert table.columns["locale_id"].label == form.fields["locale"].label == gettext("Language")
    page = html.unescape(response.json()["html"])
    assert str(type_label(older["fr"])) in page
    keys = [row.instance.translation_key for row in table.rows]
    assert keys == [newer["fr"].translation_key] * 3 + [older["fr"].translation_key] * 3


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_one_question_and_for_three(
    admin, course, django_assert_num_queries, count
):
    questions = [make_question("numeric") for _ in range(count)]
    quiz = make_quiz(course, questions=questions)
    Question.objects.update(category=QuestionCategory.objects.create(name="Law"))
    # wagtail-localize asks for each row whether it can be translated; for a list without that right, nobody does.
    Group.objects.get(name="Trainers").permissions.remove(
        Permission.objects.get(codename="submit_translation")
    )
    admin.get(LIST, {"locale": "fr"})
    with django_assert_num_queries(23):
        response = admin.get(LIST, {"locale": "fr"})
    rows = response.context["object_list"]
    assert [(row.category_path, [use.title for use in row.usage.quizzes]) for row in rows] == [
        ("Law", [quiz.pages["fr"].title])
    ] * count


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_costs_the_same_with_one_version_and_with_three(
    admin, course, django_assert_num_queries, count
):
    question = make_question("numeric")
    for number in range(count):
        make_quiz(course, questions=[question], slug=f"quiz-{number}")
        question["fr"].save_revision().publish()
    url = f"{LIST}edit/{question['fr'].pk}/"
    admin.get(url)
    with django_assert_num_queries(52):
        page = admin.get(url).content.decode()
    assert page.count("<ol reversed") == 1


def test_the_form_tells_where_a_question_is_asked_and_by_whom_it_was_written(admin, course, trainer):
    quiz = make_quiz(course, "numeric")
    question = quiz.questions[0]["fr"]
    question.author = trainer
    question.save_revision().publish()
    take_quiz(UserFactory(), quiz)
    page = admin.get(f"{LIST}edit/{question.pk}/").content.decode()
    assert f"<bdi>{quiz.pages['fr'].title}</bdi>" in page
    assert f"<bdi>{trainer}</bdi>" in page
    assert reverse("quiz_tryout:question", args=[question.pk]) in page


def test_the_author_and_the_tags_are_kept_with_the_form(admin, trainer):
    admin.post(f"{LIST}add/?locale=fr", form_data(tags='"Banque", urgent'))
    question = Question.objects.get()
    assert (question.author, sorted(question.tags.names())) == (trainer, ["Banque", "urgent"])

    # Of a published question too, while its draft waits.
    data = form_data(tags="urgent", stem="Autre")
    del data["action-publish"]
    assert admin.post(f"{LIST}edit/{question.pk}/", data).status_code == 302
    question.refresh_from_db()
    assert (question.stem, list(question.tags.names())) == ("Faut-il une autorisation ?", ["urgent"])


# Several at once


@pytest.mark.parametrize("action", BULK)
def test_acts_on_several_ask_first_and_are_for_those_with_the_right(admin, client, action):
    questions = [make_question("numeric")["fr"] for _ in range(2)]
    page = admin.get(bulk_url(action, *questions))
    assert (page.status_code, page.context["count"]) == (200, 2)
    assert [str(question) in page.content.decode() for question in questions] == [True, True]

    member = UserFactory()
    client.force_login(member)
    assert client.get(bulk_url(action, *questions)).status_code == 403
    assert client.post(bulk_url(action, *questions)).status_code == 403

    # May see the bank, not change it.
    reader = UserFactory(is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=["access_admin", "view_question"]))
    client.force_login(reader)
    page = client.get(bulk_url(action, *questions))
    assert (page.context["count"], len(page.context["items_with_no_access"])) == (0, 2)
    client.post(bulk_url(action, *questions), {"difficulty": "hard", "tag": "x", "category": ""})
    assert set(Question.objects.values_list("difficulty", "retired")) == {("medium", False)}


def test_questions_are_filed_together(admin, trainer):
    law = QuestionCategory.objects.create(name="Law")
    one, two, other = (make_question("numeric") for _ in range(3))
    ticked = [one["ar"], one["fr"], two["en"]]
    keys = {one["fr"].translation_key, two["fr"].translation_key}

    response = admin.post(bulk_url("set_category", *ticked), {"category": law.pk})
    # Two questions, ticked in three rows.
    assert said(response)[0].startswith("2 ")
    assert set(Question.objects.filter(category=law).values_list("translation_key", flat=True)) == keys
    assert Question.objects.filter(category=law).count() == 6

    admin.post(bulk_url("set_difficulty", *ticked), {"difficulty": "hard"})
    assert Question.objects.filter(difficulty="hard").count() == 6
    admin.post(bulk_url("add_tag", *ticked), {"tag": "urgent"})
    assert list(one["fr"].tags.names()) == list(two["fr"].tags.names()) == ["urgent"]
    admin.post(bulk_url("retire", *ticked))
    assert Question.objects.filter(retired=True).count() == 6
    assert said(admin.post(bulk_url("bring_back", *ticked, *other.values())))[0].startswith("2 ")
    assert not Question.objects.filter(retired=True).exists()

    drafts = [make_question("numeric", languages=("fr",), live=False)["fr"] for _ in range(2)]
    assert said(admin.post(bulk_url("submit_for_review", *drafts, *ticked)))[0].startswith("2 ")
    assert [draft.workflow_in_progress for draft in drafts] == [True, True]


@pytest.mark.parametrize(
    ("action", "data", "field"),
    [
        ("set_category", {"category": "999"}, "category"),
        ("set_difficulty", {"difficulty": "absurd"}, "difficulty"),
        ("add_tag", {"tag": "  "}, "tag"),
        ("add_tag", {"tag": "x" * 101}, "tag"),
    ],
)
def test_bad_input_of_an_act_on_several_is_said(admin, action, data, field):
    question = make_question("numeric")["fr"]
    response = admin.post(bulk_url(action, question), data)
    assert (response.status_code, list(response.context["form"].errors)) == (200, [field])


def test_all_means_all_that_the_list_showed(admin):
    shown, other = make_question("numeric", stem="Shown"), make_question("true_false", stem="Other")
    url = reverse("wagtail_bulk_action", args=["courses_quizzes", "question", "retire"])
    for query in ("type%3Dnumeric", "q%3Dhown", "type%3Dnumeric%26p%3D2%26ordering%3Dtype"):
        Question.objects.update(retired=False)
        admin.post(f"{url}?id=all&next={LIST}%3F{query}")
        retired = set(Question.objects.filter(retired=True).values_list("translation_key", flat=True))
        assert retired == {shown["fr"].translation_key}
    assert other["fr"].translation_key not in retired


def test_deleting_several_warns_as_deleting_one_and_keeps_what_quizzes_ask(admin, course, trainer):
    trainer.user_permissions.add(Permission.objects.get(codename="delete_question"))
    quiz = make_quiz(course, "numeric")
    question = quiz.questions[0]["fr"]
    take_quiz(UserFactory(), quiz)
    for page in quiz.pages.values():
        page.items.all().delete()
        page.delete()
    free = make_question("numeric")["fr"]

    warned = admin.get(bulk_url("delete", question, free))
    assert [str(question) in message for message in said(warned)] == [True]

    asked = make_quiz(course, "numeric", slug="other").questions[0]["fr"]
    response = admin.post(bulk_url("delete", asked, free))
    assert response.headers["Location"] == LIST
    assert Question.objects.filter(pk__in=[asked.pk, free.pk]).count() == 2
    assert admin.post(bulk_url("delete", free)).status_code == 302
    assert not Question.objects.filter(pk=free.pk).exists()


# The second reader


def approve_url(question):
    state = question.current_workflow_task_state
    return f"{LIST}workflow/action/{question.pk}/approve/{state.pk}/"


def test_the_writer_is_not_the_second_reader(admin, client, trainer, django_user_model):
    draft = make_question("numeric", languages=("fr",), live=False)["fr"]
    data = form_data(type="numeric", number="30")
    del data["action-publish"]
    admin.post(bulk_url("submit_for_review", draft))
    draft = Question.objects.get(pk=draft.pk)
    edit = f"{LIST}edit/{draft.pk}/"

    assert 'data-workflow-action-name="approve"' not in admin.get(edit).content.decode()
    response = admin.post(approve_url(draft))
    assert (response.status_code, Question.objects.get(pk=draft.pk).live) == (302, False)
    posted = data | {"action-workflow-action": "1", "workflow-action-name": "approve"}
    admin.post(edit, posted)
    assert Question.objects.get(pk=draft.pk).live is False

    reader = UserFactory(is_staff=True)
    reader.groups.add(Group.objects.get(name="Trainers"))
    client.force_login(reader)
    assert 'data-workflow-action-name="approve"' in client.get(edit).content.decode()

    # Wagtail's lists show no version that could have been read.
    approve = approve_url(Question.objects.get(pk=draft.pk))
    assert client.post(approve).headers["Location"] == edit
    assert edit in client.get(approve, headers={"x-requested-with": "XMLHttpRequest"}).json()["html"]
    assert Question.objects.get(pk=draft.pk).live is False


def test_what_is_approved_is_what_was_read(admin, client, trainer):
    """The writer changes a question while somebody reads it."""
    draft = make_question("numeric", languages=("fr",), live=False)["fr"]
    admin.post(bulk_url("submit_for_review", draft))
    reader = UserFactory(is_staff=True)
    reader.groups.add(Group.objects.get(name="Trainers"))
    client.force_login(reader)
    edit = f"{LIST}edit/{draft.pk}/"

    def form():
        page = client.get(edit).content.decode()
        names = ("loaded_revision_id", "loaded_revision_created_at")
        shown = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in names}
        data = form_data(type="numeric", number="30", stem="Lu ?")
        del data["action-publish"]
        return data | shown | {"action-workflow-action": "1", "workflow-action-name": "approve"}

    read = form()
    draft = Question.objects.get(pk=draft.pk).get_latest_revision_as_object()
    draft.stem = "Changé ?"
    draft.save_revision()

    without = {name: value for name, value in read.items() if not name.startswith("loaded")}
    for posted in (read, without):
        client.post(edit, posted)
        draft = Question.objects.get(pk=draft.pk)
        assert (draft.live, draft.get_latest_revision_as_object().stem) == (False, "Changé ?")

    client.post(edit, form())
    draft = Question.objects.get(pk=draft.pk)
    assert (draft.live, draft.stem) == (True, "Lu ?")
