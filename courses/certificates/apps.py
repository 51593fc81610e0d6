from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from courses.plugin_api.config import CoursePluginConfig, PluginMeta


class CertificatesConfig(CoursePluginConfig):
    name = "courses.certificates"
    label = "courses_certificates"
    verbose_name = _("Certificates")

    class Plugin(PluginMeta):
        name = "Certificates"
        version = "1.0"
        author = "Ilmam"
        description = "Certificates of training completion: made once, verified by anybody."
        depends_on: ClassVar[tuple[str, ...]] = ("courses.progress",)

    def register(self) -> None:
        """Filled below."""
