"""Addresses of the deployment: the admin, health, then everything in a language; pages come last."""

from importlib import import_module
from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from courses.checks import plugin_configs
from courses.views import healthz
from elearn.mailbox import mailbox
from elearn.views import admin_sign_in, serve_media


def plugin_urls(module: str = "urls") -> list[URLPattern | URLResolver]:
    """The addresses of every plugin that has some; an ImportError inside a plugin's urls propagates."""
    mounted: list[URLPattern | URLResolver] = []
    for config in plugin_configs():
        if find_spec(f"{config.name}.{module}") is not None:
            mounted.append(path("", include(import_module(f"{config.name}.{module}"))))
    return mounted


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    # Wagtail's own sign-in knows no second factor and no limit of tries.
    path("admin/login/", admin_sign_in),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("media/<path:path>", serve_media, name="media"),
    # What programs read, without a language.
    *plugin_urls("machine_urls"),
]
urlpatterns += i18n_patterns(
    path("accounts/", include("allauth.urls")),
    path("mailbox/", mailbox, name="mailbox"),
    path("", include("courses.accounts.urls")),
    path("", include("courses.urls")),
    *plugin_urls(),
    path("", include(wagtail_urls)),
    prefix_default_language=True,
)
