"""Grading: one pure, deterministic, total function."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from courses.quizzes.domain.feedback import Try, credited, is_settled
from courses.quizzes.domain.paper import FrozenQuestion, Paper
from courses.quizzes.types.base import question_types


@dataclass(frozen=True)
class QuestionGrade:
    """What one answer deserved: `fraction` of the question's points, from 0 to 1; `penalty`, from 0 to 1 of them too,
    is what a wrong one costs.
    """

    key: UUID
    answered: bool
    fraction: Fraction
    points: int
    penalty: Fraction = Fraction(0)

    @property
    def earned(self) -> Fraction:
        """Below 0 for a wrong answer that costs points."""
        return (self.fraction - self.penalty) * self.points

    @property
    def right(self) -> bool:
        return self.fraction == 1


@dataclass(frozen=True)
class Grade:
    """The result of a paper, exact. `ungradable` names questions whose type isn't there (or whose key isn't):
    they count for nothing, and a caller that records grades must refuse to. `waiting`: answered questions that a person
    has still to mark; until then the result isn't known. `missed_critical`: the keys of critical objectives of which a
    question isn't right; without all of them no score passes.
    """

    questions: tuple[QuestionGrade, ...]
    pass_mark: int
    ungradable: tuple[UUID, ...] = ()
    missed_critical: tuple[str, ...] = ()
    waiting: tuple[UUID, ...] = ()

    @property
    def score(self) -> Fraction:
        """Never below 0, whatever wrong answers cost."""
        return max(Fraction(0), sum((question.earned for question in self.questions), Fraction(0)))

    @property
    def max_points(self) -> int:
        return sum(question.points for question in self.questions)

    @property
    def percent(self) -> int:
        """Rounded down, so that it reaches the pass mark exactly when the score does."""
        return int(self.score * 100 / self.max_points) if self.max_points else 0

    @property
    def passed(self) -> bool:
        reached = self.max_points > 0 and self.score * 100 >= self.pass_mark * self.max_points
        return reached and not self.missed_critical


def grade(
    paper: Paper,
    answers: Mapping[Any, Any],
    *,
    tried: Mapping[UUID, Sequence[Any]] | None = None,
    marks: Mapping[UUID, Any] | None = None,
) -> Grade:
    """Grade `answers` (raw or clean values by question key) against a paper read with its answer key.

    Whatever is no valid answer to its question counts as not answered; keys that aren't in the paper are
    ignored. Never raises for any `answers`. A wrong answer costs the policy's percentage of its points; a partly right
    one and none at all cost nothing. `tried`: the clean values that were checked before, in their order; in a quiz with
    hints an answer keeps less with each (`feedback.credit`). `marks`: what a person gave for open answers; one without
    waits, and is worth nothing meanwhile.
    """
    cost = Fraction(paper.policy.penalty_percent, 100)
    graded: list[QuestionGrade] = []
    ungradable: list[UUID] = []
    waiting: list[UUID] = []
    for question in paper.questions:
        kind = question_types.get(question.type)
        if kind is None or question.answer is None:
            ungradable.append(question.key)
            graded.append(QuestionGrade(question.key, False, Fraction(0), question.points))
            continue
        value = clean(question, answers.get(question.key))
        by_hand = kind.marked_by_hand and value is not None
        if by_hand and question.key not in (marks or {}):
            waiting.append(question.key)
        if by_hand:
            fraction = kind.marked(question.answer, (marks or {}).get(question.key))
        else:
            fraction = Fraction(0) if value is None else kind.grade(question.body, question.answer, value)
        fraction = min(max(fraction, Fraction(0)), Fraction(1))
        fraction = credited(paper.policy, fraction, (tried or {}).get(question.key, ()), value)
        answered = value is not None
        penalty = cost if answered and fraction == 0 and not by_hand else Fraction(0)
        graded.append(QuestionGrade(question.key, answered, fraction, question.points, penalty))
    missed = missed_critical(paper, {row.key: row for row in graded})
    return Grade(tuple(graded), paper.pass_mark, tuple(ungradable), missed, tuple(waiting))


def share_so_far(paper: Paper, tries: Mapping[UUID, Sequence[Try]]) -> int | None:
    """The percentage that the settled answers earn of their own points, rounded down; None while there is none."""
    settled = {key: tried for key, tried in tries.items() if is_settled(paper.policy, tried)}
    values = {key: [made.value for made in tried] for key, tried in settled.items()}
    answers = {key: tried[-1] for key, tried in values.items()}
    rows = [row for row in grade(paper, answers, tried=values).questions if row.key in settled]
    possible = sum(row.points for row in rows)
    earned = max(Fraction(0), sum((row.earned for row in rows), Fraction(0)))
    return int(earned * 100 / possible) if possible else None


def missed_critical(paper: Paper, grades: Mapping[UUID, QuestionGrade]) -> tuple[str, ...]:
    """The keys of critical objectives of which a question isn't right, in the order of the paper."""
    wrong = {
        question.objective: True
        for question in paper.questions
        if question.objective and not (question.key in grades and grades[question.key].right)
    }
    return tuple(key for key in wrong if key in paper.objectives and paper.objectives[key].critical)


def clean(question: FrozenQuestion, raw: Any) -> Any:
    """The canonical value of a raw answer; None for no answer, for junk and for an absent type."""
    kind = question_types.get(question.type)
    if kind is None or raw is None:
        return None
    return kind.clean_answer(question.body, kind.tidied(raw, tuple(question.texts.values())))
