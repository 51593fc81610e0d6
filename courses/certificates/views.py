"""Screens of certificates: the holder's page, the download, the public verification."""

import logging
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from courses.certificates.domain.delivery import DamagedFileError, record_handing_out, stored_bytes
from courses.certificates.domain.display import sheet_text
from courses.certificates.domain.queries import visible_to
from courses.certificates.domain.verification import read_serial
from courses.certificates.domain.verification import verify as verify_by_serial
from courses.certificates.enums import CertificateState
from courses.certificates.interfaces.forms import VerifyForm
from courses.certificates.interfaces.rate_limit import limited
from courses.lib.clock import local_day
from courses.lib.ids import SerialError, display_serial

logger = logging.getLogger(__name__)


@require_safe
@login_required
@never_cache
def certificate(request: HttpRequest, certificate_uuid: UUID) -> HttpResponse:
    """What the certificate says, or in plain words why it isn't there yet; 404 outside one's scope."""
    found = get_object_or_404(visible_to(request.user), uuid=certificate_uuid)
    sheet = sheet_text(found, _language(), local_day(timezone.now()))
    return render(
        request,
        "courses_certificates/certificate.html",
        {"certificate": found, "sheet": sheet, "serial": display_serial(found.serial)},
    )


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


@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """The public form; a code that can be read leads to its own address, whether or not it exists."""
    form = VerifyForm(request.GET) if "code" in request.GET else VerifyForm()
    if form.is_valid():
        return redirect("certificates:verify_serial", serial=form.cleaned_data["code"])
    return _unlisted(render(request, "courses_certificates/verify.html", {"form": form}))


@require_safe
@never_cache
@limited
def verify_serial(request: HttpRequest, serial: str) -> HttpResponse:
    """What a code stands for; 404 for one that was never issued or can't be one."""
    try:
        canonical = read_serial(serial)
    except SerialError:
        return _unknown(request, VerifyForm({"code": serial}))
    if canonical != serial:
        return redirect("certificates:verify_serial", permanent=True, serial=canonical)
    verification = verify_by_serial(canonical, _language(), local_day(timezone.now()))
    if verification is None:
        return _unknown(request, VerifyForm.for_serial(canonical))
    context = {"verification": verification, "serial": display_serial(canonical)}
    return _unlisted(render(request, "courses_certificates/verification.html", context))


def _unknown(request: HttpRequest, form: VerifyForm) -> HttpResponse:
    return _unlisted(render(request, "courses_certificates/unknown.html", {"form": form}, status=404))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Search engines keep no list of codes."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _language() -> str:
    return get_language() or "fr"
