"""The e-mails of the embedded profile, on a page: there a confirmation link can be clicked."""

from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

SHOWN = 50
# What Django's file backend writes after each message.
_SEPARATOR = b"\n" + b"-" * 79 + b"\n"


@dataclass(frozen=True)
class Mail:
    subject: str
    to: str
    sent_at: datetime | None
    body: str


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """The last fifty e-mails, newest first; 404 wherever e-mails really leave."""
    if not settings.ELEARN_MAILBOX:
        raise Http404
    folder = Path(getattr(settings, "EMAIL_FILE_PATH", ""))
    return render(request, "mailbox.html", {"mails": read_mails(folder)})


def read_mails(folder: Path) -> list[Mail]:
    """The e-mails that the file backend wrote into a folder, newest first, at most fifty."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    mails: list[Mail] = []
    for path in files:
        if len(mails) >= SHOWN:
            break
        parts = [part for part in path.read_bytes().split(_SEPARATOR) if part.strip()]
        mails += [_mail(part) for part in reversed(parts)]
    return mails[:SHOWN]


def _mail(raw: bytes) -> Mail:
    message = message_from_bytes(raw.lstrip(), _class=EmailMessage, policy=policy.default)
    text = message.get_body(("plain", "html"))
    return Mail(
        subject=str(message["subject"] or ""),
        to=str(message["to"] or ""),
        sent_at=_sent_at(message),
        body=text.get_content() if text is not None else "",
    )


def _sent_at(message: EmailMessage) -> datetime | None:
    date: datetime | None = getattr(message["date"], "datetime", None)
    if date is None:
        return None
    # Django writes the zone -0000, which Python reads as 'no zone'; it is UTC.
    return timezone.localtime(date if date.tzinfo else date.replace(tzinfo=UTC))
