"""Closed lists of the certificates app."""

from enum import StrEnum

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


class Blocker(StrEnum):
    """Why the holder of a complete course has no certificate yet."""

    ADDRESS_UNCONFIRMED = "address_unconfirmed"
    NAME_MISSING = "name_missing"
    NAME_CHARACTERS = "name_characters"
    NAME_UNCONFIRMED = "name_unconfirmed"
    HOLDER_ERASED = "holder_erased"


class Verdict(StrEnum):
    """What the public verification says of a serial that was issued."""

    VALID = "valid"
    HOLDER_ERASED = "holder_erased"
