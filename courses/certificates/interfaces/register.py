"""'All certificates' in the Wagtail admin: what was issued, its history, and the few things that may be done to it.

For administrators, and for whoever was given the permissions of their own: `view_certificate` to look,
`change_certificate` to act. Certificates are found by their code; a name is shown on the page of one alone, and who
opens that is recorded.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem
from wagtail.permission_policies import ModelPermissionPolicy

from courses.certificates.domain.changing import (
    ChangeRefused,
    Difference,
    amend,
    correct,
    differences,
    may_follow,
    refusal_of,
    revoke,
)
from courses.certificates.domain.courses import course_titles
from courses.certificates.domain.delivery import record_look
from courses.certificates.domain.display import sheet_text
from courses.certificates.domain.erasure import LABELS, WORDS, note_in_words
from courses.certificates.domain.issue import retry
from courses.certificates.domain.queries import following, reasons_of_delay, visible_to
from courses.certificates.domain.standing import standing_of
from courses.certificates.domain.verification import public_reason
from courses.certificates.enums import (
    CertificateState,
    ChangeRefusal,
    Revocation,
    Supersession,
)
from courses.certificates.interfaces.key_notice import key_notice
from courses.certificates.interfaces.register_forms import (
    NOT_ISSUED,
    FilterForm,
    NoteForm,
    RevokeForm,
)
from courses.certificates.interfaces.standing_words import HEADLINES
from courses.certificates.models import Certificate, CertificateEvent
from courses.lib.ids import display_serial
from courses.plugin_api.screens import Screen, reader_of

PERMISSION = "courses_certificates.view_certificate"
PER_PAGE = 50
TITLE = gettext_lazy("All certificates")


def last_day(certificate: Certificate) -> date | None:
    """The last valid day, as it is printed."""
    text = certificate.snapshot["content"].get("valid_until")
    return date.fromisoformat(text) if text else None


def in_words(certificate: Certificate, at: datetime) -> str:
    """The standing of an issued one, or how far its making is."""
    return str(NOT_ISSUED.get(certificate.state) or HEADLINES[standing_of(certificate, at)])


def presented(found: Difference) -> tuple[str, str, str]:
    """The field's name, what it says and what it would say."""
    tell = WORDS.get(found.field, lambda value: value)
    before, after = (_as_text(tell(value)) for value in (found.before, found.after))
    return str(LABELS.get(found.field, found.field)), before, after


def _as_text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return "—" if value in (None, "") else str(value)


class _Screen(Screen):
    permission_policy = ModelPermissionPolicy(Certificate)
    permission_required = "view"
    header_icon = "success"

    @cached_property
    def certificate(self) -> Certificate:
        found = Certificate.objects.select_related("enrolment__user", "supersedes", "signed_with")
        certificate = found.filter(uuid=self.kwargs["uuid"]).first()
        if certificate is None:
            raise Http404
        return certificate


class Register(_Screen):
    """The latest first, and above them how many can't be made at the moment. Six queries."""

    template_name = "courses_certificates/admin/register.html"
    page_title = TITLE

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": TITLE}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = timezone.now()
        courses = course_titles(get_language() or "fr", with_gone=True)
        form = FilterForm(self.request.GET, courses=courses)
        page = Paginator(form.chosen(at), PER_PAGE).get_page(self.request.GET.get("p"))
        filters = self.request.GET.copy()
        filters.pop("p", None)
        return super().get_context_data(**kwargs) | {
            "form": form,
            "key_notice": key_notice(at),
            "page": page,
            "filters": filters.urlencode(),
            "delays": reasons_of_delay(),
            "rows": [
                {
                    "certificate": row,
                    "serial": display_serial(row.serial),
                    "course": courses.get(row.course_key, ""),
                    "standing": in_words(row, at),
                    "reason": public_reason(row),
                    "last_day": last_day(row),
                }
                for row in page
            ],
        }


class Detail(_Screen):
    """What is printed, what it is worth, and everything that happened to it."""

    template_name = "courses_certificates/admin/detail.html"

    def get_page_title(self) -> str:
        return display_serial(self.certificate.serial)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("certificate_register:index"), "label": TITLE},
            {"url": "", "label": self.get_page_title()},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        certificate, at = self.certificate, timezone.now()
        record_look(certificate, reader_of(self.request), at)
        may_change = self.permission_policy.user_has_permission(self.request.user, "change")
        events = certificate.events.select_related("actor")
        return super().get_context_data(**kwargs) | {
            "certificate": certificate,
            "sheet": sheet_text(certificate, get_language() or "fr", at),
            "standing": in_words(certificate, at),
            "successor": Certificate.objects.filter(supersedes=certificate).first(),
            "events": [
                {"event": event, "actor": _actor(event), "reason": note_in_words(event.reason)}
                for event in events
            ],
            "actions": [one for one in ACTIONS.values() if may_change and one.offered(certificate)],
            "may_take_file": self._may_take_file(),
        }

    def _may_take_file(self) -> bool:
        """The permission to look isn't the one to take documents with names along; the download decides alike."""
        there = self.certificate.is_ready and not self.certificate.erased_at
        return there and visible_to(self.request.user).filter(pk=self.certificate.pk).exists()


def _actor(event: CertificateEvent) -> str:
    if event.actor is None:
        return ""
    return _("Erased account") if event.actor.erased_at is not None else str(event.actor)


