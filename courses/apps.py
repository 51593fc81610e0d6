from typing import TYPE_CHECKING

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.http import HttpRequest
    from wagtail.models import Page


class CoursesConfig(AppConfig):
    name = "courses"
    label = "courses"
    verbose_name = _("Courses")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from courses import checks, receivers  # noqa: F401
        from courses.plugin_api.registries import (
            ActivityKind,
            MenuItem,
            activity_kinds,
            menu_items,
        )

        activity_kinds.register(
            ActivityKind(key="lesson", model="courses.LessonPage", label=_("lesson")), origin=self.label
        )
        menu_items.register(
            MenuItem(
                key="catalogue",
                label=_("Courses"),
                url_name="courses:catalogue",
                visible=lambda request: True,
                order=10,
            ),
            origin=self.label,
        )
        self._register_front_courses()
        self._register_accounts()

    def _register_front_courses(self) -> None:
        from courses.domain.catalogue import front_courses
        from courses.plugin_api.registries import PageSlot, Slot, page_slots

        page_slots.register(
            PageSlot("courses", Slot.FRONT_COURSES, "courses/slots/front_courses.html", front_courses),
            origin=self.label,
        )

    def _register_accounts(self) -> None:
        """The accounts lie below the registries and can't reach them; the core registers on their behalf."""
        from courses.accounts.api import has_role, unconfirmed_address
        from courses.accounts.enums import Role
        from courses.plugin_api.registries import (
            MenuItem,
            PageSlot,
            PeriodicJob,
            Slot,
            menu_items,
            page_slots,
            periodic_jobs,
        )

        def confirm_address(request: "HttpRequest", page: "Page | None") -> "dict[str, str] | None":
            address = unconfirmed_address(request.user) if request.user.is_authenticated else ""
            return {"unconfirmed": address} if address else None

        page_slots.register(
            PageSlot(
                key="confirm-address",
                slot=Slot.DASHBOARD,
                template="courses_accounts/slots/confirm_address.html",
                context=confirm_address,
                order=1,
            ),
            origin="courses_accounts",
        )

        menu_items.register(
            MenuItem(
                key="people",
                label=_("Associations"),
                url_name="accounts:pending",
                visible=lambda request: has_role(request.user, Role.COORDINATOR, Role.ADMINISTRATOR),
                order=60,
            ),
            origin="courses_accounts",
        )

        periodic_jobs.register(
            PeriodicJob(
                "accounts.sessions", "courses.accounts.tasks.clear_expired_sessions", every_seconds=86400
            ),
            origin="courses_accounts",
        )
