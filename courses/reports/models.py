"""What the reports record: every list of names that left the platform."""

from django.conf import settings
from django.core.validators import MinLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

REASON_MIN_LENGTH = 10
REASON_MAX_LENGTH = 500


class NameExport(models.Model):
    """A list with names, handed out: to whom, when, of what, why and how many lines.
    Written once and never deleted; the one thing that goes is a name somebody searched for (`search` becomes
    `search_removed_at`), when that person's account is closed, or after a year.

    Exactly one of `region` and `association` says what it covers. `filters` holds what was asked for, as
    JSON: course (key), programme (code), both with their names of that day, basis, since, until (ISO dates),
    search.
    """

    exported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="name_exports", verbose_name=_("who")
    )
    exported_at = models.DateTimeField(_("when"), db_index=True)
    region = models.ForeignKey(
        "courses_accounts.Region",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("region"),
    )
    association = models.ForeignKey(
        "courses_accounts.Association",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("association"),
    )
    filters = models.JSONField(_("filters"), default=dict)
    reason = models.CharField(
        _("reason"), max_length=REASON_MAX_LENGTH, validators=[MinLengthValidator(REASON_MIN_LENGTH)]
    )
    row_count = models.PositiveIntegerField(_("lines"))

    class Meta:
        verbose_name = _("export with names")
        verbose_name_plural = _("exports with names")
        ordering = ["-exported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(region__isnull=True, association__isnull=False)
                | models.Q(region__isnull=False, association__isnull=True),
                name="name_export_of_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exported_by_id} {self.exported_at:%Y-%m-%d} ({self.row_count})"
