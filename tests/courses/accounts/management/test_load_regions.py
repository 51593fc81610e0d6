"""The territory is loaded whole or not at all, as often as one likes."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from courses.accounts.models import Region
from tests.factories.accounts import UserFactory, make_coordinator

pytestmark = pytest.mark.django_db
HEADER = "country,iso_code,parent_code,name_fr,name_ar,name_en,kind\n"
GOOD = (
    HEADER
    + """TN,TN,,Tunisie,تونس,Tunisia,country
TN,X-TN-CO,TN,Centre-Ouest,الوسط الغربي,Centre-West,region_group
TN,X-TN-SE,TN,Sud-Est,الجنوب الشرقي,South-East,region_group
TN,TN-42,X-TN-CO,Kasserine,القصرين,Kasserine,governorate
"""
)
SQUARE = {"type": "Polygon", "coordinates": [[[8.5, 35], [9, 35], [9, 35.5], [8.5, 35]]]}


def load(*arguments: Any) -> str:
    out = StringIO()
    call_command("load_regions", *arguments, stdout=out)
    return out.getvalue()


def csv_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "regions.csv"
    path.write_text(text, encoding="utf-8")
    return path


def outlines_file(tmp_path: Path, *features: Any) -> Path:
    path = tmp_path / "outlines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def feature(code: str, geometry: Any = SQUARE) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"iso_code": code}, "geometry": geometry}


def snapshot() -> list[tuple[Any, ...]]:
    return list(Region.objects.order_by("path").values_list())


def test_what_is_shipped() -> None:
    said = load()

    assert said == "45 created, 0 changed, 0 moved, 0 unchanged, 24 outlined\n"
    assert Region.find_problems() == ([], [], [], [], [])
    tunisia = Region.objects.get(code="TN")
    groups = tunisia.get_children()
    assert (groups.count(), tunisia.get_descendants().filter(kind="governorate").count()) == (7, 24)
    kasserine = Region.objects.get(code="TN-42")
    assert (kasserine.get_parent().code, kasserine.name_ar) == ("X-TN-CO", "القصرين")
    assert Region.objects.filter(kind="governorate", outline=None).count() == 0
    assert Region.objects.get(code="MA").numchild == 12


def test_a_second_time_changes_nothing() -> None:
    load()
    before = snapshot()

    assert load() == "0 created, 0 changed, 0 moved, 45 unchanged, 0 outlined\n"
    assert snapshot() == before


def test_names_are_corrected_and_regions_moved_with_their_people(tmp_path: Path) -> None:
    load("--regions", csv_file(tmp_path, GOOD))
    member = UserFactory(region=Region.objects.get(code="TN-42"))
    coordinator = make_coordinator(Region.objects.get(code="X-TN-SE"))

    said = load(
        "--regions",
        csv_file(tmp_path, GOOD.replace("TN-42,X-TN-CO", "TN-42,X-TN-SE").replace("Centre-West", "Mid-West")),
    )

    assert said == "0 created, 1 changed, 1 moved, 2 unchanged, 0 outlined\n"
    member.refresh_from_db()
    assert member.region.get_parent().code == "X-TN-SE"
    assert Region.objects.get(code="X-TN-CO").name_en == "Mid-West"
    assert Region.find_problems() == ([], [], [], [], [])
    from courses.accounts.domain.queries import members_visible_to

    assert list(members_visible_to(coordinator)) == [member]


def test_children_may_stand_before_their_parents(tmp_path: Path) -> None:
    lines = GOOD.splitlines(keepends=True)

    load("--regions", csv_file(tmp_path, lines[0] + "".join(reversed(lines[1:]))))

    assert Region.objects.get(code="TN-42").depth == 3


def test_a_group_can_come_between(tmp_path: Path) -> None:
    load("--regions", csv_file(tmp_path, GOOD))

    load(
        "--regions",
        csv_file(
            tmp_path,
            GOOD.replace("X-TN-CO,TN,", "X-TN-CO,X-TN-W,") + "TN,X-TN-W,TN,Ouest,الغرب,West,region_group\n",
        ),
    )

    assert [region.code for region in Region.objects.get(code="TN-42").get_ancestors()] == [
        "TN",
        "X-TN-W",
        "X-TN-CO",
    ]
    assert Region.find_problems() == ([], [], [], [], [])


def test_what_the_file_doesnt_name_is_left_and_said(tmp_path: Path) -> None:
    load("--regions", csv_file(tmp_path, GOOD))

    said = load(
        "--regions",
        csv_file(tmp_path, HEADER + "TN,TN-43,X-TN-CO,Sidi Bouzid,سيدي بوزيد,Sidi Bouzid,governorate\n"),
    )

    assert said.splitlines()[1] == "Not in the file, left as they are: TN, X-TN-CO, TN-42, X-TN-SE"
    assert Region.objects.get(code="TN-43").get_parent().code == "X-TN-CO"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("TN,TN-42,X-TN-CO,a,b,c,governorate", "regions.csv:6: iso_code TN-42 is on line 5 already"),
        ("TN,tn-1,TN,a,b,c,region", "regions.csv:6: iso_code 'tn-1' isn't a code such as TN-42 or X-TN-CO"),
        ("TN,,TN,a,b,c,region", "regions.csv:6: iso_code '' isn't a code such as TN-42 or X-TN-CO"),
        ("TN,TN-1,TN-9,a,b,c,region", "regions.csv:6: parent_code TN-9 is unknown"),
        ("TN,TN-1,TN-1,a,b,c,region", "regions.csv:6: parent_code TN-1 lies in a circle"),
        (
            "TN,TN-1,TN,a,b,c,town",
            "regions.csv:6: kind 'town' is none of country, region_group, region, governorate",
        ),
        ("TN,TN-1,,a,b,c,region", "regions.csv:6: a country has no parent_code, everything else has one"),
        ("TN,DZ,TN,a,b,c,country", "regions.csv:6: a country has no parent_code, everything else has one"),
        ("TN,TN-1,TN,,b,c,region", "regions.csv:6: name_fr must have 1 to 100 characters"),
        ("TN,TN-1,TN,a,b," + "c" * 101 + ",region", "regions.csv:6: name_en must have 1 to 100 characters"),
        ("MA,TN-1,TN,a,b,c,region", "regions.csv:6: country 'MA' isn't TN, where TN-1 lies"),
        ("TN,TN-1,TN,a,b", "regions.csv:6: 7 columns expected"),
        ("TN,TN-1,TN,a,b,c,region,d", "regions.csv:6: 7 columns expected"),
    ],
)
def test_a_bad_row_is_named_and_nothing_written(tmp_path: Path, row: str, problem: str) -> None:
    with pytest.raises(CommandError) as refusal:
        load("--regions", csv_file(tmp_path, GOOD + row + "\n"))

    assert str(refusal.value).splitlines() == ["Nothing was loaded:", problem]
    assert not Region.objects.exists()


def test_every_bad_row_is_named(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refusal:
        load("--regions", csv_file(tmp_path, GOOD + "TN,TN-1,TN,,b,c,region\nTN,TN-2,TN,a,,c,region\n"))

    assert [line.split(":")[1] for line in str(refusal.value).splitlines()[1:]] == ["6", "7"]


@pytest.mark.parametrize(
    "text",
    ["", HEADER, "iso_code,kind\nTN,country\n", "\x00\x01"],
)
def test_files_that_hold_no_regions(tmp_path: Path, text: str) -> None:
    with pytest.raises(CommandError):
        load("--regions", csv_file(tmp_path, text))


def test_files_that_cant_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.csv"
    latin.write_bytes(GOOD.encode("utf-16"))

    for path in (tmp_path / "absent.csv", tmp_path, latin):
        with pytest.raises(CommandError):
            load("--regions", path)


def test_a_region_doesnt_move_below_itself(tmp_path: Path) -> None:
    load("--regions", csv_file(tmp_path, GOOD))
    before = snapshot()

    with pytest.raises(CommandError):
        load(
            "--regions",
            csv_file(
                tmp_path, HEADER + "TN,X-TN-CO,TN-42,Centre-Ouest,الوسط الغربي,Centre-West,region_group\n"
            ),
        )

    assert snapshot() == before


def test_outlines_of_another_file(tmp_path: Path) -> None:
    said = load(
        "--regions", csv_file(tmp_path, GOOD), "--outlines", outlines_file(tmp_path, feature("TN-42"))
    )

    assert said == "4 created, 0 changed, 0 moved, 0 unchanged, 1 outlined\n"
    assert Region.objects.get(code="TN-42").outline == SQUARE


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (feature("TN-99"), "feature 2: iso_code 'TN-99' is no known region"),
        (feature("TN-42"), "feature 2: a second outline of TN-42"),
        ({}, "feature 2: iso_code None is no known region"),
        ("x", "feature 2: iso_code None is no known region"),
        (feature("TN", None), "feature 2: TN needs a Polygon or MultiPolygon of closed rings in degrees"),
        (feature("TN", {"type": "Point", "coordinates": [1, 2]}), "feature 2: TN needs"),
        (feature("TN", {"type": "Polygon", "coordinates": []}), "feature 2: TN needs"),
        (
            feature("TN", {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 6], [7, 8]]]}),
            "feature 2: TN",
        ),
        (
            feature("TN", {"type": "Polygon", "coordinates": [[[900, 2], [3, 4], [5, 6], [900, 2]]]}),
            "feature 2",
        ),
        (feature("TN", {"type": "MultiPolygon", "coordinates": [1]}), "feature 2: TN needs"),
    ],
)
def test_bad_outlines_stop_everything(tmp_path: Path, bad: Any, words: str) -> None:
    with pytest.raises(CommandError) as refusal:
        load(
            "--regions",
            csv_file(tmp_path, GOOD),
            "--outlines",
            outlines_file(tmp_path, feature("TN-42"), bad),
        )

    assert words in str(refusal.value)
    assert not Region.objects.exists()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"features": 3}', "not json"])
def test_files_that_are_no_outlines(tmp_path: Path, text: str) -> None:
    path = tmp_path / "outlines.geojson"
    path.write_text(text)

    with pytest.raises(CommandError):
        load("--regions", csv_file(tmp_path, GOOD), "--outlines", path)

    assert not Region.objects.exists()
