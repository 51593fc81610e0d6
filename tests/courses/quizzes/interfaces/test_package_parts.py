"""Rules, rubrics, scenarios, pictures and draws in course packages: as they are written, and what is wrong with them."""

import pytest
from django.core.files.images import ImageFile
from django.core.files.uploadedfile import SimpleUploadedFile
from wagtail.images import get_image_model

from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.exporter import export_course
from courses.interfaces.packages.reader import read_package
from courses.interfaces.packages.writer import write_package
from courses.plugin_api.packages import key_for
from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.interfaces.package import Ask, ScenarioEntry
from courses.quizzes.interfaces.package_answers import Criterion, RubricAnswer, Shown
from courses.quizzes.interfaces.package_questions import Picture
from courses.quizzes.models import (
    LearningObjective,
    Question,
    QuestionCategory,
    QuestionTag,
    QuizItem,
    QuizPage,
    Scenario,
)
from tests.courses.interfaces.packages.sample import CODECS, MONEY, short_quiz, write_sample
from tests.courses.interfaces.packages.trees import PICTURES, bring, content, nothing_written, problems_of

PATH = f"{MONEY}/quiz.yaml"
SECOND = "modules/02-papers/quiz.yaml"
QUIZ = """\
id: T-M1-QUIZ
slug: quiz
required: true
pass_mark: 70
max_attempts: 3
minutes: 8
result_rule: latest
delay_minutes: 1440
opens_at: 2026-03-01 08:00:00+00:00
closes_at: 2026-04-01 08:00:00+00:00
time_limit_minutes: 30
feedback_mode: interactive
show_answers: closed
before_form: true
refreshers: false
stale_language: withhold
law_checked_to: 2026-02
title:
  ar: اختبار
  fr: Quiz
scenarios:
  - id: T-S1
    title:
      ar: القضية
      fr: L'affaire
    text:
      ar: نص
      fr: |-
        Salma reçoit un don.

        En espèces.
asks:
  - question: T-M1-Q1
  - category: [Droit]
    tag: argent
    difficulty: hard
    count: 1
questions:
  - id: T-M1-Q1
    type: open_answer
    points: 5
    facts: []
    scenario: T-S1
    stem:
      ar: ماذا تفعل؟
      fr: Que fait-elle ?
    pictures:
      - id: p1
        file: files/picture.png
        alt:
          ar: دفتر
          fr: Un registre
    rubric:
      - id: a
        text:
          ar: التصريح
          fr: Elle déclare le don
        points: 3
      - id: b
        text:
          ar: الأجل
          fr: Dans le délai
        points: 2
  - id: T-M1-Q2
    type: single_choice
    points: 1
    facts: []
    difficulty: hard
    category: [Droit, Dons]
    tags: [Argent, virement]
    stem:
      ar: أيّها؟
      fr: Lequel ?
    choices:
      - id: a
        correct: true
        text:
          ar: صك
          fr: Un chèque
        picture: files/cover.jpg
        alt:
          ar: صك مكتوب
          fr: Un chèque rempli
      - id: b
        correct: false
        text:
          ar: نقدا
          fr: Des espèces
"""
LESSON = f"{MONEY}/lessons/01-threshold"


def package(folder, quiz=QUIZ, **changes):
    return write_sample(folder, {**PICTURES, PATH: quiz, **changes})


def entry(folder):
    return read_package(folder, CODECS).modules[0].activities[1].entry


def test_everything_is_read_and_written_as_the_same_bytes(tmp_path):
    folder = package(tmp_path / "in")
    quiz = entry(folder)
    assert (quiz.rules["result_rule"], quiz.rules["show_answers"]) == ("latest", "closed")
    assert "show_score" not in quiz.rules
    assert quiz.scenarios == (
        ScenarioEntry(
            "T-S1",
            {"ar": "القضية", "fr": "L'affaire"},
            {"ar": "نص", "fr": "Salma reçoit un don.\n\nEn espèces."},
        ),
    )
    assert quiz.asks[1] == Ask(count=1, category=("Droit",), tag="argent", difficulty="hard")
    open_answer, choice = quiz.questions
    assert open_answer.answer == RubricAnswer(
        (
            Criterion("a", {"ar": "التصريح", "fr": "Elle déclare le don"}, 3),
            Criterion("b", {"ar": "الأجل", "fr": "Dans le délai"}, 2),
        )
    )
    assert open_answer.pictures == (
        Picture("p1", Shown("files/picture.png", {"ar": "دفتر", "fr": "Un registre"})),
    )
    assert choice.answer.choices[0].picture == Shown(
        "files/cover.jpg", {"ar": "صك مكتوب", "fr": "Un chèque rempli"}
    )
    write_package(read_package(folder, CODECS), tmp_path / "out", CODECS)
    assert (tmp_path / "out" / PATH).read_text() == (folder / PATH).read_text()


