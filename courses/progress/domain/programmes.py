"""Programmes that learners come by: making them, whose they are, and the one that an invitation link names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.log_actions import log

from courses.accounts.api import Region, User, has_role, regions_visible_to, sees_everybody
from courses.accounts.enums import Role
from courses.lib.clock import local_day
from courses.progress.models import CODE_LENGTH, Programme

SESSION_KEY = "programme"
# How long an invitation that a visitor followed waits for an account.
INVITATION_KEPT = timedelta(hours=2)
# What the address of an invitation can hold.
_CODE = re.compile(rf"[A-Z0-9][A-Z0-9_-]{{0,{CODE_LENGTH - 1}}}")


class ProgrammeCodeTaken(Exception):
    """Another programme has this code."""


class ProgrammeOutOfScope(PermissionError):
    """The programme, or the region it should have, isn't this person's to manage."""


@dataclass(frozen=True)
class ProgrammeDetails:
    """What can be changed of a programme. Without a region only administrators manage it. Both days are included."""

    name_ar: str = ""
    name_fr: str = ""
    name_en: str = ""
    region: Region | None = None
    starts_on: date | None = None
    ends_on: date | None = None


def may_manage_programmes(user: User | AnonymousUser) -> bool:
    """Coordinators, in their regions, and administrators."""
    return has_role(user, Role.COORDINATOR, Role.ADMINISTRATOR)


def programmes_managed_by(user: User) -> QuerySet[Programme]:
    """All for an administrator; those of their regions for a coordinator; none for others."""
    if sees_everybody(user):
        return Programme.objects.all()
    return Programme.objects.filter(region__in=regions_visible_to(user))


def programmes_visible_to(user: User) -> QuerySet[Programme]:
    """Those that the person manages; for a coordinator also those of the regions above, and of none: their
    members may be invited by them."""
    if sees_everybody(user):
        return Programme.objects.all()
    if not may_manage_programmes(user):
        return Programme.objects.none()
    regions = regions_visible_to(user)
    above = {
        path[:length]
        for path in regions.values_list("path", flat=True)
        for length in range(Region.steplen, len(path), Region.steplen)
    }
    return Programme.objects.filter(
        Q(region__isnull=True) | Q(region__in=regions) | Q(region__path__in=above)
    )


def create_programme(code: str, details: ProgrammeDetails, *, by: User, at: datetime) -> Programme:
    """Make a programme; its code, in capitals, never changes. Atomic, logged.

    ProgrammeCodeTaken; ProgrammeOutOfScope for a region (or none) that isn't the person's to manage; ValueError
    for a code that can't stand in an address, no name, or days out of order.
    """
    code = code.strip().upper()
    if not _CODE.fullmatch(code):
        raise ValueError(f"a code has up to {CODE_LENGTH} Latin letters, digits, hyphens and underscores")
    _check(details, by)
    try:
        with transaction.atomic():
            programme = Programme.objects.create(code=code, **_values(details))
            log(programme, "progress.programme.create", user=by, timestamp=at)
    except IntegrityError as error:
        raise ProgrammeCodeTaken(code) from error
    return programme


def change_programme(programme_id: int, details: ProgrammeDetails, *, by: User, at: datetime) -> Programme:
    """Change everything but the code. Atomic, logged; nothing happens where nothing differs.

    ProgrammeOutOfScope for a programme or a region that isn't the person's to manage; ValueError as above.
    """
    _check(details, by)
    with transaction.atomic():
        programme = programmes_managed_by(by).select_for_update(of=("self",)).filter(pk=programme_id).first()
        if programme is None:
            raise ProgrammeOutOfScope(programme_id)
        values = _values(details)
        changed = [name for name, value in values.items() if getattr(programme, name) != value]
        for name in changed:
            setattr(programme, name, values[name])
        if changed:
            programme.save(update_fields=changed)
            log(programme, "progress.programme.change", user=by, timestamp=at, data={"changed": changed})
    return programme


def running_programme(code: str, *, on: date) -> Programme | None:
    """The programme with this code, in any case, if it runs on this day."""
    programme = Programme.objects.filter(code=code.upper()).first()
    return programme if programme is not None and programme.runs_on(on) else None


def programme_names(codes: Iterable[str]) -> dict[str, str]:
    """Names by code in the active language; a code that no programme has stands for itself. One query."""
    names = {code: code for code in codes}
    names.update((found.code, found.name) for found in Programme.objects.filter(code__in=names))
    return names


def remember_programme(request: HttpRequest, course_key: UUID, programme: Programme) -> None:
    """Keep the code in the session for the enrolment in this course."""
    row = {"code": programme.code, "person": request.user.pk, "at": timezone.now().timestamp()}
    request.session[SESSION_KEY] = {str(course_key): row}


def programme_of_request(request: HttpRequest, course_key: UUID) -> str:
    """The code remembered for this course, if the programme still runs; empty for none. No query without one.

    What a visitor followed counts for two hours: on a shared phone the next person to sign in isn't the one invited.
    """
    row = request.session.get(SESSION_KEY, {}).get(str(course_key), {})
    if not isinstance(row, dict) or not row or not _is_theirs(row, request.user.pk):
        return ""
    programme = running_programme(row["code"], on=local_day(timezone.now()))
    return programme.code if programme else ""


def _is_theirs(row: Mapping[str, Any], person: int | None) -> bool:
    if row["person"] is not None:
        return bool(row["person"] == person)
    age = timezone.now() - datetime.fromtimestamp(row["at"], UTC)
    return age <= INVITATION_KEPT


def _values(details: ProgrammeDetails) -> dict[str, object]:
    return {field.name: getattr(details, field.name) for field in fields(details)}


def _check(details: ProgrammeDetails, by: User) -> None:
    if not (details.name_ar or details.name_fr or details.name_en):
        raise ValueError("a programme needs a name")
    if details.starts_on and details.ends_on and details.ends_on < details.starts_on:
        raise ValueError("the days of a programme are in order")
    if sees_everybody(by):
        return
    if details.region is None or not regions_visible_to(by).filter(pk=details.region.pk).exists():
        raise ProgrammeOutOfScope(details.region)
