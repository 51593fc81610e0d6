"""The snapshot: all that is printed on a certificate and all that verification says of it, frozen.

A JSON object: `version` (1), `content` (what `CertificateContent.to_dict` gives, with titles, issuer and
modules in every language of the site, not only the printed ones), `initials` (`latin`, `arabic`).
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation

from courses.accounts.api import User, open_memberships
from courses.accounts.enums import MembershipStatus
from courses.certificates.domain.eligibility import names_of, unprintable
from courses.certificates.domain.variables import values_for, without_personal
from courses.domain.outline import CourseNotFound, CourseOutline, outline_of
from courses.lib.bidi import clean
from courses.lib.site_name import site_name
from courses.progress.api import Enrolment

if TYPE_CHECKING:
    from courses.certificates.interfaces.pdf.content import CertificateContent

VERSION = 1
# What is printed for a course finished in this language, the main language first.
SHEET_LANGUAGES: Mapping[str, tuple[str, ...]] = {"ar": ("ar", "fr"), "fr": ("fr", "ar"), "en": ("en",)}
# More than this many letters of associations don't fit on the sheet.
MAX_ASSOCIATION_LENGTH = 120
# ال, with or without vowel marks, before at least two letters (آل and إل begin other words).
_ARTICLE = re.compile(r"^[\u0627\u0671][\u064b-\u0652]*\u0644[\u064b-\u0652]*(?=\w[\u064b-\u0652]*\w)")


def build(enrolment: Enrolment, serial: str, at: datetime) -> dict[str, Any]:
    """The snapshot of a complete enrolment, as JSON-ready values.

    `at` is the time of the request; its day in the association's time zone is printed as the day of issue.
    Raises ValueError where the course isn't complete or the holder has no name.
    """
    from courses.certificates.interfaces.pdf.content import CertificateContent

    completed_at = enrolment.progress.completed_at
    if completed_at is None:
        raise ValueError("the course isn't complete")
    names = names_of(enrolment.user)
    outlines = _outlines(enrolment.course_key)
    languages = SHEET_LANGUAGES.get(enrolment.progress.completed_locale, SHEET_LANGUAGES["fr"])
    latin, arabic = _associations(enrolment.user)
    any_outline = next(iter(outlines.values()), None)
    content = CertificateContent(
        languages=languages,
        course_title={
            code: _printable(outlines[code].title if code in outlines else enrolment.course_title)
            for code, _name in settings.LANGUAGES
        },
        course_code=enrolment.course_code,
        issuer={code: _issuer(code) for code, _name in settings.LANGUAGES},
        completed_on=_day(completed_at),
        issued_on=_day(at),
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
        variables={
            code: {key: _printable(text) for key, text in values.items()}
            for code, values in values_for(enrolment.pk, languages).items()
        },
    )
    return {
        "version": VERSION,
        "content": content.to_dict(),
        "initials": {"latin": initials(names.latin), "arabic": initials(names.arabic)},
    }


def content_of(snapshot: Mapping[str, Any]) -> "CertificateContent":
    """What is printed. Raises ValueError, KeyError or TypeError for a snapshot that has lost its names."""
    from courses.certificates.interfaces.pdf.content import CertificateContent

    return CertificateContent.from_dict(snapshot["content"])


def without_names(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """The snapshot of an erased holder: course, dates and serial stay; names, initials, associations and the values
    of plugins' variables go.
    """
    content = dict(snapshot["content"])
    for key in ("holder_latin", "holder_arabic", "association_latin", "association_arabic"):
        content[key] = ""
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
    with translation.override(language):
        return f"{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}{reverse('certificates:verify_serial', args=[serial])}"


def _outlines(course_key: UUID) -> dict[str, CourseOutline]:
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


def _issuer(language: str) -> str:
    names: Mapping[str, str] = getattr(settings, "ELEARN_ISSUER_NAMES", {})
    return names.get(language) or site_name(language)


def _day(at: datetime) -> date:
    """The calendar day in the deployment's time zone, whoever looks and from wherever."""
    return timezone.localtime(at, timezone.get_default_timezone()).date()
