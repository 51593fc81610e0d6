"""Closed lists of the certificates app."""

from enum import StrEnum
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class CertificateState(models.TextChoices):
    """How far the making is. Only a READY certificate exists for the world."""

    PENDING = "pending", _("being made")
    READY = "ready", _("issued")
    FAILED = "failed", _("could not be made")


class EventKind(models.TextChoices):
    REQUESTED = "requested", _("requested")
    ISSUED = "issued", _("issued")
    FAILED = "failed", _("could not be made")
    RETRIED = "retried", _("tried again")
    ERASED = "erased", _("holder erased")
    HANDED_OUT = "handed_out", _("downloaded by somebody else")
    LOOKED_AT = "looked_at", _("page with the name opened by somebody else")
    REVOKED = "revoked", _("revoked")
    SUPERSEDED = "superseded", _("superseded")
    SHOWN = "shown", _("association shown to the public")
    HIDDEN = "hidden", _("association hidden from the public")
    NAME_LINK_MADE = "name_link_made", _("link with the full name made")
    NAME_LINK_ENDED = "name_link_ended", _("link with the full name ended")
    EXPIRY_ANNOUNCED = "expiry_announced", _("holder told of the expiry")


class Blocker(StrEnum):
    """Why the holder of a complete course has no certificate yet."""

    ADDRESS_UNCONFIRMED = "address_unconfirmed"
    NAME_MISSING = "name_missing"
    NAME_CHARACTERS = "name_characters"
    NAME_UNCONFIRMED = "name_unconfirmed"
    HOLDER_ERASED = "holder_erased"


class Standing(StrEnum):
    """What an issued certificate is worth on a day. Where several are true, the first in this order is said."""

    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    HOLDER_ERASED = "holder_erased"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    VALID = "valid"


class Revocation(models.TextChoices):
    """Why a certificate was revoked, in words that may be shown to anybody."""

    ISSUED_IN_ERROR = "issued_in_error", _("It was issued by mistake.")
    WRONG_PERSON = "wrong_person", _("It was issued to the wrong person.")
    FRAUD = "fraud", _("The test was not passed honestly.")
    HOLDER_ASKED = "holder_asked", _("Its holder asked for it.")


class Supersession(models.TextChoices):
    """Why a certificate takes another one's place."""

    CORRECTED = "corrected", _("a name or an association was corrected")
    RENEWED = "renewed", _("the course was followed again")
    AMENDED = "amended", _("what is printed was amended")

    @property
    def public(self) -> Any:
        """What took the other one's place, in words that may be shown to anybody: they say nothing of the holder."""
        match self:
            case Supersession.CORRECTED:
                return _("It was replaced by a corrected certificate.")
            case Supersession.AMENDED:
                return _("It was replaced by an amended certificate.")
            case Supersession.RENEWED:
                return _("It was replaced by a renewed certificate.")


class ChangeRefusal(models.TextChoices):
    """Why a certificate isn't revoked, corrected, amended or tried again, in words for whoever asked."""

    NOT_READY = "not_ready", _("It isn't issued yet.")
    REVOKED = "revoked", _("It is revoked, and stays so.")
    SUPERSEDED = "superseded", _("Another certificate has taken its place; change that one.")
    ERASED = "erased", _("Its holder's personal data is erased.")
    BEING_REPLACED = "being_replaced", _("Another certificate that takes its place is being made already.")
    SUCCESSOR_FAILED = (
        "successor_failed",
        _("The certificate that takes its place couldn't be made; amend that one, or have it tried again."),
    )
    HOLDER_UNREADY = (
        "holder_unready",
        _("Its holder hasn't confirmed an address, or the name to be printed."),
    )
    UNCHANGED = "unchanged", _("Nothing that is printed on it would change.")
    UNPRINTABLE = (
        "unprintable",
        _(
            "What it would say can't be put together: a picture of the design can't be read, or a plugin fails. "
            "The log of the site says which."
        ),
    )
    NOT_FAILED = (
        "not_failed",
        _("There is nothing to try again: making it didn't fail, or another one was asked for since."),
    )


class KeyPurpose(models.TextChoices):
    PDF = "pdf", _("seal of the PDF")
    BADGE = "badge", _("Open Badges")
    QR = "qr", _("QR code")


class RunState(models.TextChoices):
    """Work in the background for many certificates: an issue in bulk, an archive."""

    RUNNING = "running", _("in progress")
    CANCELLED = "cancelled", _("cancelled")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("expired")


class ItemState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    ISSUED = "issued", _("issued")
    BLOCKED = "blocked", _("waiting for the holder")
    FAILED = "failed", _("could not be made")


class DesignLook(models.TextChoices):
    """The values are those of `interfaces.pdf.spec.Look`."""

    STARS = "stars", _("a band of stars around the sheet")
    PLAIN = "plain", _("plain, with one coloured edge")


class DesignPaper(models.TextChoices):
    """The values are those of `interfaces.pdf.spec.Paper`."""

    A4 = "a4", "A4"
    LETTER = "letter", _("Letter (North America)")


class DesignOrientation(models.TextChoices):
    """The values are those of `interfaces.pdf.spec.Orientation`."""

    LANDSCAPE = "landscape", _("landscape")
    PORTRAIT = "portrait", _("portrait")


class SheetLanguages(models.TextChoices):
    """The languages of a sheet, the main one first, joined by `+`."""

    BY_COMPLETION = "", _("by the language in which the course was completed")
    AR = "ar", _("Arabic")
    FR = "fr", _("French")
    EN = "en", _("English")
    AR_FR = "ar+fr", _("Arabic and French")
    FR_AR = "fr+ar", _("French and Arabic")
    AR_EN = "ar+en", _("Arabic and English")
    EN_AR = "en+ar", _("English and Arabic")
    FR_EN = "fr+en", _("French and English")
    EN_FR = "en+fr", _("English and French")


class SpecimenCase(models.TextChoices):
    """What a specimen shows: the cases in which a design may fail."""

    ORDINARY = "ordinary", _("ordinary")
    LONG = "long", _("long names")
    TWO_SCRIPTS = "two_scripts", _("names in two scripts")
    ARABIC = "arabic", _("names in Arabic only")
    LATIN = "latin", _("names in Latin letters only")
    BARE = "bare", _("without logos and signatures")
    THREE_SIGN = "three_sign", _("three signatories")
    ENGLISH = "english", _("course completed in English")
