"""The door of quizzes."""

from courses.quizzes.domain.grading import Grade, QuestionGrade, grade
from courses.quizzes.domain.paper import FrozenQuestion, Paper
from courses.quizzes.domain.queries import attempts_of, submitted
from courses.quizzes.models import Attempt, Question, QuizItem, QuizPage
from courses.quizzes.types.base import Frozen, QuestionType, question_types
from courses.quizzes.types.choices import ChoiceType

__all__ = [
    "Attempt",
    "ChoiceType",
    "Frozen",
    "FrozenQuestion",
    "Grade",
    "Paper",
    "Question",
    "QuestionGrade",
    "QuestionType",
    "QuizItem",
    "QuizPage",
    "attempts_of",
    "grade",
    "question_types",
    "submitted",
]
