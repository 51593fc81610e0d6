"""The course 'Obligations légales des associations' as shipped: its promises to the reader, checked."""

import datetime
import re
import unicodedata
from collections import Counter
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest

from courses.interfaces.packages.fields import last_day
from courses.interfaces.packages.format import uncanonical
from courses.interfaces.packages.lessons import shape_of
from courses.interfaces.packages.reader import read_package
from courses.interfaces.packages.schema import VERIFIED, ChecklistEntry, LessonEntry, PluginEntry
from courses.quizzes.interfaces.package import QuizCodec
from courses.quizzes.interfaces.package_answers import ChoiceAnswer, NumericAnswer

FOLDER = Path(__file__).parents[3] / "courses/packages/legal-obligations"
CODECS = {"quiz": QuizCodec()}
LANGUAGES = ("ar", "en", "fr")
SOURCES_END = datetime.date(2026, 2, 28)
# What one says elsewhere for الفصل, ولاية and تكوين; Tunisian text doesn't.
BANNED = ("المادة", "محافظة", "تدريب")


@pytest.fixture(scope="module")
def package():
    return read_package(FOLDER, CODECS)


@pytest.fixture(scope="module")
def lessons(package):
    return [
        entry for module in package.modules for entry in module.activities if isinstance(entry, LessonEntry)
    ]


@pytest.fixture(scope="module")
def quizzes(package):
    return [
        entry.entry
        for module in package.modules
        for entry in module.activities
        if isinstance(entry, PluginEntry)
    ]


@pytest.fixture(scope="module")
def confidence(package):
    return {fact.id: fact.confidence for fact in package.facts.facts}


def texts_of(value):
    """Every text a reader reads on in a block's value: not addresses, kinds, nor the name of a cited law."""
    match value:
        case str():
            yield unescape(re.sub(r"<[^>]+>", " ", value))
        case list():
            for item in value:
                yield from texts_of(item)
        case dict():
            skipped = {"source", "facts", "kind", "level", "file", "image"}
            if "rule" in value:
                skipped |= {"text", "article"}
            for key, item in value.items():
                if key not in skipped:
                    yield from texts_of(item)


def words(lesson, language):
    """The words of a lesson; numbers and signs alone are none."""
    text = " ".join(text for block in lesson.body[language] for text in texts_of(block["value"]))
    return [word for word in text.split() if any(char.isalpha() for char in word)]


def test_its_files_are_in_canonical_form():
    assert uncanonical(FOLDER, CODECS) == {}


def test_it_has_five_modules_with_quiz_and_checklist_at_their_end(package):
    assert (package.id, package.slug, package.languages) == ("JUR", "legal-obligations", LANGUAGES)
    assert [module.id for module in package.modules] == [f"JUR-M{number}" for number in range(1, 6)]
    for module in package.modules:
        *lessons, quiz, checklist = module.activities
        assert all(isinstance(lesson, LessonEntry) for lesson in lessons), module.id
        assert isinstance(quiz, PluginEntry), module.id
        assert isinstance(checklist, ChecklistEntry), module.id
        assert quiz.entry.id == f"{module.id}-QUIZ"
        assert checklist.id == f"{module.id}-CHECK"


def test_it_opens_with_what_it_covers_and_ends_with_the_neighbouring_duties(package, lessons):
    assert lessons[0].id == "JUR-M1-L0"
    assert lessons[-1].id == "JUR-M5-L5"
    assert [lesson.id for lesson in lessons if lesson.secondary] == ["JUR-M5-L5"]


def test_lessons_have_the_same_structure_and_facts_in_the_three_languages(lessons):
    for lesson in lessons:
        shapes = [[shape_of(block) for block in lesson.body[language]] for language in LANGUAGES]
        assert shapes[0] == shapes[1] == shapes[2], lesson.id


def test_nothing_certain_rests_on_facts_that_were_not_read(package, lessons, quizzes, confidence):
    for lesson in lessons:
        if not lesson.secondary:
            assert {confidence[fact] for fact in lesson.facts} <= VERIFIED, lesson.id
    for quiz in quizzes:
        for question in quiz.questions:
            assert question.facts, question.id
            assert {confidence[fact] for fact in question.facts} <= VERIFIED, question.id
    for module in package.modules:
        for item in module.activities[-1].items:
            assert item.facts, item.id
            assert {confidence[fact] for fact in item.facts} <= VERIFIED, item.id


def test_no_question_rests_on_a_fact_that_only_the_secondary_lesson_teaches(lessons, quizzes):
    taught = {fact for lesson in lessons if not lesson.secondary for fact in lesson.facts}
    tested = {fact for quiz in quizzes for question in quiz.questions for fact in question.facts}

    assert tested - taught == set()


def test_every_citation_names_its_facts_and_the_front_matter_names_them_too(lessons):
    for lesson in lessons:
        laws = [block["value"] for block in lesson.body["fr"] if block["type"] == "law"]
        if lesson.facts:
            assert laws, lesson.id
        for law in laws:
            assert law["facts"], lesson.id
            assert set(law["facts"]) <= set(lesson.facts), lesson.id
        for language in LANGUAGES:
            official = [
                block["value"]["official_ar"] for block in lesson.body[language] if block["type"] == "law"
            ]
            assert not any(official), lesson.id


