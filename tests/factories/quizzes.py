"""Quizzes with questions in three languages, and learners taking them."""

import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils import timezone
from wagtail.models import Locale

from courses.accounts.models import User
from courses.progress.domain.recording import enrol
from courses.quizzes.domain.attempts import save_answer, start, submit
from courses.quizzes.models import Attempt, Question, QuizItem, QuizPage
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
    true statement. Words name their language (`Stem fr`, `Choice 2 ar`, `Remark 2 ar`, `Explanation fr`).
    """
    key = fields.pop("translation_key", None) or uuid.uuid4()
    made = {}
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
        own.setdefault("stem", "Stem")
        own["stem"] = f"{own['stem']} {language}"
        made[language] = Question.objects.create(
            type=type,
            translation_key=key,
            locale=Locale.objects.get(language_code=language),
            feedback=f"Explanation {language}",
            **own,
        )
    return made


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
        ids = [block.id for block in question.choices if block.value["correct"]]
        return ids if question.type == "multiple_choice" else ids[0]

    def wrong(self, number: int) -> Any:
        question = self.questions[number]["fr"]
        if question.type == "numeric":
            return "31"
        if question.type == "true_false":
            return "false" if question.statement_is_true else "true"
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
    pages = tree.add_to_module(QuizPage, module, translation_key=key, **fields)
    if questions is None:
        questions = [
            make_question(kind, correct=(0, 2) if kind == "multiple_choice" else (1,), stem=f"Stem {number}")
            for number, kind in enumerate(types or ALL_TYPES)
        ]
    for page in pages.values():
        for order, question in enumerate(questions):
            QuizItem.objects.create(page=page, question=question["fr"], sort_order=order)
    return QuizTree(tree, key, pages, questions)


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
