"""'Certificates of courses' in the admin: trainers set for how long they are valid and what they say."""

import html

import pytest
from django.utils import timezone

from courses.accounts.domain.roles import grant_role
from courses.accounts.enums import Role
from courses.certificates.domain.issue import request
from courses.certificates.models import CourseRule
from tests.factories.accounts import UserFactory, make_administrator, make_coordinator
from tests.factories.certificates import make_ready
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db
INDEX = "/admin/course-certificates/"
EMPTY = {"validity_months": "", "provisions_ar": "", "provisions_fr": "", "provisions_en": "", "design": ""}


@pytest.fixture
def trainer(client):
    person = UserFactory()
    grant_role(person, Role.TRAINER, by=None, at=timezone.now())
    client.force_login(person)
    return client


def page_of(course):
    return f"{INDEX}{course.key}/"


def text_of(response):
    return html.unescape(response.content.decode())


def test_a_trainer_sets_the_validity_and_later_certificates_follow(trainer, course):
    earlier = make_ready(UserFactory(), course)

    answer = trainer.post(
        page_of(course),
        EMPTY | {"validity_months": "12", "issues_at_completion": "on", "provisions_fr": " Décret-loi\n 88 "},
    )

    assert (answer.status_code, answer["Location"]) == (302, INDEX)
    rule = CourseRule.objects.get()
    assert (rule.course_key, rule.validity_months, rule.issues_at_completion, rule.shows_score) == (
        course.key,
        12,
        True,
        False,
    )
    assert rule.provisions() == {"fr": "Décret-loi 88"}
    earlier.refresh_from_db()
    assert earlier.expires_at is None
    later = request(make_enrolment(UserFactory(), course, done=4).pk, timezone.now())
    assert later.expires_at is not None
    assert later.snapshot["content"]["provisions"] == {"fr": "Décret-loi 88"}


def test_a_rule_is_changed_and_taken_back(trainer, course):
    CourseRule.objects.create(course_key=course.key, validity_months=12, shows_score=True)
    assert 'value="12"' in text_of(trainer.get(page_of(course)))

    trainer.post(page_of(course), EMPTY)

    rule = CourseRule.objects.get()
    assert (rule.validity_months, rule.issues_at_completion, rule.shows_score) == (None, False, False)


@pytest.mark.parametrize("months", ["0", "-1", "121", "1.5", "x", "1" * 40, "\x00"])
def test_months_that_are_none(trainer, course, months):
    answer = trainer.post(page_of(course), EMPTY | {"validity_months": months})

    assert (answer.status_code, CourseRule.objects.count()) == (200, 0)


@pytest.mark.parametrize("months", ["1", "120"])
def test_the_least_and_the_most_months(trainer, course, months):
    trainer.post(page_of(course), EMPTY | {"validity_months": months})

    assert CourseRule.objects.get().validity_months == int(months)


@pytest.mark.parametrize("field", ["provisions_ar", "provisions_fr", "provisions_en"])
@pytest.mark.parametrize(("text", "named"), [("Loi ✅ 88 🌸", ("✅", "🌸")), ("x" * 301, ()), ("a\x00", ())])
def test_text_that_cannot_be_printed_is_refused_with_its_characters(trainer, course, field, text, named):
    answer = trainer.post(page_of(course), EMPTY | {field: text})

    errors = answer.context["form"].errors
    assert (answer.status_code, list(errors)) == (200, [field])
    assert [sign for sign in named if sign not in errors[field][0]] == []
    assert CourseRule.objects.count() == 0


def test_a_design_that_is_none(trainer, course):
    assert trainer.post(page_of(course), EMPTY | {"design": "987654"}).status_code == 200


def test_the_list_names_every_course_in_the_readers_language(trainer, course, django_assert_num_queries):
    CourseRule.objects.create(course_key=course.key, validity_months=18)
    trainer.get(INDEX)

    with django_assert_num_queries(11):
        text = text_of(trainer.get(INDEX))

    assert page_of(course) in text
    assert "Course JUR" in text
    assert "18" in text


@pytest.mark.parametrize("path", ["8a4f2c7e-5d1b-4f6a-9c3e-0b7d6a1f2e58", "x"])
def test_what_is_no_course(trainer, path):
    assert trainer.get(f"{INDEX}{path}/", follow=True).status_code == 404
    assert trainer.post(f"{INDEX}{path}/", EMPTY, follow=True).status_code == 404
    assert CourseRule.objects.count() == 0


def test_others_may_not(client, course, regions):
    for person in (UserFactory(), make_coordinator(regions.country)):
        client.force_login(person)
        assert client.get(INDEX).status_code == 403
        assert client.post(page_of(course), EMPTY | {"validity_months": "12"}).status_code == 403
    assert CourseRule.objects.count() == 0


def test_the_editor_of_a_course_leads_there(client, course):
    client.force_login(make_administrator())
    page, lesson = course.pages["fr"], course.lessons["fr"][0]

    assert page_of(course) in client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert page_of(course) not in client.get(f"/admin/pages/{lesson.pk}/edit/").content.decode()
