"""Closed lists of the people and territory app."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegionKind(models.TextChoices):
    COUNTRY = "country", _("country")
    REGION_GROUP = "region_group", _("group of governorates")
    REGION = "region", _("region")
    GOVERNORATE = "governorate", _("governorate")


class Role(models.TextChoices):
    TRAINER = "trainer", _("trainer")
    COORDINATOR = "coordinator", _("coordinator")
    ADMINISTRATOR = "administrator", _("administrator")


class AssociationStatus(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class AssociationAnswer(models.TextChoices):
    """What somebody without an association said when asked; a full answer on which nothing depends."""

    NONE = "none", _("no association yet")
    UNDISCLOSED = "undisclosed", _("prefers not to say")


class MembershipStatus(models.TextChoices):
    DECLARED = "declared", _("declared")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")


class MembershipFunction(models.TextChoices):
    PRESIDENT = "president", _("president")
    SECRETARY = "secretary", _("secretary general")
    TREASURER = "treasurer", _("treasurer")
    BOARD = "board", _("board member")
    MEMBER = "member", _("member")
    VOLUNTEER = "volunteer", _("volunteer")
    EMPLOYEE = "employee", _("employee")


class ConsentKind(models.TextChoices):
    REMINDERS = "reminders", _("reminders by e-mail")
    NEWS = "news", _("news of new courses by e-mail")
