"""The values that the wording of certificates may use."""

from datetime import UTC, datetime

import pytest
from django.core.checks import run_checks
from django.utils import timezone, translation

from courses.certificates.domain.issue import request
from courses.certificates.domain.making import make
from courses.certificates.domain.snapshot import content_of
from courses.certificates.domain.sweep import heal
from courses.certificates.domain.variables import values_for
from courses.certificates.interfaces.pdf import wording
from courses.certificates.models import Certificate
from courses.plugin_api.registries import CertificateVariable, certificate_variables
from courses.progress.models import CourseProgress
from tests.factories.accounts import UserFactory
from tests.factories.certificates import make_pending
from tests.factories.progress import ProgrammeFactory, make_enrolment

pytestmark = pytest.mark.django_db
LATE = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def register():
    """Registers a variable for this test alone."""
    keys = []

    def add(key, evaluate=lambda enrolments, language: {}):
        certificate_variables.register(CertificateVariable(key, "label", "example", evaluate), origin="tests")
        keys.append(key)

    yield add
    for key in keys:
        certificate_variables.unregister(key)


def test_built_in_values_are_those_of_the_enrolment_in_each_language(course):
    ProgrammeFactory(code="UE-2026", name_fr="Appui", name_ar="دعم")
    enrolment = make_enrolment(UserFactory(), course, done=4, programme="UE-2026")
    CourseProgress.objects.update(completed_at=LATE)

    with translation.override("en"):
        values = values_for(enrolment.pk, ["ar", "fr"])

    # Half past eleven in the evening UTC is the next day in Tunis.
    expected = {
        "ar": ("JUR", "1 أفريل 2026", "دعم"),
        "fr": ("JUR", "1er avril 2026", "Appui"),
    }
    assert {
        language: (own["course_code"], own["completed_on"], own["programme"])
        for language, own in values.items()
    } == expected


def test_built_in_variables_answer_in_bulk(course, django_assert_num_queries):
    enrolments = [make_enrolment(UserFactory(), course, done=4).pk for _number in range(3)]

    for key in ("course_code", "completed_on", "programme"):
        with django_assert_num_queries(1):
            found = certificate_variables[key].evaluate(enrolments, "fr")
        assert set(found) == (set() if key == "programme" else set(enrolments))


def test_every_variable_says_what_it_is():
    assert all(str(variable.label) and variable.example for variable in certificate_variables)


def test_a_variable_without_a_value_is_empty(course, register):
    register("nothing_here")
    enrolment = make_enrolment(UserFactory(), course, done=4)

    assert values_for(enrolment.pk, ["fr"])["fr"]["nothing_here"] == ""


def test_values_are_frozen_at_the_request(course, register):
    words = iter(["first", "second", "third", "fourth"])
    register("word", lambda enrolments, language: {pk: f"{next(words)} 🌸" for pk in enrolments})
    certificate = make_pending(UserFactory(), course)

    make(certificate.pk, timezone.now())
    again = request(certificate.enrolment_id, timezone.now())

    variables = Certificate.objects.get().snapshot["content"]["variables"]
    assert (variables["fr"]["word"], variables["ar"]["word"]) == ("first", "second")
    assert again.snapshot["content"]["variables"] == variables
    assert next(words) == "third"


def test_a_snapshot_from_before_there_were_variables_is_still_made(course):
    certificate = make_pending(UserFactory(), course)
    del certificate.snapshot["content"]["variables"]
    certificate.save()

    assert content_of(certificate.snapshot).variables == {}
    assert make(certificate.pk, timezone.now())


def test_a_variable_that_fails_keeps_nobody_else_waiting(course, register):
    """Nothing is made with a hole in it; the next sweep asks again, and the others don't wait."""
    failing = make_enrolment(UserFactory(), course, done=4)
    fine = make_enrolment(UserFactory(), course, done=4)
    broken = [failing.pk]

    def evaluate(enrolments, language):
        if broken == list(enrolments):
            raise RuntimeError
        return {}

    register("word", evaluate)

    assert heal(timezone.now()).requested == 1
    assert Certificate.objects.get().enrolment == fine
    broken.clear()
    assert heal(timezone.now()).requested == 1
    assert set(Certificate.objects.values_list("enrolment_id", flat=True)) == {failing.pk, fine.pk}


@pytest.mark.parametrize("key", ["score", "issued_on", "two words", ""])
def test_a_name_that_no_wording_can_use_is_an_error_that_names_the_app(register, key):
    register(key)

    (error,) = [found for found in run_checks() if found.id == "courses_certificates.E001"]
    assert "tests" in error.msg
    assert repr(key) in error.msg


def test_a_wording_that_uses_an_unknown_name_is_an_error(monkeypatch):
    from dataclasses import replace

    monkeypatch.setitem(
        wording.WORDINGS, "fr", replace(wording.FRENCH, passed="le {nobody_knows} à {course_code}")
    )

    (error,) = [found for found in run_checks() if found.id == "courses_certificates.E002"]
    assert "nobody_knows" in error.msg


def test_the_shipped_wordings_are_in_order():
    assert [found for found in run_checks() if found.id.startswith("courses_certificates")] == []
