from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from courses.plugin_api.config import CoursePluginConfig, PluginMeta


class ReportsConfig(CoursePluginConfig):
    name = "courses.reports"
    label = "courses_reports"
    verbose_name = _("Reports")

    class Plugin(PluginMeta):
        name = "Reports"
        version = "1.0"
        author = "Ilmam"
        description = "Coverage by region, association and person, within the viewer's scope."
        depends_on: ClassVar[tuple[str, ...]] = ("courses.progress",)

    def register(self) -> None:
        """Filled below."""
