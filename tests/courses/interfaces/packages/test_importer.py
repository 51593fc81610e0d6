"""A package becomes pages, once; what moves keeps its page, what is gone is unpublished."""

import shutil

import pytest
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page, Revision

from courses.models import ChecklistPage, CourseIndexPage, CoursePage, LessonPage, ModulePage, PackageRecord
from courses.quizzes.models import Question
from tests.courses.interfaces.packages.sample import COURSE, MONEY
from tests.courses.interfaces.packages.trees import (
    bring,
    children,
    page,
    rewrite,
)
from tests.factories.courses import lesson_body

# Making pages


@pytest.mark.usefixtures("catalogues")
def test_an_import_makes_the_pages_of_each_language(folder):
    report = bring(folder)

    parts = ["T", "T-M1", "T-M1-L1", "T-M1-QUIZ", "T-M1-L2", "T-M1-CHECK", "T-M2", "T-M2-QUIZ1", "T-M2-QUIZ2"]
    assert report.created == [(part, language) for part in parts for language in ("ar", "fr")]
    assert (report.updated, report.unchanged, report.moved, report.unpublished) == ([], [], [], [])
    course = page(CoursePage, "T")
    assert (course.title, course.slug, course.url) == ("La trésorerie", "treasury", "/fr/courses/treasury/")
    assert str(course.law_checked_to) == "2026-02-28"
    assert [block.value for block in course.objectives] == ["Tenir les registres"]
    assert course.image.title == "cover.jpg"
    assert (course.live, course.live_revision_id) == (True, course.latest_revision_id)
    assert children(page(ModulePage, "T-M1", "ar")) == ["T-M1-L1", "T-M1-QUIZ", "T-M1-L2", "T-M1-CHECK"]


@pytest.mark.usefixtures("catalogues")
def test_a_lesson_has_the_same_block_ids_in_all_languages(folder):
    bring(folder)

    french, arabic = page(LessonPage, "T-M1-L1"), page(LessonPage, "T-M1-L1", "ar")
    assert [block.id for block in french.body] == [block.id for block in arabic.body]
    law = next(block for block in arabic.body if block.block_type == "law")
    assert list(law.value["facts"]) == ["F-1"]
    assert law.value["official_ar"] == "النصّ الرسمي"
    table = next(block for block in french.body if block.block_type == "table")
    assert list(table.value["header"]) == ["Registre", "Contenu"]
    assert [[cell.source for cell in row] for row in table.value["rows"]] == [["Membres", "Noms"]]
    steps = next(block for block in french.body if block.block_type == "steps")
    assert [step.source for step in steps.value["steps"]] == ["<p>D'abord.</p>", "<p>Ensuite.</p>"]
    assert [item.id for item in table.value["header"].bound_blocks] == [
        item.id
        for block in arabic.body
        if block.block_type == "table"
        for item in block.value["header"].bound_blocks
    ]


@pytest.mark.usefixtures("catalogues")
def test_the_blocks_of_a_lesson_pass_the_editor_s_own_checks(folder):
    bring(folder)

    for lesson in LessonPage.objects.all():
        lesson.body.stream_block.clean(lesson.body)
    for checklist in ChecklistPage.objects.all():
        checklist.items.stream_block.clean(checklist.items)
    for question in Question.objects.all():
        question.full_clean()


@pytest.mark.usefixtures("catalogues")
def test_an_imported_lesson_is_served(folder, client):
    bring(folder)

    response = client.get("/ar/courses/treasury/money/threshold/")

    assert response.status_code == 200
    assert "النصّ الرسمي" in response.content.decode()


# Idempotent


@pytest.mark.usefixtures("catalogues")
def test_importing_again_makes_no_revision_no_image_and_no_question(folder):
    bring(folder)
    before = (
        Revision.objects.count(),
        get_image_model().objects.count(),
        get_document_model().objects.count(),
        Question.objects.count(),
        PackageRecord.objects.get().imported_at,
    )

    report = bring(folder)

    assert report.changed is False
    assert len(report.unchanged) == 18
    assert before == (
        Revision.objects.count(),
        get_image_model().objects.count(),
        get_document_model().objects.count(),
        Question.objects.count(),
        PackageRecord.objects.get().imported_at,
    )
    assert before[1:4] == (2, 1, 12)


