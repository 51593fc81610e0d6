"""Archives: the certificates of a region as one file, for somebody who may take its names along.

Built in the background, kept for a week, so many at once for each person, handed to nobody but who asked. The right to
the region is asked for when the archive is ordered, when it is built and when it is downloaded. An erasure ends every
archive that holds the person.
"""

import hashlib
import logging
import tempfile
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from io import BufferedRandom
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from courses.accounts.api import Region, User, in_subtrees, members_in
from courses.certificates.domain.delivery import DamagedFileError, stored_bytes
from courses.certificates.domain.making import wait_after
from courses.certificates.domain.purging import purge_each
from courses.certificates.domain.queries import issued, regions_named_to
from courses.certificates.enums import EventKind, RunState
from courses.certificates.interfaces import files
from courses.certificates.interfaces.archive_file import ArchiveWriter
from courses.certificates.models import Archive, Certificate, CertificateEvent

logger = logging.getLogger(__name__)

KEPT = timedelta(days=7)
REASON_MIN_LENGTH, REASON_MAX_LENGTH = 10, 300
# How long a message may wait, and a build take, before it counts as lost.
FIRST_RETRY = timedelta(minutes=1)
BUILD_TIME = timedelta(minutes=15)
MAX_ATTEMPTS = 5
# Certificates read at once; the progress is noted after each portion.
PORTION = 50
ROWS_AT_ONCE = 1000
# Nothing comes of these any more; the file goes.
_OVER = (RunState.EXPIRED, RunState.FAILED, RunState.CANCELLED)


# Words for the keys of the export.
LABELS: Mapping[str, Any] = {
    "reason": _("reason"),
    "certificates": _("certificates"),
    "downloaded_at": _("first downloaded"),
}


class NamesNotAllowed(PermissionError):
    """The person may not take the names of this region along."""


class NothingToPack(LookupError):
    """No certificate of the region, and of the course asked for, can be given out."""


class TooManyArchives(Exception):
    """The person has `limit` archives that are being packed or ready: the most there may be at once."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.limit = limit


class Ended(LookupError):
    """The archive isn't there any more, or not yet: expired, ended by an erasure, failed, being made."""


def ask(
    user: User, region: Region, course_key: UUID | None, *, reason: str, language: str, at: datetime
) -> Archive:
    """A new archive with the certificates that stand now, or the same one if it is being made. The caller has it built.

    Revoked and superseded certificates, and those of the erased, are left out; expired ones are in it. Raises
    NamesNotAllowed, NothingToPack, TooManyArchives (ELEARN_ARCHIVES_AT_ONCE), and ValueError for a reason that is too
    short or too long.
    """
    if not regions_named_to(user).filter(pk=region.pk).exists():
        raise NamesNotAllowed(region.code)
    reason = reason.strip()
    if not REASON_MIN_LENGTH <= len(reason) <= REASON_MAX_LENGTH:
        raise ValueError("a reason has 10 to 300 characters")
    with transaction.atomic():
        # Two presses of one button come one after the other.
        User.objects.select_for_update().get(pk=user.pk)
        under_way = Archive.objects.filter(
            requested_by=user, region=region, course_key=course_key, state=RunState.RUNNING
        ).first()
        if under_way is not None:
            return under_way
        limit: int = settings.ELEARN_ARCHIVES_AT_ONCE
        if _taking_room(user, at).count() >= limit:
            raise TooManyArchives(limit)
        chosen = list(to_pack(region, course_key).order_by("pk").values_list("pk", flat=True))
        if not chosen:
            raise NothingToPack(region.code)
        archive = Archive(
            region=region,
            course_key=course_key,
            reason=reason,
            requested_by=user,
            requested_at=at,
            language=language,
            total=len(chosen),
            retry_at=at + FIRST_RETRY,
        )
        archive.file.name = files.archive_name(archive.uuid)
        archive.save()
        through = Archive.certificates.through
        through.objects.bulk_create(
            (through(archive_id=archive.pk, certificate_id=pk) for pk in chosen), batch_size=ROWS_AT_ONCE
        )
    return archive


def to_pack(region: Region, course_key: UUID | None = None) -> QuerySet[Certificate]:
    """The certificates of people of a region and below that may be given out as a file."""
    people = members_in(Region.objects.filter(in_subtrees([region])))
    standing = issued().filter(
        enrolment__user__in=people,
        erased_at__isnull=True,
        revoked_at__isnull=True,
        superseded_at__isnull=True,
    )
    return standing if course_key is None else standing.filter(course_key=course_key)


def archives_of(user: User) -> QuerySet[Archive]:
    """What this person asked for, in regions whose names they may still take along; the latest first."""
    return Archive.objects.filter(requested_by=user, region__in=regions_named_to(user)).select_related(
        "region"
    )


def _taking_room(user: User, at: datetime) -> QuerySet[Archive]:
    """What this person has being packed or ready. One in a region that was taken from them can't be ended by them, and
    isn't counted.
    """
    ready = Q(state=RunState.DONE, expires_at__gt=at)
    return archives_of(user).filter(Q(state=RunState.RUNNING) | ready)


