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
    "deadline_at": _("time over at"),
    "outage_credited_seconds": _("seconds given back for outages"),
    "checked_answers": _("answers that were checked"),
    "checked_at": _("checked"),
    "marks": _("marks for open answers"),
    "points": _("points"),
    "comment": _("comment"),
    "marked_at": _("marked"),
    "late_answers": _("answers that came after the time was over"),
    "extra_minutes": _("extra minutes"),
    "extra_attempts": _("extra attempts"),
    "reason": _("reason"),
    "granted_at": _("granted"),
    "withdrawn_at": _("withdrawn"),
    "withdrawn_because": _("reason of the withdrawal"),
    "purpose": _("purpose"),
    "objections": _("objections"),
    "answer_due": _("answer due"),
    "corrections": _("corrections of the result"),
    "percent_before": _("percentage before"),
    "asked_again_after_days": _("asked again after so many days"),
    "due_at": _("due"),
    "questions_asked": _("questions asked"),
    "questions_right": _("questions right"),
}

# The page shows the title; the file has the key too.
FILE_ONLY = frozenset({"activity"})


def export(user: User) -> list[dict[str, Any]]:
    """Every attempt with its title, times, result and the answers given, in the active language where there is one;
    then what was allowed to the person (what an association was allowed is the association's), and the refreshers.
    """
    from courses.quizzes.domain.queries import attempts_of

    language = get_language() or "fr"
    attempts = [_attempt(attempt, language) for attempt in attempts_of(user)]
    return attempts + _allowances(user, language) + _refreshers(user, language)


def _allowances(user: User, language: str) -> list[dict[str, Any]]:
    from courses.quizzes.models import Allowance, QuizPage

    rows = list(Allowance.objects.filter(user_id=user.pk).order_by("granted_at", "pk"))
    pages = QuizPage.objects.filter(translation_key__in={row.quiz_key for row in rows})
    titles = {
        # The reader's language comes last, and so stays.
        page.translation_key: page.title
        for page in sorted(
            pages.select_related("locale"), key=lambda page: page.locale.language_code == language
        )
    }
    return [
        {
            "quiz": titles.get(row.quiz_key, ""),
            "activity": str(row.quiz_key),
            "extra_minutes": row.extra_minutes,
            "extra_attempts": row.extra_attempts,
            "reason": row.reason,
            "granted_at": row.granted_at.isoformat(),
            "withdrawn_at": row.withdrawn_at and row.withdrawn_at.isoformat(),
            "withdrawn_because": row.withdrawn_because,
        }
        for row in rows
    ]


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
        "activity": str(attempt.quiz_key),
        "number": attempt.number,
        "language": attempt.locale,
        "started_at": attempt.started_at.isoformat(),
        "submitted_at": attempt.submitted_at and attempt.submitted_at.isoformat(),
        "percent": attempt.percent,
        "passed": attempt.passed,
        "answers": answers,
        "answers_removed_at": attempt.purged_at and attempt.purged_at.isoformat(),
        **_timed(attempt, paper, language),
        **_checked(attempt, paper, language),
        **_marked(attempt, paper, language),
        **_decided(attempt, paper, language),
    }


def _marked(attempt: Any, paper: Any, language: str) -> dict[str, Any]:
    """What trainers said of open answers, once the result is told; of each the latest, without the trainer."""
    from courses.quizzes.domain.queries import markings_of

    if not attempt.is_graded:
        return {}
    rows = [
        {
            "question": question.texts_in(language)["stem"],
            "points": sum(marking.marks.values()),
            "comment": marking.comment,
            "marked_at": marking.marked_at.isoformat(),
        }
        for key, marking in markings_of(attempt).items()
        if marking.marks and (question := paper.question(key)) is not None
    ]
    return {"marks": rows} if rows else {}


def _checked(attempt: Any, paper: Any, language: str) -> dict[str, Any]:
    """The answers that the person had checked while the attempt ran, where there were any."""
    from courses.quizzes.types.base import question_types

    rows = []
    for check in attempt.checks.order_by("checked_at", "pk"):
        question = paper.question(check.question_key)
        kind = question_types.get(question.type) if question else None
        if kind is not None:
            texts = question.texts_in(language)
            rows.append(
                {
                    "question": texts["stem"],
                    "answer": kind.in_words(question.body, texts, check.value),
                    "checked_at": check.checked_at.isoformat(),
                }
            )
    return {"checked_answers": rows} if rows else {}


