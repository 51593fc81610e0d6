from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from courses.lib.site_name import site_name


@dataclass(frozen=True)
class AccountLink:
    label: str
    url: str
    icon: str
    current: bool


def site(request: HttpRequest) -> dict[str, Any]:
    """The site's name, and the entries of the account menu, for every template."""
    return {
        "site_name": site_name(),
        "account_menu": SimpleLazyObject(lambda: account_links(request)),
    }


def account_links(request: HttpRequest) -> list[AccountLink]:
    """The signed-in person's pages. No query."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    entries = [(_("My profile"), reverse("accounts:profile"), "user")]
    entries.append((_("My data"), reverse("accounts:data"), "file"))
    if user.is_staff:
        entries.append((_("Administration"), reverse("wagtailadmin_home"), "settings"))
    return [AccountLink(label, url, icon, request.path == url) for label, url, icon in entries]
