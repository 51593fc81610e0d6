"""Objectives and draws in course packages."""

import pytest
from wagtail.models import Locale

from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.exporter import export_course
from courses.interfaces.packages.reader import read_package
from courses.interfaces.packages.writer import write_package
from courses.plugin_api.packages import key_for
from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.domain.staleness import stale_among
from courses.quizzes.interfaces.package import Ask, ObjectiveEntry
from courses.quizzes.models import LearningObjective, Question, QuizItem, Scenario
from tests.courses.interfaces.packages.sample import CODECS, MONEY, QUIZ, write_sample
from tests.courses.interfaces.packages.trees import PICTURES, bring, content, rewrite

PATH = f"{MONEY}/quiz.yaml"
OBJECTIVES = """\
objectives:
  - id: T-M1-O1
    lesson: T-M1-L1
    critical: true
    statement:
      ar: الدفع بالصك
      fr: Payer par chèque
  - id: T-M1-O2
    critical: false
    statement:
      ar: مسك الدفاتر
      fr: Tenir les registres
asks:
  - section:
      ar: البداية
      fr: Pour commencer
    question: T-M1-Q4
  - objective: T-M1-O1
    count: 1
  - objective: T-M1-O2
    count: 1
questions:
"""
OF = {"Q1": ("O1", "hard"), "Q2": ("O1", "medium"), "Q3": ("O2", "easy"), "Q10": ("O2", "medium")}
LAST = """\
  - id: T-M1-Q10
    type: true_false
    points: 1
    facts: []
    stem:
      ar: صحيح أيضا؟
      fr: Vrai aussi ?
    answer: true
    hints:
      ar: إشارة
      fr: Un indice
    provisions:
      ar: الفصل 38
      fr: Art. 38
"""


def drawing() -> str:
    """The sample's quiz, asking Q4 and one of two questions of each of two objectives."""
    text = (QUIZ + LAST).replace("questions:\n", OBJECTIVES, 1)
    for name, (objective, difficulty) in OF.items():
        at = text.index(f"id: T-M1-{name}\n")
        # Behind the facts.
        at = text.index("\n", text.index("    facts:", at)) + 1
        text = f"{text[:at]}    objective: T-M1-{objective}\n    difficulty: {difficulty}\n{text[at:]}"
    return text


@pytest.fixture
def folder(tmp_path):
    return write_sample(tmp_path / "in", {**PICTURES, PATH: drawing()})


def entry(folder):
    return read_package(folder, CODECS).modules[0].activities[1].entry


def test_objectives_and_asks_are_read(folder):
    quiz = entry(folder)
    assert quiz.objectives == (
        ObjectiveEntry("T-M1-O1", "T-M1-L1", True, {"ar": "الدفع بالصك", "fr": "Payer par chèque"}),
        ObjectiveEntry("T-M1-O2", None, False, {"ar": "مسك الدفاتر", "fr": "Tenir les registres"}),
    )
    assert quiz.asks == (
        Ask(question="T-M1-Q4", section={"ar": "البداية", "fr": "Pour commencer"}),
        Ask(objective="T-M1-O1", count=1),
        Ask(objective="T-M1-O2", count=1),
    )
    assert {
        question.id[5:]: (str(question.objective)[5:], question.difficulty) for question in quiz.questions
    } == {
        **OF,
        "Q4": ("", "medium"),
    }


def test_they_are_written_as_the_same_bytes(folder, tmp_path):
    write_package(read_package(folder, CODECS), tmp_path / "out", CODECS)
    assert (tmp_path / "out" / PATH).read_text() == (folder / PATH).read_text()


def test_what_is_asked_in_full_is_said_by_the_order_of_the_questions(tmp_path):
    asks = "".join(f"  - question: T-M1-Q{number}\n" for number in (4, 2, 1, 3))
    quiz = entry(
        write_sample(tmp_path, {**PICTURES, PATH: QUIZ.replace("questions:", f"asks:\n{asks}questions:")})
    )
    assert quiz.asks == ()
    assert [question.id for question in quiz.questions] == [f"T-M1-Q{number}" for number in (4, 2, 1, 3)]