def _decided(attempt: Any, paper: Any, language: str) -> dict[str, Any]:
    """Its purpose where it isn't the test itself, what the person objected to, and what was corrected."""
    from courses.quizzes.domain.objections import of_attempt
    from courses.quizzes.domain.regrading import corrections_of
    from courses.quizzes.enums import AttemptPurpose

    found: dict[str, Any] = {}
    if attempt.purpose != AttemptPurpose.GRADED:
        found["purpose"] = str(attempt.get_purpose_display())
    objections = [
        {
            "question": question.texts_in(language)["stem"],
            "text": row.text,
            "given_at": row.made_at.isoformat(),
            "answer_due": row.answer_due.isoformat(),
            "status": str(row.get_status_display()),
            "answer": row.answer,
            "decided_at": row.answered_at and row.answered_at.isoformat(),
        }
        for row in of_attempt(attempt)
        if (question := paper.question(row.question_key)) is not None
    ]
    corrections = [
        {
            "percent_before": row.before["percent"],
            "percent": row.after["percent"],
            "passed": row.after["passed"],
            "decided_at": row.regrade.decided_at and row.regrade.decided_at.isoformat(),
        }
        for row in corrections_of(attempt)
    ]
    if objections:
        found["objections"] = objections
    if corrections:
        found["corrections"] = corrections
    return found


def _refreshers(user: User, language: str) -> list[dict[str, Any]]:
    from courses.quizzes.domain.refreshers import titles_of
    from courses.quizzes.models import Refresher

    rows = list(Refresher.objects.filter(enrolment__user_id=user.pk).order_by("due_at", "pk"))
    titles = titles_of([row.quiz_key for row in rows], language)
    return [
        {
            "quiz": titles.get(row.quiz_key, ""),
            "activity": str(row.quiz_key),
            "asked_again_after_days": row.after_days,
            "due_at": row.due_at.isoformat(),
            "submitted_at": row.done_at and row.done_at.isoformat(),
            "questions_asked": row.asked,
            "questions_right": row.right,
        }
        for row in rows
    ]


def _timed(attempt: Any, paper: Any, language: str) -> dict[str, Any]:
    """For an attempt whose time was limited; what came after it was over is kept and doesn't count."""
    from courses.quizzes.types.base import question_types

    if attempt.deadline_at is None:
        return {}
    rows = []
    for entry in attempt.entries.filter(late=True).order_by("received_at", "pk"):
        question = paper.question(entry.question_key)
        kind = question_types.get(question.type) if question else None
        if kind is None or entry.value is None:
            continue
        texts = question.texts_in(language)
        rows.append(
            {
                "question": texts["stem"],
                "answer": kind.in_words(question.body, texts, entry.value),
                "received_at": entry.received_at.isoformat(),
            }
        )
    return {
        "deadline_at": attempt.deadline_at.isoformat(),
        "outage_credited_seconds": attempt.credited_seconds,
        "late_answers": rows,
    }


def erase(user: User, at: datetime) -> None:
    """Answers go, and which questions were right; attempts never submitted go whole. Grade and paper stay.

    Under the locks that starting, submitting and marking take, in their order: an attempt that is submitted meanwhile
    keeps its grade, and what is written meanwhile goes.

    The hash of the answers goes too: with so few answers possible, trying them all would find them again.
    """
    from courses.progress.api import Enrolment
    from courses.quizzes.domain.marking import remove_marks
    from courses.quizzes.domain.objections import remove_words
    from courses.quizzes.enums import AttemptStatus
    from courses.quizzes.models import Allowance, AnswerEntry, Attempt, Check, Refresher

    locked = Enrolment.objects.filter(user_id=user.pk).order_by("pk").select_for_update()
    enrolments = [enrolment.pk for enrolment in locked]
    found = Attempt.objects.filter(enrolment_id__in=enrolments).order_by("pk").select_for_update(of=("self",))
    status = dict(found.values_list("pk", "status"))
    ids = list(status)
    running = [pk for pk in ids if status[pk] == AttemptStatus.IN_PROGRESS]
    attempts = Attempt.objects.filter(pk__in=ids)
    AnswerEntry.objects.filter(attempt_id__in=ids).delete()
    Check.objects.filter(attempt_id__in=ids).delete()
    remove_words(ids)
    remove_marks(ids)
    Refresher.objects.filter(attempt_id__in=running).update(attempt=None)
    Attempt.objects.filter(pk__in=running).delete()
    # Also those purged before: their hash may have been kept.
    attempts.exclude(answers_hash="", answers_salt="").update(answers_hash="", answers_salt="")
    # Why somebody needed more time may be what they told nobody else.
    Allowance.objects.filter(user_id=user.pk).update(reason="", withdrawn_because="")
    attempts.filter(purged_at__isnull=True).update(results={}, purged_at=at)
