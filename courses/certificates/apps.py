from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from courses.plugin_api.config import CoursePluginConfig, PluginMeta
from courses.plugin_api.registries import (
    MenuItem,
    PageSlot,
    PeriodicJob,
    Slot,
    certificate_variables,
    menu_items,
    page_slots,
    periodic_jobs,
)


class CertificatesConfig(CoursePluginConfig):
    name = "courses.certificates"
    label = "courses_certificates"
    verbose_name = _("Certificates")

    class Plugin(PluginMeta):
        name = "Certificates"
        version = "1.0"
        author = "Ilmam"
        description = "Certificates of training completion: made once, verified by anybody."
        depends_on: ClassVar[tuple[str, ...]] = ("courses.progress",)

    def register(self) -> None:
        from courses.accounts.api import PersonalDataSource, personal_data_sources
        from courses.certificates import checks  # noqa: F401
        from courses.certificates.domain import erasure, slots, variables

        page_slots.register(
            PageSlot(
                key="certificates",
                slot=Slot.DASHBOARD,
                template="courses_certificates/slots/dashboard.html",
                context=slots.dashboard,
                order=20,
            ),
            origin=self.label,
        )
        # After the course's own action, and after progress has said that the course is complete.
        for key, slot in (("certificate", Slot.COURSE_ACTION), ("certificate-result", Slot.ACTIVITY_RESULT)):
            page_slots.register(
                PageSlot(key, slot, "courses_certificates/slots/course.html", slots.in_course, order=200),
                origin=self.label,
            )
        menu_items.register(
            MenuItem(
                key="verify",
                label=_("Check a certificate"),
                url_name="certificates:verify",
                visible=lambda request: True,
                order=80,
            ),
            origin=self.label,
        )
        periodic_jobs.register(
            PeriodicJob(
                "certificates.sweep", "courses.certificates.tasks.sweep_certificates", every_seconds=60
            ),
            origin=self.label,
        )
        for variable in variables.BUILT_IN:
            certificate_variables.register(variable, origin=self.label)
        personal_data_sources.register(
            PersonalDataSource(
                "certificates",
                _("Certificates"),
                erasure.export,
                erasure.erase,
                erasure.LABELS,
                erasure.FILE_ONLY,
                erasure.WORDS,
            ),
            origin=self.label,
        )
