"""Specimens: a design as it would be printed, for those who make it. Nothing is stored, and nothing can be verified."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import gettext as _

from courses.certificates.domain.designs import bytes_of, spec_of
from courses.certificates.domain.snapshot import SHEET_LANGUAGES, verification_address
from courses.certificates.enums import SpecimenCase
from courses.certificates.interfaces import pictures
from courses.certificates.interfaces.pdf.spec import DesignSpec, Picture, Signatory
from courses.certificates.models import CertificateDesign
from courses.lib.ids import ALPHABET, check_character
from courses.lib.site_name import issuer_name
from courses.plugin_api.registries import certificate_variables

_BODY: Final = "SPEC1MEN0000000"
# Any but the right one: no certificate can ever have this serial.
SERIAL: Final = _BODY + ALPHABET[(ALPHABET.index(check_character(_BODY)) + 1) % len(ALPHABET)]
COMPLETED: Final = datetime.date(2026, 2, 12)
VALID_UNTIL: Final = datetime.date(2028, 2, 12)
LAW_CHECKED_TO: Final = datetime.date(2026, 2, 28)
MINUTES: Final = 210
SCORE: Final = 86

_ORDINARY: Final[dict[str, Any]] = {
    "course_code": "JUR",
    "course_title": {
        "ar": "الالتزامات القانونية للجمعيات",
        "fr": "Obligations légales des associations",
        "en": "Legal obligations of associations",
    },
    "holder_latin": "Amel Ben Salah",
    "holder_arabic": "آمال بن صالح",
    "association_latin": "Association Espoir de Kasserine",
    "association_arabic": "جمعية الأمل بالقصرين",
    "themes": {
        "ar": ("الإطار والتأسيس", "التسيير والسجلات", "الموارد والحسابات", "المعطيات", "العلاقة مع الإدارة"),
        "fr": (
            "Cadre et constitution",
            "Gouvernance et registres",
            "Ressources et comptes",
            "Données",
            "Administration",
        ),
        "en": (
            "Framework and founding",
            "Governance and registers",
            "Resources and accounts",
            "Data",
            "Authorities",
        ),
    },
    "provisions": {
        "ar": "المرسوم عدد 88 لسنة 2011، الفصول 8 إلى 16 و37 إلى 44",
        "fr": "Décret-loi n° 2011-88, articles 8 à 16 et 37 à 44",
        "en": "Decree-law no. 2011-88, articles 8 to 16 and 37 to 44",
    },
}
_LONG: Final[dict[str, Any]] = {
    "holder_latin": "Mohamed-Salah Abdelkader Ben Abderrahmane El Kairouanais dit « l’Aîné » de Sfax",
    "holder_arabic": "مُحَمَّد الصَّالِح عبد القادر بن عبد الرحمان بن عبد العزيز القيرواني المعروف بالأكبر",
    "association_latin": "Association tunisienne pour le développement durable et la citoyenneté de Sidi Bouzid",
    "association_arabic": "الجمعية التونسية للتنمية المستدامة والمواطنة النشيطة بمعتمديات ولاية سيدي بوزيد",
    "course_title": {
        "ar": "الالتزامات القانونية للجمعيات: التأسيس والتسيير والتمويل العمومي والأجنبي والمحاسبة",
        "fr": "Obligations légales des associations : constitution, gouvernance, financement public et étranger",
        "en": "Legal obligations of associations: founding, governance, public and foreign funding, accounts",
    },
}
_TWO_SCRIPTS: Final[dict[str, Any]] = {
    "holder_arabic": "آمال بن صالح (Amel Ben Salah)",
    "association_arabic": "جمعية «Espoir» للتنمية (فرع القصرين)",
    "course_title": {
        "ar": "دورة «Obligations légales» للجمعيات (JUR-1)",
        "fr": "Obligations légales — الالتزامات القانونية",
        "en": "Legal obligations — الالتزامات القانونية",
    },
}
_SIGNATORIES: Final = (
    Signatory(
        {"ar": "سلمى العبيدي", "fr": "Salma Labidi"},
        {"ar": "رئيسة الجمعية", "fr": "Présidente", "en": "President"},
    ),
    Signatory(
        {"ar": "عبد الرّحمان بن عبد العزيز القيرواني", "fr": "Abderrahmane Ben Abdelaziz El Kairouanais"},
        {"ar": "منسّق برنامج التكوين", "fr": "Coordinateur du programme", "en": "Programme coordinator"},
    ),
    Signatory(
        {"fr": "Me Leïla Trabelsi"},
        {"ar": "محامية ومكوّنة", "fr": "Avocate et formatrice", "en": "Lawyer and trainer"},
    ),
)


def _as_it_is(spec: DesignSpec) -> DesignSpec:
    return spec


def _bare(spec: DesignSpec) -> DesignSpec:
    signatories = tuple(replace(one, picture=None) for one in spec.signatories)
    return replace(spec, logos=(), background=None, signatories=signatories)


def _three(spec: DesignSpec) -> DesignSpec:
    return replace(spec, signatories=(*spec.signatories, *_SIGNATORIES)[:3])


@dataclass(frozen=True)
class _Case:
    """`values` beside the ordinary ones; `language`: in which the course was completed."""

    values: dict[str, Any] = field(default_factory=dict)
    language: str = "ar"
    change: Callable[[DesignSpec], DesignSpec] = _as_it_is


_CASES: Final[dict[str, _Case]] = {
    SpecimenCase.ORDINARY: _Case(),
    SpecimenCase.LONG: _Case(_LONG),
    SpecimenCase.TWO_SCRIPTS: _Case(_TWO_SCRIPTS),
    SpecimenCase.ARABIC: _Case({"holder_latin": "", "association_latin": ""}),
    SpecimenCase.LATIN: _Case({"holder_arabic": "", "association_arabic": ""}, "fr"),
    SpecimenCase.BARE: _Case(change=_bare),
    SpecimenCase.THREE_SIGN: _Case(change=_three),
    SpecimenCase.ENGLISH: _Case(language="en"),
}


def specimen(design: CertificateDesign, case: str) -> bytes:
    """The PDF of a design, saved or not, marked as a specimen. An unknown case is the ordinary one.

    Raises PictureError or OSError for a picture that can't be printed, and ContentDoesNotFitError where the design's
    texts leave no place.
    """
    from courses.certificates.interfaces.pdf.content import CertificateContent
    from courses.certificates.interfaces.pdf.render import render_certificate

    chosen = _CASES.get(case, _CASES[SpecimenCase.ORDINARY])
    kept: dict[str, bytes] = {}

    def prepared(image: Any, bounds: pictures.Bounds) -> Picture:
        picture, content = pictures.prepare(bytes_of(image), bounds)
        kept[picture.name] = content
        return picture

    spec = chosen.change(spec_of(design, prepared))
    languages = spec.languages or SHEET_LANGUAGES[chosen.language]
    content = CertificateContent(
        **{
            **_ORDINARY,
            "languages": languages,
            "issuer": {language: issuer_name(language) for language in ("ar", "fr", "en")},
            "completed_on": COMPLETED,
            "issued_on": COMPLETED,
            "serial": SERIAL,
            "verify_url": verification_address(SERIAL, languages[0]),
            "law_checked_to": LAW_CHECKED_TO,
            "estimated_minutes": MINUTES,
            "score_percent": SCORE,
            "valid_until": VALID_UNTIL,
            "variables": {language: _examples() for language in languages},
            **chosen.values,
        }
    )
    return render_certificate(content, spec=spec, pictures=lambda picture: kept[picture.name], specimen=True)


def specimen_response(design: CertificateDesign, case: str) -> HttpResponse:
    """The specimen, shown by the browser; where it can't be made, a page that says why."""
    from courses.certificates.interfaces.pdf.layout import ContentDoesNotFitError

    try:
        content = specimen(design, case)
    except ContentDoesNotFitError:
        return _refusal(_("The texts don't fit on the sheet: shorten them, or choose another paper."))
    except (pictures.PictureError, OSError):
        return _refusal(_("A picture can't be printed: choose another one."))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="specimen.pdf"'
    response["Cache-Control"] = "no-store"
    return response


def _refusal(reason: str) -> HttpResponse:
    from django.template.loader import render_to_string

    page = render_to_string("courses_certificates/admin/no_specimen.html", {"reasons": [reason]})
    return HttpResponse(page, status=422)


def _examples() -> dict[str, str]:
    """What plugins' variables stand for on a specimen; course and day are those of the specimen itself."""
    own = ("course_code", "completed_on")
    return {variable.key: variable.example for variable in certificate_variables if variable.key not in own}
