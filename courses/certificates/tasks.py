"""Background jobs of certificates."""

from celery import shared_task
from django.utils import timezone

from courses.certificates.domain.making import make
from courses.certificates.domain.sweep import heal


@shared_task
def make_certificate(certificate_id: int) -> None:
    make(certificate_id, timezone.now())


@shared_task
def sweep_certificates() -> None:
    for certificate_id in heal(timezone.now()).to_make:
        make_certificate.delay(certificate_id)
