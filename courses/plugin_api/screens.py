"""What plugins' own screens of the admin share. It imports Wagtail's views: not from an `apps.py`."""

from django.http import HttpRequest
from django.views.generic import TemplateView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin

from courses.accounts.api import User


class Screen(WagtailAdminTemplateMixin, PermissionCheckedMixin, TemplateView):
    """A page of the admin behind a permission, with its way back above it."""

    _show_breadcrumbs = True


def reader_of(request: HttpRequest) -> User:
    """The signed-in person, behind the check of the permission."""
    assert request.user.is_authenticated
    return request.user
