"""The bare Wagtail page that the lesson page is measured against: a title, a body, a default template."""

from wagtail.fields import RichTextField
from wagtail.models import Page


class BarePage(Page):
    body = RichTextField(blank=True)
    template = "bare/bare_page.html"
