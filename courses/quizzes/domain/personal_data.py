"""What quizzes hold of a person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.accounts.api import User

# Words for the keys of the export.
LABELS: Mapping[str, Any] = {
    "quiz": _("quiz"),
    "number": _("attempt"),
    "started_at": _("started"),
    "submitted_at": _("submitted"),
    "passed": _("passed"),
    "answers": _("answers"),
    "question": _("question"),
    "answer": _("answer"),
    "received_at": _("received"),
    "answers_removed_at": _("answers removed"),
}


def export(user: User) -> list[dict[str, Any]]:
    """Every attempt with its title, times, result and the answers given, in the active language where there is one."""
    from courses.quizzes.domain.queries import attempts_of

    language = get_language() or "fr"
    return [_attempt(attempt, language) for attempt in attempts_of(user)]


def _attempt(attempt: Any, language: str) -> dict[str, Any]:
    from courses.quizzes.domain.paper import Paper
    from courses.quizzes.domain.queries import journal_of
    from courses.quizzes.types.base import question_types

    paper = Paper.load(attempt.paper)
    journal = journal_of(attempt)
    answers = []
    for question in paper.questions:
        kind, value = question_types.get(question.type), journal.answers.get(question.key)
        texts = question.texts_in(language)
        if kind is not None and value is not None:
            answers.append(
                {
                    "question": texts["stem"],
                    "answer": kind.in_words(question.body, texts, value),
                    "received_at": journal.saved_at[question.key].isoformat(),
                }
            )
    return {
        "quiz": paper.title_in(language),
        "number": attempt.number,
        "language": attempt.locale,
        "started_at": attempt.started_at.isoformat(),
        "submitted_at": attempt.submitted_at and attempt.submitted_at.isoformat(),
        "percent": attempt.percent,
        "passed": attempt.passed,
        "answers": answers,
        "answers_removed_at": attempt.purged_at and attempt.purged_at.isoformat(),
    }


def erase(user: User, at: datetime) -> None:
    """Answers go, and which questions were right; attempts never submitted go whole. Grade and paper stay.

    The hash of the answers goes too: with so few answers possible, trying them all would find them again.
    """
    from courses.quizzes.enums import AttemptStatus
    from courses.quizzes.models import AnswerEntry, Attempt

    attempts = Attempt.objects.filter(enrolment__user_id=user.pk)
    AnswerEntry.objects.filter(attempt__in=attempts).delete()
    attempts.filter(status=AttemptStatus.IN_PROGRESS).delete()
    # Also those purged before: their hash may have been kept.
    attempts.exclude(answers_hash="").update(answers_hash="")
    attempts.filter(purged_at__isnull=True).update(results={}, purged_at=at)
