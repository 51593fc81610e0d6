"""What a certificate is worth, in words: for whoever checks it, and for its holder."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from courses.certificates.domain.renewing import RENEWABLE
from courses.certificates.domain.verification import Verification
from courses.certificates.enums import EventKind, Standing
from courses.lib.dates import format_date
from courses.lib.site_name import site_name

HEADLINES: Mapping[Standing, Any] = {
    Standing.VALID: _("Valid certificate"),
    Standing.EXPIRING: _("Valid certificate, soon to expire"),
    Standing.EXPIRED: _("Expired certificate"),
    Standing.REVOKED: _("Revoked certificate"),
    Standing.SUPERSEDED: _("Replaced certificate"),
    Standing.HOLDER_ERASED: _("Issued; holder erased"),
}
ICONS: Mapping[Standing, str] = {
    Standing.VALID: "check",
    Standing.EXPIRING: "clock",
    Standing.EXPIRED: "calendar",
    Standing.REVOKED: "cross",
    Standing.SUPERSEDED: "refresh",
    Standing.HOLDER_ERASED: "info",
}
# State of the tag beside a title, and its word.
TAGS: Mapping[Standing, tuple[str, Any]] = {
    Standing.VALID: ("valid", _("Issued")),
    Standing.EXPIRING: ("soon", _("Expires soon")),
    Standing.EXPIRED: ("overdue", _("Expired")),
    Standing.REVOKED: ("revoked", _("Revoked")),
    Standing.SUPERSEDED: ("superseded", _("Replaced")),
    Standing.HOLDER_ERASED: ("neutral", _("Holder erased")),
}
# What happened to it, as its holder reads it.
HAPPENED: Mapping[str, Any] = {
    EventKind.ISSUED: _("Issued"),
    EventKind.SUPERSEDED: _("Replaced"),
    EventKind.REVOKED: _("Revoked"),
}


@dataclass(frozen=True)
class ToHolder:
    """What the holder of an issued certificate is told: a tag, and sentences (none for a valid one). `course_url`
    leads to the course where following it again helps, and is empty otherwise.
    """

    standing: Standing
    tag: str
    label: Any
    notes: Sequence[str]
    course_url: str = ""


def for_anybody(found: Verification, *, on_paper: bool = True) -> list[str]:
    """The sentences under the headline of the public page, in the active language. Who sent the issued file instead
    (`on_paper` is False) has nothing to compare.
    """
    values = {"site": site_name(), "until": _day(found.valid_until), "day": _day(found.since)}
    match found.standing:
        case Standing.VALID if not on_paper:
            return [gettext("This certificate was issued by %(site)s.") % values]
        case Standing.EXPIRING if not on_paper:
            return [gettext("This certificate was issued by %(site)s and is valid until %(until)s.") % values]
        case Standing.VALID:
            return [
                gettext("This certificate was issued by %(site)s. Compare what follows with the paper.")
                % values
            ]
        case Standing.EXPIRING:
            return [
                gettext(
                    "This certificate was issued by %(site)s and is valid until %(until)s. "
                    "Compare what follows with the paper."
                )
                % values
            ]
        case Standing.EXPIRED:
            return [
                gettext("This certificate was issued by %(site)s and was valid until %(until)s.") % values,
                gettext("It doesn't count any more: ask its holder for a newer one."),
            ]
        case Standing.REVOKED:
            return [
                gettext("This certificate was issued by %(site)s and revoked on %(day)s.") % values,
                *_reason(found),
                gettext("It doesn't count any more."),
            ]
        case Standing.SUPERSEDED:
            return [
                gettext("This certificate was issued by %(site)s and replaced on %(day)s.") % values,
                *_reason(found),
                gettext("It doesn't count any more: ask its holder for the newer one."),
            ]
        case Standing.HOLDER_ERASED:
            said = [
                gettext(
                    "This certificate was issued. Its holder has since had their personal data erased, so that the "
                    "name can't be compared any more."
                )
            ]
            if found.valid_until is not None and found.valid_until < timezone.localdate():
                said.append(gettext("It was valid until %(until)s.") % values)
            return said


def for_holder(found: Verification, course_url: str = "") -> ToHolder:
    """In the active language. `course_url` is the course's address today."""
    tag, label = TAGS[found.standing]
    renewable = found.standing in RENEWABLE
    return ToHolder(found.standing, tag, label, _notes(found), course_url if renewable else "")


def _notes(found: Verification) -> list[str]:
    values = {"until": _day(found.valid_until), "day": _day(found.since)}
    match found.standing:
        case Standing.EXPIRING:
            return [
                gettext(
                    "It is valid until %(until)s. Follow the course again by then, and the next one counts "
                    "from that day on."
                )
                % values
            ]
        case Standing.EXPIRED:
            return [
                gettext("It was valid until %(until)s. Follow the course again to get a new one.") % values
            ]
        case Standing.REVOKED:
            return [
                gettext("It was revoked on %(day)s.") % values,
                *_reason(found),
                gettext("If you think that this is wrong, write to the team of the site."),
            ]
        case Standing.SUPERSEDED:
            return [
                gettext("It was replaced on %(day)s.") % values,
                *_reason(found),
                gettext("It doesn't count any more: show the newer one."),
            ]
        case _:
            return []


def _reason(found: Verification) -> list[str]:
    return [str(found.reason)] if found.reason else []


def _day(day: Any) -> str:
    return format_date(day, get_language() or "fr") if day else ""
