"""Background jobs of quizzes."""

from celery import shared_task
from django.utils import timezone

from courses.quizzes.domain.sweep import heal_completions


@shared_task
def sweep_completions() -> None:
    heal_completions(at=timezone.now())
