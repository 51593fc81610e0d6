"""The name that is printed on a person's certificates, as the person confirms it."""

from datetime import datetime

from django.db import transaction

from courses.accounts.domain.joining import AccountClosedError
from courses.accounts.models import User
from courses.accounts.signals import certificate_name_confirmed

COLUMNS = ("certificate_name_latin", "certificate_name_arabic", "certificate_name_confirmed_at")


def confirm_certificate_name(user: User, *, latin: str, arabic: str, at: datetime) -> None:
    """Set the name to be printed, in one script or in both, and note that the person confirmed it.

    Names are clean (`domain.names`). Certificates already issued don't change. Atomic; writes these columns alone;
    the same names again keep the time of their confirmation. `certificate_name_confirmed` is sent after commit.
    ValueError without any name; AccountClosedError.
    """
    if not latin and not arabic:
        raise ValueError("A certificate needs a name.")
    with transaction.atomic():
        standing = User.objects.select_for_update().get(pk=user.pk)
        if standing.erased_at is not None:
            raise AccountClosedError(f"account {user.pk} is closed")
        same = (standing.certificate_name_latin, standing.certificate_name_arabic) == (latin, arabic)
        user.certificate_name_latin, user.certificate_name_arabic = latin, arabic
        user.certificate_name_confirmed_at = (standing.certificate_name_confirmed_at if same else None) or at
        user.save(update_fields=COLUMNS)
        transaction.on_commit(
            lambda: certificate_name_confirmed.send_robust(sender=None, user_id=user.pk, at=at), robust=True
        )
