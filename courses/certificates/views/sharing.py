"""What the holder lets others see: the association, and the full name by a link. For the holder alone."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from courses.certificates.domain import privacy
from courses.certificates.domain.queries import certificates_of
from courses.certificates.domain.snapshot import name_address
from courses.certificates.interfaces.forms import NameLinkForm
from courses.certificates.models import Certificate


@require_POST
@login_required
def association(request: HttpRequest, certificate_uuid: UUID) -> HttpResponse:
    """Show the association to whoever checks the certificate (`shown` is `yes`), or hide it again."""
    own = _own(request, certificate_uuid)
    shown = request.POST.get("shown") == "yes"
    try:
        privacy.show_association(own.pk, shown, timezone.now(), own.enrolment.user_id)
    except privacy.NotShowableError:
        messages.error(request, _not_showable())
    else:
        said = _("Whoever checks the certificate now sees the association.")
        messages.success(request, said if shown else _("The association isn't shown to others any more."))
    return redirect(_page_of(own))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def make_name_link(request: HttpRequest, certificate_uuid: UUID) -> HttpResponse:
    """Make a link with the full name and show it, this once.

    The link stands under this address, to which the page's links to other languages lead: they make none, and lead back
    to the certificate.
    """
    if request.method != "POST":
        return redirect("certificates:certificate", certificate_uuid)
    return _make_link(request, certificate_uuid)


@login_required
def _make_link(request: HttpRequest, certificate_uuid: UUID) -> HttpResponse:
    own, at = _own(request, certificate_uuid), timezone.now()
    form = NameLinkForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how long the link opens."))
        return redirect(_page_of(own))
    try:
        token = privacy.make_name_link(own.pk, form.cleaned_data["days"], at, own.enrolment.user_id)
    except privacy.NotShowableError:
        messages.error(request, _not_showable())
    except privacy.TooManyLinksError:
        messages.error(request, _("There are ten open links already: end one of them first."))
    else:
        address = name_address(own.serial, token, get_language() or "fr")
        context = {"certificate": own, "address": address, "days": form.cleaned_data["days"]}
        return render(request, "courses_certificates/name_link.html", context)
    return redirect(_page_of(own))


@require_POST
@login_required
def end_link(request: HttpRequest, certificate_uuid: UUID, link_id: int) -> HttpResponse:
    """End a link now; one that has ended already is no error."""
    own = _own(request, certificate_uuid)
    privacy.end_name_link(own.pk, link_id, timezone.now(), own.enrolment.user_id)
    messages.success(request, _("The link doesn't open any more."))
    return redirect(_page_of(own))


def _page_of(certificate: Certificate) -> str:
    return f"{reverse('certificates:certificate', args=[certificate.uuid])}#sharing"


def _own(request: HttpRequest, certificate_uuid: UUID) -> Certificate:
    """The person's own certificate; 404 for anybody else, whatever else they may see."""
    own = certificates_of(request.user).select_related("enrolment")  # type: ignore[arg-type]
    return get_object_or_404(own, uuid=certificate_uuid)


def _not_showable() -> str:
    return _("This certificate is revoked, replaced or not issued: nothing more of it can be shown.")
