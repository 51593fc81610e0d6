"""What the holder lets others see beyond the initials: the association, and the full name for some days.

Each verb takes the certificate's row lock, as the erasure of the holder does, and records an event with the holder as
actor. Who may call them is the view's business: the holder, and nobody else.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from courses.certificates.domain.queries import issued
from courses.certificates.domain.standing import standing_of
from courses.certificates.domain.verification import read_serial
from courses.certificates.enums import EventKind, Standing
from courses.certificates.models import Certificate, CertificateEvent, NameLink
from courses.lib.ids import SerialError

# For how many days a link may be made, and what is chosen where the holder chooses nothing.
LINK_DAYS = (1, 7, 30)
DEFAULT_LINK_DAYS = 7
MAX_OPEN_LINKS = 10
# One that is revoked or replaced isn't shown around any more.
SHOWABLE = frozenset({Standing.VALID, Standing.EXPIRING, Standing.EXPIRED})


class NotShowableError(Exception):
    """The certificate isn't issued, or is revoked, replaced or its holder erased."""


class TooManyLinksError(Exception):
    """MAX_OPEN_LINKS are open already."""


@transaction.atomic
def show_association(certificate_id: int, shown: bool, at: datetime, actor_id: int) -> bool:
    """Let verification tell the printed association, or hide it again; True where that changed something.

    Raises NotShowableError for a certificate that isn't issued, or whose holder is erased.
    """
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if not certificate.is_ready or certificate.erased_at is not None:
        raise NotShowableError
    if certificate.shows_association == shown:
        return False
    certificate.shows_association = shown
    certificate.save(update_fields=["shows_association"])
    _record(certificate, EventKind.SHOWN if shown else EventKind.HIDDEN, at, actor_id)
    return True


@transaction.atomic
def make_name_link(certificate_id: int, days: int, at: datetime, actor_id: int) -> str:
    """Open a link for so many days (one of LINK_DAYS) and return its token, which is kept nowhere.

    Links that ran out are forgotten. Raises ValueError, NotShowableError or TooManyLinksError.
    """
    if days not in LINK_DAYS:
        raise ValueError(f"no link for {days} days")
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    if not may_be_shown(certificate, at):
        raise NotShowableError
    links = NameLink.objects.filter(certificate_id=certificate_id)
    links.filter(expires_at__lte=at).delete()
    if links.count() >= MAX_OPEN_LINKS:
        raise TooManyLinksError
    token = secrets.token_urlsafe(32)
    NameLink.objects.create(
        certificate=certificate,
        token_sha256=_digest(token),
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    _record(certificate, EventKind.NAME_LINK_MADE, at, actor_id)
    return token


@transaction.atomic
def end_name_link(certificate_id: int, link_id: int, at: datetime, actor_id: int) -> bool:
    """End a link of this certificate now; False where there is none any more."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate_id)
    deleted, _by_model = NameLink.objects.filter(pk=link_id, certificate_id=certificate_id).delete()
    if not deleted:
        return False
    _record(certificate, EventKind.NAME_LINK_ENDED, at, actor_id)
    return True


def forget_name_links(user_id: int) -> None:
    """Every link of a person goes; joins the transaction of the erasure."""
    NameLink.objects.filter(certificate__enrolment__user_id=user_id).delete()


def may_be_shown(certificate: Certificate, at: datetime) -> bool:
    """Whether a link with the full name may be made for it, and shows the name."""
    return certificate.is_ready and standing_of(certificate, at) in SHOWABLE


def open_links(certificate: Certificate, at: datetime) -> QuerySet[NameLink]:
    """The links of a certificate that still open, the first to end first."""
    return NameLink.objects.filter(certificate_id=certificate.pk, expires_at__gt=at).order_by(
        "expires_at", "pk"
    )


def opened_by(serial: str, token: str, at: datetime) -> Certificate | None:
    """The issued certificate to which this token leads at a moment; None for any other serial, for a token that is
    wrong, ended or expired, and once the holder is erased. Whether it shows the name, `may_be_shown` says. One query;
    none for what is no serial.
    """
    try:
        canonical = read_serial(serial)
    except SerialError:
        return None
    return (
        issued()
        .filter(
            serial=canonical,
            erased_at__isnull=True,
            name_links__token_sha256=_digest(token),
            name_links__expires_at__gt=at,
        )
        .first()
    )


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _record(certificate: Certificate, kind: EventKind, at: datetime, actor_id: int) -> None:
    CertificateEvent.objects.create(certificate=certificate, kind=kind, at=at, actor_id=actor_id)
