"""`manage.py import_questions`: questions of a file become drafts of the bank."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from courses.quizzes.interfaces.exchange.decode import MAX_BYTES
from courses.quizzes.interfaces.exchange.detect import Format
from courses.quizzes.interfaces.exchange.report import ExchangeError, Remark
from courses.quizzes.interfaces.exchange_db import Fate, Intake, Verdict, preview, take
from courses.quizzes.interfaces.exchange_export import category_at
from courses.quizzes.interfaces.exchange_files import read_candidates
from courses.quizzes.types.base import question_types


class Command(BaseCommand):
    help = (
        "Takes the questions of a file as drafts, and reports on each. Questions with an id that is known get a new "
        "draft where they differ; those without one are added. Exit status 0: all were taken; 1: some were left out; "
        "2: the file was refused, and nothing was taken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the file, or - for standard input")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen; write nothing")
        parser.add_argument(
            "--format", choices=["auto", *(format.value for format in Format)], default="auto"
        )
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")
        parser.add_argument(
            "--strict", action="store_true", help="refuse the file if one of its questions would be left out"
        )
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="the language of the words, where the format doesn't say it",
        )
        parser.add_argument("--category", help="the category of new questions: names separated by /")
        parser.add_argument(
            "--categories-from-file", action="store_true", help="make the categories that the file names"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # What is said of questions is translatable; a command speaks English.
        with translation.override("en"):
            self._handle(**options)

    def _handle(self, *, file: str, dry_run: bool, as_json: bool, strict: bool, **options: Any) -> None:
        self.file, self.as_json, self.dry_run = file, as_json, dry_run
        try:
            data = _bytes_of(file)
            intake = Intake(
                category=_category(options["category"]), own_categories=options["categories_from_file"]
            )
            format, candidates = read_candidates(data, format=options["format"], language=options["language"])
        except (OSError, LookupError, ExchangeError) as error:
            raise self._refused(str(error)) from error
        verdicts = preview(candidates, intake)
        missing = _left_out(verdicts)
        if strict and missing:
            self._report(verdicts, format.value, refused=f"{missing} left out, and --strict was given")
            raise CommandError(f"{file} was refused: {missing} would be left out.", returncode=2)
        if not dry_run:
            verdicts = take(candidates, intake)
            missing = _left_out(verdicts)
        self._report(verdicts, format.value)
        if missing:
            raise CommandError(f"{missing} left out.", returncode=1)

    def _refused(self, reason: str) -> CommandError:
        if self.as_json:
            self.stdout.write(json.dumps({"file": self.file, "refused": reason, "entries": []}))
        return CommandError(f"{self.file} was refused: {reason}", returncode=2)

    def _report(self, verdicts: Sequence[Verdict], format: str, refused: str = "") -> None:
        counts = Counter(verdict.fate.value for verdict in verdicts)
        if self.as_json:
            report = {
                "file": self.file,
                "format": format,
                "dry_run": self.dry_run,
                "refused": refused or None,
                "counts": {fate.value: counts[fate.value] for fate in Fate},
                "entries": [_as_dict(verdict) for verdict in verdicts],
            }
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for verdict in verdicts:
            place = f"{verdict.candidate.source}:" if verdict.candidate.source else "line "
            kind = question_types.get(verdict.type)
            self.stdout.write(
                f"{place}{verdict.candidate.line}  {verdict.fate.value.replace('_', ' ')}  "
                f"[{kind.label if kind else '-'}]  {verdict.candidate.name or verdict.stem[:80] or '-'}"
            )
            for remark in verdict.remarks:
                self.stdout.write(f"    {_with_line(remark, verdict.candidate.line)}")
        figures = ", ".join(f"{counts[fate.value]} {fate.value.replace('_', ' ')}" for fate in Fate)
        note = " (nothing was written)" if self.dry_run or refused else ""
        self.stdout.write(f"{len(verdicts)} questions in {format}: {figures}{note}")


def _bytes_of(file: str) -> bytes:
    """At most one byte more than is read: enough to be refused."""
    if file == "-":
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(file).open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _category(path: str | None) -> Any:
    if path is None:
        return None
    category = category_at([name.strip() for name in path.split("/") if name.strip()])
    if category is None:
        raise LookupError(f"there is no category '{path}'; make it first, or take --categories-from-file")
    return category


def _left_out(verdicts: Sequence[Verdict]) -> int:
    return sum(verdict.fate is Fate.LEFT_OUT for verdict in verdicts)


def _with_line(remark: Remark, line: int) -> str:
    return str(remark) if remark.line in (0, line) else f"line {remark.line}: {remark}"


def _as_dict(verdict: Verdict) -> dict[str, Any]:
    return {
        "line": verdict.candidate.line,
        "source": verdict.candidate.source or None,
        "title": verdict.candidate.name or verdict.stem,
        "id": verdict.candidate.identifier or None,
        "type": verdict.type or None,
        "becomes": verdict.fate.value,
        "remarks": [{"line": remark.line, "text": str(remark)} for remark in verdict.remarks],
        "key": str(verdict.question.translation_key) if verdict.question else None,
    }
