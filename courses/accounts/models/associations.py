import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.accounts.enums import AssociationStatus, MembershipFunction, MembershipStatus
from courses.lib.search_text import search_key

SEARCH_KEY_LENGTH = 420


def association_key(*names: str) -> str:
    """The keys of the names between bars: `|امل|amal|`. So `|amal|` finds an equal name, `amal` a part of one."""
    keys = [key for key in map(search_key, names) if key]
    return f"|{'|'.join(keys)}|"[:SEARCH_KEY_LENGTH] if keys else ""


class Association(models.Model):
    """The legal body. At least one of the two names is set; `search_key` is derived from both."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name_ar = models.CharField(_("name in Arabic"), max_length=200, blank=True)
    name_latin = models.CharField(_("name in Latin letters"), max_length=200, blank=True)
    search_key = models.CharField(max_length=SEARCH_KEY_LENGTH, editable=False, db_index=True)
    region = models.ForeignKey(
        "courses_accounts.Region",
        on_delete=models.PROTECT,
        related_name="associations",
        verbose_name=_("region"),
    )
    status = models.CharField(
        _("status"), max_length=20, choices=AssociationStatus, default=AssociationStatus.PROPOSED
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision_reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("association")
        verbose_name_plural = _("associations")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(name_ar="", name_latin=""), name="association_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_key = association_key(self.name_ar, self.name_latin)
        super().save(*args, **kwargs)

    @property
    def name(self) -> str:
        """The name in the active language's script, or the one there is."""
        return self.name_in(get_language() or "fr")

    def name_in(self, language: str) -> str:
        if language.startswith("ar"):
            return self.name_ar or self.name_latin
        return self.name_latin or self.name_ar


class Membership(models.Model):
    """A person in an association, for a time. *Declared* until a coordinator of its region confirms it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    association = models.ForeignKey(Association, on_delete=models.PROTECT, related_name="memberships")
    function = models.CharField(
        _("function"), max_length=20, choices=MembershipFunction, default=MembershipFunction.MEMBER
    )
    status = models.CharField(
        _("status"), max_length=20, choices=MembershipStatus, default=MembershipStatus.DECLARED
    )
    started_on = models.DateField(_("since"))
    ended_on = models.DateField(_("until"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "association"],
                condition=models.Q(ended_on__isnull=True),
                name="membership_one_open_per_association",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True) | models.Q(ended_on__gte=models.F("started_on")),
                name="membership_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        # The log keeps this text: it must say neither who nor where.
        return f"{self._meta.verbose_name} {self.pk}"
