"""Pictures of questions on a page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from wagtail.images import get_image_model
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError

register = template.Library()

# A phone takes the smaller one; a question is never wider than the larger.
WIDTHS = (320, 640)
SPECS = tuple(f"width-{width}|format-webp" for width in WIDTHS)


@register.inclusion_tag("courses_quizzes/includes/pictures.html", takes_context=True)
def question_pictures(context: Mapping[str, Any], pictures: Any) -> dict[str, Any]:
    """Pictures as a paper names them (`domain.pictures`), one or several: two queries for all, none for none.

    One that is gone, was changed since, or lies in a collection that isn't open to this visitor leaves its
    alternative text.
    """
    named: Sequence[Mapping[str, Any]] = [pictures] if isinstance(pictures, Mapping) else list(pictures or ())
    if not named:
        return {"pictures": ()}
    found = get_image_model().objects.select_related("collection")
    images = {image.pk: image for image in found.filter(pk__in=[one["image"] for one in named])}
    request = context.get("request")
    return {"pictures": [_shown(one, images.get(one["image"]), request) for one in named]}


def _shown(named: Mapping[str, Any], image: Any, request: Any) -> dict[str, Any]:
    words = {"alt": named["alt"], "language": named.get("language", "")}
    if image is None or (named["hash"] and image.file_hash != named["hash"]) or not _open_to(image, request):
        return words
    try:
        renditions = image.get_renditions(*SPECS)
    except (SourceImageIOError, InvalidFilterSpecError, OSError):
        return words
    sizes = {rendition.width: rendition for rendition in renditions.values()}
    largest = sizes[max(sizes)]
    return {
        **words,
        "src": largest.url,
        "srcset": ", ".join(f"{sizes[width].url} {width}w" for width in sorted(sizes))
        if len(sizes) > 1
        else "",
        "width": largest.width,
        "height": largest.height,
    }


def _open_to(image: Any, request: Any) -> bool:
    """Whether the image's collection, and those it lies in, let this visitor in."""
    restrictions = image.collection.get_view_restrictions()
    return all(request is not None and one.accept_request(request) for one in restrictions)