def test_sources_of_citations_are_those_of_their_facts(package, lessons):
    known = " ".join(fact.source for fact in package.facts.facts)
    # Addresses that hold spaces or Arabic are written percent-encoded in lessons.
    addresses = {_decoded(address) for address in re.findall(r"https?://[^\s;()]+", known)}
    for lesson in lessons:
        for language in LANGUAGES:
            for block in lesson.body[language]:
                if block["type"] == "law":
                    assert _decoded(block["value"]["source"]) in addresses, (
                        lesson.id,
                        block["value"]["source"],
                    )


def _decoded(address):
    return unquote(address).rstrip("/.,")


def test_lessons_teach_with_an_example_and_end_with_what_to_remember(lessons):
    for lesson in lessons[1:]:
        callouts = [block["value"]["kind"] for block in lesson.body["fr"] if block["type"] == "callout"]
        assert "example" in callouts, lesson.id
        assert "remember" in callouts, lesson.id


def test_lessons_are_150_to_400_words_long_in_french(lessons):
    lengths = {lesson.id: len(words(lesson, "fr")) for lesson in lessons}

    assert {name: count for name, count in lengths.items() if not 150 <= count <= 400} == {}


def test_the_law_is_never_said_to_be_checked_later_than_the_sources(package, lessons, quizzes):
    dates = {entry.id: entry.law_checked_to for entry in [package, *lessons, *quizzes]}

    assert [name for name, date in dates.items() if date is None] == []
    assert [name for name, date in dates.items() if last_day(date) > SOURCES_END] == []
    assert package.facts.checked_to == "2026-02"


def test_each_checklist_has_five_to_eight_questions(package):
    counts = {module.id: len(module.activities[-1].items) for module in package.modules}

    assert {name: count for name, count in counts.items() if not 5 <= count <= 8} == {}


def test_quizzes_pass_at_70_percent_and_explain_each_answer(quizzes):
    for quiz in quizzes:
        assert (quiz.pass_mark, quiz.max_attempts, quiz.required) == (70, 0, True), quiz.id
        for question in quiz.questions:
            assert question.feedback, question.id
            if isinstance(question.answer, NumericAnswer):
                assert question.answer.unit, question.id


def test_each_module_asks_one_of_two_or_more_equivalent_questions_of_each_objective(lessons, quizzes):
    taught = {lesson.id for lesson in lessons if not lesson.secondary}
    for quiz in quizzes:
        forms = Counter(question.objective for question in quiz.questions)
        assert len(quiz.questions) >= 10, quiz.id
        assert 5 <= len(quiz.objectives) <= 6, quiz.id
        assert set(forms) == {objective.id for objective in quiz.objectives}, quiz.id
        assert min(forms.values()) >= 2, quiz.id
        assert {ask.objective: ask.count for ask in quiz.asks} == dict.fromkeys(forms, 1), quiz.id
        assert {objective.lesson for objective in quiz.objectives} <= taught, quiz.id
        # What exposes the association to a sanction must be right; not everything can be that.
        assert 1 <= sum(objective.critical for objective in quiz.objectives) <= 2, quiz.id


def test_what_was_a_list_of_choices_is_put_in_order_or_matched(quizzes):
    types = {question.id: question.type for quiz in quizzes for question in quiz.questions}
    real = {"JUR-M1-Q3": "ordering", "JUR-M5-Q1": "ordering"}
    real |= dict.fromkeys(("JUR-M1-Q4", "JUR-M3-Q4", "JUR-M4-Q5"), "matching")

    assert {name: types[name] for name in real} == real


def test_every_text_of_a_quiz_is_there_in_the_three_languages(quizzes):
    """The reader refuses a missing language; this refuses one that was left as it is in another."""
    for quiz in quizzes:
        texts = [quiz.title, quiz.intro, *(objective.statement for objective in quiz.objectives)]
        texts += [text for question in quiz.questions for text in (question.stem, question.feedback)]
        for text in texts:
            assert sorted(text) == list(LANGUAGES), quiz.id
            assert len(set(text.values())) == len(LANGUAGES), (quiz.id, text)
            assert re.search("[؀-ۿ]", text["ar"]), (quiz.id, text)


def test_the_right_choice_does_not_always_stand_at_the_same_place(quizzes):
    for quiz in quizzes:
        places = [
            [choice.correct for choice in question.answer.choices].index(True)
            for question in quiz.questions
            if isinstance(question.answer, ChoiceAnswer) and question.type == "single_choice"
        ]
        assert len(set(places)) > 1, quiz.id


@pytest.mark.parametrize("word", BANNED)
def test_arabic_is_that_of_tunisia(word):
    for path in sorted(FOLDER.rglob("*")):
        if (path.suffix == ".yaml" and path.name != "facts.yaml") or path.name.endswith(".ar.md"):
            letters = [
                char for char in path.read_text() if unicodedata.category(char) != "Mn" and char != "ـ"
            ]
            assert word not in "".join(letters), path.name


def test_arabic_has_no_italics(lessons):
    for lesson in lessons:
        for block in lesson.body["ar"]:
            assert "<i>" not in str(block["value"]), lesson.id
