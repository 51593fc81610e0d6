"""Screens: who sees what, figures, drill-down, filters, queries."""

import uuid
from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils.translation import gettext

from courses.accounts.enums import AssociationStatus, MembershipStatus
from courses.accounts.models import Region
from courses.reports.enums import RowKind
from tests.factories.accounts import (
    AssociationFactory,
    MembershipFactory,
    RoleGrantFactory,
    UserFactory,
    make_administrator,
    make_coordinator,
    make_trainer,
)
from tests.factories.progress import ProgrammeFactory
from tests.factories.reports import COMPLETED_AT, COURSE_KEY, make_learning, make_member

REGIONS = "/fr/reports/regions/"


def figures(table) -> dict[str, tuple[int, int, int, int, str]]:
    """Members, enrolled, in progress, completed and rate by label."""
    rows = [*table.rows, *table.foot]
    return {
        row.label: (row.members, row.enrolled, row.in_progress, row.completed, row.rate.replace("\xa0", " "))
        for row in rows
    }


@pytest.fixture
def kasserine_people(regions):
    """Four members in Kasserine (one without an association): one completed, one in progress, two not enrolled."""
    association = AssociationFactory(region=regions.kasserine, name_latin="Jeunesse de Thala")
    done = make_member(regions.kasserine, association=association, display_name="Salma Rezgui")
    make_learning(done, completed_at=COMPLETED_AT)
    busy = make_member(regions.kasserine, association=association, display_name="Hédi Omri")
    make_learning(busy)
    make_member(regions.kasserine, association=association, display_name="Zohra Mhamdi")
    UserFactory(region=regions.kasserine, display_name="Seul Partout")
    return association


def every_address(region: Region, association) -> list[str]:
    """All addresses of the reports that have a region or an association in them."""
    return [
        reverse("reports:region", args=[region.code]),
        reverse("reports:region_csv", args=[region.code]),
        reverse("reports:associations_csv", args=[region.code]),
        reverse("reports:region_names", args=[region.code]),
        reverse("reports:association", args=[association.uuid]),
        reverse("reports:association_names", args=[association.uuid]),
    ]


GENERAL = [
    "/fr/reports/",
    REGIONS,
    f"{REGIONS}totals.csv",
    "/fr/reports/people/",
    "/fr/reports/name-exports/",
]


@pytest.mark.parametrize("address", GENERAL)
def test_a_visitor_is_asked_to_sign_in(client, regions, address):
    response = client.get(address)

    assert response.status_code == 302
    assert response["Location"].startswith("/fr/accounts/login/")


@pytest.mark.parametrize("address", GENERAL)
@pytest.mark.parametrize("make", [UserFactory, make_trainer])
def test_learners_and_trainers_have_no_report(client, regions, address, make):
    client.force_login(make())

    assert client.get(address).status_code == 404


def test_a_coordinator_sees_the_figures_of_the_group_at_once(client, regions, kasserine_people):
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get(REGIONS)

    assert response.status_code == 200
    assert figures(response.context["table"]) == {
        "Kasserine": (4, 2, 1, 1, "25 %"),
        "Sidi Bouzid": (0, 0, 0, 0, "—"),
        "Centre-Ouest": (4, 2, 1, 1, "25 %"),
    }
    assert response.context["table"].unattached == 1


def test_a_new_completion_shows_at_once(client, regions, course):
    from tests.factories.progress import make_enrolment

    client.force_login(make_coordinator(regions.centre_ouest))
    member = make_member(regions.kasserine)
    before = figures(client.get(REGIONS).context["table"])["Kasserine"]

    make_enrolment(member, course, done=4)

    assert before == (1, 0, 0, 0, "0 %")
    assert figures(client.get(REGIONS).context["table"])["Kasserine"] == (1, 1, 0, 1, "100 %")


def test_the_administrator_sees_everybody_and_those_without_a_region(client, regions, kasserine_people):
    admin = make_administrator()
    UserFactory(region=None)
    client.force_login(admin)

    response = client.get(REGIONS)

    found = figures(response.context["table"])
    assert found["Tunisie"] == (4, 2, 1, 1, "25 %")
    assert len(response.context["table"].rows) == 7
    assert [row.members for row in response.context["table"].foot] == [2, 6]


