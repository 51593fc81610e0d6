"""Certificates listen: a course is complete, an address or a name is confirmed, a certificate waits to be made."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from courses.accounts.signals import certificate_name_confirmed
from courses.certificates.domain.issue import request, request_for_user
from courses.certificates.signals import certificate_issued, certificate_requested
from courses.certificates.tasks import make_certificate, tell_holder
from courses.progress.signals import course_completed


@receiver(course_completed, dispatch_uid="certificates.course_completed")
def on_course_completed(sender: Any, enrolment_id: int, at: datetime, **kwargs: Any) -> None:
    request(enrolment_id, at)


@receiver(email_confirmed, dispatch_uid="certificates.email_confirmed")
def on_email_confirmed(sender: Any, email_address: EmailAddress, **kwargs: Any) -> None:
    user_id, at = email_address.user_id, timezone.now()
    # allauth doesn't send robustly: whatever goes wrong here, the address is confirmed and the sweep goes on.
    transaction.on_commit(lambda: request_for_user(user_id, at), robust=True)


@receiver(certificate_name_confirmed, dispatch_uid="certificates.name_confirmed")
def on_name_confirmed(sender: Any, user_id: int, at: datetime, **kwargs: Any) -> None:
    request_for_user(user_id, at)


@receiver(certificate_requested, dispatch_uid="certificates.certificate_requested")
def on_certificate_requested(sender: Any, certificate_id: int, **kwargs: Any) -> None:
    make_certificate.delay_on_commit(certificate_id)


@receiver(certificate_issued, dispatch_uid="certificates.certificate_issued")
def on_certificate_issued(sender: Any, certificate_id: int, **kwargs: Any) -> None:
    tell_holder.delay_on_commit(certificate_id)
