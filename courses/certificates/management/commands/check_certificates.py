"""`manage.py check_certificates`: whether rows and files agree; for after a restore, and now and then."""

from argparse import ArgumentParser
from collections import Counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.certificates.domain.audit import Fault, delete_orphan, findings


class Command(BaseCommand):
    help = (
        "Lists issued certificates whose file is missing or has another hash, files without a certificate, missing "
        "pictures of designs, and people with two certificates of one course that count. Exit status 0: none (left); "
        "1: some are left. Nothing is changed without --repair."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="delete the files without a certificate")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        found: Counter[Fault] = Counter()
        repaired = 0
        for finding in list(findings(timezone.now())):
            found[finding.fault] += 1
            mended = repair and finding.fault == Fault.ORPHAN and delete_orphan(finding.about)
            repaired += mended
            self.stdout.write(f"{'repaired' if mended else 'found'}: {finding.fault}: {finding.about}")
        for fault in Fault:
            self.stdout.write(f"{fault}: {found[fault]}")
        if found.total() > repaired:
            raise CommandError(f"{found.total() - repaired} faults are left.", returncode=1)
