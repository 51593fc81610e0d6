"""Archives of certificates, for coordinators who may take names along, and administrators."""

import logging
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.accounts.api import User, has_role
from courses.accounts.enums import Role
from courses.certificates.domain.archives import (
    Ended,
    NamesNotAllowed,
    NothingToPack,
    TooManyArchives,
    archives_of,
    ask,
    discard,
    hand_out,
    is_there,
)
from courses.certificates.domain.queries import regions_named_to
from courses.certificates.enums import RunState
from courses.certificates.interfaces import files
from courses.certificates.interfaces.archive_forms import ArchiveForm, archive_lines, titles_of_courses
from courses.certificates.models import Archive
from courses.certificates.tasks import build_archive

logger = logging.getLogger(__name__)

PAGE_SIZE = 20

View = Callable[..., HttpResponseBase]


def for_coordinators(view: View) -> View:
    """Asks to sign in; 404 for whoever is neither coordinator nor administrator."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not has_role(request.user, Role.COORDINATOR, Role.ADMINISTRATOR):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
@never_cache
def archives(request: HttpRequest) -> HttpResponse:
    """One's own archives, and the form that asks for one. Without the permission to export names, why there is none."""
    user = request.user
    assert user.is_authenticated
    if not regions_named_to(user).exists():
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "courses_certificates/archives.html", {"allowed": False})
    titles = titles_of_courses()
    form = ArchiveForm(
        request.POST if request.method == "POST" else None,
        user=user,
        titles=titles,
        initial={"region": request.GET.get("region", "")},
    )
    if form.is_valid():
        try:
            archive = ask(
                user,
                form.cleaned_data["region"],
                form.course_key,
                reason=form.cleaned_data["reason"],
                language=get_language() or "fr",
                at=timezone.now(),
            )
        except NamesNotAllowed as error:
            raise PermissionDenied from error
        except NothingToPack:
            form.add_error(
                None, _("Nobody in this region has a certificate of this choice that can be given out.")
            )
        except TooManyArchives as error:
            form.add_error(None, _too_many(error.limit))
        else:
            build_archive.delay_on_commit(archive.pk)
            messages.success(
                request, _("The archive is being packed. You can leave this page and come back.")
            )
            return redirect("certificates:archives")
    page = Paginator(archives_of(user), PAGE_SIZE).get_page(request.GET.get("page"))
    lines = archive_lines(page, titles, timezone.now())
    context = {
        "allowed": True,
        "form": form,
        "page": page,
        "lines": lines,
        "running": any(line.archive.state == RunState.RUNNING for line in lines),
    }
    return render(request, "courses_certificates/archives.html", context)


@require_safe
@for_coordinators
@never_cache
def download_archive(request: HttpRequest, archive_uuid: UUID) -> HttpResponseBase:
    """The file, for who asked for it; 404 for others and outside one's scope. Back to the list once it is gone."""
    user = request.user
    assert user.is_authenticated
    archive: Archive = get_object_or_404(archives_of(user), uuid=archive_uuid)
    at = timezone.now()
    try:
        # What can't be read isn't recorded as handed out.
        file = files.open_file(archive.file.name or "") if is_there(archive, at) else None
        if file is None or (request.method == "GET" and not _recorded(archive, user, at)):
            messages.error(request, _("This archive isn't there any more. Ask for a new one."))
            return redirect("certificates:archives")
    except OSError:
        logger.exception("archive %s can't be read", archive.pk)
        messages.error(request, _("The archive can't be read. Ask for a new one."))
        return redirect("certificates:archives")
    # No name of a person or a place: downloads stay on shared devices.
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"certificates-{archive.requested_at:%Y-%m-%d}.zip",
        content_type="application/zip",
    )
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@for_coordinators
def discard_archive(request: HttpRequest, archive_uuid: UUID) -> HttpResponse:
    """Delete one's own archive before its time; 404 for others. One that is gone already is no error."""
    user = request.user
    assert user.is_authenticated
    archive = get_object_or_404(archives_of(user), uuid=archive_uuid)
    discard(archive.pk, user, timezone.now())
    messages.success(request, _("The archive is deleted."))
    return redirect("certificates:archives")


def _too_many(limit: int) -> str:
    return ngettext(
        "You have %(limit)d archive, and there is room for no other: delete it once it has served, then ask again.",
        "You have %(limit)d archives, and there is room for no other: delete one that has served, then ask again.",
        limit,
    ) % {"limit": limit}


def _recorded(archive: Archive, to: User, at: datetime) -> bool:
    """Whether it is still there to be handed out; if so, that is recorded."""
    try:
        hand_out(archive.pk, to, at)
    except (Ended, Archive.DoesNotExist):
        return False
    return True