def test_a_coordinator_of_two_regions_apart_sees_both_and_one_total(client, regions, kasserine_people):
    user = make_coordinator(regions.kasserine)
    RoleGrantFactory(user=user, region=regions.gabes)
    make_member(regions.gabes)
    client.force_login(user)

    response = client.get(REGIONS)

    assert [row.label for row in response.context["table"].rows] == ["Kasserine", "Gabès"]
    assert [row.members for row in response.context["table"].foot] == [5]


def test_the_way_down_from_region_to_association_to_person(client, regions, kasserine_people, course):
    client.force_login(make_coordinator(regions.centre_ouest))

    region = client.get(REGIONS + "TN-42/")
    association = client.get(region.context["associations"].rows[0].url)

    assert figures(region.context["associations"]) == {
        "Jeunesse de Thala": (3, 2, 1, 1, "33 %"),
        gettext("Members without an association"): (1, 0, 0, 0, "0 %"),
        "Kasserine": (4, 2, 1, 1, "25 %"),
    }
    assert [person.name for person in association.context["people"]] == [
        "Hédi Omri",
        "Salma Rezgui",
        "Zohra Mhamdi",
    ]
    position = association.context["course_titles"].index("Obligations légales")
    cells = [person.cells[position] for person in association.context["people"]]
    assert [(cell.tag, cell.day) for cell in cells] == [
        ("progress", ""),
        ("done", "12 février 2026"),
        ("todo", ""),
    ]
    assert "Seul Partout" not in region.content.decode() + association.content.decode()


def test_a_declared_membership_is_shown_as_such(client, regions):
    membership = MembershipFactory(
        association=AssociationFactory(region=regions.kasserine), status=MembershipStatus.DECLARED
    )
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get(reverse("reports:association", args=[membership.association.uuid]))

    assert [person.confirmed for person in response.context["people"]] == [False]
    assert "tag--declared" in response.content.decode()


def test_a_proposed_association_says_so_and_one_without_people_is_left_out(client, regions):
    proposed = AssociationFactory(region=regions.kasserine, status=AssociationStatus.PROPOSED)
    AssociationFactory(region=regions.kasserine, status=AssociationStatus.PROPOSED)
    make_member(regions.kasserine, association=proposed)
    client.force_login(make_coordinator(regions.centre_ouest))

    rows = client.get(REGIONS + "TN-42/").context["associations"].rows

    assert [(row.members, bool(row.detail)) for row in rows] == [(1, True)]


@pytest.mark.parametrize("method", ["get", "post"])
def test_outside_the_scope_every_address_answers_404(client, regions, kasserine_people, method):
    user = make_coordinator(regions.sud_est)
    user.role_grants.update(may_export_names=True)
    client.force_login(user)

    answers = {
        address: getattr(client, method)(address, {"reason": "Rapport au bailleur"}).status_code
        for address in every_address(regions.kasserine, kasserine_people)
    }

    # Addresses that only read refuse POST before they look at anything.
    expected = {
        address: 405 if method == "post" and not address.endswith("/names/") else 404 for address in answers
    }
    assert answers == expected


def test_what_does_not_exist_answers_like_what_is_out_of_scope(client, regions):
    client.force_login(make_coordinator(regions.sud_est))

    assert client.get(REGIONS + "XX-99/").status_code == 404
    assert client.get(f"/fr/reports/associations/{uuid.uuid4()}/").status_code == 404


def test_the_region_above_ones_own_is_out_of_scope(client, regions):
    client.force_login(make_coordinator(regions.kasserine))

    assert client.get(REGIONS + "X-TN-CO/").status_code == 404
    assert client.get(REGIONS + "TN/").status_code == 404


