"""Screens of whoever holds a certificate or may see it: the page, the download."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.certificates.domain.changing import may_correct, must_ask
from courses.certificates.domain.delivery import DamagedFileError, record_handing_out, stored_bytes
from courses.certificates.domain.display import courses_today, history, newer_than, sheet_text
from courses.certificates.domain.privacy import may_be_shown, open_links
from courses.certificates.domain.queries import visible_to
from courses.certificates.domain.renewing import RENEWABLE, following_cycle, is_renewable
from courses.certificates.domain.standing import COUNTING
from courses.certificates.domain.verification import Verification
from courses.certificates.enums import CertificateState, Standing
from courses.certificates.interfaces.forms import NameLinkForm
from courses.certificates.interfaces.standing_words import HAPPENED, HEADLINES, ICONS, for_holder
from courses.certificates.models import Certificate
from courses.lib.ids import display_serial

logger = logging.getLogger(__name__)


@require_safe
@login_required
@never_cache
def certificate(request: HttpRequest, certificate_uuid: UUID) -> HttpResponse:
    """What the certificate says, or in plain words why it isn't there yet; 404 outside one's scope."""
    assert request.user.is_authenticated
    found = get_object_or_404(visible_to(request.user).select_related("enrolment"), uuid=certificate_uuid)
    at, language = timezone.now(), get_language() or "fr"
    sheet = sheet_text(found, language, at)
    own = found.enrolment.user_id == request.user.pk
    context = {"certificate": found, "sheet": sheet, "serial": display_serial(found.serial), "own": own}
    if found.is_ready:
        context |= _standing(sheet.public, found, language)
    if found.is_ready and own:
        otherwise = {
            "may_correct": may_correct(found, request.user, at),
            "must_ask": must_ask(found, request.user, at),
        }
        # Where another name is confirmed already, the page says what to do next.
        names_can_change = sheet.public.standing in COUNTING and not any(otherwise.values())
        context |= _choices(found, at) | otherwise | {"names_can_change": names_can_change}
    return render(request, "courses_certificates/certificate.html", context)


def _standing(public: Verification, certificate: Certificate, language: str) -> dict[str, Any]:
    """What an issued certificate is worth, what helps, and how it came to that."""
    renewable = public.standing in RENEWABLE
    course = (
        courses_today([certificate.course_key], language).get(certificate.course_key) if renewable else None
    )
    replaced = public.standing == Standing.SUPERSEDED
    return {
        "headline": HEADLINES[public.standing],
        "standing_icon": ICONS[public.standing],
        "told": for_holder(public, course.url if course else ""),
        "newer": newer_than(certificate) if replaced else None,
        "history": [(HAPPENED[event.kind], event.at) for event in history(certificate)],
    }


def _choices(certificate: Certificate, at: datetime) -> dict[str, Any]:
    """What its holder may choose, and nobody else."""
    showable = may_be_shown(certificate, at)
    return {
        "may_follow_again": is_renewable(certificate, at) and following_cycle(certificate) is None,
        "may_have_badge": showable,
        "links": list(open_links(certificate, at)),
        "link_form": NameLinkForm() if showable else None,
    }


@require_safe
@login_required
def download(request: HttpRequest, certificate_uuid: UUID) -> HttpResponse:
    """The stored file, byte for byte; 404 outside one's scope and while there is none.

    A download by anybody but the holder is recorded with the certificate.
    """
    ready = visible_to(request.user).filter(state=CertificateState.READY, erased_at__isnull=True)
    found = get_object_or_404(ready.select_related("enrolment"), uuid=certificate_uuid)
    try:
        content = stored_bytes(found)
    except DamagedFileError:
        logger.exception("download refused")
        return render(request, "courses_certificates/damaged.html", {"certificate": found}, status=500)
    if request.method == "GET" and request.user.is_authenticated:
        record_handing_out(found, request.user, timezone.now())
    # No name of a person in a file name: downloads stay on shared devices.
    name = f"certificate-{display_serial(found.serial)}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(True, name), "Cache-Control": "no-store"},
    )
