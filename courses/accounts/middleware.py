"""Request-wide rules about people: private pages, the second factor, the admin's door and content policy."""

from collections.abc import Callable
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from courses.accounts.adapter import landing_url
from courses.accounts.domain.queries import has_role
from courses.accounts.enums import Role

GetResponse = Callable[[HttpRequest], HttpResponse]
ADMIN_PREFIX = "/admin/"
# Leads to the site's own sign-in, for everybody.
ADMIN_SIGN_IN = f"{ADMIN_PREFIX}login/"


class AdminContentSecurityPolicyMiddleware:
    """Gives the Wagtail admin the policy that its editors need (see ELEARN_ADMIN_CSP)."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(ADMIN_PREFIX):
            response._csp_replace = settings.ELEARN_ADMIN_CSP  # type: ignore[attr-defined]
        elif getattr(request, "is_preview", False):
            # Wagtail asks for it on the editor's behalf, which shows it in a frame.
            response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]
        return response


class PersonalMiddleware:
    """Pages of signed-in people are in their time zone, and never stored: on a shared phone 'back' must not
    show them to the next."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with timezone.override(self._zone(request)):
            response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response

    @staticmethod
    def _zone(request: HttpRequest) -> ZoneInfo | None:
        if not request.user.is_authenticated:
            return None
        try:
            return ZoneInfo(request.user.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return None


class SecondFactorMiddleware:
    """Sends trainers, coordinators and administrators without a second factor to set one up.

    allauth can't require it by role. Covers the admin as well as the site; signing out, confirming the
    address (which allauth asks for first) and setting up stay reachable.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if self._is_missing(request):
            messages.warning(
                request, _("Your role needs a second step at sign-in. Set it up to go on; it takes a minute.")
            )
            return redirect(reverse("mfa_activate_totp"))
        return self.get_response(request)

    def _is_missing(self, request: HttpRequest) -> bool:
        if not settings.ELEARN_SECOND_FACTOR_REQUIRED or not request.user.is_authenticated:
            return False
        open_prefixes = (
            reverse("account_logout"),
            reverse("mfa_index"),
            reverse("account_reauthenticate"),
            reverse("account_email"),
            reverse("account_confirm_email", args=["-"]).removesuffix("-/"),
            "/static/",
            "/healthz",
        )
        if request.path.startswith(open_prefixes):
            return False
        if not (request.user.is_staff or has_role(request.user, *Role)):
            return False
        from allauth.mfa.models import Authenticator
        from allauth.mfa.utils import is_mfa_enabled

        # Recovery codes alone are no factor: they are for the day the application is lost.
        return not is_mfa_enabled(request.user, [Authenticator.Type.TOTP])


class AdminDoorMiddleware:
    """Tells signed-in people without access to the admin so, in their language and with 403.

    Wagtail would send them to the sign-in, which sends whoever is signed in back: round and round. Visitors are left
    to Wagtail; so are programs of the page (XHR), which get a bare 403 from it too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not self._is_closed(request):
            return self.get_response(request)
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            raise PermissionDenied
        assert request.user.is_authenticated
        language = request.user.language
        # Addresses of the admin have no language: it is the person's.
        with override(language if language in dict(settings.LANGUAGES) else get_language()):
            url = landing_url()
            context = {"url": url, "is_front_page": url == f"/{get_language()}/"}
            response = render(request, "courses_accounts/admin_closed.html", context, status=403)
            response.headers["Content-Language"] = get_language() or settings.LANGUAGE_CODE
        return response

    @staticmethod
    def _is_closed(request: HttpRequest) -> bool:
        if not request.path.startswith(ADMIN_PREFIX) or request.path == ADMIN_SIGN_IN:
            return False
        return request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin")
