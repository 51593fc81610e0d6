"""What people decide about attempts: allowances, marks, objections, corrections of the key; and refreshers."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.quizzes.enums import ObjectionStatus, RegradeStatus
from courses.quizzes.models.attempts import Attempt


class Allowance(models.Model):
    """Extra time and attempts at a quiz for a person, or for everybody of an association. Never deleted: the row is
    the log of who allowed what, and why.
    """

    quiz_key = models.UUIDField(_("quiz key"), db_index=True)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quiz_allowances",
        verbose_name=_("person"),
    )
    association = models.ForeignKey(
        "courses_accounts.Association",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quiz_allowances",
        verbose_name=_("association"),
    )
    extra_minutes = models.PositiveSmallIntegerField(
        _("extra minutes"), default=0, validators=[MaxValueValidator(24 * 60)]
    )
    extra_attempts = models.PositiveSmallIntegerField(
        _("extra attempts"), default=0, validators=[MaxValueValidator(100)]
    )
    reason = models.TextField(_("reason"), max_length=1000)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"))
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_because = models.TextField(_("reason of the withdrawal"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("allowance")
        verbose_name_plural = _("allowances")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, association__isnull=True)
                | models.Q(user__isnull=True, association__isnull=False),
                name="allowance_person_or_association",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user or self.association)

    def clean(self) -> None:
        super().clean()
        if bool(self.user_id) == bool(self.association_id):
            raise ValidationError({"user": _("Choose a person or an association: one of the two.")})
        if not (self.extra_minutes or self.extra_attempts):
            raise ValidationError({"extra_minutes": _("Say how many minutes or attempts more.")})


class Marking(models.Model):
    """A person's marks for one open answer. The latest counts; earlier ones stay.

    `marks`: points by id of the rubric's criterion, each from 0 to its most. They go with the answers when these are
    purged, and so does the comment. `notified_at`: when the learner was written to, or nobody had to be.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="markings")
    question_key = models.UUIDField()
    marks = models.JSONField(default=dict)
    comment = models.TextField(_("comment for the learner"), max_length=4000, blank=True)
    marked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("marked by")
    )
    marked_at = models.DateTimeField(_("marked"))
    notified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("marking")
        verbose_name_plural = _("markings")

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.question_key}"


class Regrade(models.Model):
    """A correction of a question's key, applied to the attempts that were graded with the old one.

    `version_before`: the versions of the question (`domain.paper`) that are wrong; `row_after` and `secret_after`: the
    question's two documents with the right key. Applied only by a second person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question_key = models.UUIDField(db_index=True)
    versions_before = models.JSONField(default=list)
    row_after = models.JSONField()
    secret_after = models.JSONField()
    reason = models.TextField(_("reason"), max_length=2000)
    # A passed attempt isn't failed unless this was asked for.
    may_fail = models.BooleanField(_("also where a pass becomes a failure"), default=False)
    status = models.CharField(
        _("status"), max_length=10, choices=RegradeStatus.choices, default=RegradeStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("correction of a key")
        verbose_name_plural = _("corrections of keys")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True)
                | ~models.Q(decided_by=models.F("proposed_by"))
                | models.Q(status="declined"),
                name="regrade_by_a_second_person",
            ),
        ]

    def __str__(self) -> str:
        return str(self.question_key)


class RegradeChange(models.Model):
    """What a correction changed in one attempt: its grade, key and hash before and after. `kept_pass`: the points say
    a failure now, and the pass stands.
    """

    regrade = models.ForeignKey(Regrade, on_delete=models.PROTECT, related_name="changes")
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="regrade_changes")
    before = models.JSONField()
    after = models.JSONField()
    kept_pass = models.BooleanField(default=False)
    notified_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("regraded attempt")
        verbose_name_plural = _("regraded attempts")
        constraints = [models.UniqueConstraint(fields=["regrade", "attempt"], name="regrade_change_once")]

    def __str__(self) -> str:
        return f"{self.regrade_id} {self.attempt_id}"


class Objection(models.Model):
    """A learner contests a question. `text` goes with the answers when they are purged."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="objections")
    question_key = models.UUIDField()
    text = models.TextField(_("objection"), max_length=2000)
    locale = models.CharField(_("language"), max_length=10)
    made_at = models.DateTimeField(_("made"))
    answer_due = models.DateField(_("answer due"))
    status = models.CharField(
        _("status"), max_length=10, choices=ObjectionStatus.choices, default=ObjectionStatus.OPEN
    )
    answer = models.TextField(_("answer"), max_length=4000, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)
    regrade = models.ForeignKey(
        Regrade, on_delete=models.PROTECT, null=True, blank=True, related_name="objections"
    )

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "question_key"], name="objection_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.question_key}"


class Refresher(models.Model):
    """Three questions that come back after a pass. `after_days`: 7 or 30. `attempt` is made when the learner opens it.

    `right` of `asked` are set once it is submitted.
    """

    enrolment = models.ForeignKey(
        "courses_progress.Enrolment", on_delete=models.PROTECT, related_name="refreshers"
    )
    quiz_key = models.UUIDField(db_index=True)
    after_days = models.PositiveSmallIntegerField()
    due_at = models.DateTimeField(db_index=True)
    attempt = models.OneToOneField(Attempt, on_delete=models.PROTECT, null=True, related_name="refresher")
    mailed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    asked = models.PositiveSmallIntegerField(null=True)
    right = models.PositiveSmallIntegerField(null=True)

    class Meta:
        verbose_name = _("refresher")
        verbose_name_plural = _("refreshers")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "quiz_key", "after_days"], name="refresher_once_a_stage"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz_key} +{self.after_days}"
