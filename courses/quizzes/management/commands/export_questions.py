"""`manage.py export_questions`: published questions of the bank as a file in one language."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from courses.plugin_api.packages import key_for
from courses.quizzes.interfaces.exchange.report import ExchangeError, State
from courses.quizzes.interfaces.exchange_export import WRITTEN, Selection, category_at, export
from courses.quizzes.models import QuizPage


class Command(BaseCommand):
    help = (
        "Writes published questions as a file; what the format can't hold is reported on the error output. Exit "
        "status 0: all were written; 1: some were left out; 2: nothing was written."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", choices=[format.value for format in WRITTEN], required=True)
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
        )
        parser.add_argument("--category", help="names separated by /; with what lies below it")
        parser.add_argument("--quiz", help="the key of a quiz, or its id in a course package")
        parser.add_argument("--drafts", action="store_true", help="also what isn't published")
        parser.add_argument("--output", help="the file to write; the standard output without it")

    def handle(self, *args: Any, **options: Any) -> None:
        with translation.override("en"):
            self._handle(**options)

    def _handle(self, *, format: Any, language: str, output: str | None, **options: Any) -> None:
        try:
            made = export(_selection(**options), _format(format), language=language)
        except (LookupError, ExchangeError) as error:
            raise CommandError(f"Nothing was written: {error}", returncode=2) from error
        for outcome in made.outcomes:
            for remark in outcome.remarks:
                word = "left out" if outcome.state is State.LEFT_OUT else "written with losses"
                self.stderr.write(f"{outcome.name}: {word}: {remark}")
        if not made.data:
            raise CommandError("Nothing was written: no question was found that can be.", returncode=2)
        if output:
            Path(output).write_bytes(made.data)
        else:
            self.stdout.write(made.data.decode(), ending="")
        if made.left_out:
            raise CommandError(f"{made.left_out} left out.", returncode=1)


def _format(value: str) -> Any:
    return next(format for format in WRITTEN if format.value == value)


def _selection(*, category: str | None, quiz: str | None, drafts: bool, **options: Any) -> Selection:
    chosen = None
    if category is not None:
        chosen = category_at([name.strip() for name in category.split("/") if name.strip()])
        if chosen is None:
            raise LookupError(f"there is no category '{category}'")
    key: UUID | None = None
    if quiz is not None:
        key = key_for(quiz)
        if not QuizPage.objects.filter(translation_key=key).exists():
            raise LookupError(f"there is no quiz '{quiz}'")
    return Selection(category=chosen, quiz=key, drafts=drafts)