def test_sud_est_never_sees_kasserine(client, regions, kasserine_people):
    kasserine_people.memberships.first().user.enrolments.update(programme="KAS-2026")
    client.force_login(make_coordinator(regions.sud_est))

    pages = [
        client.get(REGIONS),
        client.get(REGIONS, {"programme": "KAS-2026"}),
        client.get(REGIONS, {"course": str(COURSE_KEY)}),
        client.get(f"{REGIONS}totals.csv"),
        client.get("/fr/reports/people/", {"q": "Salma"}),
        client.get("/fr/reports/people/", {"q": "Thala"}),
    ]

    texts = [page.content.decode() for page in pages]
    assert [page.status_code for page in pages] == [200] * 6
    assert [
        word for word in ("Kasserine", "Rezgui", "Jeunesse", "TN-42") if any(word in t for t in texts)
    ] == []
    # A programme that isn't there is refused like one that nobody ever had.
    assert "programme" in pages[1].context["form"].errors
    assert "KAS-2026" not in texts[0]


def test_programmes_are_chosen_by_name(client, regions, kasserine_people):
    kasserine_people.memberships.first().user.enrolments.update(programme="KAS-2026")
    ProgrammeFactory(code="KAS-2026", name_fr="Appui à Kasserine", name_ar="دعم القصرين")
    ProgrammeFactory(code="OTHER", name_fr="Sans personne")
    client.force_login(make_coordinator(regions.centre_ouest))

    sentence = gettext("Programme: %(name)s") % {"name": "Appui à Kasserine"}

    chosen = client.get(REGIONS, {"programme": "KAS-2026"})
    in_arabic = client.get(REGIONS.replace("/fr/", "/ar/"))

    assert list(chosen.context["form"].fields["programme"].choices)[1:] == [("KAS-2026", "Appui à Kasserine")]
    assert chosen.context["sentences"] == [sentence]
    assert figures(chosen.context["table"])["Kasserine"][1] == 1
    assert list(in_arabic.context["form"].fields["programme"].choices)[1:] == [("KAS-2026", "دعم القصرين")]


def test_a_person_of_two_associations_is_named_only_in_the_one_in_scope(client, regions):
    both = make_member(regions.kasserine, display_name="Nour Deux")
    MembershipFactory(user=both, association=AssociationFactory(region=regions.gabes, name_latin="Mer"))
    client.force_login(make_coordinator(regions.sud_est))

    response = client.get("/fr/reports/people/", {"q": "nour"})

    assert [(person.name, person.association) for person in response.context["people"]] == [
        ("Nour Deux", "Mer")
    ]


@pytest.mark.parametrize("words", ["leila", "Trabelsi", "ليلى"])
def test_a_person_is_found_by_any_of_their_names(client, regions, words):
    make_member(
        regions.kasserine,
        display_name="Leila",
        certificate_name_latin="Leïla Trabelsi",
        certificate_name_arabic="ليلى الطرابلسي",
    )
    make_member(regions.kasserine, display_name="Autre")
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get("/fr/reports/people/", {"q": words})

    assert [person.name for person in response.context["people"]] == ["Leila"]


def test_nobody_is_listed_before_a_name_is_given(client, regions, kasserine_people):
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get("/fr/reports/people/")

    assert response.status_code == 200
    assert "people" not in response.context


@pytest.mark.parametrize("words", ["x", "a" * 101, "a\x00b"])
def test_words_that_cannot_be_a_name_get_an_error_at_the_field(client, regions, words):
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get("/fr/reports/people/", {"q": words})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["q"]
    assert "people" not in response.context


def test_people_without_an_association_are_not_found_by_name(client, regions, kasserine_people):
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get("/fr/reports/people/", {"q": "Seul"})

    assert response.context["people"] == []


