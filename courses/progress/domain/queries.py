"""Reading the ledger."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet

from courses.accounts.api import User
from courses.progress.models import ActivityCompletion, Enrolment, LessonOpening


def enrolments_of(user: User) -> QuerySet[Enrolment]:
    """A person's enrolments with their progress, latest first."""
    return (
        Enrolment.objects.filter(user_id=user.pk).select_related("progress").order_by("-enrolled_at", "-pk")
    )


def completed_keys(enrolment: Enrolment) -> set[UUID]:
    """Keys of the activities completed in an enrolment."""
    return set(ActivityCompletion.objects.filter(enrolment=enrolment).values_list("activity_key", flat=True))


def completed_keys_of(enrolments: Collection[Enrolment]) -> dict[int, set[UUID]]:
    """The same for many enrolments in one query, by enrolment id."""
    keys: dict[int, set[UUID]] = {enrolment.pk: set() for enrolment in enrolments}
    rows = ActivityCompletion.objects.filter(enrolment__in=list(keys)).values_list(
        "enrolment_id", "activity_key"
    )
    for enrolment_id, key in rows:
        keys[enrolment_id].add(key)
    return keys


def last_openings(enrolment: Enrolment) -> dict[UUID, datetime]:
    """When each lesson was last displayed in an enrolment, by key. One query; a reload within a minute isn't noted."""
    rows = LessonOpening.objects.filter(enrolment=enrolment).values_list(
        "activity_key", "opened_at", "last_opened_at"
    )
    return {key: last or first for key, first, last in rows}


def with_completion(enrolments: QuerySet[Enrolment]) -> QuerySet[Enrolment]:
    """Only the enrolments whose course is complete."""
    return enrolments.filter(progress__completed_at__isnull=False)


def later_cycles(path: str = "") -> QuerySet[Enrolment]:
    """For `Exists`: the same person's later cycles in the course of a row's enrolment, which is at `path`."""
    return Enrolment.objects.filter(
        user_id=OuterRef(f"{path}user_id"),
        course_key=OuterRef(f"{path}course_key"),
        cycle__gt=OuterRef(f"{path}cycle"),
    )


def in_courses(enrolments: QuerySet[Enrolment], course_keys: Collection[UUID]) -> QuerySet[Enrolment]:
    """Only the enrolments in these courses; all where none is named."""
    return enrolments.filter(Q(course_key__in=course_keys)) if course_keys else enrolments
