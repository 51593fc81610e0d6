"""Reading the files of `manage.py load_regions`, with every problem by its line."""

import csv
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from courses.accounts.domain.territory import RegionRow
from courses.accounts.enums import RegionKind

COLUMNS = ("country", "iso_code", "parent_code", "name_fr", "name_ar", "name_en", "kind")
CODE = re.compile(r"(?:X-)?[A-Z]{2}(?:-[A-Z0-9]{1,10})?")
NAME_LENGTH = 100


class BadRegionFileError(Exception):
    """The files can't be loaded; `problems` says why, each beginning with the file and the line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_regions(path: Path, known: Iterable[str] = ()) -> list[RegionRow]:
    """The rows of a CSV file (UTF-8, header as COLUMNS), parents before children and else in file order.

    known: codes in the database, which parents may name too. Raises BadRegionFileError with all problems.
    """
    problems: list[str] = []
    found: dict[str, tuple[int, RegionRow, str]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
            if missing:
                raise BadRegionFileError([f"{path.name}:1: columns missing: {', '.join(missing)}"])
            for record in reader:
                _read_row(path, reader.line_num, record, found, problems)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadRegionFileError([f"{path.name}: {error}"]) from error
    if not found and not problems:
        problems.append(f"{path.name}:1: no region")
    ordered = _parents_first(path, found, set(known), problems)
    if problems:
        raise BadRegionFileError(problems)
    return ordered


def _read_row(
    path: Path,
    line: int,
    record: dict[str, Any],
    found: dict[str, tuple[int, RegionRow, str]],
    problems: list[str],
) -> None:
    where = f"{path.name}:{line}"
    if None in record or any(record[name] is None for name in COLUMNS):
        problems.append(f"{where}: {len(COLUMNS)} columns expected")
        return
    values = {name: " ".join(record[name].split()) for name in COLUMNS}
    code, parent = values["iso_code"], values["parent_code"]
    mine = []
    if not CODE.fullmatch(code):
        mine.append(f"{where}: iso_code {code!r} isn't a code such as TN-42 or X-TN-CO")
    elif code in found:
        mine.append(f"{where}: iso_code {code} is on line {found[code][0]} already")
    if values["kind"] not in RegionKind.values:
        mine.append(f"{where}: kind {values['kind']!r} is none of {', '.join(RegionKind.values)}")
    elif (values["kind"] == RegionKind.COUNTRY) == bool(parent):
        mine.append(f"{where}: a country has no parent_code, everything else has one")
    for name in ("name_fr", "name_ar", "name_en"):
        if not 0 < len(values[name]) <= NAME_LENGTH:
            mine.append(f"{where}: {name} must have 1 to {NAME_LENGTH} characters")
    problems.extend(mine)
    if code and code not in found:
        kind = RegionKind(values["kind"]) if values["kind"] in RegionKind.values else RegionKind.REGION
        row = RegionRow(code, parent, kind, values["name_ar"], values["name_fr"], values["name_en"])
        found[code] = (line, row, values["country"])


def _parents_first(
    path: Path,
    found: dict[str, tuple[int, RegionRow, str]],
    known: set[str],
    problems: list[str],
) -> list[RegionRow]:
    """The rows with each parent before its children; notes unknown parents, circles and foreign countries."""
    placed: dict[str, RegionRow] = {}
    waiting = dict(found)
    while waiting:
        ready = [
            code
            for code, (_line, row, _country) in waiting.items()
            if not row.parent_code
            or row.parent_code in placed
            or (row.parent_code not in found and row.parent_code in known)
        ]
        if not ready:
            break
        for code in ready:
            placed[code] = waiting.pop(code)[1]
    for line, row, _country in waiting.values():
        reason = "lies in a circle" if row.parent_code in found else "is unknown"
        problems.append(f"{path.name}:{line}: parent_code {row.parent_code} {reason}")
    # Which country a row lies in can only be judged once its other columns are right.
    for code, row in placed.items() if not problems else ():
        line, _row, country = found[code]
        top = row
        while top.parent_code in placed:
            top = placed[top.parent_code]
        expected = top.parent_code.removeprefix("X-").split("-")[0] or top.code
        if country != expected:
            problems.append(f"{path.name}:{line}: country {country!r} isn't {expected}, where {code} lies")
    return list(placed.values())


def read_outlines(path: Path, codes: Iterable[str]) -> dict[str, Any]:
    """GeoJSON geometries by region code. Raises BadRegionFileError; features count from 1."""
    problems: list[str] = []
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        numbered = list(enumerate(list(features), start=1))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadRegionFileError([f"{path.name}: not a GeoJSON FeatureCollection ({error})"]) from error
    known, outlines = set(codes), {}
    for number, feature in numbered:
        where = f"{path.name}: feature {number}"
        properties = feature.get("properties") if isinstance(feature, dict) else None
        geometry: Any = feature.get("geometry") if isinstance(feature, dict) else None
        code = properties.get("iso_code") if isinstance(properties, dict) else None
        if code not in known:
            problems.append(f"{where}: iso_code {code!r} is no known region")
        elif code in outlines:
            problems.append(f"{where}: a second outline of {code}")
        elif not _is_outline(geometry):
            problems.append(f"{where}: {code} needs a Polygon or MultiPolygon of closed rings in degrees")
        else:
            outlines[code] = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    if problems:
        raise BadRegionFileError(problems)
    return outlines


def _is_outline(geometry: Any) -> bool:
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return False
    coordinates: Any = geometry.get("coordinates")
    polygons = [coordinates] if geometry["type"] == "Polygon" else coordinates
    try:
        return bool(polygons) and all(polygon and all(map(_is_ring, polygon)) for polygon in polygons)
    except TypeError:
        return False


def _is_ring(ring: Any) -> bool:
    return (
        len(ring) >= 4
        and list(ring[0]) == list(ring[-1])
        and all(-180 <= point[0] <= 180 and -90 <= point[1] <= 90 for point in ring)
    )
