"""Background jobs of certificates."""

import logging
from time import monotonic

from celery import shared_task
from django.utils import timezone

from courses.certificates.domain import archives, expiry, runs, telling
from courses.certificates.domain.making import make
from courses.certificates.domain.sweep import heal
from courses.certificates.interfaces import leases, mail

logger = logging.getLogger(__name__)

# Seconds that a worker gives to a run before it lets others' tasks come: somebody waits for a single certificate.
SLICE = 10


@shared_task
def make_certificate(certificate_id: int) -> None:
    make(certificate_id, timezone.now())


@shared_task
def announce_expiries() -> None:
    with mail.post() as opened:
        expiry.announce(opened.certificate_expiring, wants=mail.wants_reminders, at=timezone.now())


@shared_task
def sweep_certificates() -> None:
    for certificate_id in heal(timezone.now()).to_make:
        make_certificate.delay(certificate_id)


@shared_task
def tell_holder(certificate_id: int) -> None:
    """A letter whose mail server isn't there waits for the sweep."""
    if not telling.untold(timezone.now()).filter(pk=certificate_id).exists():
        return
    with mail.post() as opened:
        telling.tell(certificate_id, opened.certificate_issued, timezone.now())


@shared_task
def sweep_letters() -> None:
    """Write to the holders whose task was lost."""
    left = telling.left_untold(timezone.now())
    if not left:
        return
    with mail.post() as opened:
        for certificate_id in left:
            try:
                telling.tell(certificate_id, opened.certificate_issued, timezone.now())
            except OSError as error:
                # The connection is gone: each further letter would be claimed and lost. The rest waits a minute.
                logger.error("certificate %s: its letter failed: %s", certificate_id, type(error).__name__)
                break
            except Exception:
                logger.exception("certificate %s: its letter couldn't be written", certificate_id)


@shared_task
def sweep_runs() -> None:
    """Have as many tasks as there are workers go on with each run; called as soon as one starts, and each minute."""
    for run_id in runs.due(timezone.now()):
        for place, token in leases.free(run_id):
            work_on_run.delay(run_id, place, token)


@shared_task
def work_on_run(run_id: int, place: int, token: str) -> None:
    """Issue for a while, then queue again behind what came meanwhile."""
    ends = monotonic() + SLICE
    while leases.hold(run_id, place, token):
        if not runs.work(run_id, timezone.now()):
            leases.give_back(run_id, place)
        elif monotonic() > ends:
            work_on_run.delay(run_id, place, token)
        else:
            continue
        return


@shared_task
def build_archive(archive_id: int) -> None:
    archives.build(archive_id, timezone.now())


@shared_task
def sweep_archives() -> None:
    for archive_id in archives.heal(timezone.now()):
        build_archive.delay(archive_id)
