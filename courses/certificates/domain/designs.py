"""From a design that trainers edit to the frozen version that a certificate keeps."""

import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from courses.certificates.enums import DesignLook
from courses.certificates.interfaces import files, pictures
from courses.certificates.interfaces.pdf.spec import DesignSpec, Look, Orientation, Paper, Picture, Signatory
from courses.certificates.interfaces.pdf.wording import SHEET_WORDS, TEXT_FIELDS, complete, placeholders_in
from courses.certificates.models import CertificateDesign, CourseRule, DesignVersion
from courses.plugin_api.registries import certificate_variables

logger = logging.getLogger(__name__)

# How long the result of preparing a picture is remembered; in bulk the same few pictures come thousands of times.
_REMEMBERED_SECONDS = 600


def design_of(rule: CourseRule) -> CertificateDesign | None:
    """The design of a course's certificates, or else the one used by default; None where there is none."""
    return (
        rule.design or CertificateDesign.objects.filter(is_default=True).select_related("background").first()
    )


def languages_of(design: CertificateDesign | None) -> tuple[str, ...]:
    """Those of the sheet, the main one first; empty where the language of completion decides."""
    return tuple(filter(None, design.languages.split("+"))) if design else ()


def freeze(design: CertificateDesign | None, at: datetime) -> DesignVersion:
    """The version of a design as it is now, with every word that is printed, its pictures copied into the private
    storage; None gives the look that is shipped. Idempotent: the same design gives the same row. Needs no transaction,
    and the storage takes its time: best called outside of one.

    Raises PictureError where a picture can't be printed any more, and OSError where it can't be read.
    """
    shown = DesignSpec() if design is None else spec_of(design, _stored)
    spec = replace(shown, wordings=complete(shown.wordings))
    version, _created = DesignVersion.objects.get_or_create(
        digest=spec.digest, defaults={"spec": spec.to_dict(), "created_at": at}
    )
    return version


def spec_of(design: CertificateDesign, prepared: Callable[[Any, pictures.Bounds], Picture]) -> DesignSpec:
    """The design, saved or not, in plain values. `prepared` makes a picture of an image of the library."""
    logos = [logo.image for logo in design.logos.select_related("image") if logo.image]
    signatories = list(design.signatories.select_related("signature"))
    signatures = [one.signature for one in signatories if one.signature]
    in_logos = pictures.shared(pictures.LOGOS, len(logos))
    in_signatures = pictures.shared(pictures.SIGNATURES, len(signatures))
    return DesignSpec(
        look=Look(design.look),
        paper=Paper(design.paper),
        orientation=Orientation(design.orientation),
        accent=design.accent,
        warm=design.warm,
        background_colour=design.background_colour,
        ink=design.ink,
        background=prepared(design.background, pictures.BACKGROUND) if design.background else None,
        logos=tuple(prepared(image, in_logos) for image in logos),
        signatories=tuple(
            Signatory(
                one.names(),
                one.functions(),
                prepared(one.signature, in_signatures) if one.signature else None,
            )
            for one in signatories
        ),
        languages=languages_of(design),
        wordings=_usable(design.wordings),
        shows_themes=design.shows_themes,
    )


def known_placeholders() -> frozenset[str]:
    """What a text on certificates may name in braces."""
    return SHEET_WORDS | {variable.key for variable in certificate_variables}


@transaction.atomic
def only_default(design: CertificateDesign) -> None:
    """Take the default away from every other design; to be called before `design` is saved as the default."""
    CertificateDesign.objects.filter(is_default=True).exclude(pk=design.pk).update(is_default=False)


@transaction.atomic
def ship() -> int:
    """Make the two designs that come with the product where there is no design at all; how many were made."""
    if CertificateDesign.objects.exists():
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        CertificateDesign.objects.create(name=_("Stars"), is_default=True)
        CertificateDesign.objects.create(
            name=_("Plain"),
            look=DesignLook.PLAIN,
            accent="#1D3A5F",
            warm="#A9742B",
            background_colour="#FFFFFF",
            ink="#1B2430",
        )
    return 2


def bytes_of(image: Any) -> bytes:
    """The file of an image of the library. Raises OSError where it can't be read."""
    with files.storage_errors(), image.open_file() as file:
        content: bytes = file.read()
    return content


def _stored(image: Any, bounds: pictures.Bounds) -> Picture:
    """The prepared picture, in the private storage under the hash of its bytes."""
    # Another file in the library has another name or hash, whatever becomes of the image's row.
    source = f"{image.file.name} {image.file_hash} {image.file_size} {bounds}"
    key = f"certificate-picture:{hashlib.sha256(source.encode()).hexdigest()}"
    known = cache.get(key)
    if known is not None:
        return Picture(**known)
    picture, content = pictures.prepare(bytes_of(image), bounds)
    files.store_once(picture.name, content)
    cache.set(key, asdict(picture), _REMEMBERED_SECONDS)
    return picture


def _usable(wordings: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """The design's own texts. One that names a variable of a plugin which is off now is left out: the shipped text
    is printed in its place, and certificates go on.
    """
    known = known_placeholders()
    found: dict[str, dict[str, str]] = {}
    for language, texts in wordings.items():
        for field, text in texts.items():
            unknown = placeholders_in(text) - known
            if unknown:
                logger.error("wording %s of certificates in %s names %s", field, language, sorted(unknown))
            elif text and field in TEXT_FIELDS:
                found.setdefault(language, {})[field] = text
    return found
