"""The public verification: by code, by file, by a link of the holder, and for programs."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from courses.certificates.domain.display import names_of_holder
from courses.certificates.domain.file_check import check_file
from courses.certificates.domain.privacy import may_be_shown, opened_by
from courses.certificates.domain.standing import COUNTING
from courses.certificates.domain.verification import Verification, read_serial, verification_of
from courses.certificates.domain.verification import verify as verify_by_serial
from courses.certificates.interfaces.forms import FileForm, VerifyForm
from courses.certificates.interfaces.public_json import facts, unknown
from courses.certificates.interfaces.rate_limit import as_facts, limited
from courses.certificates.interfaces.standing_words import HEADLINES, ICONS, for_anybody
from courses.certificates.interfaces.uploads import InMemoryUpload, is_announced_too_big
from courses.lib.ids import SerialError, display_serial

# A file costs more than a look-up.
FILES_PER_MINUTE = 20


@require_safe
@never_cache
def verify(request: HttpRequest) -> HttpResponse:
    """The public form; a code that can be read leads to its own address, whether or not it exists."""
    form = VerifyForm(request.GET) if "code" in request.GET else VerifyForm()
    if form.is_valid():
        return redirect("certificates:verify_serial", serial=form.cleaned_data["code"])
    return _start_page(request, form, FileForm())


@require_safe
@never_cache
@limited("look_up")
def verify_serial(request: HttpRequest, serial: str) -> HttpResponse:
    """What a code stands for; 404 for one that was never issued or can't be one."""
    try:
        canonical = read_serial(serial)
    except SerialError:
        return _unknown(request, VerifyForm({"code": serial}))
    if canonical != serial:
        return redirect("certificates:verify_serial", permanent=True, serial=canonical)
    verification = verify_by_serial(canonical, _language(), timezone.now())
    if verification is None:
        return _unknown(request, VerifyForm.for_serial(canonical))
    context = {**_said(verification), "by_code": True}
    return _unlisted(render(request, "courses_certificates/verification.html", context))


@require_safe
@never_cache
@limited("look_up", refused=as_facts)
def verify_json(request: HttpRequest, serial: str) -> HttpResponse:
    """The same for a program; `interfaces.public_json` states the shape. 404 for what was never issued."""
    try:
        canonical = read_serial(serial)
    except SerialError as error:
        return _unlisted(JsonResponse(unknown(None, error.reason), status=404))
    verification = verify_by_serial(canonical, _language(), timezone.now())
    if verification is None:
        return _unlisted(JsonResponse(unknown(canonical, "not_issued"), status=404))
    return _unlisted(JsonResponse(facts(verification)))


@require_safe
@never_cache
@limited("look_up")
def verify_name(request: HttpRequest, serial: str, token: str) -> HttpResponse:
    """The same with the full name, for who has the holder's link; 404 once it has ended. Of a certificate that is
    revoked or replaced it shows no more than the plain address does.
    """
    at = timezone.now()
    found = opened_by(serial, token, at)
    if found is None:
        # The same for a wrong code, a wrong token and one that has run out.
        response = render(request, "courses_certificates/name_link_ended.html", status=404)
    else:
        context = {
            **_said(verification_of(found, _language(), at)),
            "names": names_of_holder(found, _language()) if may_be_shown(found, at) else (),
        }
        response = render(request, "courses_certificates/verification.html", context)
    # The address is the key: no other site learns it.
    response["Referrer-Policy"] = "no-referrer"
    return _unlisted(response)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def verify_file(request: HttpRequest) -> HttpResponse:
    """Whether an uploaded PDF is the one that was issued. Nothing is stored, neither the file nor the answer.

    The answer stands under this address, to which its links to other languages lead: without a file, to the form.
    """
    return _answer(request) if request.method == "POST" else redirect("certificates:verify")


@limited("file", per_minute=FILES_PER_MINUTE)
def _answer(request: HttpRequest) -> HttpResponse:
    if is_announced_too_big(request):
        # Not a byte of it is read.
        form = FileForm({}, MultiValueDict())
        form.say_too_big()
        return _start_page(request, VerifyForm(), form, status=422)
    # Set before anything reads the request, the check of its token included.
    upload = InMemoryUpload()
    request.upload_handlers = [upload]
    return _check_uploaded(request, upload)


@csrf_protect
def _check_uploaded(request: HttpRequest, upload: InMemoryUpload) -> HttpResponse:
    form = FileForm(request.POST, request.FILES)
    if upload.too_big:
        form.say_too_big()
    if not form.is_valid():
        return _start_page(request, VerifyForm(), form, status=422)
    checked = check_file(form.cleaned_data["file"].read(), _language(), timezone.now())
    context: dict[str, Any] = {"checked": checked, "names_serial": display_serial(checked.names)}
    if checked.verification is not None:
        context |= _said(checked.verification, on_paper=False)
    return _unlisted(render(request, "courses_certificates/file_checked.html", context))


def _said(verification: Verification, *, on_paper: bool = True) -> dict[str, Any]:
    """What the templates of an answer need. `on_paper`: whoever asks has a sheet to compare, not the file."""
    return {
        "verification": verification,
        "initials_alone": bool(verification.initials) and verification.standing in COUNTING,
        "serial": display_serial(verification.serial),
        "headline": HEADLINES[verification.standing],
        "standing_icon": ICONS[verification.standing],
        "sentences": for_anybody(verification, on_paper=on_paper),
    }


def _start_page(request: HttpRequest, code: VerifyForm, file: FileForm, status: int = 200) -> HttpResponse:
    """`form` is the one that was sent: the page's title and its summary of errors are about it."""
    form = file if file.is_bound else code
    context = {"form": form, "code_form": code, "file_form": file}
    return _unlisted(render(request, "courses_certificates/verify.html", context, status=status))


def _unknown(request: HttpRequest, form: VerifyForm) -> HttpResponse:
    context = {"form": form, "code_form": form}
    return _unlisted(render(request, "courses_certificates/unknown.html", context, status=404))


def _language() -> str:
    return get_language() or "fr"


def _unlisted(response: HttpResponse) -> HttpResponse:
    """Search engines keep no list of codes."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
