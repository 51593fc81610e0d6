"""The ledger of learning. Rows point to content by translation key and outlive the pages."""

import uuid
from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

# Of the code of a programme.
CODE_LENGTH = 40


class Programme(models.Model):
    """Something that learners come by and that is reported on alone: a funded project, a partner, a workshop.

    `code` stands in invitation links and on enrolments, in capitals, and never changes; enrolments keep it as
    text, so that they owe nothing to this row. Both days are included; without them it runs always.
    """

    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True)
    name_ar = models.CharField(_("name in Arabic"), max_length=120, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    # Whose coordinators manage it; administrators alone without one. It limits nobody's enrolment.
    region = models.ForeignKey(
        "courses_accounts.Region",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    starts_on = models.DateField(_("first day"), null=True, blank=True)
    ends_on = models.DateField(_("last day"), null=True, blank=True)

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [
            models.UniqueConstraint(Lower("code"), name="programme_code_unique_ci"),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True)
                | models.Q(ends_on__isnull=True)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="programme_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the active language, or one there is; the code where there is none."""
        names = {"fr": self.name_fr, "ar": self.name_ar, "en": self.name_en}
        own = names.get((get_language() or "fr")[:2], "")
        return own or next((name for name in names.values() if name), self.code)

    def has_begun(self, day: date) -> bool:
        return self.starts_on is None or self.starts_on <= day

    def has_ended(self, day: date) -> bool:
        return self.ends_on is not None and self.ends_on < day

    def runs_on(self, day: date) -> bool:
        return self.has_begun(day) and not self.has_ended(day)


class Enrolment(models.Model):
    """A learner in a course, for one cycle. A recertification starts cycle 2 and overwrites nothing.

    `course_title` and `course_code` are as they were shown at enrolment, for the day the course is gone.
    `programme` is the code of a Programme, from an invitation link; empty for none.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="enrolments")
    course_key = models.UUIDField(_("course key"), db_index=True)
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    programme = models.CharField(_("programme"), max_length=CODE_LENGTH, blank=True, db_index=True)
    locale = models.CharField(_("language"), max_length=10)
    course_title = models.CharField(_("course title"), max_length=255)
    course_code = models.CharField(_("course code"), max_length=100, blank=True)
    enrolled_at = models.DateTimeField(_("enrolled"))

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["user", "course_key", "cycle"], name="enrolment_once_per_cycle"),
            models.CheckConstraint(condition=models.Q(cycle__gte=1), name="enrolment_cycle_from_one"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.course_code} ({self.cycle})"


class LessonOpening(models.Model):
    """Evidence that a lesson was displayed to an enrolled learner; the first time counts. `last_opened_at`: the latest
    time, for rules that ask for reading again; without one, the first.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="openings")
    activity_key = models.UUIDField()
    locale = models.CharField(max_length=10)
    revision_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    last_opened_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("opening")
        verbose_name_plural = _("openings")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity_key"], name="opening_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.activity_key}"


class ActivityCompletion(models.Model):
    """Evidence that an activity's rule was met; never taken away by a rule change.

    `evidence` names what proves it where there is more than the learner's word: the uuid of an attempt.
    """

    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="completions")
    activity_key = models.UUIDField(db_index=True)
    kind = models.CharField(max_length=40)
    locale = models.CharField(max_length=10)
    revision_id = models.BigIntegerField(null=True)
    evidence = models.UUIDField(null=True)
    completed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("completion")
        verbose_name_plural = _("completions")
        constraints = [
            models.UniqueConstraint(fields=["enrolment", "activity_key"], name="completion_once"),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.activity_key}"


class CourseProgress(models.Model):
    """The summary of an enrolment, recomputed under lock from the ledger and the course's outline.

    `percent` (0–100) is a whole number, rounded down, so that 100 means complete. `completed_at` is set once.
    """

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="progress")
    required_count = models.PositiveSmallIntegerField()
    done_count = models.PositiveSmallIntegerField()
    percent = models.PositiveSmallIntegerField(validators=[MaxValueValidator(100)])
    # Where the learner was last: 'go on where I stopped'.
    last_activity_key = models.UUIDField(null=True)
    last_activity_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True, db_index=True)
    completed_locale = models.CharField(max_length=10, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name = _("course progress")
        verbose_name_plural = _("course progress")
        constraints = [
            models.CheckConstraint(condition=models.Q(percent__lte=100), name="progress_percent_at_most_100"),
            models.CheckConstraint(
                condition=models.Q(completed_at__isnull=True) | models.Q(percent=100),
                name="progress_complete_is_100",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment_id}: {self.percent} %"
