"""Certificates: made once from a frozen snapshot, never changed, verified by anybody."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.certificates.enums import CertificateState, EventKind, Revocation, Supersession
from courses.certificates.interfaces.files import private_storage
from courses.progress.api import Enrolment


class Certificate(models.Model):
    """One certificate of one enrolment. The constraint on enrolment and version is the lock against a second one.

    The first of an enrolment is version 1; a correction is the next version and `supersedes` the one before it. A
    renewal is version 1 of a later cycle's enrolment and supersedes the certificate of the earlier cycle. The old
    one is valid until the new one is READY; then it gets `superseded_at` and `superseded_because`, which stay. Each is
    superseded by one at most.

    `snapshot` holds everything that is printed and everything verification says (see `domain.snapshot`); it
    is frozen at the request and loses only the names when the holder is erased. `file` is the place in the
    private storage, known from the request on (it comes from `uuid`), so that a repeated making overwrites
    the same file and no crash leaves an orphan; empty once an erasure has deleted the file. `retry_at` is when
    the sweep may queue a PENDING certificate again. `badge_position` is the place of its bit in the status lists of
    badges: random, so that it tells neither how many certificates there are nor which came first, and it stays.

    `expires_at` is the first moment at which it isn't valid any more; empty for one that doesn't expire. What the
    certificate is worth follows from `revoked_at`, `superseded_at`, `erased_at` and `expires_at`
    (`domain.standing`); nothing runs at midnight. `shows_association` is the holder's choice. `mailed_at` is when the
    letter with its address was handed to the mail server.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="certificates")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    course_key = models.UUIDField(_("course key"), db_index=True)
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    serial = models.CharField(_("serial"), max_length=16, unique=True)
    badge_position = models.PositiveBigIntegerField(
        _("place in the status lists of badges"), unique=True, editable=False
    )
    state = models.CharField(
        _("state"), max_length=10, choices=CertificateState, default=CertificateState.PENDING
    )
    snapshot = models.JSONField(_("what is printed"))
    design = models.ForeignKey(
        "courses_certificates.DesignVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("design"),
    )
    completed_at = models.DateTimeField(_("course completed"))
    requested_at = models.DateTimeField(_("requested"))
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True, db_index=True)
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successor",
        verbose_name=_("takes the place of"),
    )
    supersedes_because = models.CharField(
        _("why it takes another one's place"), max_length=10, choices=Supersession, blank=True
    )
    superseded_at = models.DateTimeField(_("superseded"), null=True, blank=True)
    superseded_because = models.CharField(
        _("why it was superseded"), max_length=10, choices=Supersession, blank=True
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    revocation = models.CharField(
        _("reason of the revocation"), max_length=20, choices=Revocation, blank=True
    )
    erased_at = models.DateTimeField(_("holder erased"), null=True, blank=True)
    shows_association = models.BooleanField(_("shows the association to anybody"), default=False)
    file = models.FileField(_("file"), storage=private_storage, max_length=120, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True, db_index=True)
    signed_with = models.ForeignKey(
        "courses_certificates.SigningKey",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("signed with"),
    )
    mailed_at = models.DateTimeField(_("holder told"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts at making it"), default=0)
    retry_at = models.DateTimeField(_("next attempt not before"), null=True, blank=True)
    failure = models.CharField(_("reason of the last failure"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "version"], name="certificate_once_per_enrolment_and_version"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=CertificateState.READY)
                | (models.Q(issued_at__isnull=False) & ~models.Q(sha256="")),
                name="certificate_ready_is_hashed_and_dated",
            ),
            models.CheckConstraint(
                condition=models.Q(version=1) | models.Q(supersedes__isnull=False),
                name="certificate_later_version_supersedes",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at__isnull=True, revocation="")
                | (models.Q(revoked_at__isnull=False) & ~models.Q(revocation="")),
                name="certificate_revoked_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["state", "retry_at"], name="certificate_to_make")]

    def __str__(self) -> str:
        return self.serial

    @property
    def file_name(self) -> str:
        """The file's name in the private storage; empty once it was purged."""
        return self.file.name or ""

    @property
    def is_ready(self) -> bool:
        return self.state == CertificateState.READY


class CertificateEvent(models.Model):
    """One change in a certificate's life. `actor` is empty where a rule acted; the public never sees `reason`: the note
    of whoever acted, the name of an error (FAILED), or a `Supersession` (SUPERSEDED).
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(_("event"), max_length=20, choices=EventKind)
    at = models.DateTimeField(_("time"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certificate event")
        verbose_name_plural = _("certificate events")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.certificate_id} {self.kind}"


class NameLink(models.Model):
    """An address, made by the holder, under which verification shows the full name until it expires.

    Only the SHA-256 of its token is kept: who reads the database can't open it.
    """

    certificate = models.ForeignKey(Certificate, on_delete=models.PROTECT, related_name="name_links")
    token_sha256 = models.CharField(_("SHA-256 of the token"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("expires"), db_index=True)

    class Meta:
        verbose_name = _("link with the full name")
        verbose_name_plural = _("links with the full name")

    def __str__(self) -> str:
        return f"{self.certificate_id} until {self.expires_at:%Y-%m-%d}"