def build(archive_id: int, at: datetime) -> bool:
    """Pack the file of an archive that is asked for; whether this call did it. Safe to run twice and to be killed.

    A failure is noted and logged, not raised; only errors of the database are.
    """
    archive = _begin(archive_id, at)
    if archive is None:
        return False
    if not archives_of(archive.requested_by).filter(pk=archive.pk).exists():
        end(archive.pk, at)
        return False
    try:
        # On the disk: a region's certificates don't fit into memory.
        with tempfile.TemporaryFile() as file:
            return _pack(archive, file, at) and _finish(archive.pk, file, at)
    except DatabaseError:
        raise
    except Exception:
        # Whatever the storage raises: the attempt failed, and the next one may not.
        logger.exception("archive %s: attempt %s failed", archive.pk, archive.attempts)
        _note_failure(archive, at)
        return False


def hand_out(archive_id: int, to: User, at: datetime) -> Archive:
    """The archive for a download by who asked for it. The first one is recorded with each certificate in it.

    Raises Archive.DoesNotExist for somebody else and for who may not take the names of the region along any more, and
    Ended; one with somebody who is erased ends here. Atomic.
    """
    with transaction.atomic():
        locked = archives_of(to).select_for_update(of=("self",))
        archive: Archive = locked.get(pk=archive_id)
        there = is_there(archive, at)
        if there and archive.certificates.filter(erased_at__isnull=False).exists():
            _end_with_erased(archive.pk, at)
            there = False
        if there and archive.downloaded_at is None:
            Archive.objects.filter(pk=archive.pk).update(downloaded_at=at)
            _record(archive, to, at)
    # Outside: what ended stays ended.
    if not there:
        raise Ended(str(archive.uuid))
    return archive


def is_there(archive: Archive, at: datetime) -> bool:
    """Whether its file can be downloaded."""
    return archive.state == RunState.DONE and archive.expires_at is not None and archive.expires_at > at


def end(archive_id: int, at: datetime) -> None:
    """No download any more; the file goes after the commit, the row stays. Joins the caller's transaction."""
    open_ones = Archive.objects.filter(pk=archive_id, state__in=[RunState.RUNNING, RunState.DONE])
    if open_ones.update(state=RunState.EXPIRED, expires_at=at, retry_at=None):
        transaction.on_commit(lambda: purge(archive_id), robust=True)


def discard(archive_id: int, by: User, at: datetime) -> None:
    """Delete an archive of one's own before its time, ready or not; the record that it was asked for stays. Nothing
    happens to one that has ended. Raises Archive.DoesNotExist for somebody else's.
    """
    with transaction.atomic():
        locked = archives_of(by).select_for_update(of=("self",))
        archive = locked.get(pk=archive_id)
        if archive.state in (RunState.RUNNING, RunState.DONE):
            Archive.objects.filter(pk=archive_id).update(
                state=RunState.CANCELLED, expires_at=at, retry_at=None
            )
            transaction.on_commit(lambda: purge(archive_id), robust=True)


def end_those_with(user: User, at: datetime) -> None:
    """End the archives that hold a certificate of this person, and those the person asked for; their records stay,
    with an asker who has no name any more. The reason of those that hold the person goes: it may name them. What is
    being made goes on without the person.

    Part of an erasure: to be called in its transaction, before it locks certificates (a download locks in this order).
    """
    holding = Archive.objects.filter(certificates__enrolment__user_id=user.pk).values("pk")
    ids = Q(pk__in=holding) | Q(requested_by_id=user.pk)
    # One that is just being finished waits for this lock, or we for it: it sees the erasure, or ends here.
    for archive in list(Archive.objects.select_for_update().filter(ids).order_by("pk")):
        if archive.state == RunState.DONE or archive.requested_by_id == user.pk:
            end(archive.pk, at)
    Archive.objects.filter(pk__in=holding).update(reason="")


def export(user: User) -> list[dict[str, Any]]:
    """Every archive this person asked for, as JSON-ready values."""
    asked = Archive.objects.filter(requested_by=user).select_related("region").order_by("requested_at", "pk")
    return [
        {
            "at": archive.requested_at.isoformat(),
            "region": archive.region.name,
            "reason": archive.reason,
            "certificates": archive.total,
            "downloaded_at": archive.downloaded_at and archive.downloaded_at.isoformat(),
        }
        for archive in asked
    ]


def purge(archive_id: int) -> None:
    """Delete the file of an archive that has ended, then forget its place; safe to repeat."""
    archive = Archive.objects.get(pk=archive_id, state__in=_OVER)
    if archive.file.name:
        files.delete(archive.file.name)
        Archive.objects.filter(pk=archive_id).update(file="")


