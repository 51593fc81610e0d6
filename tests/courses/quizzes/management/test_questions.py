"""`manage.py import_questions` and `export_questions`: exit status, words and JSON, for every format and defect."""

import io
import json
import zipfile
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from courses.plugin_api.packages import key_for
from courses.quizzes.models import Question, QuestionCategory
from tests.factories.quizzes import make_question, make_quiz

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("locales")]

GIFT = "// [id:Q-1]\nWho signs?{=The president ~The cook}\n"
MOODLE = """<quiz><question type="truefalse"><name><text>Free</text></name><questiontext format="html"><text>Is it free?</text>
</questiontext><answer fraction="100"><text>true</text></answer><answer fraction="0"><text>false</text></answer></question></quiz>"""
AIKEN = "Who signs?\nA) The president\nB) The cook\nANSWER: A\n"
YAML = "questions:\n  - id: Q-9\n    type: true_false\n    facts: []\n    stem: {fr: Gratuit}\n    answer: true\n"
QTI1 = """<questestinterop><item ident="i1" title="Free"><presentation><material><mattext>Is it free?</mattext></material>
<response_lid ident="r" rcardinality="Single"><render_choice><response_label ident="A"><material><mattext>Yes</mattext></material>
</response_label><response_label ident="B"><material><mattext>No</mattext></material></response_label></render_choice></response_lid>
</presentation><resprocessing><outcomes><decvar/></outcomes><respcondition><conditionvar><varequal respident="r">A</varequal>
</conditionvar><setvar action="Set">100</setvar></respcondition></resprocessing></item></questestinterop>"""


def run(command, *flags):
    out, errors = StringIO(), StringIO()
    try:
        call_command(command, *map(str, flags), stdout=out, stderr=errors)
    except CommandError as error:
        return error.returncode, out.getvalue(), f"{errors.getvalue()}{error}"
    return 0, out.getvalue(), errors.getvalue()


@pytest.fixture
def bring(tmp_path):
    def bring(content, *flags):
        file = tmp_path / "questions"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return run("import_questions", file, *flags)

    return bring


@pytest.mark.parametrize(
    ("content", "format", "type"),
    [
        (GIFT, "gift", "single_choice"),
        (MOODLE, "moodlexml", "true_false"),
        (AIKEN, "aiken", "single_choice"),
        (YAML, "yaml", "true_false"),
        (QTI1, "qti", "single_choice"),
    ],
)
def test_every_format_is_found_and_taken(bring, content, format, type):
    status, printed, _error = bring(content, "--json")
    report = json.loads(printed)
    assert (status, report["format"], report["counts"]["new"]) == (0, format, 1)
    question = Question.objects.get()
    assert (question.type, question.live, question.author, question.locale.language_code) == (
        type,
        False,
        None,
        "fr",
    )
    assert report["entries"][0]["key"] == str(question.translation_key)
    status, printed, _error = bring(content, "--format", format, "--dry-run")
    assert status == 0
    assert printed.splitlines()[-1].endswith("(nothing was written)")


def test_one_bad_question_leaves_status_1_and_the_others_in(bring):
    status, printed, error = bring(GIFT + "\nBad{=a\n")
    assert (status, Question.objects.count()) == (1, 1)
    assert error == "1 left out."
    lines = printed.splitlines()
    assert lines[0] == "line 2  new  [One right answer]  Who signs?"
    assert lines[1].startswith("line 4  left out  [-]  ")
    assert "brace" in lines[2]
    assert lines[-1] == "2 questions in gift: 1 new, 0 changed, 0 unchanged, 1 left out"


def test_strict_refuses_the_file_for_one_bad_question(bring):
    status, printed, error = bring(GIFT + "\nBad{=a\n", "--strict", "--json")
    assert (status, Question.objects.count()) == (2, 0)
    assert json.loads(printed)["refused"] == "1 left out, and --strict was given"
    assert "was refused" in error
    assert bring(GIFT, "--strict")[0] == 0


def test_a_dry_run_writes_nothing(bring):
    assert bring(GIFT, "--dry-run", "--categories-from-file")[0] == 0
    assert not Question.objects.exists()


def test_what_is_said_is_said_with_its_line(bring):
    text = "Who?\n{\n=%50%a\n=b\n~%150%c\n}\n\n" + GIFT
    _status, printed, _error = bring(text, "--json")
    bad, good = json.loads(printed)["entries"]
    assert (bad["line"], bad["becomes"], bad["remarks"][0]["line"]) == (1, "left_out", 1)
    assert (good["line"], good["id"], good["title"], good["type"]) == (
        9,
        "Q-1",
        "Who signs?",
        "single_choice",
    )


def test_language_and_category(bring):
    top = QuestionCategory.objects.create(name="Law")
    inside = QuestionCategory.objects.create(name="Registers", parent=top)
    assert bring(GIFT, "--language", "ar", "--category", "Law / Registers")[0] == 0
    question = Question.objects.get()
    assert (question.locale.language_code, question.category) == ("ar", inside)
    status, printed, error = bring(GIFT, "--category", "Law/Nowhere", "--json")
    assert (status, json.loads(printed)["entries"]) == (2, [])
    assert "no category 'Law/Nowhere'" in error


