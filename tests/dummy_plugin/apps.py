"""A plugin written as a stranger would write it, from docs/plugins.md alone."""

from typing import ClassVar

from courses.plugin_api.config import CoursePluginConfig, PluginMeta
from courses.plugin_api.registries import (
    ActivityKind,
    CertificateVariable,
    PageSlot,
    ReportColumn,
    Slot,
    activity_kinds,
    certificate_variables,
    page_slots,
    report_columns,
)


class DummyPluginConfig(CoursePluginConfig):
    name = "tests.dummy_plugin"
    label = "dummy_plugin"
    verbose_name = "Dummy"

    class Plugin(PluginMeta):
        name = "Dummy"
        version = "0.1"
        author = "A stranger"
        description = "An activity, a panel and a column, for the contract's test."
        depends_on: ClassVar[tuple[str, ...]] = ()

    def register(self) -> None:
        activity_kinds.register(
            ActivityKind(key="dummy", model="dummy_plugin.DummyPage", label="dummy"), origin=self.label
        )
        page_slots.register(
            PageSlot(
                key="dummy-panel",
                slot=Slot.DASHBOARD,
                template="dummy_plugin/panel.html",
                context=lambda request, page: {"greeting": "Dummy panel"},
            ),
            origin=self.label,
        )
        certificate_variables.register(
            CertificateVariable(
                key="dummy_word",
                label="dummy word",
                example="Bravo",
                evaluate=lambda enrolments, language: {pk: f"Dummy {pk} {language}" for pk in enrolments},
            ),
            origin=self.label,
        )
        report_columns.register(
            ReportColumn(key="dummy-answer", label="Dummy", fetch=lambda rows: dict.fromkeys(rows, 42)),
            origin=self.label,
        )
