"""The door of quizzes."""

from courses.quizzes.domain.attempts import save_answer
from courses.quizzes.domain.attempts import start as start_attempt
from courses.quizzes.domain.attempts import submit as submit_attempt
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
    "save_answer",
    "start_attempt",
    "submit_attempt",
    "submitted",
]
