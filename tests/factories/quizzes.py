"""Quizzes with questions in three languages, and learners taking them."""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone
from wagtail.models import Locale
from wagtail.signal_handlers import disable_reference_index_auto_update

from courses.accounts.models import User
from courses.progress.domain.recording import enrol
from courses.quizzes.domain.attempts import save_answer, start, submit
from courses.quizzes.models import Attempt, LearningObjective, Question, QuizItem, QuizPage
from courses.quizzes.types.base import question_types
from tests.factories.courses import LANGUAGES, CourseTree


def choice_id(key: uuid.UUID, number: int) -> str:
    """The id of a made question's choice, the same in every language; numbers from 0."""
    return str(uuid.uuid5(key, str(number)))


def make_question(
    type: str = "single_choice",
    *,
    languages: tuple[str, ...] = LANGUAGES,
    correct: tuple[int, ...] = (1,),
    **fields: Any,
) -> dict[str, Question]:
    """A question with three choices, of which those numbered in `correct` are right, or a number (30), or a
    true statement, or an accepted text (`Accepted fr`), or three pairs and an option more (`Prompt 0 fr`, `Option 3
    fr`), or four items (`Item 0 fr`) in their order, or a passage with a gap of each kind, or two criteria (`Criterion 0
    fr`) of 2 and 3 points. Words name their language (`Stem fr`, `Choice 2 ar`, `Remark 2
    ar`, `Explanation fr`).
    """
    key = fields.pop("translation_key", None) or uuid.uuid4()
    made = {}
    locales = {locale.language_code: locale for locale in Locale.objects.all()}
    for language in languages:
        own = dict(fields)
        if type in ("single_choice", "multiple_choice"):
            own["choices"] = [
                {
                    "type": "choice",
                    "id": choice_id(key, number),
                    "value": {
                        "text": f"Choice {number} {language}",
                        "correct": number in correct,
                        "feedback": f"Remark {number} {language}",
                        "package_id": "abc"[number],
                    },
                }
                for number in range(3)
            ]
        elif type == "numeric":
            own = {"number": Decimal(30), "tolerance": Decimal(0), "unit": f"days {language}"} | own
        elif type == "true_false":
            own = {"statement_is_true": True} | own
        elif type == "short_text":
            own = {"accepted": f"Accepted {language}"} | own
        elif type == "matching":
            own = {"pairs": matching_rows(key, language)} | own
        elif type == "ordering":
            own = {"sequence": ordering_rows(key, language)} | own
        elif type == "cloze":
            own = {"passage": passage(language)} | own
        elif type == "open_answer":
            own = {"rubric": rubric_rows(key, language)} | own
        own.setdefault("stem", "Stem")
        own["stem"] = f"{own['stem']} {language}"
        # Which pages use a question is in `QuizItem`; the reference index is nobody's source.
        with disable_reference_index_auto_update():
            made[language] = Question.objects.create(
                type=type,
                translation_key=key,
                locale=locales[language],
                feedback=f"Explanation {language}",
                **own,
            )
    return made


def matching_rows(key: uuid.UUID, language: str) -> list[dict[str, Any]]:
    """Three pairs and an option that belongs to none, as raw stream data."""
    rows: list[dict[str, Any]] = [
        {
            "type": "pair",
            "id": choice_id(key, number),
            "value": {
                "prompt": f"Prompt {number} {language}",
                "option": f"Option {number} {language}",
                "package_id": "abc"[number],
            },
        }
        for number in range(3)
    ]
    other = {"option": f"Option 3 {language}", "package_id": "d"}
    return [*rows, {"type": "distractor", "id": choice_id(key, 3), "value": other}]


def ordering_rows(key: uuid.UUID, language: str) -> list[dict[str, Any]]:
    """Four items in their right order, as raw stream data."""
    return [
        {
            "type": "item",
            "id": choice_id(key, number),
            "value": {"text": f"Item {number} {language}", "package_id": "abcd"[number]},
        }
        for number in range(4)
    ]


def passage(language: str) -> str:
    """A choice of three, a text and a number with a tolerance."""
    return (
        f"Start {language} [[Gap 0 {language}|Gap 1 {language}|Gap 2 {language}]] then [[=Word {language}|*mot*]] "
        f"and [[#30±2]] days {language}."
    )


def rubric_rows(key: uuid.UUID, language: str) -> list[dict[str, Any]]:
    """Criteria of 2 and of 3 points, as raw stream data."""
    return [
        {
            "type": "criterion",
            "id": choice_id(key, number),
            "value": {
                "text": f"Criterion {number} {language}",
                "points": number + 2,
                "package_id": "ab"[number],
            },
        }
        for number in range(2)
    ]


