"""Work in the background on many certificates: issuing in bulk, and archives to download."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from courses.accounts.api import Region
from courses.certificates.enums import ItemState, RunState
from courses.certificates.interfaces.files import private_storage
from courses.certificates.models.certificates import Certificate
from courses.progress.api import Enrolment


class IssueRun(models.Model):
    """Certificates issued in bulk: those that were earned and not issued in a course, a region or both.

    Its items are fixed when it is made; workers take them one by one, whichever is free. A run that is cancelled
    keeps its items and may be resumed.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    course_key = models.UUIDField(_("course"), null=True, blank=True)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.RUNNING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested"))
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # When the sweep may queue its work again: nobody took an item since.
    retry_at = models.DateTimeField(_("queued again not before"), null=True, blank=True)

    class Meta:
        verbose_name = _("issue in bulk")
        verbose_name_plural = _("issues in bulk")
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return str(self.uuid)


class IssueItem(models.Model):
    """One enrolment of a run. `claimed_until`: a worker has it; after that it counts as lost and may be taken again."""

    run = models.ForeignKey(IssueRun, on_delete=models.PROTECT, related_name="items")
    enrolment = models.ForeignKey(Enrolment, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ItemState, default=ItemState.WAITING)
    claimed_until = models.DateTimeField(_("claimed until"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    reason = models.CharField(_("reason"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("item of an issue in bulk")
        verbose_name_plural = _("items of issues in bulk")
        constraints = [models.UniqueConstraint(fields=["run", "enrolment"], name="issue_item_once_per_run")]
        indexes = [models.Index(fields=["run", "state"], name="issue_item_to_do")]

    def __str__(self) -> str:
        return f"{self.run_id} {self.enrolment_id}"


class Archive(models.Model):
    """The certificates of a region as one zip file, for somebody who may export names there.

    Which certificates go in is decided when it is asked for (`certificates`), and again by the asker's rights when it
    is built and when it is downloaded. The file goes at `expires_at`; the row stays as the record of who took it.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    course_key = models.UUIDField(_("course"), null=True, blank=True)
    certificates = models.ManyToManyField(Certificate, related_name="+")
    reason = models.CharField(_("reason"), max_length=300)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.RUNNING)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested"))
    language = models.CharField(_("language"), max_length=10)
    total = models.PositiveIntegerField(_("certificates"), default=0)
    done = models.PositiveIntegerField(_("packed so far"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    retry_at = models.DateTimeField(_("queued again not before"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    file = models.FileField(_("file"), storage=private_storage, max_length=120, blank=True)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    downloaded_at = models.DateTimeField(_("first downloaded"), null=True, blank=True)

    class Meta:
        verbose_name = _("archive of certificates")
        verbose_name_plural = _("archives of certificates")
        ordering = ["-requested_at", "-pk"]

    def __str__(self) -> str:
        return str(self.uuid)
