"""A map of regions as compact SVG paths, from their outlines (GeoJSON geometries in degrees)."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache

from courses.accounts.api import Region

WIDTH = 320.0
CACHE_SECONDS = 3600
# A figure is written into a shape only where it fits (in the units of the drawing).
LABEL_ROOM = (28.0, 18.0)

_Ring = list[tuple[float, float]]


@dataclass(frozen=True)
class Shape:
    """One region: its path data, the middle of its largest part and whether a figure fits there."""

    code: str
    path: str
    x: float
    y: float
    has_room: bool


@dataclass(frozen=True)
class OutlineMap:
    """The shapes of a drawing of `width` × `height` units, the origin at the top of the starting side."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def map_of_country(root_path: str) -> OutlineMap | None:
    """The map of all regions with an outline under a root of the tree; None where there is none.

    Kept for an hour: outlines change only when somebody loads other ones.
    """
    key = f"reports-map-{root_path}"
    found = cache.get(key)
    if found is None:
        regions = Region.objects.filter(path__startswith=root_path, outline__isnull=False).order_by("path")
        found = (draw(regions.values_list("code", "outline")),)
        cache.set(key, found, CACHE_SECONDS)
    return found[0]


def draw(outlines: Iterable[tuple[str, Mapping[str, Any] | None]], width: float = WIDTH) -> OutlineMap | None:
    """Project outlines by code into a drawing `width` units wide.

    Equirectangular, longitudes shortened by the cosine of the middle latitude: shapes keep their proportions
    there. Geometries that aren't polygons are left out; None where nothing is left.
    """
    regions = [(code, list(_outer_and_inner_rings(outline))) for code, outline in outlines]
    regions = [(code, rings) for code, rings in regions if rings]
    if not regions:
        return None
    points = [point for _, rings in regions for ring in rings for point in ring]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    shortening = math.cos(math.radians((south + north) / 2))
    if east == west or north == south or shortening <= 0:
        return None
    scale = width / ((east - west) * shortening)

    def project(ring: _Ring) -> _Ring:
        return [((x - west) * shortening * scale, (north - y) * scale) for x, y in ring]

    shapes = tuple(_shape(code, [project(ring) for ring in rings]) for code, rings in regions)
    return OutlineMap(width, round((north - south) * scale, 1), shapes)


def _outer_and_inner_rings(outline: Mapping[str, Any] | None) -> Iterator[_Ring]:
    """Every ring of a Polygon or MultiPolygon with at least three points."""
    if not isinstance(outline, Mapping):
        return
    coordinates = outline.get("coordinates") or []
    kind = outline.get("type")
    polygons = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(kind), [])
    for polygon in polygons:
        for ring in polygon:
            points = [(float(point[0]), float(point[1])) for point in ring]
            if len(set(points)) >= 3:
                yield points


def _shape(code: str, rings: list[_Ring]) -> Shape:
    largest = max(rings, key=lambda ring: abs(_area(ring)))
    x, y = _centre(largest)
    across = max(px for px, _ in largest) - min(px for px, _ in largest)
    down = max(py for _, py in largest) - min(py for _, py in largest)
    has_room = across >= LABEL_ROOM[0] and down >= LABEL_ROOM[1]
    return Shape(code, "".join(_path(ring) for ring in rings), round(x, 1), round(y, 1), has_room)


def _path(ring: _Ring) -> str:
    """Relative steps in tenths, each measured from where the rounded path is, so that errors don't add up."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
    if tenths[0] == tenths[-1]:
        tenths.pop()
    at = tenths[0]
    text = f"M{_tenth(at[0])} {_tenth(at[1])}l"
    steps = []
    for point in tenths[1:]:
        if point != at:
            steps.append(f"{_tenth(point[0] - at[0])} {_tenth(point[1] - at[1])}")
            at = point
    return f"{text}{' '.join(steps)}z".replace(" -", "-")


def _tenth(value: int) -> str:
    return f"{value / 10:g}"


def _area(ring: _Ring) -> float:
    """Twice the signed area."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True))


def _centre(ring: _Ring) -> tuple[float, float]:
    """The centre of gravity; the mean of the points for a ring without area."""
    area = _area(ring)
    if abs(area) < 1e-9:
        return sum(x for x, _ in ring) / len(ring), sum(y for _, y in ring) / len(ring)
    x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True):
        cross = x1 * y2 - x2 * y1
        x += (x1 + x2) * cross
        y += (y1 + y2) * cross
    return x / (3 * area), y / (3 * area)
