from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "courses.accounts"
    label = "courses_accounts"
    verbose_name = _("People and territory")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from courses.accounts import checks  # noqa: F401
