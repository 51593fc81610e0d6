"""The links of the footer."""

from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.utils import translation

from home.context_processors import footer_links
from home.models import HomePage, PlainPage


@pytest.fixture
def plain(site: SimpleNamespace) -> SimpleNamespace:
    """Two plain pages in French, one of them shown in menus, and one in Arabic."""

    def add(language: str, slug: str, title: str, shown: bool = True) -> PlainPage:
        parent = HomePage.objects.get(pk=site.home[language].pk)
        page = PlainPage(title=title, slug=slug, show_in_menus=shown, locale=parent.locale)
        return parent.add_child(instance=page)

    return SimpleNamespace(
        about=add("fr", "about", "À propos"),
        hidden=add("fr", "hidden", "Cachée", shown=False),
        arabic=add("ar", "about", "حول الموقع"),
    )


def links(path: str = "/fr/") -> list[tuple[str, str, bool]]:
    found = footer_links(RequestFactory().get(path))
    return [(link.label, link.url, link.current) for link in found]


@pytest.mark.usefixtures("plain")
def test_the_footer_has_the_pages_of_the_language_that_are_shown_in_menus():
    assert links() == [("À propos", "/fr/about/", False)]
    assert links("/fr/about/") == [("À propos", "/fr/about/", True)]
    with translation.override("ar"):
        assert links() == [("حول الموقع", "/ar/about/", False)]
    with translation.override("en"):
        assert links() == []


@pytest.mark.usefixtures("plain")
def test_the_footer_costs_one_query_and_then_none(django_assert_num_queries):
    links()
    translation.activate("ar")
    with django_assert_num_queries(1):
        links()
    with django_assert_num_queries(0):
        links()


def test_a_change_of_a_page_shows_at_once(plain, django_capture_on_commit_callbacks):
    assert links() == [("À propos", "/fr/about/", False)]

    with django_capture_on_commit_callbacks(execute=True):
        plain.hidden.show_in_menus = True
        plain.hidden.save_revision().publish()
        PlainPage.objects.get(pk=plain.about.pk).unpublish()

    assert links() == [("Cachée", "/fr/hidden/", False)]


def test_the_footer_stands_on_every_page(plain, client):
    page = client.get("/fr/about/").content.decode()

    assert '<li><a href="/fr/about/" aria-current="page">À propos</a></li>' in page
