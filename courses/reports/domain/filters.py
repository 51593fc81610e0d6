"""What a report is limited to: a course, a programme, a period."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from courses.lib.clock import local_day_bounds
from courses.reports.enums import PeriodBasis


@dataclass(frozen=True)
class ReportFilters:
    """Which enrolments a report counts. The people it counts ('members') aren't filtered.

    course_key: only enrolments in this course; None for all courses.
    programme: only enrolments of this programme; empty for all, with and without programme.
    since, until: first and last day of the period, both included, days of the current time zone; either may
        be None. Without both there is no period and `basis` has no effect.
    basis: ENROLMENT counts the enrolments made in the period, completed or not, whenever the completion came.
        COMPLETION counts only the enrolments completed in the period, whenever they were made: nobody is then
        'in progress'.
    """

    course_key: UUID | None = None
    programme: str = ""
    basis: PeriodBasis = PeriodBasis.ENROLMENT
    since: date | None = None
    until: date | None = None

    @property
    def has_period(self) -> bool:
        return self.since is not None or self.until is not None

    @property
    def narrows_enrolments(self) -> bool:
        """Whether somebody's enrolment in the course may be left out ('not yet' would then say too much)."""
        return self.has_period or bool(self.programme)

    def matching(self, prefix: str = "") -> Q:
        """The condition on an enrolment; `prefix` leads to it (`user__enrolments__`)."""
        condition = Q(**{f"{prefix}pk__isnull": False})
        if self.course_key is not None:
            condition &= Q(**{f"{prefix}course_key": self.course_key})
        if self.programme:
            condition &= Q(**{f"{prefix}programme": self.programme})
        if self.has_period:
            field = "progress__completed_at" if self.basis == PeriodBasis.COMPLETION else "enrolled_at"
            if self.since is not None:
                condition &= Q(**{f"{prefix}{field}__gte": local_day_bounds(self.since)[0]})
            if self.until is not None:
                condition &= Q(**{f"{prefix}{field}__lt": local_day_bounds(self.until)[1]})
        return condition

    def completed(self, prefix: str = "") -> Q:
        """The condition on an enrolment that matches and is complete."""
        return self.matching(prefix) & Q(**{f"{prefix}progress__completed_at__isnull": False})
