"""What progress holds of a person."""

from datetime import datetime
from typing import Any

from courses.accounts.api import User


def export(user: User) -> list[dict[str, Any]]:
    """Every enrolment with its openings, completions and progress."""
    from courses.progress.domain.queries import enrolments_of

    enrolments = enrolments_of(user).prefetch_related("openings", "completions")
    return [
        {
            "course": enrolment.course_title,
            "cycle": enrolment.cycle,
            "programme": enrolment.programme,
            "language": enrolment.locale,
            "enrolled_at": enrolment.enrolled_at.isoformat(),
            "percent": enrolment.progress.percent,
            "completed_at": enrolment.progress.completed_at and enrolment.progress.completed_at.isoformat(),
            "lessons_opened": [
                {"activity": str(opening.activity_key), "at": opening.opened_at.isoformat()}
                for opening in enrolment.openings.all()
            ],
            "completions": [
                {"activity": str(done.activity_key), "kind": done.kind, "at": done.completed_at.isoformat()}
                for done in enrolment.completions.all()
            ],
        }
        for enrolment in enrolments
    ]


def erase(user: User, at: datetime) -> None:
    """The ledger keeps course, dates and the pseudonymous user; openings, which serve only the learner, go."""
    from courses.progress.models import LessonOpening

    LessonOpening.objects.filter(enrolment__user=user).delete()
