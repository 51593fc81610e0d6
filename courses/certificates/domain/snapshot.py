"""The snapshot: all that is printed on a certificate and all that verification says of it, frozen.

A JSON object: `version` (3), `content` (what `CertificateContent.to_dict` gives, with titles, issuer and
modules in every language of the site, not only the printed ones), `initials` (`latin`, `arabic`), `time_zone` (that of
the holder's association, in which the days are counted), `anchor_day` (that of `validity.Validity`; null without an
end). Version 1 had no time zone, no end of validity and no provisions, version 2 no anchor day.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from courses.accounts.api import User, association_zone, open_memberships
from courses.accounts.enums import MembershipStatus
from courses.certificates.domain.eligibility import names_of, unprintable
from courses.certificates.domain.validity import Validity, anchor_of, end_of_day, validity_of
from courses.certificates.domain.variables import (
    OF_THE_COURSE,
    SCORE,
    score_in,
    values_for,
    without_personal,
)
from courses.certificates.enums import Supersession
from courses.certificates.models import Certificate, CourseRule
from courses.domain.outline import CourseNotFound, CourseOutline, outline_of
from courses.lib.bidi import clean
from courses.lib.dates import format_date
from courses.lib.site_name import issuer_name
from courses.progress.api import Enrolment

if TYPE_CHECKING:
    from courses.certificates.interfaces.pdf.content import CertificateContent

VERSION = 3
# What is printed for a course finished in this language, the main language first.
SHEET_LANGUAGES: Mapping[str, tuple[str, ...]] = {"ar": ("ar", "fr"), "fr": ("fr", "ar"), "en": ("en",)}
# More than this many letters of associations don't fit on the sheet.
MAX_ASSOCIATION_LENGTH = 120
# ال, with or without vowel marks, before at least two letters (آل and إل begin other words).
_ARTICLE = re.compile(r"^[\u0627\u0671][\u064b-\u0652]*\u0644[\u064b-\u0652]*(?=\w[\u064b-\u0652]*\w)")


def build(
    enrolment: Enrolment,
    serial: str,
    at: datetime,
    *,
    rule: CourseRule,
    languages: tuple[str, ...] = (),
    supersedes: Certificate | None = None,
    because: Supersession | None = None,
    outlines: Mapping[str, CourseOutline] | None = None,
) -> tuple[dict[str, Any], datetime | None]:
    """The snapshot of a complete enrolment, as JSON-ready values, and the moment at which it expires.

    `languages` are those of the design, the main one first; empty where the language of completion decides. `outlines`
    are the course's at `at`; without them they are read. `at` is the time of the request; its day in the association's
    time zone is printed as the day of issue. A correction of `supersedes` says what that one says of the course
    (`corrected`), an amendment what is true now; both keep its days and its end of validity. A renewal prolongs it;
    where there is none, it has none. Raises ValueError where the course isn't complete or the holder has no name.
    """
    from courses.certificates.interfaces.pdf.content import CertificateContent

    completed_at = enrolment.progress.completed_at
    if completed_at is None:
        raise ValueError("the course isn't complete")
    if supersedes is not None and because == Supersession.CORRECTED:
        return corrected(supersedes, enrolment, serial, at), supersedes.expires_at
    names = names_of(enrolment.user)
    zone = (
        zone_of(supersedes)
        if supersedes and because == Supersession.AMENDED
        else association_zone(enrolment.user)
    )
    completed_on = timezone.localtime(completed_at, zone).date()
    validity = _validity(completed_on, rule, supersedes, because)
    until = None if validity is None else validity.until
    if outlines is None:
        outlines = outlines_of(enrolment.course_key)
    languages = languages or SHEET_LANGUAGES.get(enrolment.progress.completed_locale, SHEET_LANGUAGES["fr"])
    latin, arabic = _associations(enrolment.user)
    any_outline = next(iter(outlines.values()), None)
    values = _values(enrolment, languages, completed_on, with_score=rule.shows_score)
    content = CertificateContent(
        languages=languages,
        course_title={
            code: _printable(outlines[code].title if code in outlines else enrolment.course_title)
            for code, _name in settings.LANGUAGES
        },
        course_code=enrolment.course_code,
        issuer={code: issuer_name(code) for code, _name in settings.LANGUAGES},
        completed_on=completed_on,
        issued_on=timezone.localtime(at, zone).date(),
        serial=serial,
        verify_url=verification_address(serial, languages[0]),
        holder_latin=names.latin,
        holder_arabic=names.arabic,
        association_latin=latin,
        association_arabic=arabic,
        law_checked_to=any_outline.law_checked_to if any_outline else None,
        estimated_minutes=any_outline.minutes if any_outline and any_outline.minutes else None,
        themes={
            code: tuple(_printable(module.title) for module in outline.modules)
            for code, outline in outlines.items()
        },
        score_percent=score_in(values) if rule.shows_score else None,
        variables=values,
        valid_until=until,
        provisions={code: _printable(text) for code, text in rule.provisions().items()},
    )
    snapshot = {
        "version": VERSION,
        "content": content.to_dict(),
        "initials": {"latin": initials(names.latin), "arabic": initials(names.arabic)},
        "time_zone": zone.key,
        "anchor_day": _anchor_day(validity),
    }
    return snapshot, None if until is None else end_of_day(until, zone)


def corrected(supersedes: Certificate, enrolment: Enrolment, serial: str, at: datetime) -> dict[str, Any]:
    """The snapshot of a correction: what the earlier one says, with the holder's names and associations as they are
    now, and its own serial and day of issue. The course stays as it was printed.
    """
    before = supersedes.snapshot["content"]
    languages = tuple(before["languages"])
    names = names_of(enrolment.user)
    latin, arabic = _associations(enrolment.user)
    fresh = _values(enrolment, languages, date.fromisoformat(before["completed_on"]), with_score=False)
    printed = before.get("variables", {})
    content = {
        **before,
        "serial": serial,
        "verify_url": verification_address(serial, languages[0]),
        "issued_on": timezone.localtime(at, zone_of(supersedes)).date().isoformat(),
        "holder_latin": names.latin,
        "holder_arabic": names.arabic,
        "association_latin": latin,
        "association_arabic": arabic,
        # A plugin's value may hold the name.
        "variables": {
            code: {
                **values,
                **{key: text for key, text in printed.get(code, {}).items() if key in OF_THE_COURSE},
            }
            for code, values in fresh.items()
        },
    }
    return {
        **supersedes.snapshot,
        "version": VERSION,
        "content": content,
        "initials": {"latin": initials(names.latin), "arabic": initials(names.arabic)},
        "time_zone": zone_of(supersedes).key,
        "anchor_day": _anchor_day(validity_in(supersedes)),
    }


def zone_of(certificate: Certificate) -> ZoneInfo:
    """The time zone in which the days of a certificate are counted."""
    return ZoneInfo(certificate.snapshot.get("time_zone", settings.TIME_ZONE))


def _values(
    enrolment: Enrolment, languages: tuple[str, ...], completed_on: date, *, with_score: bool
) -> dict[str, dict[str, str]]:
    """The printable values of the variables. The day of completion is that of the holder's association; a score that
    isn't printed isn't asked for.
    """
    known: dict[str, Callable[[str], str]] = {
        "completed_on": lambda language: format_date(completed_on, language),
        "course_code": lambda language: enrolment.course_code,
    }
    if not enrolment.programme:
        known["programme"] = lambda language: ""
    if not with_score:
        known[SCORE] = lambda language: ""
    return {
        code: {key: _printable(text) for key, text in values.items()}
        for code, values in values_for(enrolment.pk, languages, known).items()
    }


def validity_in(certificate: Certificate) -> Validity | None:
    """How long a certificate is valid, by its snapshot; None for one that doesn't expire."""
    content = certificate.snapshot["content"]
    if not content.get("valid_until"):
        return None
    until, completed_on = (date.fromisoformat(content[key]) for key in ("valid_until", "completed_on"))
    return Validity(until, certificate.snapshot.get("anchor_day") or anchor_of(completed_on, until))


