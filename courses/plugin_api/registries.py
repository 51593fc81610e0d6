"""The registries a plugin fills, and the shapes of their entries. Imports no model.

Register in `AppConfig.register()`:

    from courses.plugin_api.registries import MenuItem, menu_items
    menu_items.register(MenuItem(key="mine", …), origin=self.label)
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

from courses.lib.registry import Registry

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page

    from courses.plugin_api.packages import StoredActivityCodec

# Texts of entries are lazy translations; StrOrPromise is str at run time.
Text = Any


@dataclass(frozen=True)
class ActivityKind:
    """A type of page that a learner completes inside a module.

    key: lower-case name, stored in learning records, never changed (`lesson`, `quiz`).
    model: `app_label.ModelName` of a page model derived from `plugin_api.pages.ActivityPage`.
    label: the kind's name for learners ('Quiz').
    assessed: whether completing it proves knowledge (a quiz) or only reading (a lesson).
    """

    key: str
    model: str
    label: Text
    assessed: bool = False


class Slot(StrEnum):
    """Places of core pages where plugins may show something."""

    COURSE_ACTION = "course_action"  # the one primary action of a course page
    COURSE_SIDEBAR = "course_sidebar"
    LESSON_FOOTER = "lesson_footer"  # under an activity's content: mark as done, go on
    ACTIVITY_RESULT = "activity_result"  # under an assessed activity and its result
    FRONT = "front"  # first thing on the front page
    FRONT_COURSES = "front_courses"  # what there is to learn, on the front page
    DASHBOARD = "dashboard"  # panels of 'My learning'
    REPORT = "report"  # ways on from a regional report, among its buttons; the subject is None


@dataclass(frozen=True)
class PageSlot:
    """Something a plugin shows in a `Slot`.

    context: from the request and the slot's subject (course or activity page; None on the dashboard) to the
    template's variables, or None to show nothing.
    """

    key: str
    slot: Slot
    template: str
    context: "Callable[[HttpRequest, Page | None], Mapping[str, Any] | None]"
    order: int = 100


@dataclass(frozen=True)
class Denial:
    """Why an activity isn't open to this learner, in plain words, with the page to go to first."""

    reason: Text
    link_url: str = ""
    link_label: Text = ""


@dataclass(frozen=True)
class AccessPolicy:
    """A rule that may lock an activity; the first denial wins."""

    key: str
    check: "Callable[[HttpRequest, Page], Denial | None]"
    order: int = 100


class ActivityState(StrEnum):
    """Where a learner is with an activity."""

    TODO = "todo"
    CURRENT = "current"
    DONE = "done"
    LOCKED = "locked"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True)
class OutlineState:
    """What the outline shows beside each activity: state and, where it isn't open, the reason."""

    states: Mapping[UUID, ActivityState]
    reasons: Mapping[UUID, Text] = field(default_factory=dict)


@dataclass(frozen=True)
class OutlineDecorator:
    """Tells the states of a course's activities for the person of this request (None: says nothing)."""

    key: str
    states: "Callable[[HttpRequest, UUID], OutlineState | None]"


@dataclass(frozen=True)
class MenuItem:
    """An entry of the site's main menu. `visible` decides by the request's user, without a query if it can."""

    key: str
    label: Text
    url_name: str
    visible: "Callable[[HttpRequest], bool]"
    order: int = 100


@dataclass(frozen=True)
class ReportColumn:
    """A figure of the regional report.

    fetch: one bulk call for the whole screen: from the report's scope (see courses.reports.api) to a value
    per row key. Values are numbers or None.
    """

    key: str
    label: Text
    fetch: "Callable[[Any], Mapping[Any, float | int | None]]"
    unit: str = ""
    order: int = 100


@dataclass(frozen=True)
class CertificateVariable:
    """A value that wording on certificates may use as `{key}`; frozen into a certificate when it is asked for.

    key: an identifier. example: a value for whoever writes a wording. evaluate: bulk: from enrolment ids to text per
    enrolment id, in the given language.
    """

    key: str
    label: Text
    example: str
    evaluate: "Callable[[Iterable[int], str], Mapping[int, str]]"


@dataclass(frozen=True)
class PeriodicJob:
    """A Celery task that beat sends every so many seconds. Safe to run twice, and late."""

    key: str
    task: str
    every_seconds: int


activity_kinds: Registry[ActivityKind] = Registry("activity kinds")
page_slots: Registry[PageSlot] = Registry("page slots")
access_policies: Registry[AccessPolicy] = Registry("access policies")
outline_decorators: Registry[OutlineDecorator] = Registry("outline decorators")
menu_items: Registry[MenuItem] = Registry("menu items")
report_columns: Registry[ReportColumn] = Registry("report columns")
certificate_variables: Registry[CertificateVariable] = Registry("certificate variables")
periodic_jobs: Registry[PeriodicJob] = Registry("periodic jobs")
activity_codecs: "Registry[StoredActivityCodec]" = Registry("activity codecs")

ALL_REGISTRIES: tuple[Registry[Any], ...] = (
    activity_kinds,
    page_slots,
    access_policies,
    outline_decorators,
    menu_items,
    report_columns,
    certificate_variables,
    periodic_jobs,
    activity_codecs,
)
