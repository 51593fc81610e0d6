"""Giving and withdrawing consents."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from courses.accounts.enums import ConsentKind
from courses.accounts.models import ConsentRecord, User

# What people agree to, word for word; the record keeps it as it was on that day in that language.
CONSENT_TEXTS: dict[ConsentKind, Any] = {
    ConsentKind.REMINDERS: _(
        "I agree to receive reminders of my courses by e-mail. I can withdraw this at any time."
    ),
    ConsentKind.NEWS: _("I agree to receive news of new courses by e-mail. I can withdraw this at any time."),
}


def consent_text(kind: ConsentKind, language: str) -> str:
    """The text of a consent in a language."""
    with override(language):
        return str(CONSENT_TEXTS[kind])


def has_consent(user: User, kind: ConsentKind) -> bool:
    """Whether the person's consent of this kind stands now."""
    return ConsentRecord.objects.filter(user=user, kind=kind, withdrawn_at__isnull=True).exists()


def give_consent(user: User, kind: ConsentKind, *, language: str, at: datetime) -> ConsentRecord:
    """Record the consent with its text in this language. Atomic; a consent that stands is returned as it is."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        record, _created = ConsentRecord.objects.get_or_create(
            user=user,
            kind=kind,
            withdrawn_at=None,
            defaults={"text": consent_text(kind, language), "language": language, "given_at": at},
        )
    return record


def withdraw_consent(user: User, kind: ConsentKind, *, at: datetime) -> bool:
    """Withdraw the consent; the record stays with both times. False when none stood. Idempotent."""
    return bool(
        ConsentRecord.objects.filter(user=user, kind=kind, withdrawn_at__isnull=True).update(withdrawn_at=at)
    )
