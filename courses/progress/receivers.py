"""Progress listens to the core."""

from typing import Any
from uuid import UUID

from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from courses.progress.domain.learning import enrolment_of_request
from courses.progress.domain.recording import record_opening
from courses.signals import lesson_opened


@receiver(lesson_opened, dispatch_uid="progress.lesson_opened")
def on_lesson_opened(
    sender: Any,
    request: HttpRequest,
    course_key: UUID,
    activity_key: UUID,
    locale: str,
    revision_id: int | None,
    **kwargs: Any,
) -> None:
    """Only an enrolled learner leaves a trace; reading without enrolment leaves none."""
    enrolment = enrolment_of_request(request, course_key)
    if enrolment is not None:
        record_opening(enrolment, activity_key, locale=locale, revision_id=revision_id, at=timezone.now())
