from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from courses.blocks import ObjectivesBlock
from courses.enums import Level, PassRule, Theme
from courses.interfaces.authoring import CourseForm
from courses.plugin_api.pages import CourseContentMixin, LawCheckedMixin

TITLE_FIELDS = [
    TranslatableField("title"),
    TranslatableField("slug"),
    TranslatableField("seo_title"),
    TranslatableField("search_description"),
    SynchronizedField("package_id", overridable=False),
]


class CoursePage(CourseContentMixin, LawCheckedMixin, Page):
    """A course: what it teaches, to whom, and the rule for completing it. Its modules are its child pages."""

    theme = models.CharField(_("theme"), max_length=20, choices=Theme, default=Theme.LEGAL)
    level = models.CharField(_("level"), max_length=20, choices=Level, default=Level.BEGINNER)
    summary = models.TextField(_("summary"), max_length=600, blank=True)
    audience = models.TextField(_("audience"), max_length=600, blank=True)
    objectives = StreamField(ObjectivesBlock(), verbose_name=_("objectives"), blank=True)
    image = models.ForeignKey(
        "wagtailimages.Image",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("image"),
    )
    sequential = models.BooleanField(
        _("modules in order"),
        default=False,
        help_text=_("A module opens when the one before it is complete."),
    )
    pass_rule = models.CharField(
        _("passing rule"), max_length=20, choices=PassRule, default=PassRule.ALL_REQUIRED
    )

    # Trainers see what lies below in the order of the learners.
    admin_default_ordering = "ord"
    parent_page_types: ClassVar[list[str]] = ["courses.CourseIndexPage"]
    subpage_types: ClassVar[list[str]] = ["courses.ModulePage"]
    template = "courses/course_page.html"
    base_form_class = CourseForm

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        FieldPanel("objectives"),
        FieldPanel("audience"),
        FieldPanel("image"),
        MultiFieldPanel(
            [FieldPanel("theme"), FieldPanel("level"), FieldPanel("law_checked_to")], heading=_("Catalogue")
        ),
        MultiFieldPanel([FieldPanel("pass_rule"), FieldPanel("sequential")], heading=_("Rules")),
    ]
    promote_panels = [*Page.promote_panels, FieldPanel("package_id")]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("audience"),
        index.SearchField("objectives"),
        index.FilterField("theme"),
        index.FilterField("level"),
    ]
    translatable_fields: ClassVar[list[object]] = [
        *TITLE_FIELDS,
        TranslatableField("summary"),
        TranslatableField("audience"),
        TranslatableField("objectives"),
        SynchronizedField("image"),
        SynchronizedField("theme", overridable=False),
        SynchronizedField("level", overridable=False),
        SynchronizedField("law_checked_to", overridable=False),
        SynchronizedField("sequential", overridable=False),
        SynchronizedField("pass_rule", overridable=False),
    ]

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def missing_to_publish(self) -> Mapping[str, Any]:
        # A package of another theme may leave the day out (docs/course-packages.md); the admin's form always asks.
        if self.theme == Theme.LEGAL and self.law_checked_to is None:
            return {"law_checked_to": _("Say up to which day the legal texts were checked.")}
        return {}

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        from courses.domain.navigation import course_context

        context = super().get_context(request, *args, **kwargs)
        context.update(course_context(request, self))
        return context


class ModulePage(CourseContentMixin, Page):
    """A part of a course; its activities are its child pages, in their order. Names no plugin's page type."""

    summary = models.TextField(_("summary"), max_length=600, blank=True)

    # Trainers see what lies below in the order of the learners.
    admin_default_ordering = "ord"
    parent_page_types: ClassVar[list[str]] = ["courses.CoursePage"]
    template = "courses/module_page.html"

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [*Page.promote_panels, FieldPanel("package_id")]
    search_fields = [*Page.search_fields, index.SearchField("summary")]
    translatable_fields: ClassVar[list[object]] = [*TITLE_FIELDS, TranslatableField("summary")]

    class Meta:
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        from courses.domain.navigation import module_context

        context = super().get_context(request, *args, **kwargs)
        context.update(module_context(request, self))
        return context
