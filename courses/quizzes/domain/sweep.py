"""Repairs: what a passed attempt proves and the ledger of learning doesn't say."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from courses.progress.api import ActivityCompletion
from courses.quizzes.domain.attempts import complete
from courses.quizzes.models import Attempt

BATCH = 500


def heal_completions(*, at: datetime) -> list[UUID]:
    """Record the completion of passed attempts that lack one, the oldest first, 500 at most; their uuids.

    `at` bounds the search: attempts submitted later are left to their own transaction.
    """
    recorded = ActivityCompletion.objects.filter(
        enrolment=OuterRef("enrolment"), activity_key=OuterRef("quiz_key")
    )
    lost = (
        Attempt.objects.filter(passed=True, submitted_at__lte=at)
        .filter(~Exists(recorded))
        .select_related("enrolment")
        .defer("paper", "answer_key", "results")
        .order_by("submitted_at", "pk")
    )
    healed = []
    for attempt in list(lost[:BATCH]):
        with transaction.atomic():
            complete(attempt, attempt.enrolment)
        healed.append(attempt.uuid)
    return healed