def test_erased_people_are_nowhere(client, regions, kasserine_people):
    gone = kasserine_people.memberships.get(user__display_name="Salma Rezgui").user
    gone.erased_at = datetime(2026, 3, 1, tzinfo=UTC)
    gone.save()
    client.force_login(make_coordinator(regions.centre_ouest))

    region = client.get(REGIONS)
    association = client.get(reverse("reports:association", args=[kasserine_people.uuid]))

    assert figures(region.context["table"])["Kasserine"] == (3, 1, 1, 0, "0 %")
    assert "Salma Rezgui" not in association.content.decode()


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"since": "31/02/2026"}, ["since"]),
        ({"since": "hier", "until": "2026-13-01"}, ["since", "until"]),
        ({"since": "0001-01-01"}, ["since"]),
        ({"until": "9999-12-31"}, ["until"]),
        ({"since": "2026-03-02", "until": "2026-03-01"}, ["until"]),
        ({"course": "not-a-course"}, ["course"]),
        ({"course": str(uuid.uuid4())}, ["course"]),
        ({"programme": "NONE"}, ["programme"]),
        ({"basis": "birth"}, ["basis"]),
        ({"course": "a\x00b"}, ["course"]),
    ],
)
def test_a_wrong_filter_is_told_at_its_field_and_stays_in_it(client, regions, query, fields):
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get(REGIONS, query)

    assert response.status_code == 200
    assert sorted(response.context["form"].errors) == sorted(fields)
    assert "table" not in response.context
    for name in {"since", "until"} & set(query):
        assert f'value="{query[name]}"' in response.content.decode()


def test_a_date_that_a_date_control_cannot_show_keeps_its_text(client, regions):
    client.force_login(make_coordinator(regions.centre_ouest))

    page = client.get(REGIONS, {"since": "31/02/2026", "until": "2026-03-01"}).content.decode()

    assert '<input type="text" name="since" value="31/02/2026"' in page
    assert '<input type="date" name="until" value="2026-03-01"' in page


def test_a_wrong_filter_of_a_file_leads_to_the_screen_that_tells_it(client, regions):
    client.force_login(make_coordinator(regions.centre_ouest))

    answers = [
        client.get(f"{REGIONS}totals.csv", {"since": "x"}),
        client.get(f"{REGIONS}TN-42/totals.csv", {"since": "x"}),
        client.get(f"{REGIONS}TN-42/associations.csv", {"since": "x"}),
    ]

    assert [(answer.status_code, answer["Location"]) for answer in answers] == [
        (302, f"{REGIONS}?since=x"),
        (302, f"{REGIONS}TN-42/?since=x"),
        (302, f"{REGIONS}TN-42/?since=x"),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, (4, 2, 1, 1)),
        ({"since": "2026-01-10", "until": "2026-01-10"}, (4, 2, 1, 1)),
        ({"since": "2026-01-11"}, (4, 0, 0, 0)),
        ({"until": "09/01/2026"}, (4, 0, 0, 0)),
        ({"basis": "completion", "since": "2026-02-12", "until": "2026-02-12"}, (4, 1, 0, 1)),
        ({"basis": "completion", "until": "2026-02-11"}, (4, 0, 0, 0)),
        ({"basis": "completion"}, (4, 2, 1, 1)),
        ({"course": str(COURSE_KEY)}, (4, 2, 1, 1)),
        ({"page": "abc"}, (4, 2, 1, 1)),
    ],
)
def test_filters_choose_enrolments_and_never_members(client, regions, kasserine_people, query, expected):
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get(REGIONS, query)

    assert figures(response.context["table"])["Kasserine"][:4] == expected


def test_filters_are_kept_on_the_way_down_and_said_in_words(client, regions, kasserine_people):
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get(REGIONS, {"since": "2026-01-01", "until": "2026-01-31", "course": str(COURSE_KEY)})

    row = next(row for row in response.context["table"].rows if row.label == "Kasserine")
    assert row.url == f"{REGIONS}TN-42/?course={COURSE_KEY}&since=2026-01-01&until=2026-01-31"
    sentences = response.context["sentences"]
    assert len(sentences) == 2
    assert "Obligations légales" in sentences[0]
    assert "1er janvier 2026" in sentences[1]
    assert "31 janvier 2026" in sentences[1]


def test_a_pass_outside_the_period_is_not_called_not_yet(client, regions, kasserine_people):
    client.force_login(make_coordinator(regions.centre_ouest))
    address = reverse("reports:association", args=[kasserine_people.uuid])

    response = client.get(address, {"since": "2026-06-01", "q": "Salma R", "course": str(COURSE_KEY)})

    assert [cell.tag for person in response.context["people"] for cell in person.cells] == ["neutral"]