@pytest.mark.usefixtures("catalogues")
def test_only_what_differs_gets_a_new_revision(folder):
    bring(folder)
    rewrite(folder, f"{MONEY}/lessons/01-threshold.fr.md", ("À retenir.", "À bien retenir."))

    report = bring(folder)

    assert report.updated == [("T-M1-L1", "fr")]
    lesson = page(LessonPage, "T-M1-L1")
    assert lesson.revisions.count() == 2
    assert lesson.live_revision_id == lesson.latest_revision_id


@pytest.mark.usefixtures("catalogues")
def test_a_draft_on_a_page_that_does_not_change_stays(folder):
    bring(folder)
    lesson = page(LessonPage, "T-M1-L1")
    lesson.title = "Brouillon"
    draft = lesson.save_revision()

    report = bring(folder)

    lesson = page(LessonPage, "T-M1-L1")
    assert report.changed is False
    assert (lesson.latest_revision_id, lesson.has_unpublished_changes, lesson.title) == (
        draft.pk,
        True,
        "Le seuil",
    )


@pytest.mark.usefixtures("catalogues")
def test_a_draft_on_a_page_that_changes_is_told_and_stays_in_the_history(folder):
    bring(folder)
    draft = page(LessonPage, "T-M1-L1").save_revision()
    rewrite(folder, f"{MONEY}/lessons/01-threshold.fr.md", ("À retenir.", "À bien retenir."))

    report = bring(folder)

    assert report.drafts == [("T-M1-L1", "fr")]
    assert page(LessonPage, "T-M1-L1").revisions.filter(pk=draft.pk).count() == 1


# Moving and removing


SWAPPED = COURSE.replace("[01-money, 02-papers]", "[01-papers, 02-money]")


@pytest.mark.usefixtures("catalogues")
def test_modules_follow_the_order_of_the_package(folder):
    bring(folder)
    (folder / "course.yaml").write_text(SWAPPED)
    (folder / "modules/01-money").rename(folder / "modules/02-money")
    (folder / "modules/02-papers").rename(folder / "modules/01-papers")

    report = bring(folder)

    assert children(page(CoursePage, "T", "ar")) == ["T-M2", "T-M1"]
    assert report.moved == [("T-M2", "ar"), ("T-M2", "fr")]
    assert report.updated == []


@pytest.mark.usefixtures("catalogues")
def test_an_activity_moves_to_another_module_and_keeps_its_page(folder):
    bring(folder)
    before = page(LessonPage, "T-M1-L2").pk
    lessons = folder / "modules/02-papers/lessons"
    lessons.mkdir()
    for language in ("ar", "fr"):
        (folder / MONEY / f"lessons/02-press.{language}.md").rename(lessons / f"01-press.{language}.md")
    rewrite(folder, f"{MONEY}/module.yaml", ("lessons/02-press, ", ""))
    rewrite(folder, "modules/02-papers/module.yaml", ("[quiz, quiz-2]", "[quiz, lessons/01-press, quiz-2]"))

    report = bring(folder)

    assert report.moved == [("T-M1-L2", "ar"), ("T-M1-L2", "fr")]
    moved = page(LessonPage, "T-M1-L2")
    assert (moved.pk, moved.url) == (before, "/fr/courses/treasury/papers/press/")
    assert children(page(ModulePage, "T-M2")) == ["T-M2-QUIZ1", "T-M1-L2", "T-M2-QUIZ2"]


@pytest.mark.usefixtures("catalogues")
def test_what_is_removed_is_unpublished_and_comes_back_when_it_returns(folder, tmp_path):
    bring(folder)
    first = tmp_path / "first"
    shutil.copytree(folder, first)
    for language in ("ar", "fr"):
        (folder / MONEY / f"lessons/02-press.{language}.md").unlink()
    rewrite(folder, f"{MONEY}/module.yaml", ("lessons/02-press, ", ""))

    report = bring(folder)

    assert report.unpublished == [("T-M1-L2", "ar"), ("T-M1-L2", "fr")]
    assert page(LessonPage, "T-M1-L2").live is False
    assert bring(folder).changed is False
    assert bring(first).updated == [("T-M1-L2", "ar"), ("T-M1-L2", "fr")]
    assert page(LessonPage, "T-M1-L2").live is True


