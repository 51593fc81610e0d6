from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from courses.plugin_api.config import CoursePluginConfig, PluginMeta
from courses.plugin_api.registries import (
    ActivityKind,
    PeriodicJob,
    activity_codecs,
    activity_kinds,
    periodic_jobs,
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
        from courses.quizzes import checks  # noqa: F401
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
        personal_data_sources.register(
            PersonalDataSource(
                "quizzes", _("Quizzes"), personal_data.export, personal_data.erase, personal_data.LABELS
            ),
            origin=self.label,
        )
        for verb in ("add", "change", "view", "publish"):
            trainer_rights.register(TrainerRight(f"courses_quizzes.{verb}_question"), origin=self.label)
        activity_codecs.register(StoredQuizCodec(), origin=self.label)
        self._register_types()

    def _register_types(self) -> None:
        from courses.quizzes.types.base import question_types
        from courses.quizzes.types.multiple_choice import MultipleChoice
        from courses.quizzes.types.numeric import Numeric
        from courses.quizzes.types.single_choice import SingleChoice
        from courses.quizzes.types.true_false import TrueFalse

        for kind in (SingleChoice(), MultipleChoice(), TrueFalse(), Numeric()):
            question_types.register(kind, origin=self.label)
