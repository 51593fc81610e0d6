"""Designs of certificates, as trainers edit them. What is issued keeps a frozen copy (`DesignVersion`)."""

from typing import Any

from django.core.validators import RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.models import Orderable, PreviewableMixin

from courses.certificates.enums import (
    DesignLook,
    DesignOrientation,
    DesignPaper,
    SheetLanguages,
    SpecimenCase,
)

LANGUAGES = ("ar", "fr", "en")


_is_colour = RegexValidator(r"\A#[0-9A-Fa-f]{6}\Z", _("Write the colour as # and six digits: #17494D."))


def colour_field(label: Any, default: str, **kwargs: Any) -> Any:
    """A colour as `#RRGGBB`."""
    return models.CharField(label, max_length=7, default=default, validators=[_is_colour], **kwargs)


def picture_field(label: Any, **kwargs: Any) -> Any:
    """A picture of the image library. Nothing that was issued depends on it: it may be deleted there."""
    return models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=label,
        **kwargs,
    )


class CertificateDesign(PreviewableMixin, ClusterableModel):
    """A look with its colours, pictures, signatories and words.

    `wordings`: by language and field of `interfaces.pdf.wording.Wording`, the texts in the place of those that are
    shipped; what isn't there is printed as shipped. At most one design is the default.
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_default = models.BooleanField(
        _("used by default"),
        default=False,
        help_text=_(
            "For courses that name no design. It takes the place of the one used by default until now."
        ),
    )
    look = models.CharField(_("ornament"), max_length=10, choices=DesignLook, default=DesignLook.STARS)
    paper = models.CharField(_("paper"), max_length=10, choices=DesignPaper, default=DesignPaper.A4)
    orientation = models.CharField(
        _("orientation"), max_length=10, choices=DesignOrientation, default=DesignOrientation.LANDSCAPE
    )
    languages = models.CharField(
        _("languages"),
        max_length=5,
        choices=SheetLanguages,
        default=SheetLanguages.BY_COMPLETION,
        blank=True,
        help_text=_("The first one is printed larger."),
    )
    shows_themes = models.BooleanField(_("prints the themes of the course"), default=True)
    accent = colour_field(_("main colour"), "#17494D", help_text=_("Titles and names."))
    warm = colour_field(_("second colour"), "#B3925F", help_text=_("Lines and ornaments."))
    background_colour = colour_field(_("colour of the sheet"), "#FDFBF7")
    ink = colour_field(_("colour of the text"), "#1F2A2B")
    background = picture_field(
        _("background picture"),
        blank=True,
        help_text=_("PNG or JPEG, pale: the text is printed over it."),
    )
    wordings = models.JSONField(_("wording"), default=dict, blank=True)

    class Meta:
        verbose_name = _("certificate design")
        verbose_name_plural = _("certificate designs")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=models.Q(is_default=True),
                name="certificate_design_one_default",
                violation_error_message=_("Another design is used by default."),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """A specimen for each case in which a design may fail."""
        return list(SpecimenCase.choices)

    @property
    def preview_sizes(self) -> list[dict[str, Any]]:
        """A sheet has one size."""
        return [
            {"name": "sheet", "icon": "desktop", "device_width": 480, "label": _("The whole sheet")},
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from courses.certificates.interfaces.specimens import specimen_response

        return specimen_response(self, mode_name)


class DesignLogo(Orderable):
    design = ParentalKey(CertificateDesign, on_delete=models.CASCADE, related_name="logos")
    image = picture_field(_("logo"), help_text=_("PNG or JPEG."))

    class Meta(Orderable.Meta):
        verbose_name = _("logo")
        verbose_name_plural = _("logos")

    def __str__(self) -> str:
        return str(self.image)


class DesignSignatory(Orderable):
    """Who signs. A language without a name or a function takes another's."""

    design = ParentalKey(CertificateDesign, on_delete=models.CASCADE, related_name="signatories")
    name_ar = models.CharField(_("name in Arabic"), max_length=80, blank=True)
    name_fr = models.CharField(_("name in French"), max_length=80, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True)
    function_ar = models.CharField(_("function in Arabic"), max_length=80, blank=True)
    function_fr = models.CharField(_("function in French"), max_length=80, blank=True)
    function_en = models.CharField(_("function in English"), max_length=80, blank=True)
    signature = picture_field(
        _("picture of the signature"),
        blank=True,
        help_text=_("PNG or JPEG; best a PNG with a transparent ground. Empty: a line to sign on."),
    )

    class Meta(Orderable.Meta):
        verbose_name = _("signatory")
        verbose_name_plural = _("signatories")

    def __str__(self) -> str:
        return next(iter(self.names().values()), "")

    def names(self) -> dict[str, str]:
        """By language; only the languages that have one."""
        return self._by_language("name")

    def functions(self) -> dict[str, str]:
        """By language; only the languages that have one."""
        return self._by_language("function")

    def _by_language(self, field: str) -> dict[str, str]:
        texts = {language: getattr(self, f"{field}_{language}").strip() for language in LANGUAGES}
        return {language: text for language, text in texts.items() if text}