@pytest.mark.usefixtures("catalogues")
def test_a_new_lesson_takes_the_address_of_a_removed_one(folder):
    bring(folder)
    for language in ("ar", "fr"):
        rewrite(folder, f"{MONEY}/lessons/02-press.{language}.md", ("id: T-M1-L2", "id: T-M1-L3"))

    report = bring(folder)

    old, new = page(LessonPage, "T-M1-L2"), page(LessonPage, "T-M1-L3")
    assert report.created == [("T-M1-L3", "ar"), ("T-M1-L3", "fr")]
    assert (old.live, old.slug) == (False, f"press-{old.pk}")
    assert new.url == "/fr/courses/treasury/money/press/"


@pytest.mark.usefixtures("catalogues")
def test_two_lessons_exchange_their_addresses(folder):
    bring(folder)
    lessons = folder / MONEY / "lessons"
    for language in ("ar", "fr"):
        one, two = lessons / f"01-threshold.{language}.md", lessons / f"02-press.{language}.md"
        first, second = one.read_text(), two.read_text()
        one.unlink()
        two.unlink()
        (lessons / f"01-press.{language}.md").write_text(first.replace("slug: threshold", "slug: press"))
        (lessons / f"02-threshold.{language}.md").write_text(second.replace("slug: press", "slug: threshold"))
    rewrite(folder, f"{MONEY}/module.yaml", ("01-threshold", "01-press"), ("02-press", "02-threshold"))

    report = bring(folder)

    assert len(report.updated) == 4
    assert page(LessonPage, "T-M1-L1").url == "/fr/courses/treasury/money/press/"
    assert page(LessonPage, "T-M1-L2").url == "/fr/courses/treasury/money/threshold/"


@pytest.mark.usefixtures("catalogues")
def test_a_page_made_on_the_site_stays(folder):
    bring(folder)
    module = page(ModulePage, "T-M1")
    ours = LessonPage(title="À nous", slug="ours", locale=module.locale, body=lesson_body("Le nôtre."))
    module.add_child(instance=ours)

    report = bring(folder)

    assert report.changed is False
    assert LessonPage.objects.get(slug="ours").live is True


@pytest.mark.usefixtures("catalogues")
def test_a_language_that_leaves_the_package_is_unpublished(folder):
    bring(folder)
    for path in folder.rglob("*.ar.md"):
        path.unlink()
    for path in folder.rglob("*.yaml"):
        if path.name != "facts.yaml":
            kept = [line for line in path.read_text().splitlines() if not line.lstrip(" -").startswith("ar:")]
            path.write_text(
                "\n".join(kept).replace("[ar, fr]", "[fr]").replace("    fr: Tenir", "  - fr: Tenir")
            )

    report = bring(folder)

    assert (report.created, report.updated, len(report.unpublished)) == ([], [], 9)
    assert page(CoursePage, "T", "ar").live is False
    assert page(CoursePage, "T").live is True


@pytest.mark.usefixtures("catalogues")
def test_a_language_that_was_translated_on_the_site_stays(folder, site):
    bring(folder)
    pages = {}
    for model, identifier in ((CoursePage, "T"), (ModulePage, "T-M1"), (LessonPage, "T-M1-L2")):
        source = page(model, identifier)
        parent = pages.get(source.get_parent().pk) or CourseIndexPage.objects.get(pk=site.catalogue["en"].pk)
        copy = source.copy_for_translation(site.locales.en, exclude_fields=["live_revision"])
        copy.move(Page.objects.get(pk=parent.pk), "last-child")
        copy = model.objects.get(pk=copy.pk)
        copy.save_revision().publish()
        pages[source.pk] = model.objects.get(pk=copy.pk)
    for language in ("ar", "fr"):
        (folder / MONEY / f"lessons/02-press.{language}.md").unlink()
    rewrite(folder, f"{MONEY}/module.yaml", ("lessons/02-press, ", ""))

    report = bring(folder)

    assert page(CoursePage, "T", "en").live is True
    assert page(ModulePage, "T-M1", "en").live is True
    assert report.unpublished == [("T-M1-L2", "ar"), ("T-M1-L2", "en"), ("T-M1-L2", "fr")]
