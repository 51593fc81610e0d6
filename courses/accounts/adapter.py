"""How allauth's accounts are ours."""

import logging
import unicodedata
from smtplib import SMTPException
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from courses.accounts.interfaces.saving import set_password
from courses.accounts.models import User
from courses.lib.site_name import site_name

logger = logging.getLogger(__name__)

_WRONG_PASSWORD = _("This address or code and this password don't belong together.")
_SENT = "account/messages/email_confirmation_sent.txt"
# Addresses that e-mails carry; they lead to the page in the reader's language.
_LINKS = ("activate_url", "password_reset_url", "signup_url")


def landing_url() -> str:
    """Where people go who had no page in mind (ELEARN_LANDING_URL_NAMES), in the active language."""
    for name in settings.ELEARN_LANDING_URL_NAMES:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return f"/{get_language() or settings.LANGUAGE_CODE}/"


def _on_our_host(url: str) -> str:
    """The address at the configured host: the Host header of a request is anybody's to write."""
    base = urlsplit(settings.WAGTAILADMIN_BASE_URL)
    return urlsplit(url)._replace(scheme=base.scheme, netloc=base.netloc).geturl()


class AccountAdapter(DefaultAccountAdapter):
    """Sign-up by e-mail; a member code is only ever given out by a coordinator."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _WRONG_PASSWORD,
        "username_password_mismatch": _WRONG_PASSWORD,
        "too_many_login_attempts": _("Too many failed tries. Wait five minutes and try again."),
    }

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """The account alone: allauth would add the Host header, which whoever guesses passwords can vary."""
        login = credentials.get("email") or credentials.get("username") or ""
        # In the two foldings by which accounts are found, so that no spelling counts apart.
        return unicodedata.normalize("NFKC", login.strip()).upper().casefold()

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """allauth would invent a user name from the address; the member code stays empty."""

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Atomic. False, with a message, for the address that somebody else signs in with: until now nobody was
        told that it is theirs."""
        try:
            with transaction.atomic():
                return super().confirm_email(request, email_address)
        except IntegrityError:
            self.add_message(
                request,
                messages.ERROR,
                "account/messages/email_confirmation_failed.txt",
                {"email": email_address.email},
            )
            return False

    def set_password(self, user: User, password: str) -> None:
        set_password(user, password)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return landing_url()

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return landing_url()

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def post_login(
        self, request: HttpRequest, user: User, *, signup: bool, redirect_url: str | None, **kwargs: Any
    ) -> HttpResponse:
        """After sign-up the association is asked on a page of its own, on the way to where people wanted to go."""
        if signup:
            query = urlencode({"next": redirect_url or landing_url()})
            redirect_url = f"{reverse('accounts:association')}?{query}"
        return super().post_login(request, user, signup=signup, redirect_url=redirect_url, **kwargs)

    def format_email_subject(self, subject: str) -> str:
        return f"{subject} · {site_name()}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the reader's language. A mail server that doesn't answer is told on the page and logged: the
        account exists, and the message can be asked for again."""
        reader = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = reader.language if reader else get_language() or settings.LANGUAGE_CODE
        # Addresses are understood in the language they were made in, so before the language changes.
        links = {key: _on_our_host(translate_url(context[key], language)) for key in _LINKS if key in context}
        with override(language):
            site = SimpleNamespace(name=site_name(), domain=urlsplit(settings.WAGTAILADMIN_BASE_URL).netloc)
            mail = self.render_mail(
                template_prefix,
                email,
                {
                    "request": allauth_context.request,
                    "email": email,
                    **context,
                    **links,
                    "current_site": site,
                    "mail_language": language,
                },
            )
        try:
            mail.send()
        except (SMTPException, OSError):
            logger.exception("The e-mail %s couldn't be sent.", template_prefix)
            request = allauth_context.request
            request.elearn_mail_failed = True
            messages.warning(request, _("The e-mail couldn't be sent just now. Ask for it again later."))

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        """allauth says 'sent' without knowing whether it was."""
        if message_template == _SENT and getattr(request, "elearn_mail_failed", False):
            return
        super().add_message(request, level, message_template, *args, **kwargs)
