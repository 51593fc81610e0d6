"""Figures of quizzes as they were computed last."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuizStatistic(models.Model):
    """Figures of a quiz and its questions as they were computed last, without anybody's name or answers.

    `summary` and `questions` hold only what may be shown (`domain.quiz_figures`); `titles`: the quiz's title by
    language in its newest paper.
    """

    quiz_key = models.UUIDField(_("quiz key"), unique=True)
    computed_at = models.DateTimeField(_("computed"))
    format = models.PositiveSmallIntegerField()
    titles = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    questions = models.JSONField(default=list)

    class Meta:
        verbose_name = _("quiz statistics")
        verbose_name_plural = _("quiz statistics")

    def __str__(self) -> str:
        return str(next(iter(self.titles.values()), self.quiz_key))
