"""Which plugins are on."""

import pytest

from elearn.plugins import discovered_plugins, installed_plugins

BUILTIN = ["courses.progress", "courses.quizzes", "courses.certificates", "courses.reports"]


def test_all_are_on_unless_switched_off():
    assert installed_plugins(BUILTIN, []) == BUILTIN


@pytest.mark.parametrize("name", ["reports", "courses.reports"])
def test_one_is_switched_off_by_either_name(name: str):
    assert installed_plugins(BUILTIN, [name]) == BUILTIN[:-1]


def test_what_depends_on_it_goes_with_it():
    assert installed_plugins(BUILTIN, ["progress"]) == []


def test_misspelt_name_is_refused():
    with pytest.raises(LookupError) as refused:
        installed_plugins(BUILTIN, ["quizes"])

    assert str(refused.value) == (
        "ELEARN_DISABLED_PLUGINS names 'quizes', which is no installed plugin. Known: "
        + ", ".join(BUILTIN)
        + "."
    )


def test_package_without_plugin_config_is_refused():
    with pytest.raises(
        LookupError, match=r"courses\.accounts\.apps has no AppConfig derived from CoursePluginConfig"
    ):
        installed_plugins(["courses.accounts"], ["courses.accounts"])


def test_no_outside_plugin_is_installed_here():
    assert discovered_plugins() == []
