"""Certificates: made once from a frozen snapshot, never changed, verified by anybody."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.certificates.enums import CertificateState, EventKind
from courses.certificates.interfaces.files import private_storage
from courses.progress.api import Enrolment


class Certificate(models.Model):
    """The certificate of one enrolment. The constraint on the enrolment is the lock against a second one.

    `snapshot` holds everything that is printed and everything verification says (see `domain.snapshot`); it
    is frozen at the request and loses only the names when the holder is erased. `file` is the place in the
    private storage, known from the request on (it comes from `uuid`), so that a repeated making overwrites
    the same file and no crash leaves an orphan; empty once an erasure has deleted the file. `retry_at` is when
    the sweep may queue a PENDING certificate again.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="certificates")
    course_key = models.UUIDField(_("course key"), db_index=True)
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    serial = models.CharField(_("serial"), max_length=16, unique=True)
    state = models.CharField(
        _("state"), max_length=10, choices=CertificateState, default=CertificateState.PENDING
    )
    snapshot = models.JSONField(_("what is printed"))
    completed_at = models.DateTimeField(_("course completed"))
    requested_at = models.DateTimeField(_("requested"))
    issued_at = models.DateTimeField(_("issued"), null=True, blank=True)
    erased_at = models.DateTimeField(_("holder erased"), null=True, blank=True)
    file = models.FileField(_("file"), storage=private_storage, max_length=120, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts at making it"), default=0)
    retry_at = models.DateTimeField(_("next attempt not before"), null=True, blank=True)
    failure = models.CharField(_("reason of the last failure"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")
        constraints = [
            models.UniqueConstraint(fields=["enrolment"], name="certificate_once_per_enrolment"),
            models.CheckConstraint(
                condition=~models.Q(state=CertificateState.READY)
                | (models.Q(issued_at__isnull=False) & ~models.Q(sha256="")),
                name="certificate_ready_is_hashed_and_dated",
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
    """One change in a certificate's life. `actor` is empty where a rule acted; `reason` never names people."""

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
