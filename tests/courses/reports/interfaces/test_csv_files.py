"""Files: the rows of the screen, readable by spreadsheets, harmless to them."""

import csv
import io
import re

import pytest
from django.utils import translation

from courses.lib.spreadsheets import csv_text, safe_cell, separator
from tests.factories.accounts import (
    AssociationFactory,
    UserFactory,
    make_administrator,
    make_coordinator,
)
from tests.factories.reports import COMPLETED_AT, COURSE_KEY, make_learning, make_member

REGIONS = "/fr/reports/regions/"


def read(response) -> list[list[str]]:
    """The lines of a file; the mark at its beginning must be there."""
    text = response.content.decode()
    assert text[0] == "\ufeff"
    language = translation.get_language_from_path(response.wsgi_request.path)
    return list(csv.reader(io.StringIO(text[1:]), delimiter=separator(language)))


def shown(rows) -> list[list[str]]:
    """Label and figures of a screen's rows, as the file writes them."""
    return [
        [
            row.label,
            str(row.members),
            str(row.enrolled),
            str(row.in_progress),
            str(row.completed),
            re.sub(r"[^0-9]", "", row.rate),
            *(text for _, text in row.extra),
        ]
        for row in rows
    ]


@pytest.fixture
def people(regions):
    for region in (regions.kasserine, regions.gabes, regions.centre_ouest):
        association = AssociationFactory(region=region)
        make_learning(make_member(region, association=association), completed_at=COMPLETED_AT)
        make_learning(make_member(region, association=association))
        UserFactory(region=region)
    UserFactory(region=None)


@pytest.mark.parametrize("query", [{}, {"course": str(COURSE_KEY)}, {"since": "2026-02-01"}])
@pytest.mark.parametrize("who", ["administrator", "centre-ouest"])
@pytest.mark.parametrize("address", [REGIONS, REGIONS + "X-TN-CO/"])
@pytest.mark.parametrize("language", ["fr", "ar", "en"])
def test_the_file_of_regions_has_the_rows_of_the_screen(
    client, regions, people, query, who, address, language
):
    client.force_login(
        make_administrator() if who == "administrator" else make_coordinator(regions.centre_ouest)
    )
    address = address.replace("/fr/", f"/{language}/")

    table = client.get(address, query).context["table"]
    response = client.get(f"{address}totals.csv", query)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    lines = [[line[0], *line[4:]] for line in read(response)[1:]]
    assert lines == shown([*table.rows, *table.foot])


def test_the_file_of_associations_has_the_rows_of_all_pages(client, regions):
    for number in range(52):
        association = AssociationFactory(region=regions.kasserine, name_latin=f"Association {number:02}")
        if number % 10 == 0:
            make_learning(make_member(regions.kasserine, association=association), completed_at=COMPLETED_AT)
    UserFactory(region=regions.kasserine)
    client.force_login(make_coordinator(regions.centre_ouest))

    pages = [client.get(REGIONS + "TN-42/", {"page": number}).context["associations"] for number in (1, 2)]
    response = client.get(REGIONS + "TN-42/associations.csv")

    assert [len(page.rows) for page in pages] == [50, 2]
    assert [[line[0], *line[2:]] for line in read(response)[1:]] == shown(
        [*pages[0].rows, *pages[1].rows, *pages[1].foot]
    )
    assert shown(pages[0].foot) == shown(pages[1].foot)


def test_a_file_says_what_its_columns_are_and_the_total_comes_last(client, regions, people):
    client.force_login(make_coordinator(regions.centre_ouest))

    lines = read(client.get(REGIONS.replace("/fr/", "/en/") + "totals.csv"))

    assert lines[0] == [
        "Region",
        "Kind of region",
        "Code",
        "Part of",
        "Members",
        "Enrolled",
        "In progress",
        "Completed",
        "Rate in percent",
        "Dummy",
    ]
    assert lines[1] == ["Kasserine", "governorate", "TN-42", "Centre-West", "3", "2", "1", "1", "33", "42"]
    assert lines[-1][:1] + lines[-1][4:] == ["Centre-West", "6", "4", "2", "2", "33", "42"]


@pytest.mark.parametrize(
    "text",
    [
        "=HYPERLINK(1)",
        "+1",
        "-2",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        " =1+1",
        "\u00a0=1",
        "＝1",
        "＋1",
        "－1",
        "＠x",
    ],
)
def test_a_cell_that_would_run_is_defused(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Kasserine", "جمعية الأمل", "", "a=b", 5, -5, 2.5, None])
def test_other_cells_stay_as_they_are(value):
    assert safe_cell(value) == value


def test_a_name_of_an_association_cannot_run_in_a_spreadsheet(client, regions):
    association = AssociationFactory(region=regions.kasserine, name_latin='=cmd|"/c calc";"x"', name_ar="")
    make_member(regions.kasserine, association=association)
    client.force_login(make_coordinator(regions.centre_ouest))

    lines = read(client.get(REGIONS + "TN-42/associations.csv"))

    assert lines[1][0] == '\'=cmd|"/c calc";"x"'


def test_texts_with_separators_and_quotes_survive():
    text = csv_text(["a;b", 'c"d'], [["é\nf", None]], "fr")

    assert text[0] == "\ufeff"
    assert list(csv.reader(io.StringIO(text[1:]), delimiter=";")) == [["a;b", 'c"d'], ["é\nf", ""]]


def test_every_cell_is_quoted():
    """Whatever separator a spreadsheet is set to, no cell breaks into two and none begins with a sign."""
    text = csv_text(["Region", "Members"], [["Gabès, ville", 3], ["=1+1", None]], "fr")

    assert text == '\ufeff"Region";"Members"\r\n"Gabès, ville";"3"\r\n"\'=1+1";""\r\n'


@pytest.mark.parametrize(("language", "written"), [("fr", '"-0,31"'), ("ar", '"-0,31"'), ("en", '"-0.31"')])
def test_a_fraction_is_a_number_for_a_spreadsheet_of_the_language(language, written):
    assert csv_text(["figure"], [[-0.31]], language).splitlines()[1] == written
