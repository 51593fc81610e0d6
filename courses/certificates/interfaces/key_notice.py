"""What the screens of certificates say to administrators about the end of the key that seals them."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from courses.certificates.domain.keys import expiry_of_seals
from courses.lib.dates import format_date


@dataclass(frozen=True)
class KeyNotice:
    """`status` is one of the admin's help blocks."""

    status: str
    text: str


def key_notice(at: datetime) -> KeyNotice | None:
    """None while the key has long to go, and where there is none. One query."""
    found = expiry_of_seals(at)
    if found is None:
        return None
    day = {"day": format_date(timezone.localtime(found.at).date(), get_language() or "fr")}
    if found.over:
        return KeyNotice(
            "critical",
            _(
                "The key that seals certificates ended on %(day)s: new certificates wait until there is another one. "
                "Whoever runs the site makes or imports it (manage.py certificate_key). What was issued stays valid."
            )
            % day,
        )
    return KeyNotice(
        "warning",
        _(
            "The key that seals certificates ends on %(day)s. From then on new certificates wait: whoever runs the "
            "site makes or imports another one before (manage.py certificate_key). What was issued stays valid."
        )
        % day,
    )
