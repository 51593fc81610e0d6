"""The records of attempts. They carry everything they need and point to content by translation key only."""

import uuid
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.quizzes.enums import AttemptPurpose, AttemptStatus, EndedBy


class Attempt(models.Model):
    """One try at a quiz, with its frozen paper.

    `paper` is what the learner sees, in all languages there were; `answer_key` holds right answers, remarks and
    explanations and never leaves the server before the review. Their shapes: `domain.paper`. Once submitted:
    the score is the exact fraction `score_num`/`score_den` of `max_points`, `percent` is rounded down, `results`
    maps question keys to the exact fraction of their points, `answers_hash` is the SHA-256 of the answers that
    were graded. `purged_at`: when the answers were removed; the grade and the hashes stay.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(
        "courses_progress.Enrolment", on_delete=models.PROTECT, related_name="quiz_attempts"
    )
    quiz_key = models.UUIDField(_("quiz key"), db_index=True)
    purpose = models.CharField(
        _("purpose"), max_length=10, choices=AttemptPurpose.choices, default=AttemptPurpose.GRADED
    )
    number = models.PositiveSmallIntegerField(_("number"))
    locale = models.CharField(_("language"), max_length=10)
    revision_id = models.BigIntegerField(null=True)
    pass_mark = models.PositiveSmallIntegerField(_("pass mark in percent"))
    paper = models.JSONField()
    answer_key = models.JSONField()
    paper_hash = models.CharField(max_length=64)
    status = models.CharField(
        _("status"), max_length=20, choices=AttemptStatus.choices, default=AttemptStatus.IN_PROGRESS
    )
    started_at = models.DateTimeField(_("started"))
    # When the time is over, with everybody's and one's own extra time; none without a limit. Outages that were
    # measured (`credited_seconds`) come on top, then the grace of the frozen policy.
    deadline_at = models.DateTimeField(_("deadline"), null=True)
    credited_seconds = models.PositiveIntegerField(default=0)
    last_receipt_at = models.DateTimeField(null=True)
    # The first position that can still be answered, where there is no way back; only ever raised.
    reached = models.PositiveSmallIntegerField(default=1)
    submitted_at = models.DateTimeField(_("submitted"), null=True)
    ended_by = models.CharField(max_length=10, choices=EndedBy.choices, blank=True)
    score_num = models.PositiveBigIntegerField(null=True)
    score_den = models.PositiveBigIntegerField(null=True)
    max_points = models.PositiveIntegerField(null=True)
    percent = models.PositiveSmallIntegerField(_("percent"), null=True)
    passed = models.BooleanField(_("passed"), null=True)
    results = models.JSONField(default=dict)
    answers_hash = models.CharField(max_length=64, blank=True)
    # Keys the hash of the answers; it goes with them, so that nobody can try out which answers give the hash.
    answers_salt = models.CharField(max_length=32, blank=True)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "quiz_key", "purpose", "number"], name="attempt_number_once"
            ),
            models.UniqueConstraint(
                fields=["enrolment", "quiz_key", "purpose"],
                condition=models.Q(status="in_progress"),
                name="attempt_one_in_progress",
            ),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="attempt_number_from_one"),
            models.CheckConstraint(
                condition=models.Q(
                    status="in_progress",
                    submitted_at__isnull=True,
                    percent__isnull=True,
                    passed__isnull=True,
                )
                | models.Q(
                    status="to_mark", submitted_at__isnull=False, percent__isnull=True, passed__isnull=True
                )
                | models.Q(
                    status="submitted",
                    submitted_at__isnull=False,
                    score_num__isnull=False,
                    score_den__gte=1,
                    max_points__isnull=False,
                    percent__lte=100,
                    passed__isnull=False,
                ),
                name="attempt_graded_once_submitted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_key} ({self.number})"

    @property
    def is_submitted(self) -> bool:
        """Over for the learner: graded, or waiting for a person to mark it."""
        return self.status != AttemptStatus.IN_PROGRESS

    @property
    def is_graded(self) -> bool:
        return self.status == AttemptStatus.SUBMITTED


class JournalQuerySet(models.QuerySet[Any]):
    """The journals are only ever added to; a purge deletes whole attempts' entries."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("The journal of answers is append-only.")


class AnswerEntry(models.Model):
    """One answer as it was received. The current answer to a question is the entry with the highest sequence;
    ties go by time of receipt, then by id. A null value withdraws the answer.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="entries")
    question_key = models.UUIDField()
    device_id = models.CharField(max_length=64)
    sequence = models.PositiveBigIntegerField()
    value = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    # Came after the deadline: kept, and never counted.
    late = models.BooleanField(default=False)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question_key", "device_id", "sequence"], name="answer_entry_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.question_key} {self.sequence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The journal of answers is append-only.")
        super().save(*args, **kwargs)


class Check(models.Model):
    """A learner asked during the attempt whether an answer is right, and was told. Append-only; goes with the answers.

    `value` is the clean answer that was judged, `fraction` the exact share of the points that it deserves by itself.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="checks")
    question_key = models.UUIDField()
    try_number = models.PositiveSmallIntegerField()
    value = models.JSONField()
    fraction = models.CharField(max_length=60)
    checked_at = models.DateTimeField()

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = _("checked answer")
        verbose_name_plural = _("checked answers")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "question_key", "try_number"], name="check_once_a_try"
            ),
            models.CheckConstraint(condition=models.Q(try_number__gte=1), name="check_try_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.question_key} {self.try_number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The journal of answers is append-only.")
        super().save(*args, **kwargs)
