"""Find impossible states of the learning records; repair only what is asked for."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.progress.domain.audit import REPAIRABLE, Fault, findings
from courses.progress.domain.audit import repair as repair_finding


class Command(BaseCommand):
    help = (
        "Lists impossible states of the learning records. Exit status 0: none (left); 1: some are left. "
        "Nothing is changed without --repair."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--repair",
            metavar="FAULT",
            action="append",
            default=[],
            help=f"repair this kind of fault (repeatable): {', '.join(sorted(REPAIRABLE))}, or all",
        )

    def handle(self, *args: Any, repair: list[str], **options: Any) -> None:
        wanted = self._wanted(repair)
        at = timezone.now()
        found: Counter[Fault] = Counter()
        repaired: Counter[Fault] = Counter()
        for finding in list(findings()):
            found[finding.fault] += 1
            mended = finding.fault in wanted and repair_finding(finding, at=at)
            repaired[finding.fault] += mended
            word = "repaired" if mended else "found"
            self.stdout.write(
                f"{word}: {finding.fault}: enrolment {finding.enrolment.uuid}: {finding.detail}"
            )
        for fault in Fault:
            self.stdout.write(f"{fault}: {found[fault]} found, {repaired[fault]} repaired")
        if found.total() > repaired.total():
            raise CommandError(
                f"{found.total() - repaired.total()} impossible states are left.", returncode=1
            )

    @staticmethod
    def _wanted(names: list[str]) -> set[Fault]:
        if "all" in names:
            return set(REPAIRABLE)
        wanted = set()
        for name in names:
            if name not in set(REPAIRABLE):
                allowed = ", ".join(sorted(REPAIRABLE))
                raise CommandError(
                    f"--repair {name}: not a fault that can be repaired. Use one of: {allowed}, all."
                )
            wanted.add(Fault(name))
        return wanted
