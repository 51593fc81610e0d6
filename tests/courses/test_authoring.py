"""What the admin asks of trainers before pages of a course are published, and where rules are set."""

import html

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext
from wagtail.models import Page
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from courses.models import CoursePage, LessonPage
from tests.factories.accounts import make_administrator

PUBLISH = {"action-publish": "1"}


@pytest.fixture
def admin_client(client, course):
    client.force_login(make_administrator())
    return client


def page_data(**fields):
    common = {
        "title": "Neuf",
        "slug": "neuf",
        "seo_title": "",
        "search_description": "",
        "package_id": "",
        "law_checked_to": "",
        "go_live_at": "",
        "expire_at": "",
        "comments": inline_formset([]),
    }
    return nested_form_data(common | fields)


def lesson_data(*blocks, **fields):
    body = streamfield([("paragraph", rich_text(f"<p>{text}</p>")) for text in blocks])
    return page_data(body=body, required="on", estimated_minutes="5", **fields)


def course_data(**fields):
    rules = {"theme": "legal", "level": "beginner", "pass_rule": "all_required", "image": ""}
    return page_data(summary="", audience="", objectives=streamfield([]), **(rules | fields))


def add(client, model, parent, data):
    names = (model._meta.app_label, model._meta.model_name, parent.pk)
    return client.post(reverse("wagtailadmin_pages:add", args=names), data)


def edit_url(page):
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def test_a_lesson_without_a_block_is_saved_but_not_published(admin_client, course):
    module = course.modules["fr"][0]

    refused = add(admin_client, LessonPage, module, lesson_data() | PUBLISH)
    assert (refused.status_code, list(refused.context["form"].errors)) == (200, ["body"])
    assert add(admin_client, LessonPage, module, lesson_data()).status_code == 302
    lesson = LessonPage.objects.get(slug="neuf")
    assert lesson.live is False

    assert admin_client.post(edit_url(lesson), lesson_data("Le texte.") | PUBLISH).status_code == 302
    lesson.refresh_from_db()
    assert (lesson.live, len(lesson.body)) == (True, 1)
    # Emptying a published lesson is a draft until it has a block again.
    assert admin_client.post(edit_url(lesson), lesson_data()).status_code == 302
    assert admin_client.post(edit_url(lesson), lesson_data() | PUBLISH).status_code == 200
    lesson.refresh_from_db()
    assert len(lesson.body) == 1


def test_a_course_is_published_with_the_day_up_to_which_its_law_was_checked(admin_client, course):
    index = course.site.catalogue["fr"]
    word = gettext("Say up to which day the legal texts were checked.")

    for theme in ("legal", "advocacy"):
        refused = add(admin_client, CoursePage, index, course_data(theme=theme) | PUBLISH)
        assert refused.context["form"].errors == {"law_checked_to": [word]}
    assert add(admin_client, CoursePage, index, course_data()).status_code == 302
    page = CoursePage.objects.get(slug="neuf")
    assert page.live is False

    dated = course_data(law_checked_to="2026-02-28")
    assert admin_client.post(edit_url(page), dated | PUBLISH).status_code == 302
    assert CoursePage.objects.get(pk=page.pk).live is True
    assert admin_client.post(edit_url(page), course_data()).status_code == 302
    assert str(CoursePage.objects.get(pk=page.pk).law_checked_to) == "2026-02-28"


def test_publication_without_a_form_asks_the_same(course):
    lesson = LessonPage.objects.get(pk=course.lessons["fr"][0].pk)
    lesson.body = []
    with pytest.raises(ValidationError, match="body"):
        lesson.save_revision(clean=False).publish()

    page = CoursePage.objects.get(pk=course.pages["fr"].pk)
    page.law_checked_to = None
    with pytest.raises(ValidationError, match="law_checked_to"):
        page.save_revision(clean=False).publish()
    # Packages of other themes may leave the day out.
    page.theme = "advocacy"
    page.save_revision(clean=False).publish()
    assert CoursePage.objects.get(pk=page.pk).law_checked_to is None


@pytest.mark.parametrize("below", [False, True])
def test_unfinished_pages_are_not_published_from_a_list(admin_client, course, below):
    module = Page.objects.get(pk=course.modules["fr"][0].pk).specific
    empty = module.add_child(instance=LessonPage(title="Vide", slug="vide", live=False))
    ready = course.lessons["fr"][0]
    Page.objects.filter(pk=ready.pk).update(live=False)
    url = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"])
    ids = f"id={module.pk}" if below else f"id={empty.pk}&id={ready.pk}"

    response = admin_client.post(f"{url}?{ids}", {"include_descendants": "on"} if below else {}, follow=True)

    assert "« Vide »" in html.unescape(response.content.decode())
    assert set(Page.objects.filter(pk__in=[empty.pk, ready.pk]).values_list("live", flat=True)) == {False}

    empty.delete()
    assert admin_client.post(f"{url}?id={ready.pk}", {}).status_code == 302
    assert Page.objects.get(pk=ready.pk).live is True


def test_rules_of_a_course_are_shown_in_other_languages_and_set_in_the_deciding_one(admin_client, course):
    arabic = course.pages["ar"]

    form = admin_client.get(edit_url(arabic)).context["form"]
    assert {name for name, field in form.fields.items() if field.disabled} == {
        "theme",
        "level",
        "law_checked_to",
        "sequential",
        "pass_rule",
        "package_id",
    }
    posted = course_data(title="دورة", slug="jur", sequential="on", theme="advocacy", package_id="OTHER")
    assert admin_client.post(edit_url(arabic), posted | PUBLISH).status_code == 302

    page = CoursePage.objects.get(pk=arabic.pk)
    assert (page.title, page.theme, page.sequential, page.package_id) == ("دورة", "legal", False, "JUR")
    assert str(page.law_checked_to) == "2026-02-28"


def test_a_draft_in_the_default_language_decides_nothing_yet(admin_client, course):
    Page.objects.filter(pk=course.pages["fr"].pk).update(live=False)

    arabic = admin_client.get(edit_url(course.pages["ar"])).context["form"]
    french = admin_client.get(edit_url(course.pages["fr"])).context["form"]

    assert (arabic.fields["theme"].disabled, french.fields["theme"].disabled) == (False, True)
