"""The panel on 'My learning'."""

import html
import uuid

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone, translation

from courses.certificates.domain.eligibility import PrintedNames
from courses.certificates.domain.slots import IN_BULK, dashboard, in_course
from courses.certificates.enums import Standing
from courses.certificates.models import Certificate, CourseRule
from courses.progress.models import CourseProgress, Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.certificates import certificate_in, make_pending, make_ready
from tests.factories.courses import make_course
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db
NAMELESS = {"certificate_name_latin": "", "certificate_name_arabic": "", "display_name": ""}


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


def test_nothing_for_visitors_and_for_those_who_are_enrolled_nowhere(course):
    assert panel(AnonymousUser()) is None
    assert panel(UserFactory()) is None


@pytest.mark.parametrize("confirmed_at", [None, timezone.now()])
def test_who_is_under_way_sees_the_name_to_be_printed(course, confirmed_at):
    learner = UserFactory(certificate_name_latin="Salma", certificate_name_confirmed_at=confirmed_at)
    make_enrolment(learner, course, done=3)

    found = panel(learner)

    assert (found["rows"], found["asks_for_name"]) == ([], False)
    assert (found["names"], found["confirmed"]) == (PrintedNames("Salma", "سلمى بن علي"), bool(confirmed_at))
    assert found["name_url"] == "/fr/account/certificate-name/?next=%2Ffr%2Fmy-learning%2F"


def test_who_holds_everything_is_told_no_name(course):
    user = UserFactory()
    make_ready(user, course)

    assert panel(user)["names"] is None


@pytest.mark.parametrize(
    ("fields", "asks"),
    [
        ({"certificate_name_confirmed_at": None}, True),
        ({"certificate_name_latin": "Ali 🌸"}, True),
        ({**NAMELESS, "certificate_name_confirmed_at": None}, True),
        ({"verified": False}, False),
        ({}, False),
    ],
)
def test_the_form_for_the_name_stands_where_the_name_is_missing(course, fields, asks):
    user = UserFactory(**fields)
    make_enrolment(user, course, done=4)

    found = panel(user)

    assert found["asks_for_name"] is asks
    assert (found["names"] is None) is asks
    assert found["main"] is True


def test_with_a_course_under_way_the_form_is_not_the_main_action(course, site):
    user = UserFactory(certificate_name_confirmed_at=None)
    make_enrolment(user, course, done=4)
    make_enrolment(user, make_course(site, code="PLA"))

    assert panel(user)["main"] is False


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
            NAMELESS,
            ["Not issued yet: the name to print on it is missing."],
        ),
        (
            {"certificate_name_confirmed_at": None},
            ["Not issued yet: you haven't confirmed the name to print on it."],
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

    with django_assert_num_queries(5):
        panel(user)


def test_no_question_about_the_address_once_all_are_there(course, django_assert_num_queries):
    user = UserFactory()
    make_ready(user, course)

    with django_assert_num_queries(2):
        panel(user)
    assert Certificate.objects.count() == 1


def on_course_page(user, course, language="fr"):
    request = RequestFactory().get("/fr/courses/jur/")
    request.user = user
    return in_course(request, course.pages[language])


def test_a_course_page_says_nothing_to_visitors_and_to_those_who_are_not_enrolled(course):
    assert on_course_page(AnonymousUser(), course) is None
    assert on_course_page(UserFactory(), course) is None


def test_a_course_page_tells_the_name_while_the_course_is_under_way(course, django_assert_num_queries):
    user = UserFactory(certificate_name_arabic="", certificate_name_confirmed_at=None)
    make_enrolment(user, course, done=1)
    on_course_page(user, course)

    # The enrolment, which the page has looked up already.
    with django_assert_num_queries(1):
        found = on_course_page(user, course)

    assert (found["complete"], found["confirmed"]) == (False, False)
    assert found["names"].arabic == ""
    assert found["name_url"].endswith("?next=%2Ffr%2Fcourses%2Fjur%2F")


@pytest.mark.parametrize(
    ("fields", "texts", "asks"),
    [
        ({"verified": False}, ["Not issued yet: your e-mail address isn't confirmed."], False),
        ({"certificate_name_confirmed_at": None}, [], True),
        (
            {"verified": False, "certificate_name_confirmed_at": None},
            ["Not issued yet: your e-mail address isn't confirmed."],
            True,
        ),
        (
            {"certificate_name_latin": "Ali 🌸"},
            ["Not issued yet: your name contains signs that can't be printed: 🌸"],
            True,
        ),
        ({}, [], False),
    ],
)
def test_a_course_page_says_what_the_certificate_waits_for(course, fields, texts, asks):
    user = UserFactory(**fields)
    make_enrolment(user, course, done=4)

    with translation.override(None):
        found = on_course_page(user, course)
        said = [str(item.text) for item in found["missing"]]

    assert (found["complete"], found["certificate"]) == (True, None)
    assert (said, found["asks_for_name"]) == (texts, asks)


@pytest.mark.parametrize("make", [make_pending, make_ready])
def test_a_course_page_shows_the_certificate_there_is(course, make):
    user = UserFactory()
    certificate = make(user, course)
    # What is missing today doesn't matter any more.
    user.certificate_name_confirmed_at = None
    user.save()

    found = on_course_page(user, course)

    assert (found["certificate"], found["missing"], found["asks_for_name"]) == (certificate, [], False)


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_courses_that_issue_in_bulk_promise_no_minute(course, client, language):
    """A certificate that waits for an administrator isn't 'on its way'."""
    CourseRule.objects.create(course_key=course.key, issues_at_completion=False)
    person = UserFactory()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    make_enrolment(person, course, done=4, language=language)

    with translation.override(language):
        learning = client.get(reverse("progress:my_learning"))
        page = client.get(course.url(course.pages[language]))
        words = str(IN_BULK.text)

    assert words in html.unescape(learning.content.decode())
    assert words in html.unescape(page.content.decode())


@pytest.mark.parametrize("standing", [one for one in Standing if one != Standing.HOLDER_ERASED])
def test_what_a_certificate_is_worth_is_said_with_what_helps(course, standing):
    user = UserFactory()
    certificate = certificate_in(standing, user, course)
    if standing == Standing.SUPERSEDED:
        # What counts is the newer one.
        certificate = Certificate.objects.get(supersedes=certificate)
        standing = Standing.VALID

    (row,) = panel(user)["rows"]

    assert (row.certificate, row.told.standing) == (certificate, standing)
    assert bool(row.told.notes) is (standing != Standing.VALID)
    renewable = standing in (Standing.EXPIRING, Standing.EXPIRED)
    assert row.told.course_url == (course.pages["fr"].url if renewable else "")
    assert on_course_page(user, course)["told"].standing == standing


def test_what_is_being_made_is_worth_nothing_yet(course):
    user = UserFactory()
    make_pending(user, course)

    assert panel(user)["rows"][0].told is None
    assert on_course_page(user, course)["told"] is None


def test_one_question_more_where_the_course_is_followed_again(course, django_assert_num_queries):
    user = UserFactory()
    certificate_in(Standing.EXPIRED, user, course)
    panel(user)

    with django_assert_num_queries(3):
        panel(user)
