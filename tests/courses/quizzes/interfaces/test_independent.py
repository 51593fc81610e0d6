"""What we export is understood by parsers that nobody here wrote: as many questions, of the same types.

GIFT: npm's gift-pegjs, where Node and the package are there (`npm install --ignore-scripts --prefix var/judges
gift-pegjs`). Moodle XML: moodle-xml-parser for choices and gaps, the types that it knows; lxml counts the others.
"""

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from courses.quizzes.interfaces.exchange.detect import Format
from courses.quizzes.interfaces.exchange_db import Fate, Intake, take
from courses.quizzes.interfaces.exchange_export import Selection, export
from courses.quizzes.interfaces.exchange_files import read_candidates
from courses.quizzes.models import Question
from tests.factories.quizzes import make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("locales")]

ROOT = Path(__file__).parents[4]
MODULES = ROOT / "courses/packages/legal-obligations/modules"
JUDGES = ROOT / "var/judges"
# The same type of question in the words of each judge.
GIFT_TYPES = {
    "single_choice": "MC",
    "multiple_choice": "MC",
    "true_false": "TF",
    "numeric": "Numerical",
    "short_text": "Short",
    "matching": "Matching",
    "open_answer": "Essay",
}
MOODLE_TYPES = {
    "single_choice": "multichoice",
    "multiple_choice": "multichoice",
    "true_false": "truefalse",
    "numeric": "numerical",
    "short_text": "shortanswer",
    "matching": "matching",
    "ordering": "ordering",
    "cloze": "cloze",
    "open_answer": "essay",
}
PASSAGE = "Dans [[un mois|deux mois]], [[=le registre|registre]] et [[#30±2]] jours."


@pytest.fixture
def bank(locales):
    """The questions of two modules of the course that is shipped, and one of each type that they don't use."""
    for file in (MODULES / "01-framework/quiz.yaml", MODULES / "05-oversight/quiz.yaml"):
        _format, found = read_candidates(file.read_bytes(), language="fr")
        assert {verdict.fate for verdict in take(found, Intake())} == {Fate.NEW}
    for kind in ("short_text", "numeric", "true_false", "matching", "ordering"):
        make_question(kind)
    make_question("cloze", passage=PASSAGE)
    make_question("open_answer", rubric=[{"type": "criterion", "value": {"text": "Names it", "points": 1}}])
    Question.objects.update(live=True)
    return Counter(Question.objects.filter(locale__language_code="fr").values_list("type", flat=True))


def by_judge(bank, types):
    counted = Counter()
    for kind, count in bank.items():
        if kind in types:
            counted[types[kind]] += count
    return counted


def test_gift_is_understood_by_gift_pegjs(bank):
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node isn't installed: gift-pegjs can't judge the GIFT export.")
    if not (JUDGES / "node_modules/gift-pegjs").is_dir():
        pytest.skip("gift-pegjs isn't installed in var/judges: see the docstring of this module.")
    script = "console.log(JSON.stringify(require('gift-pegjs').parse(require('fs').readFileSync(0, 'utf8'))))"
    written = export(Selection(), Format.GIFT, language="ar")
    judged = subprocess.run(
        [node, "-e", script], input=written.data, capture_output=True, check=True, cwd=JUDGES, timeout=60
    )
    found = Counter(question["type"] for question in json.loads(judged.stdout))
    found.pop("Category", None)
    assert found == by_judge(bank, GIFT_TYPES)


def test_moodle_xml_is_understood_by_moodle_xml_parser(bank):
    judge = pytest.importorskip("moodle_xml_parser.parser", reason="moodle-xml-parser isn't installed")
    data = export(Selection(), Format.MOODLE_XML, language="ar").data
    found = judge.parse_bytes(data)
    expected = by_judge(bank, MOODLE_TYPES)
    assert {kind: len(questions) for kind, questions in found.items()} == {
        kind: expected[kind] for kind in ("multichoice", "cloze")
    }
    singles = sum(question.single for question in found["multichoice"])
    assert singles == bank["single_choice"]
    for question in found["multichoice"]:
        right = [option for option in question.options if option.score_fraction > 0]
        assert sum(option.score_fraction for option in right) == pytest.approx(100, abs=0.001)
    (cloze,) = found["cloze"]
    assert [(gap.sub_type, [option.score for option in gap.options]) for gap in cloze.gaps] == [
        ("MULTICHOICE", [100, 0]),
        ("SHORTANSWER", [100, 100]),
        ("NUMERICAL", [100]),
    ]
    root = etree.fromstring(data)
    assert Counter(root.xpath("question[@type != 'category']/@type")) == expected
