"""How often one address may ask in a minute. Counts in the shared cache, by fixed windows of a minute."""

import ipaddress
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone

from courses.certificates.interfaces.public_json import too_many

WINDOW_SECONDS = 60
# An office behind one address that checks a pile of certificates stays below this; a machine doesn't.
DEFAULT_PER_MINUTE = 60

View = Callable[..., HttpResponse]
Refusal = Callable[[HttpRequest], HttpResponse]


def in_words(request: HttpRequest) -> HttpResponse:
    """For a person who checks certificates."""
    return render(request, "courses_certificates/too_many.html", status=429)


def as_facts(request: HttpRequest) -> HttpResponse:
    """For a program that checks certificates."""
    return JsonResponse(too_many(), status=429)


def as_error(request: HttpRequest) -> HttpResponse:
    """For a program that reads something else."""
    return JsonResponse({"error": "too many requests"}, status=429)


def limited(
    action: str, *, per_minute: int | None = None, refused: Refusal = in_words
) -> Callable[[View], View]:
    """Answer 429 (`refused`) to an address that asks more than `per_minute` times in a minute, by default
    ELEARN_VERIFY_PER_MINUTE. Views of the same action share one count.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if allowed(request, action, timezone.now(), per_minute):
                return view(request, *args, **kwargs)
            response = refused(request)
            response["Retry-After"] = str(WINDOW_SECONDS)
            return response

        return checked

    return decorate


def allowed(request: HttpRequest, action: str, at: datetime, per_minute: int | None = None) -> bool:
    """Count this request; False once the address has used up its minute."""
    window = int(at.timestamp()) // WINDOW_SECONDS
    key = f"certificates:rate:{action}:{_network(request)}:{window}"
    cache.add(key, 0, timeout=2 * WINDOW_SECONDS)
    try:
        count = cache.incr(key)
    except ValueError:
        # The cache dropped the key in between: it is full, and counting resumes with the next request.
        return True
    limit = getattr(settings, "ELEARN_VERIFY_PER_MINUTE", DEFAULT_PER_MINUTE)
    return bool(count <= (limit if per_minute is None else per_minute))


def _network(request: HttpRequest) -> str:
    """The client's IPv4 address, or the /64 network of its IPv6 address (one household has all of it)."""
    address = get_adapter(request).get_client_ip(request)
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False).network_address)
    return str(parsed)