def test_an_empty_territory_says_so(client, regions):
    client.force_login(make_coordinator(regions.sud_est))

    response = client.get(REGIONS)

    assert response.status_code == 200
    assert 'class="empty"' in response.content.decode()
    assert "<table" not in response.content.decode()


@pytest.mark.parametrize("language", ["ar", "fr", "en"])
def test_every_screen_in_every_language(client, regions, kasserine_people, language):
    client.force_login(make_administrator())

    pages = [
        reverse("reports:regions"),
        *(a for a in every_address(regions.kasserine, kasserine_people) if not a.endswith(".csv")),
        reverse("reports:people"),
        reverse("reports:name_exports"),
    ]

    answers = {page: client.get(page.replace("/fr/", f"/{language}/", 1)).status_code for page in pages}
    assert answers == dict.fromkeys(pages, 200)


def test_the_menu_offers_reports_to_those_who_have_some(client, regions):
    found = []
    for user in (UserFactory(), make_trainer(), make_coordinator(regions.gabes), make_administrator()):
        client.force_login(user)
        found.append('href="/fr/reports/"' in client.get("/fr/accounts/email/").content.decode())

    assert found == [False, False, True, True]


def test_a_registered_column_is_on_the_screen(client, regions, kasserine_people):
    client.force_login(make_coordinator(regions.centre_ouest))

    tables = [
        client.get(REGIONS).context["table"],
        client.get(REGIONS + "TN-42/").context["associations"],
    ]

    for table in tables:
        assert table.columns == ["Dummy"]
        assert {text for row in [*table.rows, *table.foot] for _, text in row.extra} == {"42"}


def grow(regions, count: int) -> None:
    """`count` associations with `count` people each in Kasserine, and as many new governorates."""
    group = Region.objects.get(pk=regions.centre_ouest.pk)
    for number in range(count):
        Region.objects.get(pk=group.pk).add_child(
            code=f"TN-X{number}", kind="governorate", name_fr=f"R{number}", name_ar="ر", name_en="R"
        )
        association = AssociationFactory(region=regions.kasserine)
        for _ in range(count):
            member = make_member(regions.kasserine, association=association)
            make_learning(member, completed_at=COMPLETED_AT, programme=f"P{number}")
        UserFactory(region=regions.kasserine)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("who", "address", "queries"),
    [
        ("coordinator", REGIONS, 12),
        ("administrator", REGIONS, 9),
        ("coordinator", REGIONS + "TN-42/", 14),
        ("coordinator", f"{REGIONS}totals.csv", 9),
    ],
)
def test_as_many_queries_for_three_as_for_one(
    client, regions, site, django_assert_num_queries, count, who, address, queries
):
    user = make_coordinator(regions.centre_ouest) if who == "coordinator" else make_administrator()
    grow(regions, count)
    client.force_login(user)

    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_as_many_queries_for_a_list_of_three_people_as_of_one(
    client, regions, site, django_assert_num_queries, count
):
    association = AssociationFactory(region=regions.kasserine)
    for _ in range(count):
        make_learning(make_member(regions.kasserine, association=association))
    client.force_login(make_coordinator(regions.centre_ouest))

    with django_assert_num_queries(14):
        response = client.get(reverse("reports:association", args=[association.uuid]))

    assert len(response.context["people"]) == count


def test_fifty_people_a_page(client, regions):
    association = AssociationFactory(region=regions.kasserine)
    for _ in range(51):
        make_member(regions.kasserine, association=association, verified=False)
    client.force_login(make_coordinator(regions.centre_ouest))
    address = reverse("reports:association", args=[association.uuid])

    pages = [client.get(address), client.get(address, {"page": 2})]

    assert [len(page.context["people"]) for page in pages] == [50, 1]


def test_total_rows_say_what_they_are():
    assert [kind.value for kind in RowKind] == [
        "region",
        "association",
        "no_association",
        "no_region",
        "total",
    ]
