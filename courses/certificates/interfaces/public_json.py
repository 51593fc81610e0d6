"""What verification tells programs. The shape is part of the product: fields are added, never renamed or removed.

A JSON object with these fields, in this order; `null` where there is nothing to say.

- `version`: 1.
- `serial`: sixteen characters, as printed but without dashes.
- `standing`: `valid`, `expiring` (still valid), `expired`, `revoked`, `superseded`, `holder_erased`, or `unknown`;
  `null` with 429.
- `headline`: the standing in words, in the language of the address.
- `problem`: why it is `unknown`: `not_issued`, `length`, `character` or `check` (a typing error); `too_many` with 429.
- `initials`, `course` (`title`, `code`), `completed_on`, `issued_on`, `valid_until`, `law_checked_to` (a month,
  `2026-02`), `associations` (empty unless the holder shows them).
- `since`: the day on which it was revoked or superseded; `reason`: why it was revoked, or what it was superseded by (a
  corrected, an amended or a renewed certificate), in words.

Days are `2026-02-12`. An unknown serial answers 404 with the same fields, and an address that asks too often 429:
`Retry-After` says in how many seconds it may ask again.
"""

from typing import Any

from django.utils.translation import gettext as _

from courses.certificates.domain.verification import Verification
from courses.certificates.interfaces.standing_words import HEADLINES

VERSION = 1
_NOTHING: dict[str, Any] = {
    "version": VERSION,
    "serial": None,
    "standing": "unknown",
    "headline": None,
    "problem": None,
    "initials": None,
    "course": None,
    "completed_on": None,
    "issued_on": None,
    "valid_until": None,
    "law_checked_to": None,
    "associations": [],
    "since": None,
    "reason": None,
}


def facts(found: Verification) -> dict[str, Any]:
    """The public part of an issued certificate, in the active language."""
    return {
        **_NOTHING,
        "serial": found.serial,
        "standing": found.standing.value,
        "headline": str(HEADLINES[found.standing]),
        "initials": found.initials or None,
        "course": {"title": found.course_title, "code": found.course_code or None},
        "completed_on": found.completed_on.isoformat(),
        "issued_on": found.issued_on.isoformat(),
        "valid_until": found.valid_until and found.valid_until.isoformat(),
        "law_checked_to": found.law_checked_to and found.law_checked_to.strftime("%Y-%m"),
        "associations": list(found.associations),
        "since": found.since and found.since.isoformat(),
        "reason": str(found.reason) or None,
    }


def unknown(serial: str | None, problem: str) -> dict[str, Any]:
    """The answer for a serial that was never issued, or (None) for what can't be one."""
    return {**_NOTHING, "serial": serial, "headline": _("Unknown certificate"), "problem": problem}


def too_many() -> dict[str, Any]:
    """The answer to an address that asks too often. Nothing was looked up, so that nothing is said of a certificate."""
    return {**_NOTHING, "standing": None, "headline": _("Too many checks"), "problem": "too_many"}
