"""The door of progress."""

from courses.progress.domain.learning import CourseLearning, enrolment_of_request, learning_in, learning_of
from courses.progress.domain.programmes import (
    ProgrammeDetails,
    create_programme,
    programme_names,
    programme_of_request,
)
from courses.progress.domain.queries import (
    completed_keys,
    enrolments_of,
    in_courses,
    last_openings,
    later_cycles,
    with_completion,
)
from courses.progress.domain.recording import (
    CycleOpen,
    NotEnrolled,
    PersonErased,
    current_enrolment,
    enrol,
    enrol_again,
    record_completion,
)
from courses.progress.models import ActivityCompletion, CourseProgress, Enrolment, Programme

__all__ = [
    "ActivityCompletion",
    "CourseLearning",
    "CourseProgress",
    "CycleOpen",
    "Enrolment",
    "NotEnrolled",
    "PersonErased",
    "Programme",
    "ProgrammeDetails",
    "completed_keys",
    "create_programme",
    "current_enrolment",
    "enrol",
    "enrol_again",
    "enrolment_of_request",
    "enrolments_of",
    "in_courses",
    "last_openings",
    "later_cycles",
    "learning_in",
    "learning_of",
    "programme_names",
    "programme_of_request",
    "record_completion",
    "with_completion",
]
