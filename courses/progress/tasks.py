"""Background jobs of progress."""

from celery import shared_task
from django.utils import timezone

from courses.progress.domain.sweep import heal_progress


@shared_task
def sweep_progress() -> None:
    heal_progress(at=timezone.now())
