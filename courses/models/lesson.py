from collections.abc import Mapping
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index
from wagtail_localize.fields import SynchronizedField, TranslatableField

from courses.blocks import ChecklistItems, LessonBody
from courses.plugin_api.pages import ActivityPage, CourseContentMixin, LawCheckedMixin
from courses.signals import lesson_opened


class LessonPage(ActivityPage):
    """A lesson: text that rests on facts of the law register. Open to everybody without an account."""

    # Required, so at publication: Wagtail lets drafts go without.
    body = StreamField(LessonBody(), verbose_name=_("body"))
    # Ids of facts in the register that the lesson rests on, e.g. ["DL88-38A"].
    facts = models.JSONField(_("facts in the register"), default=list, blank=True)
    secondary_sources = models.BooleanField(
        _("rests on secondary sources"),
        default=False,
        help_text=_("Says 'according to …, to be checked'; no question may test it."),
    )

    template = "courses/lesson_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("body"),
        *ActivityPage.activity_panels,
        FieldPanel("secondary_sources"),
    ]
    promote_panels = [*Page.promote_panels, FieldPanel("package_id")]
    search_fields = [*Page.search_fields, index.SearchField("body")]
    translatable_fields: ClassVar[list[object]] = [
        *ActivityPage.activity_translatable_fields,
        TranslatableField("body"),
        SynchronizedField("facts", overridable=False),
        SynchronizedField("secondary_sources", overridable=False),
    ]

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")

    def missing_to_publish(self) -> Mapping[str, Any]:
        # The form asks for the required body; a model takes any stream for a value.
        return {} if self.body else {"body": _("Write at least one block of text.")}

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if response.status_code == 200 and request.user.is_authenticated and request.method == "GET":
            from courses.domain.outline import CourseNotFound, course_key_of

            try:
                course_key = course_key_of(self)
            except CourseNotFound:
                return response
            lesson_opened.send_robust(
                sender=LessonPage,
                request=request,
                user_id=request.user.pk,
                course_key=course_key,
                activity_key=self.translation_key,
                locale=self.locale.language_code,
                revision_id=self.live_revision_id,
            )
        return response


class ChecklistPage(CourseContentMixin, LawCheckedMixin, Page):
    """The 'my association' checklist of a module. Not an activity: answers stay in the browser and nothing
    of them is ever sent or stored on the server.
    """

    intro = models.TextField(_("introduction"), max_length=600, blank=True)
    items = StreamField(ChecklistItems(), verbose_name=_("questions"), blank=True)

    parent_page_types: ClassVar[list[str]] = ["courses.ModulePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "courses/checklist_page.html"
    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("items"),
        FieldPanel("law_checked_to"),
    ]
    promote_panels = [*Page.promote_panels, FieldPanel("package_id")]
    search_fields = [*Page.search_fields, index.SearchField("intro"), index.SearchField("items")]
    translatable_fields: ClassVar[list[object]] = [
        TranslatableField("title"),
        TranslatableField("slug"),
        TranslatableField("seo_title"),
        TranslatableField("search_description"),
        TranslatableField("intro"),
        TranslatableField("items"),
        SynchronizedField("law_checked_to", overridable=False),
        SynchronizedField("package_id", overridable=False),
    ]

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")

    def get_context(self, request: HttpRequest, *args: object, **kwargs: object) -> dict[str, object]:
        from courses.domain.navigation import activity_context

        context = super().get_context(request, *args, **kwargs)
        context.update(activity_context(request, self))
        return context
