"""What a course says of its certificates, and the frozen looks they were printed with."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class CourseRule(models.Model):
    """How certificates of one course are made from now on; what was issued never follows it.

    A course without a row has the defaults: no expiry, issued at completion, without a score.
    """

    course_key = models.UUIDField(_("course"), unique=True)
    validity_months = models.PositiveSmallIntegerField(
        _("months of validity"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text=_("Empty: certificates of this course don't expire."),
    )
    issues_at_completion = models.BooleanField(
        _("issued at completion"),
        default=True,
        help_text=_("Otherwise certificates wait until an administrator issues them in bulk."),
    )
    shows_score = models.BooleanField(_("prints the score"), default=False)
    # Without one, the design used by default.
    design = models.ForeignKey(
        "courses_certificates.CertificateDesign",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("design"),
        help_text=_("Empty: the design used by default."),
    )
    provisions_ar = models.TextField(_("provisions covered, in Arabic"), max_length=300, blank=True)
    provisions_fr = models.TextField(_("provisions covered, in French"), max_length=300, blank=True)
    provisions_en = models.TextField(_("provisions covered, in English"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certificates of a course")
        verbose_name_plural = _("certificates of courses")

    def __str__(self) -> str:
        return str(self.course_key)

    def provisions(self) -> dict[str, str]:
        """By language; only the languages that have a text."""
        texts = {"ar": self.provisions_ar, "fr": self.provisions_fr, "en": self.provisions_en}
        return {language: text.strip() for language, text in texts.items() if text.strip()}


class DesignVersion(models.Model):
    """A design as it was when a certificate was asked for. Immutable; equal designs share one row.

    `digest` is the SHA-256 of the canonical JSON of `spec` (`interfaces.pdf.spec`). Pictures are in the private
    storage under the SHA-256 of their bytes, which the spec names.
    """

    digest = models.CharField(_("SHA-256"), max_length=64, unique=True)
    spec = models.JSONField(_("design"))
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("version of a design")
        verbose_name_plural = _("versions of designs")

    def __str__(self) -> str:
        return self.digest[:16]
