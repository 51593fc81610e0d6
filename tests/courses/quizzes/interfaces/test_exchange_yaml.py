"""Questions in the form of course packages, in and out of the bank."""

import pytest
from django.utils import translation

from courses.plugin_api.packages import key_for
from courses.quizzes.interfaces.exchange.detect import Format, detect
from courses.quizzes.interfaces.exchange.report import ExchangeError
from courses.quizzes.interfaces.exchange_db import Fate, Intake, take
from courses.quizzes.interfaces.exchange_export import Selection, export
from courses.quizzes.interfaces.exchange_files import read_candidates
from courses.quizzes.models import LearningObjective, Question
from tests.factories.quizzes import make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("locales")]

FILE = """id: a-quiz
questions:
  - id: Q-1
    type: single_choice
    facts: [DL88-16]
    objective: O-1
    difficulty: hard
    stem:
      fr: Qui signe ?
      ar: من يوقّع؟
    choices:
      - id: a
        correct: true
        text: {fr: Le président, ar: الرئيس}
      - id: b
        correct: false
        text: {fr: Le cuisinier, ar: الطبّاخ}
  - id: Q-2
    type: single_choice
    facts: []
    stem: {fr: Trop peu}
    choices:
      - id: a
        correct: true
        text: {fr: Une}
"""


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def taken(data):
    _format, found = read_candidates(data, language="fr")
    return take(found, Intake())


def test_a_question_comes_in_all_its_languages_as_drafts():
    objective = LearningObjective.objects.create(
        statement={"fr": "Signer"}, key=key_for("O-1"), package_id="O-1"
    )
    verdicts = taken(FILE.encode())
    assert [verdict.fate for verdict in verdicts] == [Fate.NEW, Fate.LEFT_OUT]
    found = {question.locale.language_code: question for question in Question.objects.all()}
    assert set(found) == {"fr", "ar"}
    assert {question.translation_key for question in found.values()} == {key_for("Q-1")}
    assert {question.live for question in found.values()} == {False}
    assert {(question.objective, question.difficulty) for question in found.values()} == {(objective, "hard")}
    assert found["fr"].facts == ["DL88-16"]
    assert [block.id for block in found["fr"].choices] == [block.id for block in found["ar"].choices]
    assert [block.value["text"] for block in found["ar"].choices] == ["الرئيس", "الطبّاخ"]
    assert verdicts[1].candidate.line == 18
    assert [(remark.line, str(remark)) for remark in verdicts[1].remarks] == [
        (22, "It can't be read: a single_choice needs at least two choices")
    ]
    assert [verdict.fate for verdict in taken(FILE.encode())] == [Fate.UNCHANGED, Fate.LEFT_OUT]


def test_an_objective_that_is_not_here_is_named():
    (remark,) = taken(FILE.encode())[0].remarks
    assert str(remark) == "The learning objective O-1 is not here; the question is taken without it."


def test_what_is_exported_is_read_back_identically_and_written_again_as_the_same_bytes():
    kinds = (
        "single_choice",
        "multiple_choice",
        "true_false",
        "numeric",
        "short_text",
        "matching",
        "ordering",
        "cloze",
        "open_answer",
    )
    for number, kind in enumerate(kinds):
        make_question(kind, correct=(0, 2) if kind == "multiple_choice" else (1,), points=2, hints="One.",
                      translation_key=key_for(f"Q-{number}"), package_id=f"Q-{number}")  # fmt: skip
    first = export(Selection(), Format.YAML, language="fr")
    assert first.left_out == 0
    assert detect(first.data) is Format.YAML
    assert [(verdict.fate, verdict.type) for verdict in taken(first.data)] == [
        (Fate.UNCHANGED, kind) for kind in kinds
    ]
    Question.objects.all().delete()
    assert {verdict.fate for verdict in taken(first.data)} == {Fate.NEW}
    Question.objects.update(live=True)
    assert export(Selection(), Format.YAML, language="fr").data == first.data


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"questions:\n  - stem: [", "can't be read"),
        (b"questions: &a\n  - stem: *a\n", "anchors"),
        (b"questions:\n\nother: 1\n", "no list 'questions'"),
        ("questions:\n  - stem: é\n".encode("latin-1"), "UTF-8"),
    ],
)
def test_a_file_that_is_no_yaml_with_questions_is_refused(data, word):
    with pytest.raises(ExchangeError) as refused:
        read_candidates(data, format="yaml", language="fr")
    assert word in str(refused.value)
