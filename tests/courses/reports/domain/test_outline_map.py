"""Outlines become compact paths in the right proportions."""

import math
import re

import pytest

from courses.accounts.models import Region
from courses.reports.domain.outline_map import draw, map_of_country


def square(west: float, south: float, side: float) -> dict:
    ring = [
        [west, south],
        [west + side, south],
        [west + side, south + side],
        [west, south + side],
        [west, south],
    ]
    return {"type": "Polygon", "coordinates": [ring]}


def points(path: str) -> list[tuple[float, float]]:
    """The absolute points of a path of one ring."""
    numbers = [float(number) for number in re.findall(r"-?[\d.]+", path)]
    found = [(numbers[0], numbers[1])]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        found.append((round(found[-1][0] + dx, 1), round(found[-1][1] + dy, 1)))
    return found


def test_a_degree_of_longitude_is_shorter_away_from_the_equator():
    drawing = draw([("A", square(8, 59, 2))], width=100)

    assert drawing.width == 100
    assert drawing.height == pytest.approx(100 / math.cos(math.radians(60)), abs=0.1)
    assert points(drawing.shapes[0].path) == [(0, 200), (100, 200), (100, 0), (0, 0)]


def test_north_is_up_and_west_is_on_the_left():
    drawing = draw([("north-west", square(0, 1, 1)), ("south-east", square(1, 0, 1))], width=100)

    north_west, south_east = drawing.shapes
    assert (north_west.x, north_west.y) == (25, pytest.approx(25, abs=0.1))
    assert (south_east.x, south_east.y) == (75, pytest.approx(75, abs=0.1))


def test_islands_and_lakes_are_rings_of_one_path():
    island = square(0, 0, 1)["coordinates"]
    lake = [*square(2, 0, 3)["coordinates"], *square(3, 1, 1)["coordinates"]]

    drawing = draw([("A", {"type": "MultiPolygon", "coordinates": [island, lake]})])

    assert drawing.shapes[0].path.count("M") == 3
    assert drawing.shapes[0].path.count("z") == 3


def test_a_figure_is_written_only_where_it_fits():
    drawing = draw([("large", square(0, 0, 9)), ("small", square(9, 0, 0.5))])

    assert [shape.has_room for shape in drawing.shapes] == [True, False]


@pytest.mark.parametrize(
    "outline",
    [
        None,
        {},
        "POLYGON",
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 0]]]},
        {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [2, 0], [0, 0]]]},
        {"type": "Polygon", "coordinates": None},
    ],
)
def test_what_is_no_surface_is_left_out(outline):
    assert draw([("A", outline)]) is None


def test_a_country_is_drawn_once_and_kept(regions, django_assert_num_queries):
    Region.objects.filter(code="TN-42").update(outline=square(8, 34, 1))

    with django_assert_num_queries(1):
        drawings = [map_of_country(regions.country.path) for _ in range(3)]

    assert [shape.code for shape in drawings[0].shapes] == ["TN-42"]
    assert drawings[1] == drawings[2] == drawings[0]


def test_no_outline_no_map_and_that_is_kept_too(regions, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [map_of_country(regions.country.path) for _ in range(2)] == [None, None]


def test_the_map_links_what_is_in_scope_and_shows_the_rest_without_figures(client, regions):
    from tests.factories.accounts import make_coordinator
    from tests.factories.reports import COMPLETED_AT, make_learning, make_member

    for number, code in enumerate(("TN-42", "TN-43", "TN-81", "TN-82")):
        Region.objects.filter(code=code).update(outline=square(8 + number, 34, 1))
    make_learning(make_member(regions.kasserine), completed_at=COMPLETED_AT)
    make_member(regions.kasserine)
    make_learning(make_member(regions.gabes), completed_at=COMPLETED_AT)
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get("/en/reports/regions/", {"since": "2026-01-01"})

    (view,) = response.context["maps"]
    assert [(link.label, link.step, link.url) for link in view.links] == [
        ("Kasserine: 1 of 2 (50 %)", "3", "/en/reports/regions/TN-42/?since=2026-01-01"),
        ("Sidi Bouzid: no member", "none", "/en/reports/regions/TN-43/?since=2026-01-01"),
    ]
    assert [(shape.label, shape.url, shape.figure) for shape in view.neutral] == [("", "", "")] * 2
    page = response.content.decode()
    assert page.count('<svg class="map"') == 1
    assert page.count('aria-label="Kasserine: 1 of 2 (50 %)"') == 1
    assert "Gabes" not in page
    # What the colours mean comes before them: on a phone the map alone fills the screen.
    assert page.index('<ul class="legend" aria-label="Colours of the map">') < page.index('<svg class="map"')


def test_nobody_without_outlines_in_scope_gets_a_map(client, regions):
    from tests.factories.accounts import make_coordinator
    from tests.factories.reports import make_member

    Region.objects.filter(code="TN-81").update(outline=square(8, 34, 1))
    make_member(regions.kasserine)
    client.force_login(make_coordinator(regions.centre_ouest))

    response = client.get("/fr/reports/regions/")

    assert response.context["maps"] == []
    assert '<svg class="map"' not in response.content.decode()
