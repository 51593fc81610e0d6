"""Content (quizzes, the bank) and records (attempts, and what people decided about them)."""

from courses.quizzes.models.attempts import AnswerEntry, Attempt, Check
from courses.quizzes.models.bank import (
    LearningObjective,
    Question,
    QuestionCategory,
    QuestionTag,
    Scenario,
    TaggedQuestion,
)
from courses.quizzes.models.decisions import Allowance, Marking, Objection, Refresher, Regrade, RegradeChange
from courses.quizzes.models.quiz import QuizItem, QuizPage
from courses.quizzes.models.statistics import QuizStatistic

__all__ = [
    "Allowance",
    "AnswerEntry",
    "Attempt",
    "Check",
    "LearningObjective",
    "Marking",
    "Objection",
    "Question",
    "QuestionCategory",
    "QuestionTag",
    "QuizItem",
    "QuizPage",
    "QuizStatistic",
    "Refresher",
    "Regrade",
    "RegradeChange",
    "Scenario",
    "TaggedQuestion",
]
