from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from courses.plugin_api.config import CoursePluginConfig, PluginMeta
from courses.plugin_api.registries import (
    AccessPolicy,
    MenuItem,
    OutlineDecorator,
    PageSlot,
    PeriodicJob,
    Slot,
    access_policies,
    menu_items,
    outline_decorators,
    page_slots,
    periodic_jobs,
)


class ProgressConfig(CoursePluginConfig):
    name = "courses.progress"
    label = "courses_progress"
    verbose_name = _("Progress")

    class Plugin(PluginMeta):
        name = "Progress"
        version = "1.0"
        author = "Ilmam"
        description = "The ledger of learning: enrolments, openings, completions, 'My learning'."
        depends_on: ClassVar[tuple[str, ...]] = ()

    def register(self) -> None:
        from courses.accounts.api import PersonalDataSource, personal_data_sources
        from courses.progress.domain import personal_data, slots

        def entry(key: str, slot: Slot, template: str, context: object, order: int = 100) -> None:
            page_slots.register(
                PageSlot(key, slot, f"courses_progress/slots/{template}", context, order),  # type: ignore[arg-type]
                origin=self.label,
            )

        entry("course-action", Slot.COURSE_ACTION, "course_action.html", slots.course_action)
        entry("next-step", Slot.FRONT, "next_step.html", slots.next_step)
        entry("course-complete", Slot.ACTIVITY_RESULT, "activity_result.html", slots.activity_result)
        entry("mark-as-done", Slot.LESSON_FOOTER, "lesson_footer.html", slots.lesson_footer)
        access_policies.register(AccessPolicy("sequence", slots.sequence_policy), origin=self.label)
        outline_decorators.register(OutlineDecorator("progress", slots.outline_states), origin=self.label)
        menu_items.register(
            MenuItem(
                key="my-learning",
                label=_("My learning"),
                url_name="progress:my_learning",
                visible=lambda request: request.user.is_authenticated,
                order=20,
            ),
            origin=self.label,
        )
        periodic_jobs.register(
            PeriodicJob("progress.recompute", "courses.progress.tasks.sweep_progress", every_seconds=300),
            origin=self.label,
        )
        personal_data_sources.register(
            PersonalDataSource(
                "learning",
                _("Learning"),
                personal_data.export,
                personal_data.erase,
                personal_data.LABELS,
                personal_data.FILE_ONLY,
                personal_data.WORDS,
            ),
            origin=self.label,
        )