@dataclass
class QuizTree:
    """A quiz in a course: `quiz.pages["fr"]`, `quiz.questions[0]["ar"]`."""

    course: CourseTree
    key: uuid.UUID
    pages: dict[str, QuizPage]
    questions: list[dict[str, Question]] = field(default_factory=list)

    def question_key(self, number: int) -> uuid.UUID:
        return self.questions[number]["fr"].translation_key

    def right(self, number: int) -> Any:
        """The raw right answer to a question (number from 0) as a browser's form would send it."""
        question = self.questions[number]["fr"]
        if question.type == "numeric":
            return format(question.number, "f")
        if question.type == "true_false":
            return "true" if question.statement_is_true else "false"
        if question.type == "open_answer":
            return "Declare it\nin time."
        if question.type == "cloze":
            gaps = question_types["cloze"].freeze(question).answer["gaps"]
            return [gaps[0]["option"], gaps[1]["accepted"][0], gaps[2]["number"]]
        if question.type in ("short_text", "matching", "ordering"):
            answer = question_types[question.type].freeze(question).answer
            return answer["accepted"][0] if "accepted" in answer else answer.get("pairs") or answer["order"]
        ids = [block.id for block in question.choices if block.value["correct"]]
        return ids if question.type == "multiple_choice" else ids[0]

    def wrong(self, number: int) -> Any:
        question = self.questions[number]["fr"]
        if question.type == "numeric":
            return "31"
        if question.type == "true_false":
            return "false" if question.statement_is_true else "true"
        if question.type in ("short_text", "open_answer"):
            return "something else"
        if question.type == "cloze":
            right = self.right(number)[0]
            [gap, *_others] = question_types["cloze"].freeze(question).body["gaps"]
            return [next(id_ for id_ in gap["options"] if id_ != right), "something else", "31000"]
        if question.type == "matching":
            options = list(self.right(number).values())
            return dict(zip(self.right(number), options[1:] + options[:1], strict=True))
        if question.type == "ordering":
            return self.right(number)[::-1]
        ids = [block.id for block in question.choices if not block.value["correct"]]
        return ids if question.type == "multiple_choice" else ids[0]


ALL_TYPES = ("single_choice", "multiple_choice", "true_false", "numeric")


def make_quiz(
    tree: CourseTree,
    *types: str,
    module: int = 0,
    questions: list[dict[str, Question]] | None = None,
    **fields: Any,
) -> QuizTree:
    """A quiz at the end of a module, in the three languages; by default one question of each type.

    `multiple_choice` questions have the choices 0 and 2 right.
    """
    key = uuid.uuid4()
    fields = {"slug": "quiz", "title": "Quiz", "pass_mark": 70} | fields
    if questions is None:
        questions = [
            make_question(kind, correct=(0, 2) if kind == "multiple_choice" else (1,), stem=f"Stem {number}")
            for number, kind in enumerate(types or ALL_TYPES)
        ]
    pages = tree.add_to_module(QuizPage, module, translation_key=key, **fields)
    QuizItem.objects.bulk_create(
        QuizItem(page=page, question=question["fr"], sort_order=order)
        for page in pages.values()
        for order, question in enumerate(questions)
    )
    return QuizTree(tree, key, pages, questions)


def add_draw(quiz: QuizTree, count: int = 1, **conditions: Any) -> None:
    """A draw behind what the quiz asks: `draw_objective`, `draw_category`, `draw_tag`, `draw_difficulty`, `section`."""
    for page in quiz.pages.values():
        order = QuizItem.objects.filter(page=page).count()
        QuizItem.objects.create(page=page, draw_count=count, sort_order=order, **conditions)


def make_objective(**fields: Any) -> LearningObjective:
    """An objective that says its number."""
    number = LearningObjective.objects.count() + 1
    words = {"fr": f"Objectif {number}", "ar": f"هدف {number}", "en": f"Objective {number}"}
    return LearningObjective.objects.create(**{"statement": words} | fields)


def start_quiz(user: User, quiz: QuizTree, *, language: str = "fr") -> Attempt:
    """An attempt in progress, enrolling on the way."""
    at = timezone.now()
    enrolment = enrol(user, quiz.course.key, locale=language, at=at)
    return start(enrolment, quiz.key, locale=language, at=at)


def take_quiz(user: User, quiz: QuizTree, *, wrong: tuple[int, ...] = (), language: str = "fr") -> Attempt:
    """A submitted attempt with right answers, except those numbered in `wrong` (from 0)."""
    attempt = start_quiz(user, quiz, language=language)
    for number in range(len(quiz.questions)):
        raw = quiz.wrong(number) if number in wrong else quiz.right(number)
        save_answer(user, attempt.uuid, quiz.question_key(number), raw, at=timezone.now())
    return submit(user, attempt.uuid, at=timezone.now())
