"""Course packages and the page tree: import, export, and what an import must never touch."""

import hashlib
import io
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import models
from django.utils import timezone
from PIL import Image as PILImage
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Locale, Page, Revision

from courses.domain.outline import outline_of
from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.exporter import export_course
from courses.interfaces.packages.importer import import_package
from courses.interfaces.packages.keys import key_for
from courses.interfaces.packages.reader import read_package
from courses.interfaces.packages.writer import render_package, write_package
from courses.models import ChecklistPage, CourseIndexPage, CoursePage, LessonPage, ModulePage, PackageRecord
from courses.progress.models import ActivityCompletion, CourseProgress, Enrolment
from courses.quizzes.domain.attempts import save_answer, start, submit
from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.interfaces.package_db import choice_key
from courses.quizzes.models import Attempt, Question, QuizPage
from tests.courses.interfaces.packages.sample import COURSE, MODULE_1, MODULE_2, MONEY, write_sample
from tests.factories.accounts import UserFactory
from tests.factories.courses import make_course

SHIPPED = Path(__file__).parents[4] / "courses/packages/legal-obligations"


def picture(colour: str = "red", kind: str = "PNG") -> bytes:
    buffer = io.BytesIO()
    PILImage.new("RGB", (4, 3), colour).save(buffer, kind)
    return buffer.getvalue()


PICTURES = {"files/picture.png": picture(), "files/cover.jpg": picture("blue", "JPEG")}


@pytest.fixture
def folder(tmp_path):
    return write_sample(tmp_path / "package", PICTURES)


@pytest.fixture
def catalogues(site: SimpleNamespace) -> SimpleNamespace:
    return site


def bring(folder: Path, **options):
    return import_package(read_package(folder), at=timezone.now(), **options)


def rewrite(folder: Path, path: str, *changes: tuple[str, str]) -> None:
    text = (folder / path).read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / path).write_text(text)


