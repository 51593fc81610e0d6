"""Who may hold a certificate, and what is said to be missing."""

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from courses.certificates.domain.eligibility import (
    PrintedNames,
    awaiting,
    blockers_of,
    names_of,
    without_certificate,
)
from courses.certificates.enums import Blocker
from courses.progress.models import Enrolment
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db
NAMELESS = {"certificate_name_latin": "", "certificate_name_arabic": "", "display_name": ""}
UNCONFIRMED = {"certificate_name_confirmed_at": None}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, PrintedNames("Salma Ben Ali", "سلمى بن علي")),
        ({"certificate_name_arabic": ""}, PrintedNames("Salma Ben Ali", "")),
        ({"certificate_name_latin": "  Salma \n Ben\tAli "}, PrintedNames("Salma Ben Ali", "سلمى بن علي")),
        ({"certificate_name_latin": "", "certificate_name_arabic": ""}, PrintedNames("Salma B.", "")),
        (
            {"certificate_name_latin": "", "certificate_name_arabic": "", "display_name": "سلمى"},
            PrintedNames("", "سلمى"),
        ),
        (NAMELESS, PrintedNames("", "")),
    ],
)
def test_names_fall_back_on_the_name_shown_on_the_site_in_its_script(given, expected):
    fields = {
        "certificate_name_latin": "Salma Ben Ali",
        "certificate_name_arabic": "سلمى بن علي",
        "display_name": "Salma B.",
        **given,
    }

    assert names_of(UserFactory.build(**fields)) == expected


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, []),
        ({"verified": False}, [Blocker.ADDRESS_UNCONFIRMED]),
        ({"email": None, "member_code": "KAS-1"}, []),
        ({"email": None, "member_code": None}, [Blocker.ADDRESS_UNCONFIRMED]),
        ({"verified": False, "member_code": "KAS-2"}, [Blocker.ADDRESS_UNCONFIRMED]),
        (NAMELESS, [Blocker.NAME_MISSING]),
        (UNCONFIRMED, [Blocker.NAME_UNCONFIRMED]),
        ({**UNCONFIRMED, "verified": False}, [Blocker.ADDRESS_UNCONFIRMED, Blocker.NAME_UNCONFIRMED]),
        # The form that gives the name confirms it.
        ({**NAMELESS, **UNCONFIRMED}, [Blocker.NAME_MISSING]),
        ({"certificate_name_latin": "Salma 🌸", **UNCONFIRMED}, [Blocker.NAME_CHARACTERS]),
        ({"certificate_name_latin": "Salma 🌸"}, [Blocker.NAME_CHARACTERS]),
        ({"certificate_name_latin": "山田"}, [Blocker.NAME_CHARACTERS]),
        ({**NAMELESS, "verified": False}, [Blocker.ADDRESS_UNCONFIRMED, Blocker.NAME_MISSING]),
    ],
)
def test_what_is_missing_is_named(fields, expected):
    assert blockers_of(UserFactory(**fields)) == expected


def test_an_erased_person_holds_no_new_certificate():
    assert blockers_of(UserFactory(erased_at=timezone.now())) == [Blocker.HOLDER_ERASED]


def test_awaiting_says_what_blockers_say_except_for_signs_that_cannot_be_printed(course):
    people = {
        "fine": UserFactory(),
        "code": UserFactory(email=None, member_code="KAS-1"),
        "unconfirmed": UserFactory(verified=False),
        "nameless": UserFactory(**NAMELESS),
        "never asked": UserFactory(**UNCONFIRMED),
        "erased": UserFactory(erased_at=timezone.now()),
        "flower": UserFactory(certificate_name_latin="🌸"),
    }
    for user in people.values():
        make_enrolment(user, course, done=4)
    make_enrolment(UserFactory(), course, done=3)

    found = set(awaiting(Enrolment.objects.all()).values_list("user_id", flat=True))

    assert found == {people["fine"].pk, people["code"].pk, people["flower"].pk}


def test_an_address_of_somebody_else_confirms_nothing(course):
    user = UserFactory(verified=False)
    EmailAddress.objects.create(user=UserFactory(), email=f"x{user.email}", verified=True)

    assert blockers_of(user) == [Blocker.ADDRESS_UNCONFIRMED]


def test_a_former_address_confirms_nothing(course):
    user = UserFactory(verified=False)
    EmailAddress.objects.create(user=user, email="former@example.org", verified=True)
    make_enrolment(user, course, done=4)

    assert blockers_of(user) == [Blocker.ADDRESS_UNCONFIRMED]
    assert list(awaiting(Enrolment.objects.all())) == []


def test_without_certificate_leaves_out_those_being_made(course):
    make_pending(UserFactory(), course)
    bare = make_enrolment(UserFactory(), course, done=4)

    assert list(without_certificate(Enrolment.objects.all())) == [bare]