@pytest.mark.usefixtures("site")
def test_it_becomes_a_quiz_that_can_be_asked_and_the_same_bytes_again(tmp_path):
    folder = package(tmp_path / "in")
    bring(folder)
    page = QuizPage.objects.get(translation_key=key_for("T-M1-QUIZ"), locale__language_code="fr")
    assert (page.time_limit_minutes, page.refreshers, page.show_answers) == (30, False, "closed")
    item = page.items.get(draw_count=1)
    assert (str(item.draw_category), item.draw_tag, item.draw_difficulty) == ("Droit", "argent", "hard")
    paper = freeze_quiz(key_for("T-M1-QUIZ"), seed="x").load()
    assert [question.key for question in paper.questions] == [key_for("T-M1-Q1"), key_for("T-M1-Q2")]
    shown = paper.questions[0].texts["ar"]["pictures"]
    assert [(one["alt"], one["hash"] != "") for one in shown] == [("دفتر", True)]
    chosen = paper.questions[1].texts["fr"]["choice_pictures"]
    assert [one["alt"] for one in chosen.values()] == ["Un chèque rempli"]
    scenario = paper.scenarios[str(key_for("T-S1"))]
    assert scenario["texts"]["fr"]["title"] == "L'affaire"

    write_package(export_course("T"), tmp_path / "out")
    assert content(tmp_path / "out") == content(folder)
    assert bring(tmp_path / "out").changed is False
    assert Scenario.objects.count() == 2


@pytest.mark.usefixtures("site")
def test_a_question_that_came_by_a_draw_leaves_with_its_text(tmp_path):
    folder = package(tmp_path / "in")
    bring(folder)
    text = QUIZ[: QUIZ.index("  - id: T-M1-Q2")].replace(
        QUIZ[QUIZ.index("asks:") : QUIZ.index("questions:")], ""
    )
    (folder / PATH).write_text(text)
    (folder / "files/cover.jpg").write_bytes(PICTURES["files/cover.jpg"])
    bring(folder)
    live = Question.objects.filter(live=True, locale__language_code="fr", package_id__startswith="T-M1")
    assert [question.package_id for question in live] == ["T-M1-Q1"]


SHARED = QUIZ[QUIZ.index("scenarios:") : QUIZ.index("asks:")]
OWN = QUIZ[QUIZ.index("  - id: T-M1-Q1") : QUIZ.index("  - id: T-M1-Q2")]


def second_quiz(question=OWN):
    head = short_quiz(1)
    at = head.index("questions:")
    return head[:at] + SHARED + "questions:\n" + question


@pytest.mark.usefixtures("site")
def test_two_quizzes_of_a_course_ask_the_same_question(tmp_path):
    folder = package(tmp_path / "in", **{SECOND: second_quiz()})
    bring(folder)
    assert QuizItem.objects.filter(question__package_id="T-M1-Q1").count() == 4
    assert Question.objects.filter(package_id="T-M1-Q1").count() == 2
    write_package(export_course("T"), tmp_path / "out")
    assert content(tmp_path / "out") == content(folder)
    # It leaves one of them, and stays published for the other.
    (folder / SECOND).write_text(short_quiz(1))
    bring(folder)
    assert Question.objects.filter(package_id="T-M1-Q1", live=True).count() == 2


