from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.accounts.enums import ConsentKind


class ConsentRecord(models.Model):
    """A consent as it was given: the exact text, its language and the time; withdrawn, never deleted."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField(_("kind"), max_length=20, choices=ConsentKind)
    text = models.TextField(_("text agreed to"))
    language = models.CharField(_("language"), max_length=10)
    given_at = models.DateTimeField(_("given"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_one_open_per_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.kind}"
