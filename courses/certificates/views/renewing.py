"""What holders do for another certificate: a corrected one at once, or a new one by following the course again."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from courses.certificates.domain.changing import ChangeRefused, correct, may_correct, must_ask
from courses.certificates.domain.display import courses_today
from courses.certificates.domain.queries import certificates_of
from courses.certificates.domain.renewing import NotRenewable, follow_again
from courses.domain.outline import CourseNotFound


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
    if must_ask(found, request.user, at):
        messages.error(
            request,
            _(
                "You have had this certificate issued again twice already. Ask the administrators to correct it."
            ),
        )
        return redirect("certificates:certificate", found.uuid)
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


@require_POST
@login_required
def start_again(request: HttpRequest, certificate_uuid: UUID) -> HttpResponse:
    """Start the next cycle of the course and lead there; 404 for anybody but the holder."""
    assert request.user.is_authenticated
    own = certificates_of(request.user).select_related("enrolment__user")
    found, language = get_object_or_404(own, uuid=certificate_uuid), get_language() or "fr"
    try:
        follow_again(found, locale=language, at=timezone.now())
    except NotRenewable:
        messages.error(
            request, _("The course can be followed again once the end of the certificate is near.")
        )
        return redirect("certificates:certificate", found.uuid)
    except CourseNotFound:
        messages.error(request, _("This course isn't offered any more. Your certificate stays as it is."))
        return redirect("certificates:certificate", found.uuid)
    course = courses_today([found.course_key], language).get(found.course_key)
    messages.success(
        request,
        _("The course begins again. Your certificate stays as it is until the next one takes its place."),
    )
    return redirect(course.url) if course else redirect("certificates:certificate", found.uuid)