def content(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def page(model: type[Page], identifier: str, language: str = "fr") -> Page:
    return model.objects.get(translation_key=key_for(identifier), locale__language_code=language)


def rows(*kinds: type[models.Model]) -> dict[str, list[dict]]:
    return {kind.__name__: list(kind.objects.order_by("pk").values()) for kind in kinds}


def children(parent: Page) -> list[str]:
    below = Page.objects.get(pk=parent.pk).get_children().live().specific()
    return [child.package_id for child in below]


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
    module.add_child(instance=LessonPage(title="À nous", slug="ours", locale=module.locale))

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


# Learning records


def learn(user):
    """Enrol, read a lesson, fail and pass a quiz."""
    from courses.progress.domain.recording import enrol, record_completion

    at = timezone.now()
    enrolment = enrol(user, key_for("T"), locale="fr", at=at)
    record_completion(enrolment, key_for("T-M1-L2"), kind="lesson", locale="fr", revision_id=None, at=at)
    attempt = start(enrolment, key_for("T-M1-QUIZ"), locale="ar", at=at)
    save_answer(user, attempt.uuid, key_for("T-M1-Q1"), "500", at=at)
    save_answer(user, attempt.uuid, key_for("T-M1-Q2"), choice_key("T-M1-Q2", "b"), at=at)
    return attempt


RECORDS = (Enrolment, ActivityCompletion, CourseProgress, Attempt)


@pytest.mark.usefixtures("catalogues")
def test_learning_records_survive_a_package_that_changes_everything(folder):
    bring(folder)
    user = UserFactory()
    attempt = learn(user)
    before = rows(*RECORDS)
    for language in ("ar", "fr"):
        (folder / MONEY / f"lessons/02-press.{language}.md").unlink()
    rewrite(
        folder,
        f"{MONEY}/module.yaml",
        (
            "[lessons/01-threshold, quiz, lessons/02-press, checklist]",
            "[quiz, checklist, lessons/01-threshold]",
        ),
    )
    rewrite(
        folder,
        f"{MONEY}/quiz.yaml",
        ("Combien ?", "Quel montant ?"),
        ("answer: 500", "answer: 501"),
        ("correct: false", "correct: maybe"),
        ("correct: true", "correct: false"),
        ("correct: maybe", "correct: true"),
        ("pass_mark: 70", "pass_mark: 90"),
    )

    report = bring(folder)

    assert len(report.unpublished) == 2
    assert rows(*RECORDS) == before
    graded = submit(user, attempt.uuid, at=timezone.now())
    assert graded.results == {
        str(key_for("T-M1-Q1")): "1",
        str(key_for("T-M1-Q2")): "1",
        str(key_for("T-M1-Q3")): "0",
        str(key_for("T-M1-Q4")): "0",
    }
    assert freeze_quiz(key_for("T-M1-QUIZ")).paper["pass_mark"] == 90


@pytest.mark.usefixtures("catalogues")
def test_a_question_that_leaves_a_quiz_is_unpublished_and_kept(folder):
    bring(folder)
    text = (folder / MONEY / "quiz.yaml").read_text()
    (folder / MONEY / "quiz.yaml").write_text(text[: text.index("  - id: T-M1-Q4")])

    report = bring(folder)

    gone = Question.objects.filter(translation_key=key_for("T-M1-Q4"))
    assert report.updated == [("T-M1-QUIZ", "ar"), ("T-M1-QUIZ", "fr")]
    assert list(gone.values_list("live", flat=True)) == [False, False]
    assert [row["key"] for row in freeze_quiz(key_for("T-M1-QUIZ")).paper["questions"]] == [
        str(key_for(f"T-M1-Q{number}")) for number in (1, 2, 3)
    ]


@pytest.mark.usefixtures("catalogues")
def test_the_outline_shows_the_package_at_once(folder):
    bring(folder)
    key = key_for("T")

    outline = outline_of(key, "ar")

    assert outline.code == "T"
    assert [[activity.title for activity in module.activities] for module in outline.modules] == [
        ["السقف", "اختبار", "الصحافة"],
        ["اختبار", "اختبار"],
    ]


# Refused whole


def nothing_written() -> bool:
    return not CoursePage.objects.exists() and not get_image_model().objects.exists()


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(PackageError) as caught:
        bring(folder)
    return [str(problem) for problem in caught.value.problems]


def test_a_language_without_catalogue_is_told(folder, site):
    CourseIndexPage.objects.get(pk=site.catalogue["ar"].pk).delete()

    assert problems_of(folder) == [
        "course.yaml: this site has no catalogue page in 'ar': make one below its front page first"
    ]
    assert nothing_written()


def test_a_language_that_the_site_lacks_is_told(folder, site):
    Page.objects.get(pk=site.home["ar"].pk).delete()
    Locale.objects.filter(language_code="ar").delete()

    assert problems_of(folder) == ["course.yaml: this site has no language 'ar'"]
    assert nothing_written()


@pytest.mark.usefixtures("catalogues")
def test_a_picture_that_is_none_is_refused(folder):
    (folder / "files/picture.png").write_bytes(b"\x89PNG but not really")

    assert problems_of(folder) == ["files/picture.png: this picture is damaged"]
    assert nothing_written()


@pytest.mark.usefixtures("catalogues")
def test_an_address_that_a_page_of_the_site_has_is_refused(folder, site):
    index = CourseIndexPage.objects.get(pk=site.catalogue["fr"].pk)
    index.add_child(instance=CoursePage(title="Autre", slug="treasury", locale=index.locale))

    assert problems_of(folder) == [
        "course.yaml: the address 'treasury' belongs to the page 'Autre' on this site"
    ]
    assert CoursePage.objects.count() == 1


@pytest.mark.usefixtures("catalogues")
def test_an_id_that_belongs_elsewhere_is_refused(folder, site):
    tree = make_course(site)
    lesson = tree.lessons["fr"][0]
    rewrite(folder, f"{MONEY}/quiz.yaml", ("id: T-M1-QUIZ", f"id: {lesson.translation_key}"))
    for language in ("ar", "fr"):
        path = f"{MONEY}/lessons/02-press.{language}.md"
        rewrite(folder, path, ("id: T-M1-L2", f"id: {tree.lessons['fr'][1].translation_key}"))

    assert problems_of(folder) == [
        f"modules/01-money/lessons/02-press.fr.md: the id '{tree.lessons['fr'][1].translation_key}' belongs to "
        "a page of another course on this site",
        f"modules/01-money/quiz.yaml: the id '{lesson.translation_key}' belongs to a page of another type "
        "on this site",
    ]


@pytest.mark.usefixtures("catalogues")
def test_a_failure_half_way_leaves_neither_pages_nor_files(folder, monkeypatch):
    from courses.quizzes.interfaces.package_db import StoredQuizCodec

    def fail(*args):
        raise RuntimeError("out of luck")

    before = (
        set(default_storage.listdir("original_images")[1])
        if default_storage.exists("original_images")
        else set()
    )
    monkeypatch.setattr(StoredQuizCodec, "fill", fail)

    with pytest.raises(RuntimeError):
        bring(folder)

    assert nothing_written()
    assert set(default_storage.listdir("original_images")[1]) == before


@pytest.mark.usefixtures("catalogues")
def test_a_dry_run_tells_and_writes_nothing(folder):
    report = bring(folder, dry_run=True)

    assert len(report.created) == 18
    assert nothing_written()
    assert Question.objects.count() == 0


# Round trip


@pytest.mark.usefixtures("catalogues")
def test_what_was_imported_is_exported_as_the_same_bytes(folder, tmp_path):
    bring(folder)

    write_package(export_course("T"), tmp_path / "out")

    assert content(tmp_path / "out") == content(folder)
    assert bring(tmp_path / "out").changed is False


@pytest.mark.usefixtures("catalogues")
def test_the_shipped_course_is_exported_as_the_same_bytes():
    package = read_package(SHIPPED)
    report = import_package(package, at=timezone.now())

    rendered = render_package(export_course("JUR"))

    assert (report.updated, report.unpublished) == ([], [])
    assert {path: content.decode() for path, content in rendered.items()} == {
        path.relative_to(SHIPPED).as_posix(): path.read_text()
        for path in SHIPPED.rglob("*")
        if path.is_file()
    }


def test_a_course_made_on_the_site_is_exported_with_its_keys_as_ids(site, tmp_path):
    tree = make_course(site, summary="Résumé", audience="Public")
    for model in (CoursePage, ModulePage):
        for found in model.objects.all():
            found.summary = "Résumé"
            found.save()
    CoursePage.objects.update(objectives=[{"type": "objective", "value": "Savoir", "id": str(tree.key)}])

    write_package(export_course(str(tree.key)), tmp_path / "out")
    package = read_package(tmp_path / "out")
    report = import_package(package, at=timezone.now())

    assert package.id == str(tree.key)
    assert package.source_language == "fr"
    assert report.created == []
    assert render_package(export_course(str(tree.key))) == render_package(package)


@pytest.mark.usefixtures("catalogues")
def test_an_export_tells_what_the_format_cannot_hold(folder):
    bring(folder)
    lesson = page(LessonPage, "T-M1-L1")
    lesson.body[0] = ("paragraph", '<p><a linktype="page" id="1">ici</a></p>')
    lesson.save()
    page(LessonPage, "T-M1-L2", "ar").unpublish()

    with pytest.raises(PackageError) as caught:
        export_course("T")

    assert [str(problem) for problem in caught.value.problems] == [
        "modules/01-money/module.yaml: the page 'La presse' is not published in 'ar'",
    ]


# Commands


@pytest.mark.usefixtures("catalogues")
def test_the_commands_import_and_export(folder, tmp_path, capsys):
    call_command("import_course", str(folder), "--dry-run")
    call_command("import_course", str(folder))
    call_command("export_course", "T", str(tmp_path / "out"))

    out = capsys.readouterr().out.splitlines()
    assert out == [
        "T: pages 18 created, 0 updated, 0 moved, 0 unpublished, 0 unchanged (nothing was written)",
        "T: pages 18 created, 0 updated, 0 moved, 0 unpublished, 0 unchanged",
        f"T was written to {tmp_path / 'out'}",
    ]
    assert content(tmp_path / "out") == content(folder)


@pytest.mark.usefixtures("catalogues")
def test_the_import_command_refuses_a_broken_package_with_file_line_and_reason(folder, capsys):
    (folder / f"{MONEY}/module.yaml").write_text(MODULE_1.replace("slug: money", "slug: Money"))
    (folder / "modules/02-papers/module.yaml").write_text(MODULE_2.replace("id: T-M2", "id: T-M1"))

    with pytest.raises(SystemExit) as caught:
        call_command("import_course", str(folder))

    assert caught.value.code == 1
    assert capsys.readouterr().err.splitlines()[0] == (
        "course.yaml:23: '01-money' must be called '01-Money', after its position and slug"
    )
    assert nothing_written()


def test_the_export_command_says_that_there_is_no_such_course(site, capsys, tmp_path):
    from django.core.management.base import CommandError

    with pytest.raises(CommandError) as caught:
        call_command("export_course", "NO", str(tmp_path))

    assert str(caught.value) == "There is no published course 'NO'."


def test_the_limits_of_the_reader_are_those_of_the_pages():
    from courses.blocks import ChecklistItemBlock, HeadingBlock, ImageBlock, LawBlock
    from courses.interfaces.packages import schema
    from courses.quizzes.interfaces import package as quiz

    def field(model, name):
        return model._meta.get_field(name).max_length

    def block(struct, name):
        return struct.base_blocks[name].field.max_length

    assert (field(Page, "title"), field(CoursePage, "summary"), field(CoursePage, "audience")) == (
        schema.MAX_TITLE,
        schema.MAX_SUMMARY,
        schema.MAX_SUMMARY,
    )
    assert (field(ModulePage, "summary"), field(ChecklistPage, "intro")) == (schema.MAX_SUMMARY,) * 2
    assert (block(HeadingBlock, "text"), block(ImageBlock, "alt")) == (
        schema.MAX_HEADING,
        schema.MAX_ALTERNATIVE,
    )
    assert [block(LawBlock, name) for name in ("text", "article", "source")] == [
        schema.MAX_LAW_TEXT,
        schema.MAX_ARTICLE,
        schema.MAX_ADDRESS,
    ]
    assert [block(ChecklistItemBlock, name) for name in ("question", "text", "article", "deadline")] == [
        schema.MAX_QUESTION,
        schema.MAX_LAW_TEXT,
        schema.MAX_ARTICLE,
        schema.MAX_DEADLINE,
    ]
    assert [field(Question, name) for name in ("case", "stem", "feedback", "unit")] == [
        quiz.MAX_LONG_TEXT,
        quiz.MAX_TEXT,
        quiz.MAX_LONG_TEXT,
        quiz.MAX_UNIT,
    ]
    assert field(QuizPage, "intro") == quiz.MAX_TEXT
