"""Invitation links, and the screens where programmes are made."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import pgettext

from courses.lib.clock import local_day
from courses.progress.models import Enrolment, Programme
from tests.factories.accounts import UserFactory, make_administrator, make_coordinator, make_trainer
from tests.factories.courses import make_course
from tests.factories.progress import ProgrammeFactory

LIST, NEW = "/fr/programmes/", "/fr/programmes/new/"


def day(offset: int):
    return local_day(timezone.now()) + timedelta(days=offset)


@pytest.fixture
def coordinator(regions, client):
    user = make_coordinator(regions.centre_ouest)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    "dates", [None, {"ends_on": day(-1)}, {"starts_on": day(1)}], ids=["unknown", "ended", "to come"]
)
@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_an_invitation_that_isnt_valid_says_so_and_records_nothing(client, regions, course, dates, language):
    if dates is not None:
        ProgrammeFactory(code="UE-2026", **dates)
    client.force_login(UserFactory())

    page = client.get(f"/{language}/join/ue-2026/jur/")
    client.post(f"/{language}/courses/{course.key}/enrol/")

    assert page.status_code == 404
    assert f'href="{course.url(course.pages[language])}"' in page.content.decode()
    assert Enrolment.objects.get().programme == ""


def test_an_invitation_to_a_course_that_isnt_there_is_not_found(client, course):
    ProgrammeFactory(code="UE-2026")

    assert client.get("/fr/join/ue-2026/none/").status_code == 404


def test_a_programme_that_ended_before_the_enrolment_isnt_recorded(client, regions, course):
    programme = ProgrammeFactory(code="UE-2026")
    client.force_login(UserFactory())
    client.get("/fr/join/ue-2026/jur/")
    Programme.objects.filter(pk=programme.pk).update(ends_on=day(-1))

    client.post(f"/fr/courses/{course.key}/enrol/")

    assert Enrolment.objects.get().programme == ""


@pytest.mark.parametrize("address", [LIST, NEW, "/fr/programmes/UE-2026/"])
def test_visitors_sign_in_and_learners_and_trainers_find_nothing(client, regions, address):
    ProgrammeFactory(code="UE-2026")
    visitor = client.get(address)

    assert (visitor.status_code, visitor.url) == (302, f"/fr/accounts/login/?next={address}")
    for make in (UserFactory, make_trainer):
        client.force_login(make())
        assert client.get(address).status_code == 404
        assert client.post(address).status_code in (404, 405)


def test_the_list_shows_those_of_the_regions_with_their_state(client, regions, coordinator):
    ProgrammeFactory(name_fr="Appui", region=regions.kasserine)
    ProgrammeFactory(name_fr="Ancien", region=regions.kasserine, ends_on=day(-1))
    ProgrammeFactory(name_fr="Futur", region=regions.kasserine, starts_on=day(1))
    ProgrammeFactory(name_fr="Ailleurs", region=regions.gabes)

    response = client.get(LIST)

    assert [(line.name, str(line.state)) for line in response.context["lines"]] == [
        ("Appui", pgettext("state of a programme", "running")),
        ("Futur", pgettext("state of a programme", "not begun yet")),
        ("Ancien", pgettext("state of a programme", "ended")),
    ]


def test_a_coordinator_makes_a_programme_and_finds_its_links(client, regions, course, coordinator):
    other = make_course(course.site, code="FIN", modules=1, lessons=1)

    response = client.post(
        NEW,
        {
            "code": "ue-2026",
            "name_fr": "Appui 2026",
            "region": regions.kasserine.pk,
            "starts_on": "2026-01-01",
            "ends_on": "2036-12-31",
        },
    )
    page = client.get(response.url)

    assert (response.status_code, response.url) == (302, "/fr/programmes/UE-2026/")
    assert [(link.course, link.url) for link in page.context["links"]] == [
        (course.pages["fr"].title, "http://testserver/fr/join/UE-2026/JUR/"),
        (other.pages["fr"].title, "http://testserver/fr/join/UE-2026/FIN/"),
    ]
    assert 'value="http://testserver/fr/join/UE-2026/JUR/"' in page.content.decode()
    assert client.get("/fr/join/UE-2026/JUR/").status_code == 302


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": ""}, "code"),
        ({"code": "a b"}, "code"),
        ({"code": "taken"}, "code"),
        ({"name_fr": ""}, "name_ar"),
        ({"region": ""}, "region"),
        ({"region": "gabes"}, "region"),
        ({"starts_on": "x"}, "starts_on"),
        ({"starts_on": "2026-03-02", "ends_on": "2026-03-01"}, "ends_on"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(client, regions, coordinator, changes, field):
    ProgrammeFactory(code="TAKEN", region=regions.gabes)
    data = {"code": "UE-2026", "name_fr": "Appui", "region": str(regions.kasserine.pk), **changes}
    if data["region"] == "gabes":
        data["region"] = str(regions.gabes.pk)

    response = client.post(NEW, data)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert Programme.objects.count() == 1


def test_an_administrator_needs_no_region(client, regions):
    client.force_login(make_administrator())

    client.post(NEW, {"code": "UE-2026", "name_ar": "دعم", "region": ""})

    assert Programme.objects.get().region is None


def test_a_programme_is_ended_by_its_last_day_and_its_code_stays(client, regions, coordinator):
    programme = ProgrammeFactory(code="UE-2026", name_fr="Appui", region=regions.kasserine)

    response = client.post(
        "/fr/programmes/ue-2026/",
        {
            "code": "OTHER",
            "name_fr": "Appui",
            "region": regions.kasserine.pk,
            "ends_on": day(-1).isoformat(),
        },
    )
    page = client.get(response.url)

    programme.refresh_from_db()
    assert (programme.code, programme.ends_on) == ("UE-2026", day(-1))
    assert page.context["links"] == []


def test_a_programme_of_the_country_is_read_but_not_changed_by_a_coordinator(
    client, regions, course, coordinator
):
    ProgrammeFactory(code="UE-2026", name_fr="Appui", region=regions.country)

    page = client.get("/fr/programmes/UE-2026/")
    changed = client.post("/fr/programmes/UE-2026/", {"name_fr": "X", "region": regions.kasserine.pk})

    assert page.status_code == 200
    assert len(page.context["links"]) == 1
    assert page.context["form"] is None
    assert changed.status_code == 404


def test_the_report_leads_there(client, regions, site, coordinator):
    assert f'href="{LIST}"' in client.get("/fr/reports/regions/").content.decode()


def test_administrators_find_them_from_the_admin(client, regions, site):
    client.force_login(make_administrator())
    assert f'"{LIST}"' in client.get("/admin/").content.decode()
    client.force_login(make_trainer())
    assert f'"{LIST}"' not in client.get("/admin/").content.decode()
