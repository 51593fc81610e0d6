from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from courses.plugin_api.config import CoursePluginConfig, PluginMeta
from courses.plugin_api.registries import (
    ActivityKind,
    CertificateVariable,
    PageSlot,
    PeriodicJob,
    Slot,
    activity_codecs,
    activity_kinds,
    certificate_variables,
    page_slots,
    periodic_jobs,
    report_columns,
)


class QuizzesConfig(CoursePluginConfig):
    name = "courses.quizzes"
    label = "courses_quizzes"
    verbose_name = _("Quizzes")

    class Plugin(PluginMeta):
        name = "Quizzes"
        version = "1.0"
        author = "Ilmam"
        description = (
            "Quizzes with frozen papers, answers saved as they are given, grades that can be trusted."
        )
        depends_on: ClassVar[tuple[str, ...]] = ("courses.progress",)

    def register(self) -> None:
        from courses.accounts.api import (
            PersonalDataSource,
            TrainerRight,
            personal_data_sources,
            trainer_rights,
        )
        from courses.quizzes import checks, receivers  # noqa: F401
        from courses.quizzes.domain import personal_data
        from courses.quizzes.interfaces.package_db import StoredQuizCodec

        activity_kinds.register(
            ActivityKind(key="quiz", model="courses_quizzes.QuizPage", label=_("quiz"), assessed=True),
            origin=self.label,
        )
        periodic_jobs.register(
            PeriodicJob("quizzes.completions", "courses.quizzes.tasks.sweep_completions", every_seconds=300),
            origin=self.label,
        )
        periodic_jobs.register(
            PeriodicJob("quizzes.deadlines", "courses.quizzes.tasks.end_overdue_attempts", every_seconds=60),
            origin=self.label,
        )
        periodic_jobs.register(
            PeriodicJob("quizzes.markings", "courses.quizzes.tasks.sweep_markings", every_seconds=300),
            origin=self.label,
        )
        periodic_jobs.register(
            PeriodicJob("quizzes.purge", "courses.quizzes.tasks.purge_old_answers", every_seconds=86400),
            origin=self.label,
        )
        periodic_jobs.register(
            PeriodicJob(
                "quizzes.statistics", "courses.quizzes.tasks.compute_statistics", every_seconds=86400
            ),
            origin=self.label,
        )
        page_slots.register(
            # Sends what this device kept; empty unless there is something.
            PageSlot(
                "quizzes.unsent",
                Slot.DASHBOARD,
                "courses_quizzes/slots/unsent.html",
                lambda request, page: {},
            ),
            origin=self.label,
        )
        personal_data_sources.register(
            PersonalDataSource(
                "quizzes",
                _("Quizzes"),
                personal_data.export,
                personal_data.erase,
                personal_data.LABELS,
                personal_data.FILE_ONLY,
            ),
            origin=self.label,
        )
        for verb in ("add", "change", "view", "publish"):
            trainer_rights.register(TrainerRight(f"courses_quizzes.{verb}_question"), origin=self.label)
            trainer_rights.register(TrainerRight(f"courses_quizzes.{verb}_scenario"), origin=self.label)
        for model in ("questioncategory", "learningobjective"):
            for verb in ("add", "change", "view", "delete"):
                trainer_rights.register(TrainerRight(f"courses_quizzes.{verb}_{model}"), origin=self.label)
        trainer_rights.register(TrainerRight("courses_quizzes.view_quizstatistic"), origin=self.label)
        trainer_rights.register(TrainerRight("courses_quizzes.add_marking"), origin=self.label)
        for verb in ("add", "change", "view"):
            trainer_rights.register(TrainerRight(f"courses_quizzes.{verb}_allowance"), origin=self.label)
        activity_codecs.register(StoredQuizCodec(), origin=self.label)
        self._register_types()
        self._register_what_stays()

    def _register_types(self) -> None:
        from courses.quizzes.types.base import question_types
        from courses.quizzes.types.cloze import Cloze
        from courses.quizzes.types.matching import Matching
        from courses.quizzes.types.multiple_choice import MultipleChoice
        from courses.quizzes.types.numeric import Numeric
        from courses.quizzes.types.open_answer import OpenAnswer
        from courses.quizzes.types.ordering import Ordering
        from courses.quizzes.types.short_text import ShortText
        from courses.quizzes.types.single_choice import SingleChoice
        from courses.quizzes.types.true_false import TrueFalse

        kinds = (SingleChoice, MultipleChoice, TrueFalse, Numeric, ShortText, Matching, Ordering)
        for kind in (*kinds, Cloze, OpenAnswer):
            question_types.register(kind(), origin=self.label)

    def _register_what_stays(self) -> None:
        """What comes back after a pass, what is corrected, and what reports say of both."""
        from courses.accounts.api import TrainerRight, trainer_rights
        from courses.quizzes.domain import certifying
        from courses.quizzes.interfaces.report_columns import COLUMNS
        from courses.quizzes.views.refreshing import panel

        jobs = (
            PeriodicJob("quizzes.refreshers", "courses.quizzes.tasks.refresh_memories", every_seconds=3600),
            PeriodicJob("quizzes.objections", "courses.quizzes.tasks.tell_objectors", every_seconds=300),
            PeriodicJob("quizzes.corrections", "courses.quizzes.tasks.apply_corrections", every_seconds=300),
        )
        for job in jobs:
            periodic_jobs.register(job, origin=self.label)
        page_slots.register(
            PageSlot(
                "quizzes.refreshers", Slot.DASHBOARD, "courses_quizzes/slots/refreshers.html", panel, order=90
            ),
            origin=self.label,
        )
        certificate_variables.register(
            CertificateVariable(
                "best_result", _("best result of the test, in percent"), "85", certifying.best_results
            ),
            origin=self.label,
        )
        for column in COLUMNS:
            report_columns.register(column, origin=self.label)
        for right in ("view_objection", "change_objection", "view_regrade", "add_regrade", "change_regrade"):
            trainer_rights.register(TrainerRight(f"courses_quizzes.{right}"), origin=self.label)
