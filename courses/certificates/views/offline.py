"""The verification without a connection: the page that a browser keeps, what keeps it there, and the public keys."""

import hashlib
import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from courses.certificates.domain.qr import public_keys
from courses.lib.site_name import site_name

# What the kept page needs beside itself.
FILES = (
    "site/site.css",
    "site/js/site.js",
    "site/icons.svg",
    "site/favicon.svg",
    "courses_certificates/code_check.js",
)


@require_safe
@cache_control(no_cache=True, private=True)
def offline(request: HttpRequest) -> HttpResponse:
    """The page that says what a QR code itself tells. It holds the keys and no certificate."""
    response = render(request, "courses_certificates/offline.html", _context())
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


@require_safe
@cache_control(no_cache=True, private=True)
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker of the verification in one language. It changes with the keys, the words, the files and the
    day, and then browsers fetch the page anew.
    """
    page = render_to_string("courses_certificates/includes/offline_check.html", _context())
    files = [static(name) for name in FILES]
    context = {
        "language": get_language() or "fr",
        "digest": hashlib.sha256("\n".join([page, site_name(), *files]).encode()).hexdigest()[:16],
        "page": reverse("certificates:verify_offline"),
        "files": files,
    }
    return render(request, "courses_certificates/worker.js", context, content_type="text/javascript")


@require_safe
@cache_control(max_age=3600, public=True)
def keys(request: HttpRequest) -> HttpResponse:
    """The public keys of QR codes, retired ones included, as a JWK set (RFC 7517)."""
    return JsonResponse({"keys": public_keys()})


def _context() -> dict[str, Any]:
    return {"keys": json.dumps(public_keys(), separators=(",", ":")), "day": timezone.localdate()}
