"""Certificates in the Wagtail admin."""

from typing import Any

from django.urls import include, path
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from courses.certificates.interfaces import issuing, register, rules
from courses.certificates.interfaces.designs import MENU_HOOK, CertificatesGroup

register_snippet(CertificatesGroup)
hooks.register(MENU_HOOK, register.menu_item)
hooks.register(MENU_HOOK, rules.menu_item)
hooks.register(MENU_HOOK, issuing.menu_item)
hooks.register(MENU_HOOK, issuing.log_menu_item)
hooks.register("register_page_listing_more_buttons", rules.course_button)
hooks.register("register_page_header_buttons", rules.course_button)


@hooks.register("register_admin_urls")
def register_urls() -> list[Any]:
    return [
        path("certificates/", include((register.urlpatterns, "certificate_register"))),
        path("certificates-in-bulk/", include((issuing.urlpatterns, "certificate_issuing"))),
        path("course-certificates/", include((rules.urlpatterns, "certificate_rules"))),
    ]
