"""System checks of the plugin contract; each error names the plugin."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error, register

from courses.plugin_api.config import API_VERSION, CoursePluginConfig
from courses.plugin_api.registries import ALL_REGISTRIES, activity_kinds


def plugin_configs() -> list[CoursePluginConfig]:
    """The configs of the plugins that are on."""
    return [config for config in apps.get_app_configs() if isinstance(config, CoursePluginConfig)]


@register
def check_plugins(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Each plugin says who it is, speaks this API version and finds what it depends on."""
    messages: list[CheckMessage] = []
    installed = {config.name for config in apps.get_app_configs()}
    for config in plugin_configs():
        meta = config.Plugin
        missing_fields = [
            name for name in ("name", "version", "author", "description") if not getattr(meta, name)
        ]
        if missing_fields:
            messages.append(
                Error(
                    f"The plugin {config.name} doesn't say its {', '.join(missing_fields)}.",
                    hint="Fill the nested class Plugin of its AppConfig.",
                    id="courses.E001",
                )
            )
        if meta.api_version != API_VERSION:
            messages.append(
                Error(
                    f"The plugin {config.name} was written for plugin API {meta.api_version}; this is {API_VERSION}.",
                    hint="Install a version of the plugin made for this version of the product.",
                    id="courses.E002",
                )
            )
        for needed in meta.depends_on:
            if needed not in installed:
                messages.append(
                    Error(
                        f"The plugin {config.name} depends on {needed}, which isn't installed.",
                        hint=f"Install {needed}, or name {config.name} in ELEARN_DISABLED_PLUGINS.",
                        id="courses.E003",
                    )
                )
    return messages


@register
def check_registries(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """No key is registered twice, and every activity kind names a page model."""
    from courses.plugin_api.pages import ActivityPage

    messages: list[CheckMessage] = [
        Error(
            f"{found.refused} registers {found.key!r} in the {found.registry}, but {found.kept} has that key.",
            hint=f"Give the entry of {found.refused} a key of its own.",
            id="courses.E004",
        )
        for registry in ALL_REGISTRIES
        for found in registry.duplicates
    ]
    for kind in activity_kinds:
        origin = activity_kinds.origin_of(kind.key)
        try:
            model = apps.get_model(kind.model)
        except LookupError:
            messages.append(
                Error(
                    f"{origin}: the activity kind {kind.key!r} names {kind.model}, which is no model.",
                    id="courses.E005",
                )
            )
            continue
        if not issubclass(model, ActivityPage):
            messages.append(
                Error(
                    f"{origin}: the model {kind.model} of the activity kind {kind.key!r} isn't an ActivityPage.",
                    hint="Derive it from courses.plugin_api.pages.ActivityPage.",
                    id="courses.E006",
                )
            )
    return messages
