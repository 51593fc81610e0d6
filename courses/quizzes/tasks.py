"""Background jobs of quizzes."""

from uuid import UUID

from celery import shared_task
from django.utils import timezone

from courses.quizzes.domain import correcting, objections, refreshers
from courses.quizzes.domain.marking import heal_marked
from courses.quizzes.domain.purge import purge_answers
from courses.quizzes.domain.quiz_statistics import compute_stale
from courses.quizzes.domain.sweep import end_overdue, heal_completions
from courses.quizzes.interfaces import mail
from courses.quizzes.interfaces.marked_mail import tell, untold


@shared_task
def sweep_completions() -> None:
    heal_completions(at=timezone.now())


@shared_task
def end_overdue_attempts() -> None:
    end_overdue(at=timezone.now())


@shared_task
def sweep_markings() -> None:
    """Grades what is marked and still waits, and writes to those whom no letter reached."""
    heal_marked()
    for attempt_uuid in untold():
        tell_marked.delay(str(attempt_uuid))


@shared_task
def tell_marked(attempt_uuid: str) -> None:
    """A letter that fails is tried again by the sweep."""
    tell(UUID(attempt_uuid), at=timezone.now())


@shared_task
def purge_old_answers() -> None:
    purge_answers(at=timezone.now())


@shared_task
def compute_statistics() -> None:
    compute_stale(at=timezone.now())


@shared_task
def refresh_memories() -> None:
    """Make the refreshers that are missing, end those whose time ran out, and tell what is due."""
    at = timezone.now()
    refreshers.schedule(at=at)
    refreshers.end_expired(at=at)
    refreshers.remind(mail.refreshers_due, wants=mail.wants_reminders, at=at)


@shared_task
def tell_objectors() -> None:
    objections.tell_answers(mail.objection_answered, at=timezone.now())


@shared_task
def apply_corrections() -> None:
    """Apply approved corrections and write to whose result changed."""
    correcting.apply_approved(at=timezone.now())
    correcting.tell_changes(mail.regraded, at=timezone.now())
