"""What pages can hold, a package may say; what is longer is refused by its line."""

import pytest
from wagtail.models import Page

from courses.interfaces.packages.reader import read_package
from courses.models import ChecklistPage, CoursePage, ModulePage
from courses.quizzes.models import Question, QuestionCategory, QuestionTag, QuizPage, Scenario
from tests.courses.interfaces.packages.sample import CODECS, COURSE, write_sample
from tests.courses.interfaces.packages.test_defects import FR, broken


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("| **Registre** | Contenu |", "the heading of a column is plain text, without formats or links"),
        ("| | Contenu |", "a column of a table needs a heading"),
        (
            f"| {'a' * 201} | Contenu |",
            "the heading of a column has 201 characters, but at most 200 are allowed",
        ),
    ],
)
def test_a_column_has_a_plain_heading(tmp_path, row, reason):
    problems = broken(tmp_path, FR, "| Registre | Contenu |", row)

    assert problems == [f"{FR}:37: {reason}"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("## Un titre", f"## {'a' * 201}", "a heading has 201 characters, but at most 200 are allowed"),
        (
            "::: attention Le piège",
            f"::: attention {'a' * 201}",
            "a title has 201 characters, but at most 200 are allowed",
        ),
        (
            "![Un registre ouvert]",
            f"![{'a' * 301}]",
            "an alternative text has 301 characters, but at most 300 are allowed",
        ),
        (
            "article: Art. 38",
            f"article: {'a' * 101}",
            "'article' has 101 characters, but at most 100 are allowed",
        ),
    ],
)
def test_texts_of_blocks_fit_the_page(tmp_path, old, new, reason):
    [problem] = broken(tmp_path, FR, old, new)

    assert problem.partition(": ")[2] == reason


def test_the_last_day_of_a_month_is_the_month(tmp_path):
    folder = write_sample(
        tmp_path,
        {"course.yaml": COURSE.replace("law_checked_to: 2026-02\n", "law_checked_to: 2026-02-28\n")},
    )

    assert read_package(folder, CODECS).law_checked_to == "2026-02"


def test_the_limits_of_the_reader_are_those_of_the_pages():
    from courses.blocks import ChecklistItemBlock, HeadingBlock, ImageBlock, LawBlock
    from courses.interfaces.packages import schema
    from courses.quizzes.blocks import ChoiceBlock, CriterionBlock, PictureBlock, PicturesBlock
    from courses.quizzes.interfaces import package as quiz
    from courses.quizzes.interfaces import package_answers as answers
    from courses.quizzes.interfaces import package_questions as questions

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
        answers.MAX_LONG_TEXT,
        questions.MAX_TEXT,
        answers.MAX_LONG_TEXT,
        answers.MAX_UNIT,
    ]
    assert [field(Question, name) for name in ("hints", "provisions")] == [
        questions.MAX_TEXT,
        questions.MAX_PROVISIONS,
    ]
    assert [field(Scenario, name) for name in ("title", "text")] == [
        quiz.MAX_SCENARIO_TITLE,
        quiz.MAX_SCENARIO,
    ]
    assert (field(QuestionCategory, "name"), field(QuestionTag, "name")) == (
        questions.MAX_CATEGORY,
        questions.MAX_TAG,
    )
    assert (block(PictureBlock, "alt"), block(ChoiceBlock, "alt")) == (answers.MAX_ALT,) * 2
    assert block(CriterionBlock, "text") == answers.MAX_CRITERION
    assert PicturesBlock().meta.max_num == questions.MAX_PICTURES
    assert field(QuizPage, "intro") == questions.MAX_TEXT
