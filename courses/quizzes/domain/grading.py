"""Grading: one pure, deterministic, total function."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from courses.quizzes.domain.paper import FrozenQuestion, Paper
from courses.quizzes.types.base import question_types


@dataclass(frozen=True)
class QuestionGrade:
    """What one answer deserved: `fraction` of the question's points, from 0 to 1."""

    key: UUID
    answered: bool
    fraction: Fraction
    points: int

    @property
    def earned(self) -> Fraction:
        return self.fraction * self.points

    @property
    def right(self) -> bool:
        return self.fraction == 1


@dataclass(frozen=True)
class Grade:
    """The result of a paper, exact. `ungradable` names questions whose type isn't there (or whose key isn't):
    they count for nothing, and a caller that records grades must refuse to.
    """

    questions: tuple[QuestionGrade, ...]
    pass_mark: int
    ungradable: tuple[UUID, ...] = ()

    @property
    def score(self) -> Fraction:
        return sum((question.earned for question in self.questions), Fraction(0))

    @property
    def max_points(self) -> int:
        return sum(question.points for question in self.questions)

    @property
    def percent(self) -> int:
        """Rounded down, so that it reaches the pass mark exactly when the score does."""
        return int(self.score * 100 / self.max_points) if self.max_points else 0

    @property
    def passed(self) -> bool:
        return self.max_points > 0 and self.score * 100 >= self.pass_mark * self.max_points


def grade(paper: Paper, answers: Mapping[Any, Any]) -> Grade:
    """Grade `answers` (raw or clean values by question key) against a paper read with its answer key.

    Whatever is no valid answer to its question counts as not answered; keys that aren't in the paper are
    ignored. Never raises for any `answers`.
    """
    graded: list[QuestionGrade] = []
    ungradable: list[UUID] = []
    for question in paper.questions:
        kind = question_types.get(question.type)
        if kind is None or question.answer is None:
            ungradable.append(question.key)
            graded.append(QuestionGrade(question.key, False, Fraction(0), question.points))
            continue
        value = clean(question, answers.get(question.key))
        fraction = Fraction(0) if value is None else kind.grade(question.body, question.answer, value)
        fraction = min(max(fraction, Fraction(0)), Fraction(1))
        graded.append(QuestionGrade(question.key, value is not None, fraction, question.points))
    return Grade(tuple(graded), paper.pass_mark, tuple(ungradable))


def clean(question: FrozenQuestion, raw: Any) -> Any:
    """The canonical value of a raw answer; None for no answer, for junk and for an absent type."""
    kind = question_types.get(question.type)
    if kind is None or raw is None:
        return None
    return kind.clean_answer(question.body, kind.tidied(raw, tuple(question.texts.values())))
