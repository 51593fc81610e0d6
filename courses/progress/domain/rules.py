"""When a course is complete: pure functions of the outline and the keys of completed activities."""

from collections.abc import Set
from dataclasses import dataclass
from uuid import UUID

from courses.domain.outline import CourseOutline, OutlineActivity, OutlineModule
from courses.enums import PassRule


@dataclass(frozen=True)
class Standing:
    """How far a learner is. `percent` 0–100, rounded down: 100 means complete and nothing else does."""

    required_count: int
    done_count: int
    missing: tuple[OutlineActivity, ...]

    @property
    def complete(self) -> bool:
        return self.required_count > 0 and not self.missing

    @property
    def percent(self) -> int:
        return self.done_count * 100 // self.required_count if self.required_count else 0


def counts_for_completion(outline: CourseOutline, activity: OutlineActivity) -> bool:
    """Whether the passing rule asks for this activity."""
    if not activity.required:
        return False
    return activity.assessed or outline.pass_rule != PassRule.ALL_ASSESSED


def standing(outline: CourseOutline, done: Set[UUID]) -> Standing:
    """Compare the required activities with those completed. A course without any is never complete."""
    required = [activity for activity in outline.activities() if counts_for_completion(outline, activity)]
    missing = tuple(activity for activity in required if activity.key not in done)
    return Standing(len(required), len(required) - len(missing), missing)


def blocking_module(outline: CourseOutline, activity_key: UUID, done: Set[UUID]) -> OutlineModule | None:
    """In a sequential course, the first earlier module that isn't complete; None where the activity is open."""
    if not outline.sequential:
        return None
    for module in outline.modules:
        if any(activity.key == activity_key for activity in module.activities):
            return None
        if any(key not in done for key in module.required_keys):
            return module
    return None


def next_activity(
    outline: CourseOutline, done: Set[UUID], last: UUID | None = None
) -> OutlineActivity | None:
    """Where to go on: the first undone available activity after the one last seen, else the first undone one."""
    order = [activity for activity in outline.activities() if activity.available]
    start = next((index for index, activity in enumerate(order) if activity.key == last), 0)
    for activity in (*order[start:], *order[:start]):
        if activity.key not in done and blocking_module(outline, activity.key, done) is None:
            return activity
    return None
