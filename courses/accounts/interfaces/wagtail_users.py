"""Wagtail's app of users with our viewset. Imports no model: it stands in INSTALLED_APPS."""

from wagtail.users.apps import WagtailUsersAppConfig


class UsersConfig(WagtailUsersAppConfig):
    user_viewset = "courses.accounts.interfaces.users_admin.UserViewSet"
