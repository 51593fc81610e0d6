"""The holder's own correction: the same certificate, with the name that was confirmed since."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.certificates.domain.changing import ChangeRefused, correct, may_correct
from courses.certificates.domain.queries import certificates_of


@require_POST
@login_required
def correct_own(request: HttpRequest, certificate_uuid: UUID) -> HttpResponse:
    """Issue it again with the holder's name of today; 404 for anybody else. Leads to the new one."""
    assert request.user.is_authenticated
    own = certificates_of(request.user).select_related("enrolment__user")
    found, at = get_object_or_404(own, uuid=certificate_uuid), timezone.now()
    refused = _(
        "The certificate can't be issued again at the moment: it was issued again today, or nothing on it has changed."
    )
    if not may_correct(found, request.user, at):
        messages.error(request, refused)
        return redirect("certificates:certificate", found.uuid)
    try:
        new = correct(found.pk, at, request.user.pk)
    except ChangeRefused:
        # Somebody changed it in the meantime.
        messages.error(request, refused)
        return redirect("certificates:certificate", found.uuid)
    messages.success(
        request,
        _(
            "The certificate is being made with your corrected name. Until it is there, the earlier one counts."
        ),
    )
    return redirect("certificates:certificate", new.uuid)