def test_it_must_say_the_same_in_both(tmp_path):
    other = OWN.replace("points: 5", "points: 4")
    with pytest.raises(PackageError) as refused:
        read_package(package(tmp_path, **{SECOND: second_quiz(other)}), CODECS)
    [told] = [str(problem) for problem in refused.value.problems]
    assert told.startswith(f"{SECOND}:")
    assert f"'T-M1-Q1' says something else here than in {PATH}:" in told


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("delay_minutes: 1440", "delay_minutes: 50000", "'delay_minutes' is 50000, but must be from 0 to 43200"),
        ("result_rule: latest", "result_rule: best", "'result_rule' is 'best', but must be one of: highest"),
        ("before_form: true", "before_form: yes", "'before_form' must be true or false"),
        ("opens_at: 2026-03-01 08:00:00+00:00", "opens_at: 2026-03-01", "'opens_at' must be a day and time in UTC"),
        ("opens_at: 2026-03-01", "opens_at: 2026-05-01", "the quiz can't close before it opens"),
        ("closes_at: 2026-04-01 08:00:00+00:00\n", "", "'show_answers' is closed, but the quiz has no 'closes_at'"),
        ("show_answers: closed", "show_verdicts: never", "'show_verdicts' must be during or after"),
        ("time_limit_minutes: 30", "time_limit: 30", "unknown key 'time_limit'"),
        ("scenario: T-S1", "scenario: T-S2", "there is no scenario 'T-S2' in this quiz"),
        ("    scenario: T-S1\n", "", "no question is about the scenario 'T-S1'"),
        ("      fr: L'affaire\n", "", "'title' is missing in 'fr'"),
        ("    count: 1", "    count: 2", "2 questions of 'Droit · argent · hard' are asked, but there are 1"),
        ("  - category: [Droit]\n    tag: argent\n    difficulty: hard\n", "  -\n", "it says neither a question"),
        ("category: [Droit, Dons]", "category: [Dons]", "nothing asks the question 'T-M1-Q2'"),
        ("category: [Droit, Dons]", f"category: [{'x' * 121}]", "has 121 characters, but at most 120 are allowed"),
        ("tags: [Argent, virement]", "tags: [argent, Argent]", "a tag is named twice"),
        ("tags: [Argent, virement]", "tags: argent", "'tags' must be a list"),
        ("        points: 3", "        points: 0", "'points' is 0, but must be from 1 to 100"),
        ("fr: Dans le délai", "fr: Elle déclare le don", "two criteria are the same in 'fr'"),
        ("      - id: b\n        text:\n          ar: الأجل", "      - id: a\n        text:\n          ar: الأجل", "the id 'a' is used twice"),
        ("file: files/picture.png", "file: files/gone.png", "there is no file 'files/gone.png' in the package"),
        ("file: files/picture.png", "file: /etc/passwd", "must be a path such as files/name"),
        ("          fr: Un registre\n", "", "'alt' is missing in 'fr'"),
        ("        alt:\n          ar: صك مكتوب\n          fr: Un chèque rempli\n", "", "'alt' is missing"),
        ("        picture: files/cover.jpg\n", "", "unknown key 'alt'"),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("site")
def test_a_defect_is_told_with_file_and_line_and_nothing_is_written(tmp_path, old, new, problem):
    assert old in QUIZ
    told = problems_of(package(tmp_path, QUIZ.replace(old, new, 1)))
    assert any(problem in one for one in told), told
    assert all(one.startswith((f"{PATH}:", "files/")) for one in told)
    assert nothing_written()
    for model in (Question, Scenario, LearningObjective, QuestionCategory, QuestionTag):
        assert not model.objects.exists()


@pytest.mark.usefixtures("site")
def test_a_picture_that_is_gone_or_a_language_that_lacks_one_is_refused_at_export(tmp_path):
    folder = package(tmp_path / "in")
    bring(folder)
    arabic = Question.objects.get(package_id="T-M1-Q1", locale__language_code="ar")
    arabic.pictures = []
    arabic.save()
    with pytest.raises(PackageError, match=r"a picture of the question .* is missing in 'ar'"):
        export_course("T")


@pytest.mark.usefixtures("site")
def test_words_that_a_form_sent_with_windows_line_ends_are_written(tmp_path):
    folder = package(tmp_path / "in")
    bring(folder)
    Question.objects.filter(package_id="T-M1-Q1").update(stem="One line \r\nand another ")
    write_package(export_course("T"), tmp_path / "out")
    assert entry(tmp_path / "out").questions[0].stem["fr"] == "One line\nand another"


@pytest.mark.usefixtures("site")
def test_a_picture_of_the_site_becomes_a_file_of_the_package(tmp_path):
    bring(package(tmp_path / "in"))
    image = get_image_model().objects.create(
        title="Somebody's",
        file=ImageFile(SimpleUploadedFile("own.png", PICTURES["files/picture.png"]), name="own.png"),
    )
    for question in Question.objects.filter(package_id="T-M1-Q1"):
        blocks = question.pictures.get_prep_value()
        blocks[0]["value"]["image"] = image.pk
        question.pictures = blocks
        question.save()
    write_package(export_course("T"), tmp_path / "out")
    assert entry(tmp_path / "out").questions[0].pictures[0].shown.file.startswith("files/own")
