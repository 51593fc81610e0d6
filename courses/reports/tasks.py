"""Background jobs of the reports."""

from celery import shared_task
from django.utils import timezone

from courses.reports.domain.name_exports import remove_old_searches


@shared_task
def remove_searches_of_a_year() -> None:
    remove_old_searches(at=timezone.now())
