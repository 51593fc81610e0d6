"""Programmes: who makes them, when they run, what an enrolment gets of them."""

from datetime import UTC, date, datetime
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils import translation
from wagtail.models import ModelLogEntry

from courses.progress.domain.programmes import (
    ProgrammeCodeTaken,
    ProgrammeDetails,
    ProgrammeOutOfScope,
    change_programme,
    create_programme,
    programme_names,
    programmes_managed_by,
    programmes_visible_to,
    running_programme,
)
from courses.progress.models import Enrolment, Programme
from tests.factories.accounts import UserFactory, make_administrator, make_coordinator, make_trainer
from tests.factories.progress import ProgrammeFactory
from tests.factories.reports import make_learning

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
TODAY = date(2026, 3, 1)


def details(**changes: object) -> ProgrammeDetails:
    return ProgrammeDetails(**{"name_fr": "Appui 2026", **changes})


def test_a_programme_is_made_in_capitals_and_logged(regions):
    coordinator = make_coordinator(regions.centre_ouest)

    programme = create_programme(
        "ue-2026", details(region=regions.kasserine, ends_on=TODAY), by=coordinator, at=AT
    )

    assert (programme.code, programme.region, programme.ends_on) == ("UE-2026", regions.kasserine, TODAY)
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.user_id, entry.timestamp) == ("progress.programme.create", coordinator.pk, AT)


def test_a_code_is_given_once_whatever_its_case(regions):
    admin = make_administrator()
    create_programme("UE-2026", details(), by=admin, at=AT)

    with pytest.raises(ProgrammeCodeTaken):
        create_programme("ue-2026", details(name_fr="Autre"), by=admin, at=AT)

    assert Programme.objects.get().name_fr == "Appui 2026"


@pytest.mark.parametrize("code", ["", "a b", "é", "a/b", "A" * 41])
def test_a_code_can_stand_in_an_address(code):
    with pytest.raises(ValueError, match="code"):
        create_programme(code, details(), by=make_administrator(), at=AT)


def test_a_programme_needs_a_name_and_days_in_order():
    admin = make_administrator()
    for wrong in (details(name_fr=""), details(starts_on=date(2026, 3, 2), ends_on=TODAY)):
        with pytest.raises(ValueError, match=r"name|days"):
            create_programme("X", wrong, by=admin, at=AT)


def test_the_database_refuses_a_code_twice_and_days_out_of_order():
    ProgrammeFactory(code="X")
    for wrong in ({"code": "x"}, {"starts_on": date(2026, 3, 2), "ends_on": TODAY}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProgrammeFactory(**wrong)


def test_a_coordinator_makes_programmes_of_their_regions_alone(regions):
    coordinator = make_coordinator(regions.centre_ouest)

    for region in (None, regions.gabes, regions.country):
        with pytest.raises(ProgrammeOutOfScope):
            create_programme("X", details(region=region), by=coordinator, at=AT)

    assert not Programme.objects.exists()


@pytest.mark.parametrize("make", [UserFactory, make_trainer])
def test_learners_and_trainers_make_none(regions, make):
    with pytest.raises(ProgrammeOutOfScope):
        create_programme("X", details(region=regions.kasserine), by=make(), at=AT)


def test_a_change_stays_within_the_scope_and_is_logged(regions):
    coordinator = make_coordinator(regions.centre_ouest)
    own, foreign = ProgrammeFactory(region=regions.kasserine), ProgrammeFactory(region=regions.gabes)

    changed = change_programme(
        own.pk, details(name_ar="دعم", region=regions.sidi_bouzid), by=coordinator, at=AT
    )

    assert (changed.code, changed.name_ar, changed.region) == (own.code, "دعم", regions.sidi_bouzid)
    assert [entry.action for entry in ModelLogEntry.objects.all()] == ["progress.programme.change"]
    with pytest.raises(ProgrammeOutOfScope):
        change_programme(foreign.pk, details(region=regions.kasserine), by=coordinator, at=AT)
    with pytest.raises(ProgrammeOutOfScope):
        change_programme(own.pk, details(region=regions.gabes), by=coordinator, at=AT)


def test_who_sees_and_who_manages(regions):
    here = ProgrammeFactory(region=regions.kasserine)
    foreign = ProgrammeFactory(region=regions.gabes)
    country, everywhere = ProgrammeFactory(region=regions.country), ProgrammeFactory(region=None)
    coordinator, admin = make_coordinator(regions.centre_ouest), make_administrator()

    assert set(programmes_visible_to(coordinator)) == {here, country, everywhere}
    assert set(programmes_managed_by(coordinator)) == {here}
    assert set(programmes_visible_to(admin)) == {here, foreign, country, everywhere}
    assert set(programmes_managed_by(admin)) == {here, foreign, country, everywhere}
    assert not programmes_visible_to(UserFactory()).exists()


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "runs"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 3, 2), None, False),
        (None, date(2026, 2, 28), False),
        (date(2026, 1, 1), date(2026, 12, 31), True),
    ],
)
def test_a_programme_runs_between_its_days_both_included(starts_on, ends_on, runs):
    ProgrammeFactory(code="UE-2026", starts_on=starts_on, ends_on=ends_on)

    assert (running_programme("ue-2026", on=TODAY) is not None) is runs
    assert running_programme("OTHER", on=TODAY) is None


def test_names_in_the_language_or_the_one_there_is():
    ProgrammeFactory(code="A", name_fr="Appui", name_ar="دعم", name_en="")
    ProgrammeFactory(code="B", name_fr="", name_ar="", name_en="Support")
    ProgrammeFactory(code="C", name_fr="", name_ar="", name_en="")

    with translation.override("ar"):
        assert programme_names(["A", "B", "C", "GONE"]) == {
            "A": "دعم",
            "B": "Support",
            "C": "C",
            "GONE": "GONE",
        }
    with translation.override("en"):
        assert programme_names(["A"]) == {"A": "Appui"}


def test_codes_that_enrolments_hold_become_programmes():
    for number, code in enumerate(["UE-1", "UE-1", "", "ue-1", "KAS"]):
        make_learning(UserFactory(), programme=code, cycle=number + 1)

    migration = import_module("courses.progress.migrations.0002_programmes")
    migration.make_programmes_of_codes(apps, None)
    migration.make_programmes_of_codes(apps, None)

    assert sorted(Programme.objects.values_list("code", "name_fr")) == [("KAS", "KAS"), ("UE-1", "UE-1")]
    held = Enrolment.objects.order_by("cycle").values_list("programme", flat=True)
    assert list(held) == ["UE-1", "UE-1", "", "UE-1", "KAS"]