class _Action(ABC, _Screen):
    """Says what would happen, asks why, and does it once it is confirmed."""

    permission_required = "change"
    template_name = "courses_certificates/admin/change.html"
    name = ""
    button: Any = ""
    done: Any = ""
    explained: Any = ""
    form_class: type[forms.Form] = NoteForm

    @classmethod
    @abstractmethod
    def offered(cls, certificate: Certificate) -> bool:
        """Whether the page of the certificate shows the way here; the verb itself decides."""

    @abstractmethod
    def act(self, values: Mapping[str, Any], at: datetime) -> Certificate:
        """Raises ChangeRefused."""

    def refusal(self, at: datetime) -> ChangeRefusal | None:
        return None

    def changes(self, at: datetime) -> list[Difference]:
        return []

    def get_page_title(self) -> str:
        return str(self.button)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("certificate_register:index"), "label": TITLE},
            {
                "url": reverse("certificate_register:detail", args=[self.certificate.uuid]),
                "label": display_serial(self.certificate.serial),
            },
            {"url": "", "label": self.get_page_title()},
        ]

    def post(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        form = self.form_class(request.POST)
        if not form.is_valid():
            return self.render_to_response(self.get_context_data(form=form))
        shown = self.certificate
        try:
            shown = self.act(form.cleaned_data, timezone.now())
        except ChangeRefused as refused:
            messages.error(request, str(refused.why.label))
        else:
            messages.success(request, str(self.done))
        return redirect("certificate_register:detail", shown.uuid)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        at = timezone.now()
        refusal = self.refusal(at)
        changes = [] if refusal else [presented(found) for found in self.changes(at)]
        if changes:
            # They may name the holder.
            record_look(self.certificate, reader_of(self.request), at)
        context = {
            "form": self.form_class(),
            "certificate": self.certificate,
            "serial": display_serial(self.certificate.serial),
            "explained": self.explained,
            "button": self.button,
            "refusal": "" if refusal is None else refusal.label,
            "changes": changes,
        }
        return super().get_context_data(**(context | kwargs))


class Revoke(_Action):
    name, form_class = "revoke", RevokeForm
    button = gettext_lazy("Revoke")
    done = gettext_lazy("The certificate is revoked.")
    explained = gettext_lazy(
        "Whoever checks it reads from now on that it was revoked, when and why. This can't be undone. Another "
        "certificate can be issued in its place only where it was issued by mistake or to the wrong person: amend it."
    )

    @classmethod
    def offered(cls, certificate: Certificate) -> bool:
        return certificate.is_ready and not certificate.revoked_at

    def act(self, values: Mapping[str, Any], at: datetime) -> Certificate:
        why = Revocation(values["why"])
        return revoke(self.certificate.pk, why, at, reader_of(self.request).pk, values["note"])

    def refusal(self, at: datetime) -> ChangeRefusal | None:
        if self.certificate.revoked_at is not None:
            return ChangeRefusal.REVOKED
        return None if self.certificate.is_ready else ChangeRefusal.NOT_READY


class _NewVersion(_Action):
    done = gettext_lazy(
        "The new certificate is being made. The old one counts until the new one is there, and the holder is told."
    )
    because = Supersession.CORRECTED

    @classmethod
    def offered(cls, certificate: Certificate) -> bool:
        if certificate.state == CertificateState.PENDING:
            return False
        if certificate.superseded_at or certificate.erased_at:
            return False
        return not certificate.revoked_at or may_follow(certificate, cls.because)

    def refusal(self, at: datetime) -> ChangeRefusal | None:
        return refusal_of(self.certificate, self.because, at)

    def changes(self, at: datetime) -> list[Difference]:
        return differences(self.certificate, self.because, at)


class Correct(_NewVersion):
    name, because = "correct", Supersession.CORRECTED
    button = gettext_lazy("Correct name or association")
    explained = gettext_lazy(
        "A new certificate with the holder's name and associations as they are now takes the place of this one. What "
        "is said of the course, the days and the end of validity stay."
    )

    def act(self, values: Mapping[str, Any], at: datetime) -> Certificate:
        return correct(self.certificate.pk, at, reader_of(self.request).pk, values["note"])


class Amend(_NewVersion):
    name, because = "amend", Supersession.AMENDED
    button = gettext_lazy("Amend what is printed")
    explained = gettext_lazy(
        "A new certificate takes the place of this one: it says of the course, the holder and the associations what "
        "is true now. The day of completion and the end of validity stay."
    )

    def act(self, values: Mapping[str, Any], at: datetime) -> Certificate:
        return amend(self.certificate.pk, at, reader_of(self.request).pk, values["note"])


class Retry(_Action):
    name = "retry"
    button = gettext_lazy("Try again")
    done = gettext_lazy("The certificate is made again.")
    explained = gettext_lazy("Making it failed. It is tried again, as many times as before.")

    @classmethod
    def offered(cls, certificate: Certificate) -> bool:
        failed = certificate.state == CertificateState.FAILED
        return failed and not (
            certificate.erased_at or certificate.revoked_at or following(certificate).exists()
        )

    def act(self, values: Mapping[str, Any], at: datetime) -> Certificate:
        if not retry(self.certificate.pk, at, reader_of(self.request).pk, values["note"]):
            raise ChangeRefused(ChangeRefusal.NOT_FAILED)
        return self.certificate

    def refusal(self, at: datetime) -> ChangeRefusal | None:
        return None if self.offered(self.certificate) else ChangeRefusal.NOT_FAILED


ACTIONS: Mapping[str, type[_Action]] = {one.name: one for one in (Correct, Amend, Revoke, Retry)}


class RegisterMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


def menu_item() -> RegisterMenuItem:
    return RegisterMenuItem(
        TITLE,
        reverse("certificate_register:index"),
        name="certificate-register",
        icon_name="success",
        order=200,
    )


urlpatterns = [
    path("", Register.as_view(), name="index"),
    path("<uuid:uuid>/", Detail.as_view(), name="detail"),
    *(path(f"<uuid:uuid>/{name}/", action.as_view(), name=name) for name, action in ACTIONS.items()),
]
