"""One's own account: profile, consents, confirmation of the address, the page about data."""

from allauth.account.internal.flows.email_verification import send_verification_email_for_user
from allauth.mfa.utils import is_mfa_enabled
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.accounts.domain.certificate_names import confirm_certificate_name
from courses.accounts.domain.consents import CONSENT_TEXTS, give_consent, withdraw_consent
from courses.accounts.domain.joining import AccountClosedError
from courses.accounts.domain.personal_data import memberships_of
from courses.accounts.domain.queries import unconfirmed_address
from courses.accounts.enums import ConsentKind
from courses.accounts.interfaces.certificate_name import CertificateNameForm
from courses.accounts.interfaces.forms import ProfileForm
from courses.accounts.interfaces.http import PersonRequest
from courses.accounts.models import ConsentRecord


def safe_next(request: HttpRequest, fallback: str) -> str:
    """The `next` of the request if it stays on this site."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        return target
    return fallback


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: PersonRequest) -> HttpResponse:
    """What the site knows of me that I can change."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        messages.success(request, _("Your profile is saved."))
        with override(user.language if "language" in form.changed_data else get_language()):
            return redirect("accounts:profile")
    if form.errors:
        # The form has already written what was typed into the instance; the page's frame shows what holds.
        request.user.refresh_from_db()
    standing = {
        record.kind: record
        for record in ConsentRecord.objects.filter(user=request.user, withdrawn_at__isnull=True)
    }
    return render(
        request,
        "courses_accounts/profile.html",
        {
            "form": form,
            "memberships": memberships_of(request.user),
            "consents": [
                {"kind": kind.value, "label": kind.label, "text": text, "record": standing.get(kind.value)}
                for kind, text in CONSENT_TEXTS.items()
            ],
            "unconfirmed": unconfirmed_address(request.user),
            "has_second_factor": is_mfa_enabled(request.user),
        },
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_name(request: PersonRequest) -> HttpResponse:
    """Say, and thereby confirm, which name is printed on my certificates; then back to where it was asked."""
    form = CertificateNameForm(request.POST if request.method == "POST" else None, user=request.user)
    following = safe_next(request, reverse("accounts:profile"))
    if request.method == "POST" and form.is_valid():
        try:
            confirm_certificate_name(
                request.user,
                latin=form.cleaned_data["certificate_name_latin"],
                arabic=form.cleaned_data["certificate_name_arabic"],
                at=timezone.now(),
            )
        except AccountClosedError:
            raise Http404 from None
        messages.success(request, _("The name to be printed on your certificates is confirmed."))
        return redirect(following)
    return render(request, "courses_accounts/certificate_name.html", {"form": form, "next": following})


@login_required
@require_POST
def consent(request: PersonRequest, kind: str) -> HttpResponse:
    """Give or withdraw a consent: one click each."""
    if kind not in ConsentKind.values or request.POST.get("decision") not in ("give", "withdraw"):
        raise Http404
    at = timezone.now()
    if request.POST["decision"] == "give":
        give_consent(request.user, ConsentKind(kind), language=get_language() or "fr", at=at)
        messages.success(request, _("Your consent is recorded."))
    else:
        withdraw_consent(request.user, ConsentKind(kind), at=at)
        messages.success(request, _("Your consent is withdrawn."))
    return redirect(reverse("accounts:profile") + "#consents")


@login_required
@require_POST
def confirm_address(request: PersonRequest) -> HttpResponse:
    """Send the message that confirms the address once more."""
    if unconfirmed_address(request.user) and not send_verification_email_for_user(request, request.user):
        messages.info(
            request, _("A message was sent a moment ago. Look into your inbox and the spam folder.")
        )
    return redirect(safe_next(request, reverse("accounts:profile")))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What the site holds of people, why and for how long, in plain words; and the rules of use."""
    return render(request, "courses_accounts/privacy.html")
