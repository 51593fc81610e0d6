"""Short texts, matching and ordering in course packages."""

import pytest

from courses.interfaces.packages.errors import PackageError
from courses.interfaces.packages.exporter import export_course
from courses.interfaces.packages.reader import read_package
from courses.interfaces.packages.writer import write_package
from courses.plugin_api.packages import key_for
from courses.quizzes.domain.composition import freeze_quiz
from courses.quizzes.interfaces.package_answers import (
    Distractor,
    Item,
    MatchingAnswer,
    OrderingAnswer,
    Pair,
    TextAnswer,
)
from courses.quizzes.interfaces.package_db import choice_key
from courses.quizzes.models import Question
from tests.courses.interfaces.packages.sample import CODECS, MONEY, QUIZ, write_sample
from tests.courses.interfaces.packages.trees import PICTURES, bring, content

PATH = f"{MONEY}/quiz.yaml"
NEW_TYPES = """\
  - id: T-M1-Q5
    type: short_text
    points: 1
    facts: []
    stem:
      ar: ما النظام؟
      fr: Quel régime ?
    accepted:
      ar: التصريح
      fr: |-
        la déclaration
        *déclar*
  - id: T-M1-Q6
    type: matching
    points: 3
    facts: [F-1]
    stem:
      ar: المطابقة
      fr: Associez.
    pairs:
      - id: a
        prompt:
          ar: 7 أيام
          fr: 7 jours
        option:
          ar: إيداع
          fr: Dépôt
      - id: b
        prompt:
          ar: 15 يوما
          fr: 15 jours
        option:
          ar: نشر
          fr: Publication
    distractors:
      - id: c
        option:
          ar: جلسة
          fr: Assemblée
    partial_credit: true
  - id: T-M1-Q7
    type: ordering
    points: 1
    facts: []
    stem:
      ar: الترتيب
      fr: Ordonnez.
    items:
      - id: x
        text:
          ar: أولا
          fr: D'abord
      - id: y
        text:
          ar: ثانيا
          fr: Ensuite
    partial_credit: false
  - id: T-M1-Q8
    type: multiple_choice
    points: 2
    facts: []
    stem:
      ar: الاختيار
      fr: Cochez.
    choices:
      - id: a
        correct: true
        text:
          ar: صحيح
          fr: Juste
      - id: b
        correct: false
        text:
          ar: خطأ
          fr: Faux
    scoring: penalised
"""


def package(folder, text=NEW_TYPES):
    return write_sample(folder, {**PICTURES, PATH: QUIZ + text})


def entries(folder):
    quiz = read_package(folder, CODECS).modules[0].activities[1]
    return {question.id: question for question in quiz.entry.questions}


def test_the_three_types_are_read(tmp_path):
    found = entries(package(tmp_path))
    assert found["T-M1-Q5"].answer == TextAnswer({"ar": "التصريح", "fr": "la déclaration\n*déclar*"})
    assert found["T-M1-Q6"].answer == MatchingAnswer(
        (
            Pair("a", {"ar": "7 أيام", "fr": "7 jours"}, {"ar": "إيداع", "fr": "Dépôt"}),
            Pair("b", {"ar": "15 يوما", "fr": "15 jours"}, {"ar": "نشر", "fr": "Publication"}),
        ),
        (Distractor("c", {"ar": "جلسة", "fr": "Assemblée"}),),
        partial_credit=True,
    )
    assert found["T-M1-Q7"].answer == OrderingAnswer(
        (Item("x", {"ar": "أولا", "fr": "D'abord"}), Item("y", {"ar": "ثانيا", "fr": "Ensuite"})),
        partial_credit=False,
    )


def test_they_are_written_as_the_same_bytes(tmp_path):
    folder = package(tmp_path / "in")
    write_package(read_package(folder, CODECS), tmp_path / "out", CODECS)
    assert (tmp_path / "out" / PATH).read_text() == (folder / PATH).read_text()


@pytest.mark.usefixtures("site")
def test_they_become_questions_and_are_exported_as_the_same_bytes(tmp_path):
    folder = package(tmp_path / "in")
    bring(folder)
    questions = {
        question.package_id: question for question in Question.objects.filter(locale__language_code="fr")
    }
    short, matching, ordering = (questions[f"T-M1-Q{number}"] for number in (5, 6, 7))
    assert short.accepted == "la déclaration\n*déclar*"
    assert [(block.id, block.block_type, block.value["option"]) for block in matching.pairs] == [
        (choice_key("T-M1-Q6", "a"), "pair", "Dépôt"),
        (choice_key("T-M1-Q6", "b"), "pair", "Publication"),
        (choice_key("T-M1-Q6", "c"), "distractor", "Assemblée"),
    ]
    assert (matching.partial_credit, ordering.partial_credit) == (True, False)
    assert questions["T-M1-Q8"].choice_scoring == "penalised"
    assert [block.value["text"] for block in ordering.sequence] == ["D'abord", "Ensuite"]
    for question in Question.objects.all():
        question.full_clean()
    asked = freeze_quiz(key_for("T-M1-QUIZ")).paper["questions"]
    assert [sorted(row["texts"]) for row in asked] == [["ar", "fr"]] * 8

    write_package(export_course("T"), tmp_path / "out")
    assert content(tmp_path / "out") == content(folder)
    assert bring(tmp_path / "out").changed is False


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("        la déclaration\n        *déclar*", "        oui\n        *", "would accept any answer"),
        ("      ar: التصريح", "      ar: '...'", "nothing is accepted in 'ar'"),
        ("la déclaration", "x" * 201, "has more than 200 characters"),
        ("      - id: b\n        prompt", "      - id: a\n        prompt", "the id 'a' is used twice"),
        ("      - id: c", "      - id: a", "the id 'a' is used twice"),
        ("fr: 15 jours", "fr: 7 jours", "two prompts are the same in 'fr'"),
        ("fr: Publication", "fr: Dépôt", "options that are the same in one language differ in another"),
        ("fr: Assemblée", "fr: Dépôt", "a distractor is the same as another option in 'fr'"),
        ("    partial_credit: false", "    partial_credit: some", "must be true or false"),
        ("fr: Ensuite", "fr: D'abord", "two items are the same in 'fr'"),
        ("      - id: y", "      - id: x", "the id 'x' is used twice"),
        (
            NEW_TYPES[NEW_TYPES.index("      - id: y") : NEW_TYPES.index("    partial_credit: false")],
            "",
            "two items",
        ),
    ],
)
def test_a_defect_is_told(tmp_path, old, new, problem):
    assert old in NEW_TYPES
    folder = package(tmp_path, NEW_TYPES.replace(old, new, 1))
    with pytest.raises(PackageError) as refused:
        read_package(folder, CODECS)
    [told] = [str(found) for found in refused.value.problems]
    assert problem in told
    assert told.startswith(f"{PATH}:")
