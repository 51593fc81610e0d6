"""Write a published course as a course package (docs/course-packages.md)."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from courses.domain.outline import CourseNotFound
from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.exporter import export_course
from courses.interfaces.packages.writer import write_package


class Command(BaseCommand):
    help = "Export a published course as a course package, in place of the package that the folder may hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("code", help="id of the course, such as JUR")
        parser.add_argument("folder", help="where to write it: a new or empty folder, or one with a package")

    def handle(self, *args: Any, code: str, folder: str, **options: Any) -> None:
        try:
            write_package(export_course(code), folder)
        except CourseNotFound:
            raise CommandError(f"There is no published course '{code}'.") from None
        except PackageError as error:
            self.stderr.write(str(error))
            sys.exit(1)
        except OSError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{code} was written to {folder}")
