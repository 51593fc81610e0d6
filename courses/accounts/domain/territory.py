"""Loading the territory: what the files say becomes the tree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from courses.accounts.enums import RegionKind
from courses.accounts.models import Region


@dataclass(frozen=True)
class RegionRow:
    """A region as a file has it. `parent_code` is empty for a country."""

    code: str
    parent_code: str
    kind: RegionKind
    name_ar: str
    name_fr: str
    name_en: str

    @property
    def values(self) -> dict[str, str]:
        return {
            "kind": str(self.kind),
            "name_ar": self.name_ar,
            "name_fr": self.name_fr,
            "name_en": self.name_en,
        }


@dataclass
class LoadReport:
    """How many regions were created, renamed (any value changed), moved or left; codes the files don't name."""

    counts: Counter[str] = field(default_factory=Counter)
    not_in_file: list[str] = field(default_factory=list)


def load_regions(rows: Sequence[RegionRow], outlines: Mapping[str, Any]) -> LoadReport:
    """Make the tree as the rows say: create, rename, move; set outlines by code. Deletes nothing.

    Rows come parents first and have been checked (every parent is in the rows or in the tree, no circle); a
    region keeps its row in the database, so people, associations and roles follow it to another parent.
    Atomic and idempotent.
    """
    report = LoadReport()
    with transaction.atomic():
        for row in rows:
            report.counts[_load(row)] += 1
        for code, geometry in outlines.items():
            changed = Region.objects.filter(code=code).exclude(outline=geometry).update(outline=geometry)
            report.counts["outlined"] += changed
        codes = [row.code for row in rows]
        report.not_in_file = list(
            Region.objects.exclude(code__in=codes).order_by("path").values_list("code", flat=True)
        )
    return report


def _load(row: RegionRow) -> str:
    # Paths and counts of children change with every insertion: nothing is kept between two rows.
    parent = Region.objects.get(code=row.parent_code) if row.parent_code else None
    region = Region.objects.filter(code=row.code).first()
    if region is None:
        if parent is None:
            Region.add_root(code=row.code, **row.values)
        else:
            parent.add_child(code=row.code, **row.values)
        return "created"
    outcome = "unchanged"
    if any(getattr(region, name) != value for name, value in row.values.items()):
        Region.objects.filter(pk=region.pk).update(**row.values)
        outcome = "changed"
    current = region.get_parent()
    if (current.pk if current else None) != (parent.pk if parent else None):
        if parent is None:
            region.move(Region.get_last_root_node(), "last-sibling")
        else:
            region.move(parent, "last-child")
        outcome = "moved"
    return outcome
