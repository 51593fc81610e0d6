"""What anybody may learn of a serial."""

from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from courses.certificates.domain.erasure import erase
from courses.certificates.domain.verification import read_serial, verify
from courses.certificates.enums import Standing
from courses.lib.ids import SerialError, display_serial, new_serial
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending, make_ready

pytestmark = pytest.mark.django_db
AT = datetime(2026, 8, 28, 10, tzinfo=UTC)


def test_a_valid_one_tells_initials_course_and_dates_and_nothing_else(course):
    certificate = make_ready(UserFactory(certificate_name_latin="Salma Ben Ali"), course)
    content = certificate.snapshot["content"]

    assert asdict(verify(certificate.serial, "fr", AT)) == {
        "standing": Standing.VALID,
        "serial": certificate.serial,
        "initials": "S. B. A.",
        "course_title": "Course JUR fr",
        "course_code": "JUR",
        "completed_on": date.fromisoformat(content["completed_on"]),
        "issued_on": date.fromisoformat(content["issued_on"]),
        "valid_until": None,
        "since": None,
        "reason": "",
        "associations": (),
        "law_checked_to": date(2026, 2, 28),
        "law_needs_recheck": False,
    }


@pytest.mark.parametrize(
    ("language", "title", "initials"),
    [
        ("ar", "Course JUR ar", "س. ب. ع."),
        ("fr", "Course JUR fr", "S. B. A."),
        ("en", "Course JUR en", "S. B. A."),
    ],
)
def test_it_speaks_the_language_of_the_page(course, language, title, initials):
    certificate = make_ready(UserFactory(certificate_name_latin="Salma Ben Ali"), course)

    verification = verify(certificate.serial, language, AT)

    assert (verification.course_title, verification.initials) == (title, initials)


def test_initials_of_the_only_script_there_is(course):
    certificate = make_ready(UserFactory(certificate_name_latin=""), course)

    assert verify(certificate.serial, "fr", AT).initials == "س. ب. ع."


@pytest.mark.parametrize(("day", "stale"), [(28, False), (29, True)])
def test_law_not_rechecked_for_six_months_is_said(course, day, stale):
    certificate = make_ready(UserFactory(), course)

    assert verify(certificate.serial, "fr", AT.replace(day=day)).law_needs_recheck is stale


def test_an_erased_holder_has_no_initials(course):
    user = UserFactory()
    certificate = make_ready(user, course)
    erase(user, timezone.now())

    verification = verify(certificate.serial, "fr", AT)

    assert (verification.standing, verification.initials) == (Standing.HOLDER_ERASED, "")


def test_one_that_is_not_ready_does_not_exist(course):
    assert verify(make_pending(UserFactory(), course).serial, "fr", AT) is None


def test_an_unknown_serial(db):
    assert verify(new_serial(), "fr", AT) is None


def test_one_query(course, django_assert_num_queries):
    certificate = make_ready(UserFactory(), course)

    with django_assert_num_queries(1):
        verify(certificate.serial, "fr", AT)


def test_typed_serials_are_read_forgivingly():
    serial = new_serial()

    assert read_serial(f"  {display_serial(serial).lower()} ") == serial


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("", "length"), ("A" * 101, "length"), ("7K3M-Q0ZP-4TRX-9HC?", "character"), ("/../etc", "character")],
)
def test_what_is_no_serial_is_refused_with_its_reason(typed, reason):
    with pytest.raises(SerialError) as caught:
        read_serial(typed)

    assert caught.value.reason == reason
