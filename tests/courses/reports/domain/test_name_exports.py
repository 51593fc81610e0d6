"""Names leave only with permission, a reason and a record."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext

from courses.accounts.api import close_account
from courses.accounts.enums import Role
from courses.progress.models import Programme
from courses.reports.domain import personal_data
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.name_exports import NamesNotAllowed, export_names, remove_old_searches
from courses.reports.domain.scope import OutOfScope, ReportScope
from courses.reports.models import NameExport
from courses.reports.tasks import remove_searches_of_a_year
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RoleGrantFactory,
    UserFactory,
    make_administrator,
    make_coordinator,
)
from tests.factories.progress import ProgrammeFactory
from tests.factories.reports import COMPLETED_AT, COURSE_KEY, make_learning, make_member

AT = datetime(2026, 3, 1, 9, tzinfo=UTC)
REASON = "Rapport annuel au bailleur"
ADDRESS = "/fr/reports/regions/TN-42/names/"


@pytest.fixture
def association(regions):
    """Two people in an association of Kasserine; beside them one of Gabès and one without association."""
    found = AssociationFactory(region=regions.kasserine, name_latin="Thala")
    make_learning(
        make_member(regions.kasserine, association=found, display_name="Salma"), completed_at=COMPLETED_AT
    )
    make_member(regions.kasserine, association=found, display_name="Hédi")
    make_member(regions.gabes, display_name="Ailleurs")
    UserFactory(region=regions.kasserine, display_name="Sans association")
    return found


def allowed(region, **fields):
    user = make_coordinator(region, **fields)
    user.role_grants.update(may_export_names=True)
    return user


def lines_of(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode()[1:]), delimiter=";"))


def test_an_export_hands_out_the_names_and_records_it(client, regions, association):
    user = allowed(regions.centre_ouest)
    client.force_login(user)

    response = client.post(f"{ADDRESS}?course={COURSE_KEY}&since=2026-01-01", {"reason": f"  {REASON} "})

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith('attachment; filename="names-TN-42-')
    assert response["Cache-Control"] == "private, no-store"
    lines = lines_of(response)
    assert [(line[0], line[1], line[2], line[6]) for line in lines[1:]] == [
        ("Hédi", "Thala", "Kasserine", ""),
        ("Salma", "Thala", "Kasserine", "2026-02-12"),
    ]
    record = NameExport.objects.get()
    assert (record.exported_by, record.region, record.association, record.reason, record.row_count) == (
        user,
        regions.kasserine,
        None,
        REASON,
        2,
    )
    assert record.filters == {
        "course": str(COURSE_KEY),
        "course_title": "Obligations légales",
        "basis": "enrolment",
        "since": "2026-01-01",
        "until": None,
    }


def test_an_association_is_exported_alone(client, regions, association):
    make_member(regions.kasserine, display_name="Autre")
    client.force_login(make_administrator())

    response = client.post(
        reverse("reports:association_names", args=[association.uuid]) + "?q=H%C3%A9d", {"reason": REASON}
    )

    assert [line[0] for line in lines_of(response)[1:]] == ["Hédi"]
    record = NameExport.objects.get()
    assert (record.region, record.association, record.row_count) == (None, association, 1)
    assert record.filters == {"search": "Héd"}


@pytest.mark.parametrize("reason", ["", "court", "         x         ", "a" * 501, "dix signes\x00"])
def test_without_a_good_reason_nothing_leaves(client, regions, association, reason):
    client.force_login(allowed(regions.centre_ouest))

    response = client.post(ADDRESS, {"reason": reason})

    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert list(response.context["reason"].errors) == ["reason"]
    assert "Salma" not in response.content.decode()
    assert NameExport.objects.count() == 0


def test_reading_the_page_hands_out_nothing(client, regions, association):
    client.force_login(allowed(regions.centre_ouest))

    response = client.get(ADDRESS)

    assert (response.status_code, response.context["count"], NameExport.objects.count()) == (200, 2, 0)


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_coordinator_without_the_permission_may_not(client, regions, association, method):
    client.force_login(make_coordinator(regions.centre_ouest))

    answers = [
        getattr(client, method)(ADDRESS, {"reason": REASON}).status_code,
        getattr(client, method)(
            reverse("reports:association_names", args=[association.uuid]), {"reason": REASON}
        ).status_code,
    ]

    assert answers == [403, 403]
    assert NameExport.objects.count() == 0


def test_the_permission_is_for_its_own_region_only(client, regions, association):
    user = allowed(regions.sud_est)
    RoleGrantFactory(user=user, region=regions.centre_ouest)
    client.force_login(user)

    assert client.post(ADDRESS, {"reason": REASON}).status_code == 403
    assert client.post("/fr/reports/regions/TN-81/names/", {"reason": REASON}).status_code == 200


def test_a_trainers_permission_exports_nothing(client, regions, association):
    user = make_coordinator(regions.centre_ouest)
    RoleGrantFactory(user=user, role=Role.TRAINER, region=regions.centre_ouest, may_export_names=True)
    client.force_login(user)

    assert client.post(ADDRESS, {"reason": REASON}).status_code == 403


def test_a_wrong_filter_leads_back_to_the_screen(client, regions, association):
    client.force_login(allowed(regions.centre_ouest))

    response = client.post(f"{ADDRESS}?since=x", {"reason": REASON})

    assert (response.status_code, response["Location"]) == (302, "/fr/reports/regions/TN-42/?since=x")
    assert NameExport.objects.count() == 0


def test_the_verb_checks_by_itself(regions, association):
    def export(user, of, reason=REASON):
        return export_names(
            ReportScope(user),
            ReportFilters(),
            of=of,
            reason=reason,
            course_titles={COURSE_KEY: "Obligations légales"},
            at=AT,
        )

    with pytest.raises(OutOfScope):
        export(allowed(regions.sud_est), association)
    with pytest.raises(NamesNotAllowed):
        export(make_coordinator(regions.centre_ouest), association)
    with pytest.raises(ValueError, match="reason"):
        export(allowed(regions.centre_ouest), association, reason="  court    ")
    assert NameExport.objects.count() == 0
    assert export(make_administrator(), regions.kasserine).record.exported_at == AT


def test_somebody_of_two_associations_has_a_line_in_each(regions, association):
    user = association.memberships.first().user
    MembershipFactory(user=user, association=AssociationFactory(region=regions.sidi_bouzid))

    handed_out = export_names(
        ReportScope(make_administrator()),
        ReportFilters(),
        of=regions.centre_ouest,
        reason=REASON,
        course_titles={},
        at=AT,
    )

    assert handed_out.record.row_count == len(handed_out.rows) == 3


def test_administrators_read_the_log_and_coordinators_do_not(client, regions, association):
    coordinator = allowed(regions.centre_ouest, display_name="Nour Coordinatrice")
    client.force_login(coordinator)
    client.post(f"{ADDRESS}?since=2026-01-01&basis=completion", {"reason": REASON})
    refused = client.get("/fr/reports/name-exports/")
    client.force_login(make_administrator())

    response = client.get("/fr/reports/name-exports/")

    assert refused.status_code == 404
    assert response.status_code == 200
    assert [(line.who, line.what, line.record.reason) for line in response.context["lines"]] == [
        ("Nour Coordinatrice", "Kasserine", REASON)
    ]
    assert len(response.context["lines"][0].filters) == 1


def test_the_log_covers_one_thing(regions, association):
    user = make_administrator()
    for of in ({}, {"region": regions.kasserine, "association": association}):
        with pytest.raises(IntegrityError), transaction.atomic():
            NameExport.objects.create(exported_by=user, exported_at=AT, reason=REASON, row_count=0, **of)


def test_a_persons_own_exports_are_part_of_their_data_and_stay_on_record(client, regions, association):
    user = allowed(regions.centre_ouest)
    client.force_login(user)
    client.post(ADDRESS, {"reason": REASON})

    mine = personal_data.export(user)
    personal_data.erase(user, AT)

    assert [(each["of"], each["reason"], each["lines"]) for each in mine] == [("Kasserine", REASON, 2)]
    assert NameExport.objects.count() == 1


def searched(client, words: str, *, days_ago: int = 0) -> NameExport:
    """An export of the people in Kasserine whose name has these words."""
    client.post(f"{ADDRESS}?since=2026-01-01&q={words}", {"reason": REASON})
    record = NameExport.objects.latest("pk")
    NameExport.objects.filter(pk=record.pk).update(exported_at=AT - timedelta(days=days_ago))
    return record


@pytest.mark.parametrize(
    "words", ["Salma", "salma ben", "SALMA BEN ALI", "Ben Ali Salma", "بن علي", "الم"], ids=str
)
def test_the_name_searched_goes_with_the_person_and_the_record_stays(client, regions, association, words):
    person = make_member(
        regions.kasserine, display_name="Salma Ben Ali", certificate_name_arabic="سالمة بن علي"
    )
    client.force_login(allowed(regions.centre_ouest))
    record = searched(client, words)

    close_account(person, AT)

    record.refresh_from_db()
    assert record.filters == {
        "basis": "enrolment",
        "since": "2026-01-01",
        "until": None,
        "search_removed_at": AT.isoformat(),
    }
    assert (record.reason, record.exported_by_id is None) == (REASON, False)


def test_other_names_stay(client, regions, association):
    person = make_member(regions.kasserine, display_name="Salma", certificate_name_latin="Salma Ben Ali")
    client.force_login(allowed(regions.centre_ouest))
    record, without = searched(client, "Zohra"), searched(client, "")

    close_account(person, AT)

    record.refresh_from_db()
    without.refresh_from_db()
    assert record.filters["search"] == "Zohra"
    assert "search_removed_at" not in without.filters


def test_names_searched_are_kept_a_year(client, regions, association):
    client.force_login(allowed(regions.centre_ouest))
    old, young = searched(client, "Zohra", days_ago=366), searched(client, "Zohra", days_ago=364)

    assert (remove_old_searches(at=AT), remove_old_searches(at=AT)) == (1, 0)

    old.refresh_from_db()
    young.refresh_from_db()
    assert ("search" in old.filters, young.filters["search"]) == (False, "Zohra")


def test_the_log_says_that_a_name_was_removed(client, regions, association):
    client.force_login(make_administrator())
    searched(client, "Zohra", days_ago=366)
    remove_searches_of_a_year()

    response = client.get("/fr/reports/name-exports/")

    assert gettext("Name: removed since") in response.context["lines"][0].filters
    assert "Zohra" not in response.content.decode()


def test_the_log_keeps_the_name_that_the_programme_had(client, regions, association):
    association.memberships.first().user.enrolments.update(programme="UE-2026")
    programme = ProgrammeFactory(code="UE-2026", name_fr="Appui 2026")
    client.force_login(make_administrator())
    client.post(f"{ADDRESS}?programme=UE-2026", {"reason": REASON})
    Programme.objects.filter(pk=programme.pk).update(name_fr="Autre nom")

    response = client.get("/fr/reports/name-exports/")

    assert NameExport.objects.get().filters == {"programme": "UE-2026", "programme_name": "Appui 2026"}
    assert response.context["lines"][0].filters == [gettext("Programme: %(name)s") % {"name": "Appui 2026"}]


def test_the_log_tells_the_time_as_the_language_does(client, regions, association):
    client.force_login(make_administrator())
    record = searched(client, "")
    NameExport.objects.filter(pk=record.pk).update(exported_at=AT)

    assert "1 مارس 2026 على الساعة 10:00" in client.get("/ar/reports/name-exports/").content.decode()
