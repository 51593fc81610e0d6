"""`manage.py issue_certificates`: what the sweep does, now and for one course."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from courses.certificates.domain.eligibility import awaiting
from courses.certificates.domain.issue import issue_now, retry
from courses.certificates.domain.making import make
from courses.certificates.enums import CertificateState
from courses.certificates.models import Certificate
from courses.progress.api import Enrolment


class Command(BaseCommand):
    help = "Makes the certificates that are earned and missing in a course, here and now, without a worker."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--course", required=True, help="code of the course, as enrolments keep it")
        parser.add_argument("--retry-failed", action="store_true", help="also those that could not be made")

    def handle(self, *args: Any, course: str, retry_failed: bool, **options: Any) -> None:
        enrolments = Enrolment.objects.filter(course_code=course)
        if not enrolments.exists():
            raise CommandError(f"Nobody is enrolled in a course with the code {course!r}.")
        if retry_failed:
            failed = Certificate.objects.filter(
                enrolment__in=enrolments, state=CertificateState.FAILED, erased_at__isnull=True
            )
            for pk in list(failed.values_list("pk", flat=True)):
                retry(pk, timezone.now(), reason="issue_certificates --retry-failed")
        # New versions of issued ones among them.
        pending = Certificate.objects.filter(enrolment__in=enrolments, state=CertificateState.PENDING)
        made = [make(pk, timezone.now()) for pk in list(pending.order_by("pk").values_list("pk", flat=True))]
        for enrolment_id in list(awaiting(enrolments).order_by("pk").values_list("pk", flat=True)):
            certificate = issue_now(enrolment_id, timezone.now(), in_bulk=True)
            made.append(certificate is not None and certificate.is_ready)
        self.stdout.write(f"{sum(made)} made, {len(made) - sum(made)} not made.")