@pytest.mark.usefixtures("site")
def test_import_export_and_a_second_import_agree(folder, tmp_path):
    bring(folder)
    critical = LearningObjective.objects.get(key=key_for("T-M1-O1"))
    assert (critical.critical, critical.lesson_key) == (True, key_for("T-M1-L1"))
    assert Question.objects.filter(live=True).count() == 2 * 7
    assert {question.objective_id for question in Question.objects.filter(package_id="T-M1-Q2")} == {
        critical.pk
    }
    french = QuizItem.objects.filter(
        page__locale__language_code="fr", page__translation_key=key_for("T-M1-QUIZ")
    )
    assert [(bool(item.question), item.draw_count) for item in french] == [(True, 0), (False, 1), (False, 1)]
    first, *drawn = freeze_quiz(key_for("T-M1-QUIZ"), seed="x").load().questions
    assert (first.key, [str(question.objective) for question in drawn]) == (
        key_for("T-M1-Q4"),
        [str(key_for("T-M1-O1")), str(key_for("T-M1-O2"))],
    )

    write_package(export_course("T"), tmp_path / "out")
    assert content(tmp_path / "out") == content(folder)
    assert bring(tmp_path / "out").changed is False


@pytest.mark.usefixtures("site")
def test_languages_that_came_together_are_fresh_and_what_left_is_unpublished(folder):
    bring(folder)
    rewrite(folder, PATH, ("fr: Vrai aussi ?", "fr: Vrai encore ?"))
    bring(folder)
    key = key_for("T-M1-Q10")
    both = Question.objects.filter(translation_key=key).select_related("locale")
    assert stale_among(list(both)) == set()
    assert all(question.source_digest for question in both)
    # A form that only a draw used leaves with its text.
    text = (folder / PATH).read_text()
    (folder / PATH).write_text(text[: text.index("  - id: T-M1-Q10")])
    bring(folder)
    assert not Question.objects.filter(translation_key=key, live=True).exists()
    assert Question.objects.filter(live=True).count() == 2 * 6


@pytest.mark.usefixtures("site")
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (
            lambda: LearningObjective.objects.filter(critical=True).update(lesson_key=key_for("gone")),
            "the lesson of the objective",
        ),
        (lambda: LearningObjective.objects.update(statement={"fr": "Seul"}), "has no words in 'ar'"),
        (
            lambda: Question.objects.filter(package_id="T-M1-Q4").update(
                scenario=Scenario.objects.create(
                    title="C", text="C", locale=Locale.objects.get(language_code="fr")
                )
            ),
            "is not published in 'ar'",
        ),
    ],
)
def test_what_the_format_cannot_hold_is_refused_at_export(folder, change, reason):
    bring(folder)
    change()
    with pytest.raises(PackageError) as refused:
        export_course("T")
    assert reason in str(refused.value.problems[0])


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("lesson: T-M1-L1", "lesson: T-M9-L1", "there is no lesson 'T-M9-L1' in the package"),
        ("lesson: T-M1-L1", "lesson: T-M1-CHECK", "there is no lesson 'T-M1-CHECK' in the package"),
        ("critical: true", "critical: yes", "'critical' must be true or false"),
        ("      fr: Payer par chèque\n", "", "'statement' is missing in 'fr'"),
        ("  - id: T-M1-O2", "  - id: T-M1-O1", "is used twice in the package"),
        (
            "    count: 1\n  - obj",
            "    count: 3\n  - obj",
            "3 questions of 'T-M1-O1' are asked, but there are 2",
        ),
        ("    question: T-M1-Q4", "    question: T-M1-Q9", "there is no question 'T-M1-Q9' in this quiz"),
        ("  - objective: T-M1-O2\n    count: 1\n", "", "nothing asks the question 'T-M1-Q10'"),
        (
            "objective: T-M1-O1\n    difficulty",
            "objective: T-M1-O3\n    difficulty",
            "no objective 'T-M1-O3'",
        ),
        (
            "difficulty: hard",
            "difficulty: very",
            "'difficulty' is 'very', but must be one of: easy, medium, hard",
        ),
        ("    question: T-M1-Q4", "    question: T-M1-Q4\n    count: 1", "unknown key 'count'"),
    ],
)
def test_a_defect_is_told_with_file_and_line(tmp_path, old, new, problem):
    text = drawing()
    assert old in text
    folder = write_sample(tmp_path, {**PICTURES, PATH: text.replace(old, new, 1)})
    with pytest.raises(PackageError) as refused:
        read_package(folder, CODECS)
    told = [str(found) for found in refused.value.problems]
    assert any(problem in one for one in told), told
    assert all(one.startswith(f"{PATH}:") for one in told)


def test_an_objective_that_nothing_tests_is_a_defect(tmp_path):
    text = drawing().replace("    objective: T-M1-O2\n    difficulty", "    difficulty")
    with pytest.raises(PackageError) as refused:
        read_package(write_sample(tmp_path, {**PICTURES, PATH: text}), CODECS)
    assert any("no question tests the objective 'T-M1-O2'" in str(found) for found in refused.value.problems)
