from typing import ClassVar

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail_localize.fields import TranslatableField

from courses.domain.routing import OneStepRoutingMixin


class CourseIndexPage(OneStepRoutingMixin, Page):
    """The catalogue: every course of this language, with filters and search."""

    intro = RichTextField(_("introduction"), blank=True, features=["bold", "link"])

    # By name: the shop window lies above and isn't imported.
    # Trainers see what lies below in the order of the learners.
    admin_default_ordering = "ord"
    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = ["courses.CoursePage"]
    template = "courses/course_index_page.html"
    content_panels = [*Page.content_panels, FieldPanel("intro")]
    translatable_fields: ClassVar[list[object]] = [
        TranslatableField("title"),
        TranslatableField("slug"),
        TranslatableField("seo_title"),
        TranslatableField("search_description"),
        TranslatableField("intro"),
    ]

    class Meta:
        verbose_name = _("catalogue")
        verbose_name_plural = _("catalogues")

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        from courses.domain.catalogue import catalogue_context

        context = super().get_context(request, *args, **kwargs)
        context.update(catalogue_context(request, self))
        return context
