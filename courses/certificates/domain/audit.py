"""Whether rows and files of certificates agree."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Count, Q

from courses.certificates.domain.queries import delayed
from courses.certificates.domain.standing import with_standing
from courses.certificates.enums import CertificateState, Standing
from courses.certificates.interfaces import files
from courses.certificates.interfaces.pdf.spec import DesignSpec
from courses.certificates.models import Certificate, DesignVersion

# Certificates lie in folders named by the first two digits of their uuids (`interfaces.files.file_name`). What else
# lies beside them, the pictures of frozen designs, is none of theirs.
_OF_CERTIFICATES = re.compile(r"\A[0-9a-f]{2}\Z")
# An outage that lasts longer should be known to somebody.
LONG = timedelta(days=1)


class Fault(StrEnum):
    MISSING_FILE = "missing-file"
    OTHER_HASH = "other-hash"
    ORPHAN = "orphan"
    MISSING_PICTURE = "missing-picture"
    TWO_COUNT = "two-count"
    LONG_DELAYED = "long-delayed"


@dataclass(frozen=True)
class Finding:
    """`about`: the serial; of an orphan or a picture, the file's name; of several that count, their serials; of one
    that is long delayed, its serial and the error.
    """

    fault: Fault
    about: str


def findings(at: datetime) -> Iterator[Finding]:
    """Issued certificates whose file is missing or has another hash; files that belong to no certificate; pictures of
    frozen designs that are missing; people with two certificates of one course that count at `at`; certificates that
    couldn't be made for LONG and are still tried. Reads every file.
    """
    yield from _files_of_issued()
    yield from (Finding(Fault.ORPHAN, name) for name in orphans())
    yield from (Finding(Fault.MISSING_PICTURE, name) for name in missing_pictures())
    counting = Certificate.objects.filter(
        with_standing(Standing.VALID, at) | with_standing(Standing.EXPIRING, at)
    )
    twice = counting.order_by().values("enrolment__user_id", "course_key").annotate(n=Count("pk"))
    for row in twice.filter(n__gt=1).order_by("course_key", "enrolment__user_id"):
        both = Q(enrolment__user_id=row["enrolment__user_id"], course_key=row["course_key"])
        serials = counting.filter(both).order_by("serial").values_list("serial", flat=True)
        yield Finding(Fault.TWO_COUNT, " ".join(serials))
    waiting = delayed().filter(requested_at__lt=at - LONG).order_by("requested_at", "pk")
    for serial, failure in waiting.values_list("serial", "failure"):
        yield Finding(Fault.LONG_DELAYED, f"{serial} {failure}")


def orphans() -> Iterator[str]:
    """Names of stored files that no certificate names."""
    storage = files.private_storage()
    try:
        folders, _files = storage.listdir(files.FOLDER)
    except FileNotFoundError:
        return
    for folder in sorted(filter(_OF_CERTIFICATES.match, folders)):
        _folders, names = storage.listdir(f"{files.FOLDER}/{folder}")
        there = {f"{files.FOLDER}/{folder}/{name}" for name in names}
        known = Certificate.objects.filter(file__in=there).values_list("file", flat=True)
        yield from sorted(there - set(known))


def missing_pictures() -> list[str]:
    """Names of the pictures that frozen designs print and the storage lacks."""
    specs = DesignVersion.objects.order_by("pk").values_list("spec", flat=True)
    names = {picture.name for spec in specs.iterator(500) for picture in DesignSpec.from_dict(spec).pictures}
    return sorted(name for name in names if not files.private_storage().exists(name))


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
