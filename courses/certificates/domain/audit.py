"""Whether rows and files of certificates agree."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Count, Q

from courses.certificates.domain.standing import with_standing
from courses.certificates.enums import CertificateState, Standing
from courses.certificates.interfaces import files
from courses.certificates.models import Certificate


class Fault(StrEnum):
    MISSING_FILE = "missing-file"
    OTHER_HASH = "other-hash"
    ORPHAN = "orphan"
    TWO_COUNT = "two-count"


@dataclass(frozen=True)
class Finding:
    """`about`: the serial; of an orphan, the file's name; of several that count, their serials."""

    fault: Fault
    about: str


def findings(at: datetime) -> Iterator[Finding]:
    """Issued certificates whose file is missing or has another hash; files that belong to no certificate; people with
    two certificates of one course that count at `at`. Reads every file.
    """
    yield from _files_of_issued()
    yield from (Finding(Fault.ORPHAN, name) for name in orphans())
    counting = Certificate.objects.filter(
        with_standing(Standing.VALID, at) | with_standing(Standing.EXPIRING, at)
    )
    twice = counting.order_by().values("enrolment__user_id", "course_key").annotate(n=Count("pk"))
    for row in twice.filter(n__gt=1).order_by("course_key", "enrolment__user_id"):
        both = Q(enrolment__user_id=row["enrolment__user_id"], course_key=row["course_key"])
        serials = counting.filter(both).order_by("serial").values_list("serial", flat=True)
        yield Finding(Fault.TWO_COUNT, " ".join(serials))


def orphans() -> Iterator[str]:
    """Names of stored files that no certificate names."""
    storage = files.private_storage()
    try:
        folders, _files = storage.listdir(files.FOLDER)
    except FileNotFoundError:
        return
    for folder in sorted(folders):
        _folders, names = storage.listdir(f"{files.FOLDER}/{folder}")
        there = {f"{files.FOLDER}/{folder}/{name}" for name in names}
        known = Certificate.objects.filter(file__in=there).values_list("file", flat=True)
        yield from sorted(there - set(known))


def delete_orphan(name: str) -> bool:
    """Delete a file unless a certificate names it (by now); whether it was deleted."""
    if Certificate.objects.filter(file=name).exists():
        return False
    files.delete(name)
    return True


def _files_of_issued() -> Iterator[Finding]:
    kept = Certificate.objects.filter(state=CertificateState.READY, erased_at__isnull=True).order_by("pk")
    for serial, name, sha256 in kept.values_list("serial", "file", "sha256").iterator(500):
        try:
            content = files.read(name) if name else None
        except OSError:
            content = None
        if content is None:
            yield Finding(Fault.MISSING_FILE, serial)
        elif hashlib.sha256(content).hexdigest() != sha256:
            yield Finding(Fault.OTHER_HASH, serial)
