"""The forms of signing in and signing up, on allauth's."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import SignupForm as AllauthSignupForm
from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django import forms
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.accounts.domain.consents import CONSENT_TEXTS, give_consent
from courses.accounts.domain.joining import register_details
from courses.accounts.domain.queries import address_is_taken
from courses.accounts.enums import ConsentKind
from courses.accounts.interfaces.fields import NameField, RegionField
from courses.accounts.models import User

# How allauth calls 'this login and this password don't belong together'.
MISMATCHES = ("email_password_mismatch", "username_password_mismatch")


def normalise_login(text: str) -> str:
    """An address or member code as somebody typed it: Arabic digits become Latin, spaces around go, a code is
    in capitals and without inner spaces."""
    typed = "".join(str(int(char)) if char.isdecimal() else char for char in text.strip())
    return typed if "@" in typed else "".join(typed.split()).upper()


class LoginForm(AllauthLoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("E-mail address or member code")
        login.max_length = 254
        login.widget.attrs = {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
            "class": "input--ltr",
            "maxlength": 254,
        }
        password.label, password.help_text = _("Password"), ""
        password.widget.attrs.pop("placeholder", None)
        self.fields["remember"].label = _("Keep me signed in on this device")
        self.fields["remember"].help_text = _("Leave it empty on a device that others use.")

    def clean_login(self) -> str:
        return normalise_login(super().clean_login())

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError as error:
            if error.code not in MISMATCHES:
                raise
            # At a field, so that the summary leads there and a screen reader reads it there.
            self.add_error("login", error)
            return self.cleaned_data
        return cleaned

    def user_credentials(self) -> dict[str, str]:
        """One credential, hence one password check: allauth would try an address as a code too, and the time of
        the second check would tell which addresses have accounts."""
        login = self.cleaned_data["login"]
        method = "email" if "@" in login else "username"
        return {method: login, "password": self.cleaned_data["password"]}


class SignupForm(AllauthSignupForm):
    """Everything sign-up asks, except the association, which has a page of its own (it needs a search)."""

    display_name = NameField(
        label=_("Your name"),
        max_length=80,
        help_text=_(
            "As people know you. Before your certificate is printed, we ask how your name should stand on it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    region = RegionField(help_text=_("Where you are active. Coordinators of this region see your progress."))
    adult = forms.BooleanField(
        label=_("I am 18 or older"),
        error_messages={"required": _("Accounts are for people of 18 or older.")},
    )
    consent_reminders = forms.BooleanField(required=False, label=CONSENT_TEXTS[ConsentKind.REMINDERS])
    consent_news = forms.BooleanField(required=False, label=CONSENT_TEXTS[ConsentKind.NEWS])

    field_order = (
        "display_name",
        "email",
        "password1",
        "region",
        "adult",
        "consent_reminders",
        "consent_news",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)
        self.fields["email"].widget.attrs["class"] = "input--ltr"
        password = self.fields["password1"]
        password.label = _("Password")
        password.help_text = _("At least 10 characters. A short sentence is easy to remember.")
        password.widget.attrs.pop("placeholder", None)

    def validate_unique_email(self, value: str) -> str:
        # allauth would say here that the address is taken, because whoever signs up is signed in at once.
        self.account_already_exists = address_is_taken(value)
        return value

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        """Nothing on the page says that an address is taken: a message to the address does.

        That there was no sign-in can still be seen; so whoever meets many taken addresses is stopped, for free
        ones as well (docs/decisions/0008).
        """
        taken = self.account_already_exists
        if not ratelimit.consume(request, action="signup_taken", dry_run=not taken):
            return None, ratelimit.respond_429(request)
        if not taken:
            try:
                return super().try_save(request)
            except IntegrityError:
                # The same form sent twice over a bad line: the first one made the account.
                pass
        address = EmailAddress(user=None, email=self.cleaned_data["email"])
        send_verification_email_to_address(request, address, signup=True)
        return None, redirect("account_email_verification_sent")

    def save(self, request: HttpRequest) -> User:
        with transaction.atomic():
            return super().save(request)

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        at, language = timezone.now(), get_language() or "fr"
        register_details(
            user,
            display_name=self.cleaned_data["display_name"],
            region=self.cleaned_data["region"],
            language=language,
            at=at,
        )
        for kind in ConsentKind:
            if self.cleaned_data[f"consent_{kind.value}"]:
                give_consent(user, kind, language=language, at=at)
