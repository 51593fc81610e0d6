"""The people of an association: passed or not yet, and when. Never an answer, never a score."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from courses.accounts.api import Association, Membership, Region
from courses.progress.api import Enrolment
from courses.reports.domain.filters import ReportFilters
from courses.reports.domain.scope import ReportScope
from courses.reports.enums import LearningState


@dataclass(frozen=True)
class CourseStanding:
    """Where a person is with one course; `completed_at` (the latest, over cycles) only when passed."""

    course_key: UUID
    state: LearningState
    completed_at: datetime | None = None


@dataclass(frozen=True)
class PersonRow:
    """A person in an association, with a standing for each course asked for, in that order."""

    membership: Membership
    standings: tuple[CourseStanding, ...]

    @property
    def name(self) -> str:
        """Empty for somebody who gave none."""
        return self.membership.user.get_full_name()


def named_memberships(
    scope: ReportScope,
    *,
    association: Association | None = None,
    region: Region | None = None,
    words: str = "",
) -> QuerySet[Membership]:
    """The memberships whose people may be named, by name: of one association, of a region and below, or of the
    whole scope; with `words`, only people who have them in one of their names.
    """
    found = scope.memberships.select_related("user", "association__region")
    if association is not None:
        found = found.filter(association=association)
    if region is not None:
        found = found.filter(association__region__path__startswith=region.path)
    if words:
        found = found.filter(
            Q(user__display_name__icontains=words)
            | Q(user__certificate_name_latin__icontains=words)
            | Q(user__certificate_name_arabic__icontains=words)
        )
    return found.order_by(Lower("user__display_name"), "user_id", "association_id")


def person_rows(
    memberships: Iterable[Membership], filters: ReportFilters, course_keys: Collection[UUID]
) -> list[PersonRow]:
    """A row for each membership, in one query for all of them.

    Only enrolments that `filters` lets through count, as in the figures: a person who completed outside the
    period is 'not yet' here, and the screen says 'not in this selection'.
    """
    listed: Sequence[Membership] = list(memberships)
    enrolments = Enrolment.objects.filter(
        filters.matching(), user__in={each.user_id for each in listed}, course_key__in=course_keys
    )
    enrolled: set[tuple[int, UUID]] = set()
    completed: dict[tuple[int, UUID], datetime] = {}
    for user_id, key, at in enrolments.values_list("user_id", "course_key", "progress__completed_at"):
        enrolled.add((user_id, key))
        if at is not None:
            completed[user_id, key] = max(at, completed.get((user_id, key), at))

    def standing(user_id: int, key: UUID) -> CourseStanding:
        if (user_id, key) in completed:
            return CourseStanding(key, LearningState.PASSED, completed[user_id, key])
        if (user_id, key) in enrolled:
            return CourseStanding(key, LearningState.IN_PROGRESS)
        return CourseStanding(key, LearningState.NOT_YET)

    return [PersonRow(each, tuple(standing(each.user_id, key) for key in course_keys)) for each in listed]
