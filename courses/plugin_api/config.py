"""The base of a plugin's AppConfig. Imports no model: an `apps.py` may import this module."""

from importlib import import_module
from importlib.util import find_spec
from typing import ClassVar

from django.apps import AppConfig

API_VERSION = 1


class PluginMeta:
    """What a plugin says of itself; subclass it as `Plugin` inside the AppConfig."""

    name: ClassVar[str] = ""
    version: ClassVar[str] = ""
    author: ClassVar[str] = ""
    description: ClassVar[str] = ""
    api_version: ClassVar[int] = API_VERSION
    # App names (`courses.progress`) of the plugins this one can't work without.
    depends_on: ClassVar[tuple[str, ...]] = ()


class CoursePluginConfig(AppConfig):
    """A Django app that is a plugin of the courses.

    `ready()` imports the plugin's `receivers` where it has some, then calls `register()`. Errors of the
    plugin's own imports propagate. The system checks of `courses.checks` name the plugin behind a
    duplicate key, an unknown API version or a missing dependency.
    """

    default_auto_field = "django.db.models.BigAutoField"
    # Django chooses the one AppConfig of an apps.py by this flag; the base, imported there, isn't meant.
    default = False

    class Plugin(PluginMeta):
        pass

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        cls.default = True

    def ready(self) -> None:
        if find_spec(f"{self.name}.receivers") is not None:
            import_module(f"{self.name}.receivers")
        self.register()

    def register(self) -> None:
        """Put the plugin's entries into the registries of `courses.plugin_api.registries`."""
