"""Closed lists of the reports."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PeriodBasis(models.TextChoices):
    """Which date the period of a report looks at."""

    ENROLMENT = "enrolment", _("the date of enrolment")
    COMPLETION = "completion", _("the date of completion")


class RowKind(models.TextChoices):
    """What a row of a report stands for."""

    REGION = "region", _("region")
    ASSOCIATION = "association", _("association")
    NO_ASSOCIATION = "no_association", _("members without an association")
    NO_REGION = "no_region", _("members without a region")
    TOTAL = "total", _("total")


class LearningState(models.TextChoices):
    """Where a person is with a course, as far as a coordinator may know."""

    PASSED = "passed", pgettext_lazy("state of a learner in a course", "passed")
    IN_PROGRESS = "in_progress", pgettext_lazy("state of a learner in a course", "in progress")
    NOT_YET = "not_yet", _("not passed yet")
