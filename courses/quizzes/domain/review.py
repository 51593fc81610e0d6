"""What a review shows: pure functions of a paper read with its key, and of the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from courses.quizzes.domain.grading import QuestionGrade, clean
from courses.quizzes.domain.paper import FrozenQuestion, Paper
from courses.quizzes.types.base import QuestionType, question_types


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it is asked: words in the language that was found for it, the learner's value filled in.

    `context` is what the type's template needs; `field` the name of its form field; `language` differs from the
    one asked for where there is no translation.
    """

    position: int
    key: UUID
    language: str
    stem: str
    case: str
    hint: Any
    template: str
    field: str
    context: Mapping[str, Any]
    error: Any = ""


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question after grading. `explanation` may be empty; `template` and `context` are the type's."""

    position: int
    language: str
    stem: str
    case: str
    explanation: str
    template: str
    context: Mapping[str, Any]
    answered: bool
    right: bool
    points: int


def asked(
    paper: Paper, question: FrozenQuestion, value: Any, language: str, *, field: str, error: Any = ""
) -> AskedQuestion | None:
    """None for a question whose type isn't there."""
    kind = question_types.get(question.type)
    if kind is None:
        return None
    shown = question.language_for(language)
    texts = question.texts[shown]
    return AskedQuestion(
        position=paper.questions.index(question) + 1,
        key=question.key,
        language=shown,
        stem=texts["stem"],
        case=texts["case"],
        hint=kind.hint(question.body),
        template=kind.template,
        field=field,
        context=kind.input_context(question.body, texts, value),
        error=error,
    )


def reviewed(
    paper: Paper,
    grades: Mapping[UUID, QuestionGrade],
    answers: Mapping[UUID, Any],
    language: str,
    *,
    reveal: bool,
) -> list[ReviewedQuestion]:
    """The questions in order, with verdict and, if `reveal`, the right answers; the explanation if `reveal` or
    where the answer was right.

    `paper` was read with its key. Questions whose type isn't there are left out.
    """
    rows = []
    for position, question in enumerate(paper.questions, start=1):
        kind = question_types.get(question.type)
        if kind is None or question.answer is None:
            continue
        rows.append(_row(kind, question, position, grades[question.key], answers, language, reveal))
    return rows


def _row(
    kind: QuestionType,
    question: FrozenQuestion,
    position: int,
    graded: QuestionGrade,
    answers: Mapping[UUID, Any],
    language: str,
    reveal: bool,
) -> ReviewedQuestion:
    assert question.answer is not None
    texts, remarks = question.texts_in(language), question.remarks_in(language)
    value = clean(question, answers.get(question.key))
    return ReviewedQuestion(
        position=position,
        language=question.language_for(language),
        stem=texts["stem"],
        case=texts["case"],
        # It names the right answer as a rule: after a wrong one it waits until that may be told.
        explanation=remarks.get("explanation", "") if reveal or graded.right else "",
        template=kind.review_template,
        context=kind.review_context(question.body, question.answer, texts, remarks, value, reveal=reveal),
        answered=value is not None,
        right=graded.right,
        points=question.points,
    )


def grades_of(paper: Paper, results: Mapping[str, str]) -> dict[UUID, QuestionGrade]:
    """What an attempt recorded per question (`Attempt.results`), by key."""
    return {
        question.key: QuestionGrade(
            question.key,
            answered=True,
            fraction=Fraction(results.get(str(question.key), "0")),
            points=question.points,
        )
        for question in paper.questions
    }
