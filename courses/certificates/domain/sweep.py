"""Repairs what a lost signal, a killed worker or a failing storage left behind."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError
from django.db.models import Exists, OuterRef, Q

from courses.certificates.domain.eligibility import awaiting
from courses.certificates.domain.erasure import purge
from courses.certificates.domain.issue import request
from courses.certificates.domain.making import MAX_ATTEMPTS, give_up
from courses.certificates.domain.purging import purge_each
from courses.certificates.domain.queries import decided_in_bulk
from courses.certificates.enums import CertificateState
from courses.certificates.models import Certificate, CourseRule
from courses.progress.api import Enrolment

logger = logging.getLogger(__name__)

# Requests and repairs of one sweep; the next one goes on.
LIMIT = 500
# A certificate queued by the sweep isn't queued again before this time, however long the queue is.
QUEUED_TIME = timedelta(minutes=5)


@dataclass(frozen=True)
class Healing:
    """What one sweep found. `to_make` are ids of certificates that the caller queues again."""

    requested: int
    to_make: tuple[int, ...]
    given_up: int
    purged: int


def heal(at: datetime, limit: int = LIMIT) -> Healing:
    """Ask for earned certificates that nobody asked for, find those that wait too long, delete files of the
    erased. Each step is idempotent; two sweeps at once do no harm.
    """
    requested = _request_earned(at, limit)
    due = Certificate.objects.filter(state=CertificateState.PENDING, retry_at__lte=at, erased_at__isnull=True)
    lost = due.filter(attempts__gte=MAX_ATTEMPTS).order_by("retry_at").values_list("pk", flat=True)[:limit]
    given_up = sum(give_up(pk, "worker lost", at) for pk in list(lost))
    to_make = tuple(due.order_by("retry_at").values_list("pk", flat=True)[:limit])
    Certificate.objects.filter(pk__in=to_make, state=CertificateState.PENDING).update(
        retry_at=at + QUEUED_TIME
    )
    return Healing(requested, to_make, given_up, _purge_erased(limit))


def _request_earned(at: datetime, limit: int) -> int:
    """People whose name can't be printed stay in the list, so it is walked to its end, not cut. Courses whose
    certificates are issued in bulk aren't in it, but for those who kept a run waiting.
    """
    requested = 0
    in_bulk = CourseRule.objects.filter(issues_at_completion=False).values("course_key")
    decided = Exists(decided_in_bulk().filter(enrolment=OuterRef("pk")))
    earned = awaiting(Enrolment.objects.filter(~Q(course_key__in=in_bulk) | decided))
    for enrolment_id in earned.order_by("pk").values_list("pk", flat=True):
        try:
            requested += request(enrolment_id, at) is not None
        except (OperationalError, InterfaceError):
            # The database is gone: so it is for the others.
            raise
        except Exception:
            # A plugin's variable, or a row that doesn't fit: undone to where it began. It waits for the next sweep, and
            # the others don't wait for it.
            logger.exception("enrolment %s: its certificate couldn't be asked for", enrolment_id)
        if requested >= limit:
            break
    return requested


def _purge_erased(limit: int) -> int:
    left = Certificate.objects.filter(erased_at__isnull=False).exclude(file="")
    return purge_each(list(left.order_by("pk").values_list("pk", flat=True)[:limit]), purge, "certificate")
