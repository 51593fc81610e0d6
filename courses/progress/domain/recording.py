"""The verbs of the ledger: enrol, record an opening, record a completion, recompute.

Each is atomic, locks the enrolment's row (the parent, as everything of an enrolment is written under it), is
safe to repeat and takes the time as `at` (aware UTC).
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.dispatch import Signal

from courses.accounts.api import User
from courses.domain.outline import CourseNotFound, CourseOutline, outline_of
from courses.progress.domain.rules import counts_for_completion, standing
from courses.progress.models import ActivityCompletion, CourseProgress, Enrolment, LessonOpening
from courses.progress.signals import activity_completed, course_completed

# What comes sooner is a reload.
OPENED_AGAIN = timedelta(minutes=1)


class NotEnrolled(LookupError):
    """The person has no enrolment in this course."""


class CycleOpen(ValueError):
    """The course is still to be completed in this cycle."""


class PersonErased(LookupError):
    """The enrolment's person is erased: nothing is begun for them any more."""


def enrol(user: User, course_key: UUID, *, locale: str, at: datetime, programme: str = "") -> Enrolment:
    """Enrol in the course's current cycle, or return the enrolment there is (its programme stays).

    Raises courses.domain.outline.CourseNotFound for a course that isn't published.
    """
    existing = current_enrolment(user, course_key)
    if existing is not None:
        return existing
    outline = outline_of(course_key, locale)
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                user=user,
                course_key=course_key,
                cycle=1,
                programme=programme,
                locale=locale,
                course_title=outline.title,
                course_code=outline.code,
                enrolled_at=at,
            )
            _recompute(enrolment, outline, at, locale)
    except IntegrityError:
        # Another request of the same person enrolled first.
        existing = current_enrolment(user, course_key)
        if existing is None:
            raise
        return existing
    return enrolment


@transaction.atomic
def enrol_again(enrolment: Enrolment, *, locale: str, at: datetime) -> Enrolment:
    """Start the cycle after a complete one, in which everything is to do again, or return the later one there is.

    What the earlier cycle holds stays. Raises CycleOpen while the course isn't complete, PersonErased, and
    CourseNotFound for a course that isn't published.
    """
    # The person is read after the lock, which an erasure takes too, and isn't locked with it.
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if locked.user.erased_at is not None:
        raise PersonErased(f"enrolment {locked.pk}")
    latest = current_enrolment(locked.user, locked.course_key)
    if latest is not None and latest.cycle > locked.cycle:
        return latest
    if locked.progress.completed_at is None:
        raise CycleOpen(f"enrolment {locked.pk} isn't complete")
    outline = outline_of(locked.course_key, locale)
    following = Enrolment.objects.create(
        user=locked.user,
        course_key=locked.course_key,
        cycle=locked.cycle + 1,
        locale=locale,
        course_title=outline.title,
        course_code=outline.code,
        enrolled_at=at,
    )
    _recompute(following, outline, at, locale)
    return following


def current_enrolment(user: User, course_key: UUID) -> Enrolment | None:
    """The enrolment of the latest cycle, with its progress; None if the person never enrolled."""
    return (
        Enrolment.objects.filter(user_id=user.pk, course_key=course_key)
        .select_related("progress")
        .order_by("-cycle")
        .first()
    )


def record_opening(
    enrolment: Enrolment, activity_key: UUID, *, locale: str, revision_id: int | None, at: datetime
) -> None:
    """Note that a lesson was displayed, the first and the last time, and that the learner is there now.

    `enrolment.progress` is as it was read; a lesson opened again within a minute writes nothing.
    """
    last = enrolment.progress.last_activity_at
    is_there = enrolment.progress.last_activity_key == activity_key
    if is_there and last is not None and at - last < OPENED_AGAIN:
        return
    # The first opening is the evidence: only the time of the last one is ever written again.
    LessonOpening.objects.bulk_create(
        [
            LessonOpening(
                enrolment=enrolment,
                activity_key=activity_key,
                locale=locale,
                revision_id=revision_id,
                opened_at=at,
                last_opened_at=at,
            )
        ],
        update_conflicts=True,
        update_fields=["last_opened_at"],
        unique_fields=["enrolment", "activity_key"],
    )
    CourseProgress.objects.filter(enrolment=enrolment).update(
        last_activity_key=activity_key, last_activity_at=at
    )


@transaction.atomic
def record_completion(
    enrolment: Enrolment,
    activity_key: UUID,
    *,
    kind: str,
    locale: str,
    revision_id: int | None,
    at: datetime,
    evidence: UUID | None = None,
) -> ActivityCompletion:
    """Record that an activity's rule was met and recompute the course's progress.

    Repeating it returns the first record unchanged. At the one transition to complete, `course_completed`
    is sent after commit. Joins the caller's transaction.
    """
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    completion, created = ActivityCompletion.objects.get_or_create(
        enrolment=locked,
        activity_key=activity_key,
        defaults={
            "kind": kind,
            "locale": locale,
            "revision_id": revision_id,
            "evidence": evidence,
            "completed_at": at,
        },
    )
    if created:
        _send_on_commit(activity_completed, enrolment_id=locked.pk, activity_key=activity_key, at=at)
    _recompute(locked, _outline_or_none(locked, locale), at, locale, last=activity_key)
    return completion


@transaction.atomic
def recompute(enrolment: Enrolment, *, at: datetime) -> CourseProgress:
    """Bring the summary in line with ledger and outline, under lock. A completion once recorded stays."""
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    return _recompute(locked, _outline_or_none(locked, locked.locale), at, locked.locale)


def _outline_or_none(enrolment: Enrolment, locale: str) -> CourseOutline | None:
    try:
        return outline_of(enrolment.course_key, locale)
    except CourseNotFound:
        return None


def _recompute(
    enrolment: Enrolment, outline: CourseOutline | None, at: datetime, locale: str, last: UUID | None = None
) -> CourseProgress:
    """Write the summary. The caller holds the enrolment's lock (or has just created it)."""
    progress = CourseProgress.objects.filter(enrolment=enrolment).first()
    if progress is None:
        progress = CourseProgress(
            enrolment=enrolment, required_count=0, done_count=0, percent=0, updated_at=at
        )
    # A completion may be recorded with an earlier time (answers marked later): nothing moves backwards.
    if last is not None and (progress.last_activity_at is None or at >= progress.last_activity_at):
        progress.last_activity_key, progress.last_activity_at = last, at
    completed_at = None
    # A course that is gone, or already complete, keeps its figures: evidence isn't rewritten by rule changes.
    if outline is not None and progress.completed_at is None:
        done = dict(
            ActivityCompletion.objects.filter(enrolment=enrolment).values_list("activity_key", "completed_at")
        )
        now = standing(outline, done.keys())
        progress.required_count, progress.done_count, progress.percent = (
            now.required_count,
            now.done_count,
            now.percent,
        )
        if now.complete:
            required = (
                activity.key for activity in outline.activities() if counts_for_completion(outline, activity)
            )
            completed_at = max(at, *(done[key] for key in required))
            progress.completed_at, progress.completed_locale = completed_at, locale
    progress.updated_at = max(at, progress.updated_at)
    progress.save()
    if completed_at is not None:
        _send_on_commit(course_completed, enrolment_id=enrolment.pk, at=completed_at)
    return progress


def _send_on_commit(signal: Signal, **facts: Any) -> None:
    transaction.on_commit(lambda: signal.send_robust(sender=None, **facts), robust=True)
