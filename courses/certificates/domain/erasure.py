"""What certificates hold of a person, and what stays when the person is erased."""

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.accounts.api import User
from courses.certificates.domain.privacy import forget_name_links
from courses.certificates.domain.snapshot import without_names
from courses.certificates.enums import CertificateState, EventKind, Revocation, Supersession
from courses.certificates.interfaces import files
from courses.certificates.models import Certificate, CertificateEvent
from courses.lib.dates import format_duration, format_month
from courses.lib.ids import display_serial
from courses.progress.api import Enrolment

logger = logging.getLogger(__name__)

# Words for the keys of the export.
LABELS: Mapping[str, Any] = {
    "serial": _("code"),
    "state": _("state"),
    "printed": _("what is printed"),
    "requested_at": _("requested"),
    "issued_at": _("issued"),
    "languages": _("languages"),
    "course_title": _("title of the course"),
    "course_code": _("code of the course"),
    "issuer": _("issuer"),
    "completed_on": _("completed"),
    "issued_on": _("issued"),
    "holder_latin": _("holder, in Latin letters"),
    "holder_arabic": _("holder, in Arabic letters"),
    "association_latin": _("association, in Latin letters"),
    "association_arabic": _("association, in Arabic letters"),
    "law_checked_to": _("law checked up to"),
    "estimated_minutes": _("estimated duration"),
    "themes": _("modules"),
    "score_percent": _("result of the test in percent"),
    "valid_until": _("valid until"),
    "provisions": _("provisions covered"),
    "version": _("version"),
    "expires_at": _("expires"),
    "superseded_at": _("replaced"),
    "superseded_because": _("why it was replaced"),
    "revoked_at": _("revoked"),
    "revocation": _("reason of the revocation"),
    "replaces": _("takes the place of"),
    "replaces_because": _("why it takes another one's place"),
    "shows_association": _("shows the association to anybody"),
    "mailed_at": _("letter about it"),
    "name_links": _("links with the full name"),
    "made_at": _("made"),
    "history": _("history"),
    "event": _("event"),
    "at": _("time"),
    "note": _("note"),
}

# What programs read: the file has it, the page doesn't.
FILE_ONLY = frozenset({"sha256", "verify_url", "variables"})
_STATES: Mapping[str | None, Any] = {
    CertificateState.PENDING.value: _("Being made"),
    CertificateState.READY.value: _("Issued"),
    CertificateState.FAILED.value: _("Not issued yet"),
}


def _in_own_language(texts: Any) -> Any:
    """Of what is kept in every language, the reader's, or the first there is; what is no such mapping stays."""
    if not isinstance(texts, Mapping):
        return texts
    return texts.get(get_language() or "fr") or next(iter(texts.values()), None)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _month(day: str | None) -> str | None:
    return format_month(date.fromisoformat(day), get_language() or "fr") if day else None


def note_in_words(note: str) -> Any:
    """The reason that stands with an event: somebody's own words, or those for what took its place."""
    return Supersession(note).label if note in Supersession.values else note


WORDS: Mapping[str, Callable[[Any], Any]] = {
    "serial": lambda serial: display_serial(serial) if serial else None,
    "state": lambda state: _STATES.get(state, state),
    "course_title": _in_own_language,
    "issuer": _in_own_language,
    "provisions": _in_own_language,
    "replaces": lambda serial: display_serial(serial) if serial else None,
    "replaces_because": lambda why: Supersession(why).label if why else None,
    "superseded_because": lambda why: Supersession(why).label if why else None,
    "note": note_in_words,
    "revocation": lambda why: Revocation(why).label if why else None,
    "event": lambda kind: EventKind(kind).label,
    "themes": _in_own_language,
    "law_checked_to": _month,
    "estimated_minutes": lambda minutes: (
        format_duration(minutes, get_language() or "fr") if minutes else None
    ),
}


def export(user: User) -> list[dict[str, Any]]:
    """Every certificate of a person with what is printed on it and its history, as JSON-ready values."""
    certificates = (
        Certificate.objects.filter(enrolment__user_id=user.pk)
        .select_related("supersedes")
        .prefetch_related("events", "name_links")
        .order_by("requested_at", "pk")
    )
    return [
        {
            "serial": certificate.serial,
            "state": certificate.state,
            "printed": certificate.snapshot["content"],
            "version": certificate.version,
            "completed_at": certificate.completed_at.isoformat(),
            "requested_at": certificate.requested_at.isoformat(),
            "issued_at": _iso(certificate.issued_at),
            "expires_at": _iso(certificate.expires_at),
            "superseded_at": _iso(certificate.superseded_at),
            "superseded_because": certificate.superseded_because,
            "revoked_at": _iso(certificate.revoked_at),
            "revocation": certificate.revocation,
            "replaces": certificate.supersedes and certificate.supersedes.serial,
            "replaces_because": certificate.supersedes_because,
            "shows_association": certificate.shows_association,
            "mailed_at": _iso(certificate.mailed_at),
            "name_links": [
                {"made_at": _iso(link.made_at), "expires_at": _iso(link.expires_at)}
                for link in certificate.name_links.all()
            ],
            "history": [
                {"event": event.kind, "at": _iso(event.at), "note": event.reason}
                for event in certificate.events.all()
            ],
            "sha256": certificate.sha256,
        }
        for certificate in certificates
    ]


@transaction.atomic
def erase(user: User, at: datetime) -> None:
    """Take the names out and delete the files; serial, hash, course and dates stay, so that verification still
    answers. Notes in the history go too: they may name the person. A certificate that wasn't READY never will be.
    Joins the caller's transaction; the files go after its commit, and the sweep deletes those that a crash left.
    """
    # The lock that `issue.request` takes: no certificate appears behind our back.
    list(Enrolment.objects.select_for_update().filter(user_id=user.pk).order_by("pk").values_list("pk"))
    certificates = Certificate.objects.select_for_update().filter(
        enrolment__user_id=user.pk, erased_at__isnull=True
    )
    forget_name_links(user.pk)
    # Reasons of failures are names of errors, those of supersessions are ours.
    notes = CertificateEvent.objects.filter(certificate__enrolment__user_id=user.pk)
    notes.exclude(kind__in=[EventKind.FAILED, EventKind.SUPERSEDED]).exclude(reason="").update(reason="")
    for certificate in certificates.order_by("pk"):
        certificate.erased_at = at
        certificate.shows_association = False
        certificate.snapshot = without_names(certificate.snapshot)
        if certificate.state == CertificateState.PENDING:
            certificate.state, certificate.failure = CertificateState.FAILED, "holder erased"
            certificate.retry_at = None
        certificate.save(
            update_fields=["erased_at", "shows_association", "snapshot", "state", "failure", "retry_at"]
        )
        CertificateEvent.objects.create(certificate=certificate, kind=EventKind.ERASED, at=at)
        _purge_on_commit(certificate.pk)


def purge(certificate_id: int) -> None:
    """Delete the file of an erased holder, then forget its place; safe to repeat."""
    certificate = Certificate.objects.get(pk=certificate_id, erased_at__isnull=False)
    if certificate.file_name:
        files.delete(certificate.file_name)
        Certificate.objects.filter(pk=certificate_id).update(file="")


def _purge_on_commit(certificate_id: int) -> None:
    transaction.on_commit(lambda: purge(certificate_id), robust=True)
