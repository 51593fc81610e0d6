"""`manage.py replay_attempt`: does the record of an attempt agree with its journal?"""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from courses.quizzes.domain.regrading import keeps_pass
from courses.quizzes.domain.replay import NoReplay, NotReplayable, replay
from courses.quizzes.models import AnswerEntry, Attempt, Check, Marking

WORDS = {
    NoReplay.PURGED: "its answers were removed on {day}; grade, paper and hashes stay.",
    NoReplay.NOT_SUBMITTED: "it isn't submitted yet.",
    NoReplay.TO_MARK: "a trainer has still to mark it.",
    NoReplay.UNGRADABLE: "the plugin with a type of its questions isn't there.",
}


class Command(BaseCommand):
    help = (
        "Rebuilds an attempt from its frozen paper and its journal alone, grades it and compares. Exit status 0: "
        "identical; 1: something differs; 2: not found, not submitted, its answers purged, or a type of question "
        "missing. Shows no answers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("uuid", help="the attempt's uuid, as in the address of its review")
        parser.add_argument("--json", action="store_true", dest="as_json", help="print one JSON object")

    def handle(self, *args: Any, uuid: str, as_json: bool, **options: Any) -> None:
        attempt = self._found(uuid)
        if attempt is None:
            raise self._refused(uuid, "not_found", "there is no such attempt.", as_json)
        try:
            entries, checks, markings = (
                AnswerEntry.objects.filter(attempt=attempt),
                Check.objects.filter(attempt=attempt),
                Marking.objects.filter(attempt=attempt),
            )
            found = replay(attempt, entries, checks, markings, kept_pass=keeps_pass(attempt))
        except NotReplayable as refusal:
            day = f"{attempt.purged_at:%Y-%m-%d}" if attempt.purged_at else ""
            words = WORDS[refusal.reason].format(day=day)
            raise self._refused(uuid, refusal.reason.value, words, as_json) from refusal
        if as_json:
            report = {"attempt": str(attempt.uuid), "identical": found.identical, **asdict(found)}
            self.stdout.write(json.dumps(report))
        else:
            for row in found.differences:
                self.stdout.write(f"{row.what}: recorded {row.recorded}, replayed {row.replayed}")
            self.stdout.write(
                f"{found.entries} entries, {found.answers} answers, {attempt.percent} percent recorded"
            )
        if not found.identical:
            raise CommandError(f"{len(found.differences)} differ from the record.", returncode=1)

    @staticmethod
    def _found(uuid: str) -> Attempt | None:
        try:
            return Attempt.objects.filter(uuid=UUID(uuid)).first()
        except ValueError:
            return None

    def _refused(self, uuid: str, reason: str, words: str, as_json: bool) -> CommandError:
        if as_json:
            self.stdout.write(json.dumps({"attempt": uuid, "identical": None, "reason": reason}))
        return CommandError(f"Attempt {uuid} can't be replayed: {words}", returncode=2)
