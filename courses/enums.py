"""Closed lists of the course pages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Theme(models.TextChoices):
    LEGAL = "legal", _("Legal obligations")
    ADVOCACY = "advocacy", _("Advocacy")
    FUNDRAISING = "fundraising", _("Fundraising")


class Level(models.TextChoices):
    BEGINNER = "beginner", _("Beginner")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")


class PassRule(models.TextChoices):
    ALL_REQUIRED = "all_required", _("every required activity is complete")
    ALL_ASSESSED = "all_assessed", _("every required quiz or other assessed activity is passed")
