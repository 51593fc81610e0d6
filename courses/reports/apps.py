from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from courses.plugin_api.config import CoursePluginConfig, PluginMeta
from courses.plugin_api.registries import MenuItem, PeriodicJob, menu_items, periodic_jobs


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
        from courses.accounts.api import PersonalDataSource, personal_data_sources
        from courses.reports.domain import personal_data
        from courses.reports.domain.scope import may_see_reports

        menu_items.register(
            MenuItem(
                key="reports",
                label=_("Reports"),
                url_name="reports:index",
                visible=lambda request: may_see_reports(request.user),
                order=50,
            ),
            origin=self.label,
        )
        periodic_jobs.register(
            PeriodicJob(
                "reports.searches", "courses.reports.tasks.remove_searches_of_a_year", every_seconds=86400
            ),
            origin=self.label,
        )
        personal_data_sources.register(
            PersonalDataSource(
                "name-exports",
                _("Lists with names you exported"),
                personal_data.export,
                personal_data.erase,
                personal_data.LABELS,
            ),
            origin=self.label,
        )
