"""The core listens to the page tree: a changed page drops what the cache keeps of its course."""

from typing import Any

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from courses.domain.outline import CourseNotFound, course_key_of, forget_outline


@receiver(
    [page_published, page_unpublished, page_slug_changed, post_page_move], dispatch_uid="courses.outline"
)
def on_page_changed(sender: Any, instance: Page, **kwargs: Any) -> None:
    _forget_course_of(instance)


@receiver(post_delete, dispatch_uid="courses.outline_delete")
def on_page_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Page):
        _forget_course_of(instance)


def _forget_course_of(page: Page) -> None:
    try:
        forget_outline(course_key_of(page))
    except CourseNotFound:
        return
