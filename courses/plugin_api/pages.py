"""The base of every activity page, the core's lesson included."""

from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page
from wagtail_localize.fields import SynchronizedField, TranslatableField

from courses.lib.clock import add_months
from courses.plugin_api.authoring import RulesPageForm

package_id_validator = RegexValidator(
    r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", _("Use letters, digits, '-', '_' and '.' only.")
)


class CourseContentMixin(models.Model):
    """What courses, modules and activities share: where they came from, and what publication asks for."""

    package_id = models.CharField(
        _("id in course packages"),
        max_length=100,
        blank=True,
        validators=[package_id_validator],
        help_text=_("Never changes once people have learnt with it."),
    )

    base_form_class = RulesPageForm
    # Set by the admin's form, which says by itself, beside the field, what is missing.
    checked_by_form = False

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Raises ValidationError, by field, where a page goes live without what publication asks for."""
        super().clean()
        if (
            getattr(self, "live", False)
            and not self.checked_by_form
            and (missing := self.missing_to_publish())
        ):
            raise ValidationError(dict(missing))

    def missing_to_publish(self) -> Mapping[str, Any]:
        """By field: words on what has to be there before this page is published. Drafts may lack anything."""
        return {}


class LawCheckedMixin(models.Model):
    """Content that says up to when the texts were checked; the date comes from the content, never from a build."""

    law_checked_to = models.DateField(
        _("law checked up to"),
        null=True,
        blank=True,
        help_text=_("The last day up to which somebody checked the legal texts behind this page."),
    )

    class Meta:
        abstract = True

    @property
    def law_needs_recheck(self) -> bool:
        """True once ELEARN_LAW_RECHECK_MONTHS have passed since the law was last checked."""
        if self.law_checked_to is None:
            return False
        return add_months(self.law_checked_to, settings.ELEARN_LAW_RECHECK_MONTHS) < self._today()

    @staticmethod
    def _today() -> date:
        return timezone.localdate()


class ActivityPage(CourseContentMixin, LawCheckedMixin, Page):
    """A page under a module that a learner completes. A plugin's activity derives from it and registers an
    `ActivityKind`; it sets `template` and may override `get_context`.

    Learning records point to `translation_key`, never to the page.
    """

    required = models.BooleanField(
        _("required"), default=True, help_text=_("The course isn't complete without it.")
    )
    estimated_minutes = models.PositiveSmallIntegerField(
        _("estimated duration in minutes"), default=5, validators=[MinValueValidator(1)]
    )

    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    show_in_menus_default = False

    activity_panels: ClassVar[list[object]] = [
        MultiFieldPanel(
            [FieldPanel("required"), FieldPanel("estimated_minutes"), FieldPanel("law_checked_to")],
            heading=_("Rules"),
        ),
    ]
    # Rules are the same in all languages; words are translated.
    activity_translatable_fields: ClassVar[list[object]] = [
        TranslatableField("title"),
        TranslatableField("slug"),
        TranslatableField("seo_title"),
        TranslatableField("search_description"),
        SynchronizedField("required", overridable=False),
        SynchronizedField("estimated_minutes", overridable=False),
        SynchronizedField("law_checked_to", overridable=False),
        SynchronizedField("package_id", overridable=False),
    ]

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        """Serve the page unless an access policy locks it (then 403 with the reason)."""
        from courses.domain.access import locked_response

        return locked_response(request, self) or super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        from courses.domain.navigation import activity_context

        context = super().get_context(request, *args, **kwargs)
        context.update(activity_context(request, self))
        return context
