"""The panel on 'My learning'."""

import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import timezone, translation

from courses.certificates.domain.slots import dashboard
from courses.certificates.models import Certificate
from courses.progress.models import CourseProgress, Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_ready
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db


def panel(user):
    request = RequestFactory().get("/fr/my-learning/")
    request.user = user
    return dashboard(request, None)


def complete_courses(user, number):
    """Complete enrolments without certificate, in courses that are gone."""
    for _number in range(number):
        enrolment = Enrolment.objects.create(
            user=user,
            course_key=uuid.uuid4(),
            locale="fr",
            course_title="Ancienne formation",
            course_code="OLD",
            enrolled_at=timezone.now(),
        )
        CourseProgress.objects.create(
            enrolment=enrolment,
            required_count=1,
            done_count=1,
            percent=100,
            completed_at=timezone.now(),
            completed_locale="fr",
            updated_at=timezone.now(),
        )


def test_nothing_for_visitors_and_for_those_who_have_completed_nothing(course):
    learner = UserFactory()
    make_enrolment(learner, course, done=3)

    assert panel(AnonymousUser()) is None
    assert panel(learner) is None


def test_a_certificate_in_the_language_of_the_screen(course):
    user = UserFactory()
    certificate = make_ready(user, course)

    with translation.override("ar"):
        rows = panel(user)["rows"]

    assert [(row.title, row.certificate, list(row.missing)) for row in rows] == [
        ("Course JUR ar", certificate, [])
    ]


def test_a_course_without_certificate_is_named_in_the_language_of_the_screen(course):
    user = UserFactory()
    make_enrolment(user, course, done=4)

    with translation.override("ar"):
        assert [row.title for row in panel(user)["rows"]] == ["Course JUR ar"]


@pytest.mark.parametrize(
    ("fields", "texts"),
    [
        ({}, []),
        ({"verified": False}, ["Not issued yet: your e-mail address isn't confirmed."]),
        (
            {"certificate_name_latin": "", "certificate_name_arabic": "", "display_name": ""},
            ["Not issued yet: the name to print on it is missing."],
        ),
        (
            {"certificate_name_latin": "Ali 🌸☃"},
            ["Not issued yet: your name contains signs that can't be printed: ☃ 🌸"],
        ),
    ],
)
def test_what_is_missing_is_said_with_a_link(course, fields, texts):
    user = UserFactory(**fields)
    make_enrolment(user, course, done=4)

    with translation.override(None):
        missing = panel(user)["rows"][0].missing
        found = [str(item.text) for item in missing]

    assert found == texts
    assert [bool(item.link_url) and bool(str(item.link_label)) for item in missing] == [True] * len(texts)


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(number, django_assert_num_queries):
    user = UserFactory()
    complete_courses(user, number)

    with django_assert_num_queries(4):
        panel(user)


def test_no_question_about_the_address_once_all_are_there(course, django_assert_num_queries):
    user = UserFactory()
    make_ready(user, course)

    with django_assert_num_queries(2):
        panel(user)
    assert Certificate.objects.count() == 1
