"""Public media (images of courses) in the embedded profile; production serves them from object storage. And the
admin's sign-in.
"""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
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


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """To the site's own sign-in, and from there to the admin unless another page was asked for."""
    query = request.GET.copy()
    if not query.get("next"):
        query["next"] = reverse("wagtailadmin_home")
    return redirect(f"{reverse('account_login')}?{query.urlencode(safe='/')}")
