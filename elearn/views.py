"""Public media (images of courses) in the embedded profile; production serves them from object storage."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve


@require_safe
def serve_media(request: HttpRequest, path: str) -> HttpResponseBase:
    """A rendition of an image. Originals and documents aren't public files: Wagtail's views check them first.

    404 for any other folder, and for an address with `..` in it: it would be read only after this look at it.
    """
    folder, _slash, name = path.partition("/")
    if folder != "images" or ".." in name.split("/"):
        raise Http404
    response = serve(request, name, document_root=str(Path(settings.MEDIA_ROOT) / "images"))
    response["Cache-Control"] = "public, max-age=86400"
    return response