def _validity(
    completed_on: date, rule: CourseRule, supersedes: Certificate | None, because: Supersession | None
) -> Validity | None:
    earlier = validity_in(supersedes) if supersedes is not None else None
    # The renewal of one that never ends mustn't end either.
    if supersedes is not None and (because != Supersession.RENEWED or earlier is None):
        return earlier
    return validity_of(completed_on, rule.validity_months, renewed=earlier)


def _anchor_day(validity: Validity | None) -> int | None:
    return None if validity is None else validity.anchor_day


def content_of(snapshot: Mapping[str, Any]) -> "CertificateContent":
    """What is printed. Raises ValueError, KeyError or TypeError for a snapshot that has lost its names."""
    from courses.certificates.interfaces.pdf.content import CertificateContent

    return CertificateContent.from_dict(snapshot["content"])


def without_names(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot of an erased holder: course, dates and serial stay; names, initials, associations, the score and
    the values of plugins' variables go.
    """
    content = dict(snapshot["content"])
    for key in ("holder_latin", "holder_arabic", "association_latin", "association_arabic"):
        content[key] = ""
    content["score_percent"] = None
    content["variables"] = without_personal(content.get("variables", {}))
    return {**snapshot, "content": content, "initials": {"latin": "", "arabic": ""}}


def initials(name: str) -> str:
    """The first letter of each word: `S. B. A.`, `س. ب. ع.`; empty for an empty name.

    The Arabic article isn't a letter of the name: العبيدي gives ع.
    """
    words = [_ARTICLE.sub("", word) for word in re.split(r"[\s\-‐‑]+", name)]
    letters = [next((sign for sign in word if sign.isalpha()), "") for word in words]
    return " ".join(f"{letter.upper()}." for letter in letters if letter)


def verification_address(serial: str, language: str) -> str:
    """The public address that checks a serial; it is on paper for ever."""
    return _address("certificates:verify_serial", language, serial)


def name_address(serial: str, token: str, language: str) -> str:
    """The address under which a link of the holder shows the full name."""
    return _address("certificates:verify_name", language, serial, token)


def _address(view: str, language: str, *parts: str) -> str:
    with translation.override(language):
        return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse(view, args=parts)}"


def outlines_of(course_key: UUID) -> dict[str, CourseOutline]:
    """The course's outline in each language of the site; empty once the course is gone."""
    try:
        return {code: outline_of(course_key, code) for code, _name in settings.LANGUAGES}
    except CourseNotFound:
        return {}


def _associations(user: User) -> tuple[str, str]:
    """The names, in Latin and in Arabic letters, of the associations that a coordinator confirmed."""
    memberships = (
        open_memberships()
        .filter(user_id=user.pk, status=MembershipStatus.CONFIRMED)
        .select_related("association")
        .order_by("started_on", "pk")
    )
    associations = [membership.association for membership in memberships]
    return (
        _joined([association.name_latin for association in associations], ", "),
        _joined([association.name_ar for association in associations], "، "),
    )


def _joined(names: list[str], separator: str) -> str:
    """The names one after the other, as many as fit on the sheet."""
    text = ""
    for name in filter(None, (_printable(name) for name in names)):
        longer = f"{text}{separator}{name}" if text else name
        if text and len(longer) > MAX_ASSOCIATION_LENGTH:
            break
        text = longer
    return text


def _printable(text: str) -> str:
    """The text without the signs no font has (an emoji in a title); a person's name never passes here."""
    missing = unprintable(text)
    return clean("".join(sign for sign in text if sign not in missing)) if missing else clean(text)