def zipped(name, content, size=None):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as written:
        written.writestr(
            "imsmanifest.xml", '<manifest><resources><resource href="1.xml"/></resources></manifest>'
        )
        written.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "format", "word"),
    [
        (b"", "auto", "empty"),
        (b"{\\rtf1 words}", "auto", "none of the formats"),
        ("Qui a signé ?{T}".encode("latin-1"), "gift", "UTF-8"),
        ("من؟{T}".encode("cp1256"), "auto", "UTF-8"),
        ("Who?{T}".encode("utf-32"), "auto", "UTF-32"),
        (b"Who?{T}\0", "gift", "no text file"),
        (b'<!DOCTYPE quiz [<!ENTITY a "aa">]><quiz>&a;</quiz>', "moodlexml", ""),
        (b'<?xml version="1.0" encoding="x-unknown"?><quiz/>', "auto", "x-unknown"),
        (b"<quiz><question>", "moodlexml", ""),
        (b"<html><body/></html>", "auto", "holds no questions"),
        (zipped("1.xml", b"\0" * 300_000_000), "auto", ""),
        (zipped("../1.xml", b"<a/>"), "auto", ""),
        (b"PK\x03\x04 and no more", "auto", ""),
        (b"questions:\n  - &a [*a]\n", "yaml", "anchors"),
        (b"x" * (20 * 1024 * 1024 + 1), "auto", "larger than 20 MB"),
    ],
    ids=["empty", "rtf", "latin", "arabic", "utf32", "nul", "entity", "encoding", "torn", "page", "bomb", "path", "no-zip",
         "alias", "large"],
)  # fmt: skip
def test_a_file_that_cannot_be_trusted_is_refused_whole(bring, content, format, word):
    status, _printed, error = bring(content, "--format", format)
    assert status == 2
    assert "was refused: " in error
    assert word in error
    assert not Question.objects.exists()


@pytest.mark.parametrize("bom", ["utf-8-sig", "utf-16"])
def test_encodings_that_say_their_name_are_read(bring, bom):
    assert bring("من يوقّع؟{=الرئيس ~الطبّاخ}".encode(bom))[0] == 0
    assert Question.objects.get().stem == "من يوقّع؟"


def test_a_file_that_is_not_there(tmp_path):
    status, printed, error = run("import_questions", tmp_path / "none", "--json")
    assert (status, json.loads(printed)["entries"]) == (2, [])
    assert "was refused" in error


# Out


@pytest.fixture
def published(locales):
    for number, kind in enumerate(("single_choice", "ordering")):
        make_question(kind, translation_key=key_for(f"Q-{number}"), package_id=f"Q-{number}", live=True)


@pytest.mark.usefixtures("published")
def test_questions_are_written_to_a_file_or_printed(tmp_path):
    file = tmp_path / "out.xml"
    assert run("export_questions", "--format", "moodlexml", "--output", file)[0] == 0
    status, printed, _error = run("export_questions", "--format", "moodlexml")
    assert (status, printed) == (0, file.read_text())
    assert (printed.count('type="multichoice"'), printed.count('type="ordering"')) == (1, 1)
    assert run("import_questions", file)[1].splitlines()[-1] == (
        "2 questions in moodlexml: 0 new, 0 changed, 2 unchanged, 0 left out"
    )


@pytest.mark.usefixtures("published")
def test_what_a_format_cannot_hold_is_said_and_leaves_status_1():
    status, printed, error = run("export_questions", "--format", "gift", "--language", "ar")
    assert status == 1
    assert "Choice 1 ar" in printed
    assert "Q-1: left out: A GIFT file can't hold this kind of question: ordering." in error


def test_only_what_is_published_and_asked_for(course):
    quiz = make_quiz(course, "numeric")
    Question.objects.update(live=True)
    top = QuestionCategory.objects.create(name="Law")
    inside = QuestionCategory.objects.create(name="Registers", parent=top)
    make_question("true_false", category=inside, live=True, stem="Inside")
    make_question("true_false", category=inside, live=False, stem="Draft")
    make_question("true_false", category=inside, live=True, retired=True, stem="Retired")

    def found(*flags):
        printed = run("export_questions", "--format", "yaml", *flags)[1]
        return sorted(line.strip() for line in printed.splitlines() if line.strip().startswith("fr: "))

    assert found("--category", "Law") == ["fr: Explanation fr", "fr: Inside fr"]
    assert "fr: Stem 0 fr" in found("--quiz", quiz.key)
    assert "fr: Inside fr" not in found("--quiz", quiz.key)
    assert "Draft fr" in run("export_questions", "--format", "gift", "--category", "Law", "--drafts")[1]
    for flags in (("--category", "Nowhere"), ("--quiz", "nothing")):
        status, printed, error = run("export_questions", "--format", "gift", *flags)
        assert (status, printed) == (2, "")
        assert "there is no" in error


@pytest.mark.parametrize("count", [1, 3])
def test_an_export_asks_the_database_the_same_for_one_and_for_three(django_assert_num_queries, count):
    category = QuestionCategory.objects.create(name="Law")
    for number in range(count):
        question = make_question("single_choice", live=True, category=category, stem=f"Stem {number}")
        question["fr"].tags.add(f"tag {number}")
    with django_assert_num_queries(3):
        run("export_questions", "--format", "moodlexml")
