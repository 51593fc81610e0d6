from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from courses.plugin_api.config import CoursePluginConfig, PluginMeta


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
        """Filled below."""
