"""Translating in the admin, as a trainer does it."""

import pytest
from wagtail.models import Page

from tests.factories.accounts import make_administrator
from tests.factories.courses import make_site

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def french_course(locales):
    """A course of one module with two lessons that exists in French alone."""
    from tests.factories.courses import make_course

    course = make_course(make_site(locales), modules=1)
    for code in ("ar", "en"):
        Page.objects.get(pk=course.modules[code][0].pk).delete()
    for page in Page.objects.all():
        page.specific.save_revision().publish() if page.depth > 1 else None
    return course


def test_a_module_translated_with_its_subtree_keeps_the_tree_sound(client, french_course):
    client.force_login(make_administrator())
    module = french_course.modules["fr"][0]

    response = client.post(
        f"/admin/localize/submit/page/{module.pk}/",
        {
            "locales": [french_course.site.locales.ar.pk, french_course.site.locales.en.pk],
            "include_subtree": "on",
        },
    )

    assert response.status_code == 302
    translated = Page.objects.get(translation_key=module.translation_key, locale__language_code="ar")
    assert translated.numchild == translated.get_children().count() == 2
    assert [found for found in Page.find_problems() if found] == []


def test_a_new_translation_is_a_draft_until_a_person_has_translated_it(client, french_course):
    client.force_login(make_administrator())
    module = french_course.modules["fr"][0]

    client.post(
        f"/admin/localize/submit/page/{module.pk}/",
        {"locales": [french_course.site.locales.ar.pk], "include_subtree": "on"},
    )

    copies = Page.objects.filter(locale__language_code="ar", path__startswith=french_course.pages["ar"].path)
    assert set(copies.exclude(pk=french_course.pages["ar"].pk).values_list("live", flat=True)) == {False}
