"""What an import must never touch, and what it refuses before it writes."""

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from wagtail.models import Locale, Page

from courses.domain.outline import outline_of
from courses.interfaces.packages.keys import key_for
from courses.models import CourseIndexPage, CoursePage
from courses.progress.models import ActivityCompletion, CourseProgress, Enrolment
from courses.quizzes.domain.attempts import save_answer, start, submit
from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.interfaces.package_db import choice_key
from courses.quizzes.models import Attempt, Question
from tests.courses.interfaces.packages.sample import MONEY
from tests.courses.interfaces.packages.trees import (
    bring,
    nothing_written,
    problems_of,
    rewrite,
    rows,
)
from tests.factories.accounts import UserFactory
from tests.factories.courses import make_course

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
    index.add_child(instance=CoursePage(title="Autre", slug="treasury", locale=index.locale, live=False))

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

    def fail(*args, **options):
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
