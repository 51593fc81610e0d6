from django.db import models
from django.utils.translation import gettext_lazy as _


class PackageRecord(models.Model):
    """What a course package says that no page shows, kept so that the course can be written as a package again.

    One row for a course in all its languages. `languages`: codes of those that the last package brought.
    `facts`: the fact sheet as `{"note": text, "checked_to": "2026-02", "facts": [{"id", "confidence",
    "statement", "source"}, …]}`, or null where the package has none.
    """

    course_key = models.UUIDField(_("course key"), unique=True)
    source_language = models.CharField(_("source language"), max_length=10)
    languages = models.JSONField(_("languages"), default=list)
    facts = models.JSONField(_("facts in the register"), null=True)
    imported_at = models.DateTimeField(_("last import that changed something"))

    class Meta:
        verbose_name = _("course package")
        verbose_name_plural = _("course packages")

    def __str__(self) -> str:
        return str(self.course_key)
