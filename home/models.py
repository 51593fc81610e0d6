"""The shop window: the front page and plain pages about the project.

Knows no course: it borrows the core's routing, and a slot where plugins show the next step.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import TranslatableField

from courses.domain.routing import OneStepRoutingMixin

# Where the cache keeps the links of the footer, by language.
FOOTER_CACHE = "home:footer"

TITLE_FIELDS = [
    TranslatableField("title"),
    TranslatableField("slug"),
    TranslatableField("seo_title"),
    TranslatableField("search_description"),
]


class HomePage(OneStepRoutingMixin, Page):
    """The front page of one language: what this is, one button to the courses."""

    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]

    headline = models.CharField(_("headline"), max_length=160, blank=True)
    lead = models.TextField(_("lead"), max_length=500, blank=True)
    body = RichTextField(_("body"), blank=True, features=["h2", "h3", "bold", "link", "ul", "ol"])

    template = "home/home_page.html"
    content_panels = [*Page.content_panels, FieldPanel("headline"), FieldPanel("lead"), FieldPanel("body")]
    translatable_fields: ClassVar[list[object]] = [
        *TITLE_FIELDS,
        TranslatableField("headline"),
        TranslatableField("lead"),
        TranslatableField("body"),
    ]

    class Meta:
        verbose_name = _("front page")
        verbose_name_plural = _("front pages")


class PlainPage(Page):
    """A page of text: about, privacy, accessibility."""

    body = RichTextField(_("body"), blank=True, features=["h2", "h3", "bold", "link", "ul", "ol"])

    parent_page_types: ClassVar[list[str]] = ["home.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "home/plain_page.html"
    content_panels = [*Page.content_panels, FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    translatable_fields: ClassVar[list[object]] = [*TITLE_FIELDS, TranslatableField("body")]

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")
