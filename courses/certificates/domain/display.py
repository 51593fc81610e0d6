"""A certificate as its holder reads it on the site: the printed fields in the language of the screen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from courses.certificates.domain.queries import issued
from courses.certificates.domain.verification import Verification, in_reading_order, verification_of
from courses.certificates.enums import EventKind
from courses.certificates.models import Certificate, CertificateEvent

# What of its history the holder reads.
TOLD = (EventKind.ISSUED, EventKind.SUPERSEDED, EventKind.REVOKED)


@dataclass(frozen=True)
class SheetText:
    """The printed fields. `names` and `associations` are in the scripts there are, the screen's first;
    `public` is what verification tells anybody.
    """

    public: Verification
    names: tuple[str, ...]
    associations: tuple[str, ...]
    modules: tuple[str, ...]
    minutes: int | None
    score_percent: int | None
    provisions: str
    verify_url: str


def sheet_text(certificate: Certificate, language: str, at: datetime) -> SheetText:
    """The printed fields of a certificate in any state, from its snapshot alone."""
    content = certificate.snapshot["content"]
    themes, provisions = content["themes"], content.get("provisions", {})
    return SheetText(
        public=verification_of(certificate, language, at),
        names=names_of_holder(certificate, language),
        associations=in_reading_order(content["association_arabic"], content["association_latin"], language),
        modules=tuple(themes.get(language) or next(iter(themes.values()), ())),
        minutes=content["estimated_minutes"],
        score_percent=content.get("score_percent"),
        provisions=provisions.get(language) or next(iter(provisions.values()), ""),
        verify_url=content["verify_url"],
    )


def names_of_holder(certificate: Certificate, language: str) -> tuple[str, ...]:
    """The full name as it is printed, in the scripts there are; empty once the holder is erased."""
    content = certificate.snapshot["content"]
    return in_reading_order(content["holder_arabic"], content["holder_latin"], language)


def history(certificate: Certificate) -> list[CertificateEvent]:
    """What happened to it that its holder reads, the first first: issued, replaced, revoked. One query."""
    return list(certificate.events.filter(kind__in=TOLD).order_by("at", "pk"))


def newer_than(certificate: Certificate) -> Certificate | None:
    """The issued certificate that took the place of this one; None where there is none. One query."""
    return issued().filter(supersedes_id=certificate.pk).first()


@dataclass(frozen=True)
class CourseToday:
    title: str
    url: str


def courses_today(course_keys: Iterable[UUID], language: str) -> dict[UUID, CourseToday]:
    """Title and address of the courses that are published in this language, by key. One query."""
    from courses.models import CoursePage

    pages = CoursePage.objects.filter(
        translation_key__in=course_keys, locale__language_code=language, live=True
    ).select_related("locale")
    return {page.translation_key: CourseToday(page.title, page.url) for page in pages}
