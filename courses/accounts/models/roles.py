from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.accounts.enums import Role


class RoleGrant(models.Model):
    """A role of a person over a region and all below it. Only a trainer's or administrator's grant may have none."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(_("role"), max_length=20, choices=Role)
    region = models.ForeignKey(
        "courses_accounts.Region", on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("region")
    )
    may_export_names = models.BooleanField(
        _("may export lists with names"),
        default=False,
        help_text=_("Every such export asks for a reason and is logged."),
    )
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints = [
            models.UniqueConstraint(fields=["user", "role", "region"], name="role_grant_once"),
            # NULLs are distinct in a unique constraint; SQLite can't say otherwise.
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=models.Q(region__isnull=True),
                name="role_grant_once_without_region",
            ),
            models.CheckConstraint(
                condition=~models.Q(role=Role.COORDINATOR) | models.Q(region__isnull=False),
                name="role_coordinator_has_region",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.region_id}"
