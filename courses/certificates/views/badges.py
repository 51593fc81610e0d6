"""Badges: the holder's download, and what anybody needs to check one."""

import json
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from courses.accounts.api import User
from courses.certificates.domain.badges import badge_of, issuer_document, status_list
from courses.certificates.domain.keys import NoKeyError
from courses.certificates.domain.privacy import NotShowableError
from courses.certificates.domain.queries import certificates_of
from courses.certificates.interfaces.badges.status import KEPT
from courses.certificates.interfaces.rate_limit import as_error, limited
from courses.lib.ids import display_serial

CREDENTIAL = "application/vc"
DID_DOCUMENT = "application/did+ld+json"
# For so long somebody's copy may lack a new key.
ISSUER_KEPT_SECONDS = 300


@require_safe
@login_required
def download(request: HttpRequest, certificate_uuid: UUID) -> HttpResponse:
    """The holder's own certificate as a badge, signed now; 404 for anybody else, and where there is none any more."""
    found = get_object_or_404(certificates_of(cast(User, request.user)), uuid=certificate_uuid)
    try:
        badge = badge_of(found, timezone.now())
    except NotShowableError:
        raise Http404 from None
    except NoKeyError:
        return render(request, "courses_certificates/no_badge.html", {"certificate": found}, status=503)
    name = f"badge-{display_serial(found.serial)}.json"
    return HttpResponse(
        _json(badge),
        content_type=CREDENTIAL,
        headers={"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "no-store"},
    )


@require_safe
@limited("badges", refused=as_error)
def issuer(request: HttpRequest) -> HttpResponse:
    """Who issues badges, and with which keys."""
    return _public(_json(issuer_document()), DID_DOCUMENT, ISSUER_KEPT_SECONDS)


@require_safe
@limited("badges", refused=as_error)
def status(request: HttpRequest, number: int) -> HttpResponse:
    """A list of the badges that aren't good any more; at most KEPT old, and kept as long by whoever asks."""
    seconds = int(KEPT.total_seconds())
    key = f"certificates:badge-status:{number}"
    content = cache.get(key)
    if content is None:
        try:
            found = status_list(number, timezone.now())
        except NoKeyError:
            return HttpResponse(status=503)
        if found is None:
            raise Http404
        content = _json(found)
        cache.set(key, content, seconds)
    return _public(content, CREDENTIAL, seconds)


def _public(content: bytes, content_type: str, seconds: int) -> HttpResponse:
    """A document that a page of any site may read."""
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": f"public, max-age={seconds}"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode()