def heal(at: datetime, limit: int = 100) -> list[int]:
    """End what has expired and what holds somebody who is erased, delete files that are left, give up what fails each
    time; ids to be built again.
    """
    expired = Archive.objects.filter(state=RunState.DONE, expires_at__lte=at)
    for pk in list(expired.values_list("pk", flat=True)[:limit]):
        Archive.objects.filter(pk=pk, state=RunState.DONE).update(state=RunState.EXPIRED)
    spoilt = Archive.objects.filter(state=RunState.DONE, certificates__erased_at__isnull=False).distinct()
    for pk in list(spoilt.values_list("pk", flat=True)[:limit]):
        _end_with_erased(pk, at)
    due = Archive.objects.filter(state=RunState.RUNNING, retry_at__lte=at)
    due.filter(attempts__gte=MAX_ATTEMPTS).update(state=RunState.FAILED, finished_at=at, retry_at=None)
    to_build = list(due.order_by("retry_at").values_list("pk", flat=True)[:limit])
    Archive.objects.filter(pk__in=to_build, state=RunState.RUNNING).update(retry_at=at + BUILD_TIME)
    left = Archive.objects.filter(state__in=_OVER).exclude(file="")
    purge_each(list(left.order_by("pk").values_list("pk", flat=True)[:limit]), purge, "archive")
    return to_build


def _end_with_erased(archive_id: int, at: datetime) -> None:
    """End one that was asked for while somebody in it was being erased: the erasure couldn't see it."""
    Archive.objects.filter(pk=archive_id).update(reason="")
    end(archive_id, at)


def _begin(archive_id: int, at: datetime) -> Archive | None:
    """Count the attempt before it starts, so that one which kills its worker counts too."""
    running = Archive.objects.filter(pk=archive_id, state=RunState.RUNNING)
    if not running.update(attempts=F("attempts") + 1, retry_at=at + BUILD_TIME, done=0):
        return None
    return running.select_related("region", "requested_by").first()


def _pack(archive: Archive, file: BufferedRandom, at: datetime) -> bool:
    """Write every certificate and the index; False where the archive has ended meanwhile, or nothing is left for it."""
    kept = _drop_what_left(archive)
    if not kept:
        end(archive.pk, at)
        return False
    Archive.objects.filter(pk=archive.pk).update(total=len(kept))
    with ArchiveWriter(file, archive.language, at) as writer:
        for start in range(0, len(kept), PORTION):
            for certificate in _read(kept[start : start + PORTION]):
                try:
                    content = stored_bytes(certificate)
                except DamagedFileError:
                    # The index says so. One lost file keeps nobody from the others.
                    logger.exception("archive %s: a certificate isn't in it", archive.pk)
                    content = None
                writer.add(certificate, content)
            running = Archive.objects.filter(pk=archive.pk, state=RunState.RUNNING)
            if not running.update(done=min(start + PORTION, len(kept))):
                return False
    return True


def _drop_what_left(archive: Archive) -> list[int]:
    """Take out of the archive what may not be given out any more; ids of the rest, by course, then by name."""
    allowed = to_pack(archive.region, archive.course_key).filter(pk__in=archive.certificates.values("pk"))
    kept = list(
        allowed.order_by(
            "enrolment__course_code", "enrolment__user__certificate_name_latin", "pk"
        ).values_list("pk", flat=True)
    )
    archive.certificates.set(kept)
    return kept


def _read(ids: list[int]) -> Iterator[Certificate]:
    found = Certificate.objects.in_bulk(ids)
    return (found[pk] for pk in ids)


@transaction.atomic
def _finish(archive_id: int, file: BufferedRandom, at: datetime) -> bool:
    """Store under the row's lock: an erasure comes before, and the attempt is repeated, or after, and ends it."""
    archive = Archive.objects.select_for_update().get(pk=archive_id)
    if archive.state != RunState.RUNNING:
        return False
    if archive.certificates.filter(erased_at__isnull=False).exists():
        Archive.objects.filter(pk=archive_id).update(retry_at=at)
        return False
    file.seek(0)
    digest = hashlib.file_digest(file, "sha256").hexdigest()
    file.seek(0)
    files.store(archive.file.name or "", file)
    Archive.objects.filter(pk=archive_id).update(
        state=RunState.DONE, sha256=digest, finished_at=at, expires_at=at + KEPT, retry_at=None
    )
    return True


def _note_failure(archive: Archive, at: datetime) -> None:
    running = Archive.objects.filter(pk=archive.pk, state=RunState.RUNNING)
    if archive.attempts >= MAX_ATTEMPTS:
        running.update(state=RunState.FAILED, finished_at=at, retry_at=None)
    else:
        running.update(retry_at=at + wait_after(archive.attempts))


def _record(archive: Archive, to: User, at: datetime) -> None:
    """Each certificate keeps that it was given out, and to whom; the holder's own isn't given to anybody else.

    Not why: every holder reads the history of their certificate, and the reason may name another one.
    """
    others = archive.certificates.exclude(enrolment__user_id=to.pk).order_by("pk")
    CertificateEvent.objects.bulk_create(
        (
            CertificateEvent(certificate_id=pk, kind=EventKind.HANDED_OUT, at=at, actor_id=to.pk)
            for pk in others.values_list("pk", flat=True)
        ),
        batch_size=ROWS_AT_ONCE,
    )
