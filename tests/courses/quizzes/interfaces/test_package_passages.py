"""Passages with gaps in course packages: read, refused, imported, exported as the same bytes."""

import pytest

from courses.plugin_api.packages import PackageError
from courses.quizzes.interfaces.package_answers import PassageAnswer
from courses.quizzes.models import Question
from tests.courses.quizzes.interfaces.test_package import (
    bring,
    content,
    entries,
    export_course,
    package,
    write_package,
)

PASSAGE = """  - id: T-M1-Q5
    type: cloze
    points: 3
    facts: []
    stem:
      ar: تعمير الفراغات
      fr: Complétez.
    passage:
      ar: يتم الدفع بواسطة [[تحويل|نقدا]] ابتداء من [[#500]] دينار في [[=الرائد]]
      fr: On paie par [[virement|espèces]] à partir de [[#500±1]] dinars au [[=JORT|Journal]]
    partial_credit: false
"""


def test_a_passage_is_read(tmp_path):
    answer = entries(package(tmp_path, PASSAGE))["T-M1-Q5"].answer
    assert isinstance(answer, PassageAnswer)
    assert answer.passage["fr"].startswith("On paie par [[virement|espèces]]")
    assert answer.partial_credit is False


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("[[#500]]", "[[#cinq]]", "Gap 2: write a number"),
        ("[[تحويل|نقدا]]", "[[تحويل|نقدا|صك]]", "Gap 1 has"),
        ("[[=الرائد]]", "", "The original has"),
    ],
)
def test_gaps_that_cannot_be_read_or_differ_are_refused(tmp_path, old, new, word):
    with pytest.raises(PackageError) as refused:
        entries(package(tmp_path, PASSAGE.replace(old, new)))
    assert word in str(refused.value)


@pytest.mark.usefixtures("site")
def test_a_passage_becomes_a_question_and_is_exported_as_the_same_bytes(tmp_path):
    folder = package(tmp_path / "in", PASSAGE)
    bring(folder)
    found = {row.locale.language_code: row for row in Question.objects.filter(package_id="T-M1-Q5")}
    assert found["ar"].passage.endswith("[[=الرائد]]")
    assert (found["fr"].type, found["fr"].partial_credit) == ("cloze", False)
    for question in found.values():
        question.full_clean()
    write_package(export_course("T"), tmp_path / "out")
    assert content(tmp_path / "out") == content(folder)
