"""Bring the pages of a course in line with a course package (docs/course-packages.md)."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.importer import import_package
from courses.interfaces.packages.reader import read_package


class Command(BaseCommand):
    help = (
        "Import a course package: its pages are made, changed, moved and published; learning records aren't "
        "touched. A broken package is refused whole, with file, line and reason."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", help="the folder that holds course.yaml")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )

    def handle(self, *args: Any, folder: str, dry_run: bool, **options: Any) -> None:
        try:
            package = read_package(folder)
            report = import_package(package, at=timezone.now(), dry_run=dry_run)
        except PackageError as error:
            self.stderr.write(str(error))
            sys.exit(1)
        for name in ("created", "updated", "moved", "unpublished", "drafts"):
            for identifier, language in getattr(report, name):
                if options["verbosity"] > 1:
                    self.stdout.write(f"{name}: {identifier} ({language})")
        figures = ", ".join(
            f"{len(getattr(report, name))} {name}"
            for name in ("created", "updated", "moved", "unpublished", "unchanged")
        )
        self.stdout.write(f"{package.id}: pages {figures}{' (nothing was written)' if dry_run else ''}")
        if report.drafts:
            self.stdout.write(
                f"{len(report.drafts)} of the updated pages had unpublished changes; they are in the page's history"
            )
