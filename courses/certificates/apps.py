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
        from courses.accounts.api import (
            PersonalDataSource,
            TrainerRight,
            personal_data_sources,
            trainer_rights,
        )
        from courses.certificates import checks  # noqa: F401
        from courses.certificates.domain import archives, erasure, slots, variables

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
        page_slots.register(
            PageSlot(
                "archives",
                Slot.REPORT,
                "courses_certificates/slots/report.html",
                # The report is for those who may see the page; it says what else it takes.
                lambda request, page: {},
            ),
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
        for name in ("letters", "runs", "archives"):
            periodic_jobs.register(
                PeriodicJob(
                    f"certificates.{name}", f"courses.certificates.tasks.sweep_{name}", every_seconds=60
                ),
                origin=self.label,
            )
        periodic_jobs.register(
            PeriodicJob(
                "certificates.expiries", "courses.certificates.tasks.announce_expiries", every_seconds=21600
            ),
            origin=self.label,
        )
        for verb in ("add", "change", "view"):
            trainer_rights.register(
                TrainerRight(f"courses_certificates.{verb}_certificatedesign"), origin=self.label
            )
        trainer_rights.register(TrainerRight("courses_certificates.change_courserule"), origin=self.label)
        for variable in variables.BUILT_IN:
            certificate_variables.register(variable, origin=self.label)
        # Before the certificates: an erasure locks in this order.
        personal_data_sources.register(
            PersonalDataSource(
                "archives",
                _("Archives of certificates you asked for"),
                archives.export,
                archives.end_those_with,
                archives.LABELS,
            ),
            origin=self.label,
        )
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
