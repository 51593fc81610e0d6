"""Fixtures of the whole suite. Each test starts in French, in Tunis, with an empty cache and no open page."""

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone, translation
from wagtail.models import Locale, Site

from tests.factories.accounts import RegionTree, make_regions
from tests.factories.courses import CourseTree, make_course, make_site


@pytest.fixture(autouse=True)
def _same_start() -> Iterator[None]:
    """Language, time zone and cache don't leak from one test into the next."""
    cache.clear()
    Site.clear_site_root_paths_cache()
    with translation.override(settings.LANGUAGE_CODE):
        yield
    timezone.deactivate()


@pytest.fixture
def regions(db: None) -> RegionTree:
    """Tunisia, two groups (Centre-Ouest, Sud-Est) and their governorates."""
    return make_regions()


@pytest.fixture
def locales(db: None) -> SimpleNamespace:
    """The three locales, by code."""
    return SimpleNamespace(
        **{code: Locale.objects.get_or_create(language_code=code)[0] for code, _ in settings.LANGUAGES}
    )


@pytest.fixture
def site(locales: SimpleNamespace) -> SimpleNamespace:
    """A site with a front page and a catalogue in each language: `site.home["fr"]`, `site.catalogue["ar"]`."""
    return make_site(locales)


@pytest.fixture
def course(site: SimpleNamespace) -> CourseTree:
    """A course of two modules with two lessons each, in French, Arabic and English."""
    return make_course(site)
