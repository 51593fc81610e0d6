"""What is frozen at the request, and what may never change afterwards."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.utils import timezone, translation

from courses.accounts.enums import MembershipStatus
from courses.certificates.domain.issue import request
from courses.certificates.domain.queries import rule_of
from courses.certificates.domain.snapshot import build, content_of, initials, without_names
from courses.certificates.models import Certificate, CourseRule
from courses.models import CoursePage
from courses.plugin_api.registries import certificate_variables
from courses.progress.models import CourseProgress
from tests.factories.accounts import AssociationFactory, MembershipFactory, UserFactory
from tests.factories.certificates import make_ready
from tests.factories.progress import make_enrolment

pytestmark = pytest.mark.django_db
SERIAL = "0" * 16
AT = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


def content_from(enrolment):
    """What would be printed, by the course's own rule."""
    snapshot, _expires_at = build(enrolment, SERIAL, AT, rule=rule_of(enrolment.course_key))
    return snapshot["content"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Salma Ben Ali", "S. B. A."),
        ("سلمى بن علي", "س. ب. ع."),
        ("مريم العبيدي", "م. ع."),
        ("عبد الرحمان بن الطاهر", "ع. ر. ب. ط."),
        ("أبو القاسم الشابي", "أ. ق. ش."),
        ("نُور الْعُبَيْدي", "ن. ع."),
        ("إلياس آل سعيد", "إ. آ. س."),
        # Too short to be an article and a name.
        ("ال الب", "ا. ا."),
        ("Al-Amin Alouini", "A. A. A."),
        ("Anne-Marie d'Arc", "A. M. D."),
        ("éric", "É."),
        ("«Ali»", "A."),
        ("", ""),
        ("7 !", ""),
    ],
)
def test_initials_are_the_first_letters(name, expected):
    assert initials(name) == expected


def test_every_printed_field_is_in_the_snapshot(course, regions):
    user = UserFactory(certificate_name_latin="Salma Ben Ali")
    association = AssociationFactory(region=regions.kasserine, name_latin="Amal", name_ar="جمعية الأمل")
    MembershipFactory(user=user, association=association)
    enrolment = make_enrolment(user, course, done=4, language="ar")
    CourseProgress.objects.filter(enrolment=enrolment).update(completed_at=AT)
    enrolment.progress.refresh_from_db()

    with translation.override("en"):
        snapshot, expires_at = build(enrolment, SERIAL, AT, rule=rule_of(course.key))

    assert snapshot == {
        "version": 3,
        "content": {
            "languages": ["ar", "fr"],
            "course_title": {"ar": "Course JUR ar", "fr": "Course JUR fr", "en": "Course JUR en"},
            "course_code": "JUR",
            "issuer": {"ar": "إلمام", "fr": "Ilmam", "en": "Ilmam"},
            # Half past eleven in the evening UTC is the next day in Tunis.
            "completed_on": "2026-04-01",
            "issued_on": "2026-04-01",
            "serial": SERIAL,
            "verify_url": f"http://localhost:8000/ar/verify/{SERIAL}/",
            "holder_latin": "Salma Ben Ali",
            "holder_arabic": "سلمى بن علي",
            "association_latin": "Amal",
            "association_arabic": "جمعية الأمل",
            "law_checked_to": "2026-02-28",
            "estimated_minutes": 20,
            "score_percent": None,
            "themes": {
                "ar": ["Module 1 ar", "Module 2 ar"],
                "fr": ["Module 1 fr", "Module 2 fr"],
                "en": ["Module 1 en", "Module 2 en"],
            },
            # In the printed languages alone; the last one is a plugin's.
            "variables": {
                "ar": {
                    "course_code": "JUR",
                    "completed_on": "1 أفريل 2026",
                    "programme": "",
                    "best_result": "",
                    "dummy_word": f"Dummy {enrolment.pk} ar",
                },
                "fr": {
                    "course_code": "JUR",
                    "completed_on": "1er avril 2026",
                    "programme": "",
                    "best_result": "",
                    "dummy_word": f"Dummy {enrolment.pk} fr",
                },
            },
            "valid_until": None,
            "provisions": {},
        },
        "initials": {"latin": "S. B. A.", "arabic": "س. ب. ع."},
        "time_zone": "Africa/Tunis",
        "anchor_day": None,
    }
    assert expires_at is None
    assert content_of(snapshot).completed_on == date(2026, 4, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"status": MembershipStatus.DECLARED},
        {"status": MembershipStatus.REFUSED},
        {"ended_on": date(2025, 6, 1)},
    ],
)
def test_an_association_that_is_not_confirmed_or_was_left_is_not_printed(course, regions, fields):
    user = UserFactory()
    MembershipFactory(user=user, association=AssociationFactory(region=regions.kasserine), **fields)

    content = content_from(make_enrolment(user, course, done=4))

    assert (content["association_latin"], content["association_arabic"]) == ("", "")


