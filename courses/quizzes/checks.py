"""System checks of the registry that this plugin owns."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from courses.quizzes.types.base import question_types


@register
def check_question_types(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No type of question is registered twice."""
    return [
        Error(
            f"{found.refused} registers {found.key!r} in the {found.registry}, but {found.kept} has that key.",
            hint=f"Give the entry of {found.refused} a key of its own.",
            id="courses_quizzes.E001",
        )
        for found in question_types.duplicates
    ]


@register
def check_answers_kept(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Answers are kept for a month at least: learners read their review."""
    if settings.QUIZ_ANSWERS_KEPT_MONTHS >= 1:
        return []
    return [
        Error(
            f"QUIZ_ANSWERS_KEPT_MONTHS is {settings.QUIZ_ANSWERS_KEPT_MONTHS}, and must be 1 or more.",
            id="courses_quizzes.E002",
        )
    ]
