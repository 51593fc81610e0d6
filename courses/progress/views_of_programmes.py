"""Invitation links, and the screens where coordinators and administrators make programmes."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.domain.outline import CourseNotFound, course_key_of_code, outline_of
from courses.lib.clock import local_day
from courses.progress.domain.programmes import (
    ProgrammeCodeTaken,
    ProgrammeOutOfScope,
    change_programme,
    create_programme,
    may_manage_programmes,
    programmes_managed_by,
    programmes_visible_to,
    remember_programme,
    running_programme,
)
from courses.progress.interfaces.programmes import (
    ProgrammeForm,
    invitation_links,
    programme_line,
    programme_lines,
)

View = Callable[..., HttpResponse]


def for_coordinators(view: View) -> View:
    """Visitors sign in first; whoever is neither coordinator nor administrator doesn't learn that the page is."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_manage_programmes(request.user):  # type: ignore[arg-type]
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
def join_programme(request: HttpRequest, programme: str, course_code: str) -> HttpResponse:
    """An invitation link: remember the programme for the enrolment and go to the course (`join/UE-2026/JUR/`).

    A programme that isn't there or doesn't run today: a page that says so and leads to the course; nothing is kept.
    """
    try:
        outline = outline_of(course_key_of_code(course_code), get_language() or "fr")
    except CourseNotFound as error:
        raise Http404 from error
    running = running_programme(programme, on=local_day(timezone.now()))
    if running is None:
        return render(request, "courses_progress/no_invitation.html", {"outline": outline}, status=404)
    remember_programme(request, outline.key, running)
    return redirect(outline.url)


@require_safe
@for_coordinators
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes that the person sees."""
    found = programmes_visible_to(request.user).select_related("region")  # type: ignore[arg-type]
    lines = programme_lines(found, local_day(timezone.now()))
    return render(request, "courses_progress/programmes.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def new_programme(request: HttpRequest) -> HttpResponse:
    """Make a programme."""
    data = request.POST if request.method == "POST" else None
    form = ProgrammeForm(data, user=request.user)  # type: ignore[arg-type]
    if request.method == "POST" and form.is_valid():
        try:
            made = create_programme(
                form.cleaned_data["code"],
                form.details,
                by=request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )
        except ProgrammeCodeTaken:
            form.add_error("code", _("Another programme has this code."))
        else:
            messages.success(request, _("The programme is made. Copy its invitation link below."))
            return redirect("progress:programme", made.code)
    return render(request, "courses_progress/programme.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@for_coordinators
def programme(request: HttpRequest, code: str) -> HttpResponse:
    """One programme: its invitation links and, for who manages it, its form."""
    visible = programmes_visible_to(request.user).select_related("region")  # type: ignore[arg-type]
    found = get_object_or_404(visible, code=code.upper())
    form = None
    if programmes_managed_by(request.user).filter(pk=found.pk).exists():  # type: ignore[arg-type]
        data = request.POST if request.method == "POST" else None
        form = ProgrammeForm(data, user=request.user, programme=found)  # type: ignore[arg-type]
    elif request.method == "POST":
        raise Http404
    if form is not None and form.is_bound and form.is_valid():
        try:
            change_programme(found.pk, form.details, by=request.user, at=timezone.now())  # type: ignore[arg-type]
        except ProgrammeOutOfScope as error:
            raise Http404 from error
        messages.success(request, _("The programme is saved."))
        return redirect("progress:programme", found.code)
    line = programme_line(found, local_day(timezone.now()))
    links = [] if line.ended else invitation_links(request, found)
    return render(
        request, "courses_progress/programme.html", {"form": form, "programme": line, "links": links}
    )
