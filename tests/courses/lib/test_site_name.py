import pytest
from django.utils import translation

from courses.lib.site_name import site_name


@pytest.mark.parametrize(("language", "expected"), [("ar", "إلمام"), ("fr", "Ilmam"), ("en", "Ilmam")])
def test_the_name_is_in_the_script_of_the_language(settings, language, expected):
    settings.WAGTAIL_SITE_NAME, settings.ELEARN_SITE_NAME_AR = "Ilmam", "إلمام"

    assert site_name(language) == expected
    with translation.override(language):
        assert site_name() == expected


def test_without_an_arabic_name_the_one_name_serves_all(settings):
    settings.WAGTAIL_SITE_NAME, settings.ELEARN_SITE_NAME_AR = "Réseau", ""

    assert site_name("ar") == "Réseau"
