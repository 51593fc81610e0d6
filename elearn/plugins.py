"""Which plugins this deployment runs: the built-in ones and those found by entry point, less the disabled."""

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import entry_points
from inspect import getmembers, isclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from courses.plugin_api.config import CoursePluginConfig

ENTRY_POINT_GROUP = "elearn.plugins"


def _plugin_config(app: str) -> "type[CoursePluginConfig]":
    """The plugin's AppConfig class; an ImportError of the plugin's own code propagates."""
    from courses.plugin_api.config import CoursePluginConfig

    module = import_module(f"{app}.apps")
    for _name, member in getmembers(module, isclass):
        if issubclass(member, CoursePluginConfig) and member.__module__ == module.__name__:
            return member
    raise LookupError(f"{app}.apps has no AppConfig derived from CoursePluginConfig.")


def discovered_plugins() -> list[str]:
    """App names of the installed packages that announce a plugin, in the order of their names."""
    return sorted(entry.value for entry in entry_points(group=ENTRY_POINT_GROUP))


def installed_plugins(builtin: Iterable[str], disabled: Iterable[str]) -> list[str]:
    """App names to put into INSTALLED_APPS.

    `disabled` names apps (`courses.quizzes`) or the last part of one (`quizzes`). A plugin that depends on
    a disabled or absent one through the disabled is switched off with it. A name in `disabled` that is no
    plugin raises LookupError, because a misspelt switch must not silently leave a plugin on.
    """
    known = [*builtin, *discovered_plugins()]
    short_names = {app.rsplit(".", 1)[-1]: app for app in known}
    off = set()
    for name in disabled:
        app = short_names.get(name, name)
        if app not in known:
            raise LookupError(
                f"ELEARN_DISABLED_PLUGINS names {name!r}, which is no installed plugin. Known: {', '.join(known)}."
            )
        off.add(app)
    needs = {app: set(_plugin_config(app).Plugin.depends_on) for app in known} if off else {}
    grown = True
    while grown:
        dependants = {app for app in known if app not in off and needs[app] & off} if off else set()
        grown = bool(dependants)
        off |= dependants
    return [app for app in known if app not in off]