def test_several_associations_are_printed_as_far_as_they_fit(course, regions):
    user = UserFactory()
    for year, letter in ((2021, "A"), (2022, "B"), (2023, "C")):
        association = AssociationFactory(region=regions.kasserine, name_latin=letter * 55, name_ar="")
        MembershipFactory(user=user, association=association, started_on=date(year, 1, 1))

    content = content_from(make_enrolment(user, course, done=4))

    assert content["association_latin"] == f"{'A' * 55}, {'B' * 55}"


def test_signs_without_a_glyph_are_left_out_of_titles(course):
    for page in course.pages.values():
        CoursePage.objects.filter(pk=page.pk).update(title="Obligations ✅ légales")

    content = content_from(make_enrolment(UserFactory(), course, done=4))

    assert content["course_title"]["fr"] == "Obligations légales"


def test_a_course_that_was_withdrawn_is_named_as_it_was_at_enrolment(course):
    enrolment = make_enrolment(UserFactory(), course, done=4)
    CoursePage.objects.filter(translation_key=course.key).update(live=False)

    content = content_from(enrolment)

    assert (content["course_title"]["ar"], content["course_code"]) == ("Course JUR fr", "JUR")
    assert (content["themes"], content["estimated_minutes"], content["law_checked_to"]) == ({}, None, None)


def test_nothing_changes_when_the_person_the_course_and_the_association_do(course, regions):
    user = UserFactory()
    association = AssociationFactory(region=regions.kasserine)
    membership = MembershipFactory(user=user, association=association)
    certificate = make_ready(user, course)
    before = Certificate.objects.values().get(pk=certificate.pk)

    user.certificate_name_latin = "Another Name"
    user.save()
    association.name_latin = "Renamed"
    association.save()
    membership.delete()
    CoursePage.objects.filter(translation_key=course.key).update(title="New title", live=False)
    request(certificate.enrolment_id, timezone.now())

    assert Certificate.objects.values().get(pk=certificate.pk) == before


def test_without_names_keeps_course_dates_and_serial(course):
    snapshot, _expires_at = build(
        make_enrolment(UserFactory(), course, done=4), SERIAL, AT, rule=rule_of(course.key)
    )

    bare = without_names(snapshot)

    emptied = {"holder_latin", "holder_arabic", "association_latin", "association_arabic"}
    changed = {key for key, value in bare["content"].items() if value != snapshot["content"][key]}
    assert changed <= {*emptied, "variables"}
    assert [bare["content"][key] for key in sorted(emptied)] == ["", "", "", ""]
    # Nobody here knows what a plugin's value says of the person.
    assert bare["content"]["variables"]["fr"] == {
        **snapshot["content"]["variables"]["fr"],
        "dummy_word": "",
    }
    assert bare["initials"] == {"latin": "", "arabic": ""}
    with pytest.raises(ValueError):
        content_of(bare)


def test_an_unfinished_course_has_no_snapshot(course):
    with pytest.raises(ValueError):
        content_from(make_enrolment(UserFactory(), course, done=3))


@pytest.mark.parametrize(
    ("asked", "known", "expected"),
    [(True, "85", 85), (True, "", None), (True, "many", None), (True, "101", None), (False, "85", None)],
)
def test_the_score_is_printed_where_the_rule_says_so_and_a_plugin_knows_one(
    course, monkeypatch, asked, known, expected
):
    known_results = replace(
        certificate_variables["best_result"],
        evaluate=lambda ids, language: dict.fromkeys(ids, known),
    )
    monkeypatch.setitem(certificate_variables._entries, "best_result", known_results)
    CourseRule.objects.create(course_key=course.key, shows_score=asked)

    content = content_from(make_enrolment(UserFactory(), course, done=4))

    assert content["score_percent"] == expected
    # What isn't printed isn't kept.
    assert content["variables"]["fr"]["best_result"] == (known if asked else "")
