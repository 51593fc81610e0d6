from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from treebeard.exceptions import InvalidMoveToDescendant

from courses.accounts.domain.territory import load_regions
from courses.accounts.interfaces.region_files import BadRegionFileError, read_outlines, read_regions
from courses.accounts.models import Region

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Load the territory from files; safe to repeat. Writes nothing if a row is bad, and says which."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--regions", type=Path, metavar="CSV", help="default: the regions shipped here")
        parser.add_argument(
            "--outlines",
            type=Path,
            metavar="GEOJSON",
            help="default: the Tunisian governorates, with the regions shipped here; else none",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        regions, outlines_path = options["regions"], options["outlines"]
        if regions is None and outlines_path is None:
            outlines_path = DATA / "tn-governorates.geojson"
        existing = set(Region.objects.values_list("code", flat=True))
        problems: list[str] = []
        rows, outlines = [], {}
        try:
            rows = read_regions(regions or DATA / "regions.csv", existing)
        except BadRegionFileError as error:
            problems += error.problems
        try:
            if outlines_path is not None:
                outlines = read_outlines(outlines_path, existing | {row.code for row in rows})
        except BadRegionFileError as error:
            # Without rows the codes of new regions are unknown, so outlines can't be judged.
            problems += error.problems if rows else []
        if problems:
            raise CommandError("Nothing was loaded:\n" + "\n".join(problems))
        try:
            report = load_regions(rows, outlines)
        except InvalidMoveToDescendant as error:
            raise CommandError(f"Nothing was loaded: a region would lie below itself. {error}") from error
        done = ("created", "changed", "moved", "unchanged", "outlined")
        self.stdout.write(", ".join(f"{report.counts[word]} {word}" for word in done))
        if report.not_in_file:
            self.stdout.write(f"Not in the file, left as they are: {', '.join(report.not_in_file)}")
