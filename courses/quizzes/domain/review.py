"""What a page shows of questions: pure functions of a paper, and of the answers.

Before submission a paper is read without its key, except where answers are checked during the attempt; what of the key
reaches a page is for `review_rules.Visible` to say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from courses.quizzes.domain.feedback import MAX_TRIES, Try, is_settled
from courses.quizzes.domain.grading import QuestionGrade, clean
from courses.quizzes.domain.paper import FrozenQuestion, Paper
from courses.quizzes.domain.pictures import pictures_in
from courses.quizzes.domain.review_rules import NOTHING, Visible
from courses.quizzes.enums import FeedbackMode
from courses.quizzes.types.base import QuestionType, question_types
from courses.quizzes.words import in_language

# Shows an answer and nothing of what it is worth.
PLAIN_TEMPLATE = "courses_quizzes/types/answer_alone.html"


@dataclass(frozen=True)
class ShownScenario:
    """The case above the questions on it, in the language that was found for it."""

    title: str
    text: str
    language: str


@dataclass(frozen=True)
class Above:
    """What begins with a question and stands above it: a section's title, a scenario."""

    section: str = ""
    scenario: ShownScenario | None = None


@dataclass(frozen=True)
class ReviewedQuestion:
    """A question after judging. `explanation` may be empty; `template` and `context` are the type's, or show the answer
    alone where the verdict is hidden: `right` and `partly` are false then. `tries`: after how many an answer became
    right, 0 where they don't count.
    """

    position: int
    language: str
    stem: str
    case: str
    explanation: str
    template: str
    context: Mapping[str, Any]
    answered: bool
    right: bool
    partly: bool
    points: int
    key: UUID | None = None
    verdict_shown: bool = True
    provisions: Sequence[str] = ()
    pictures: Sequence[Mapping[str, Any]] = ()
    tries: int = 0
    above: Above = Above()


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it is asked: words in the language that was found for it, the learner's value filled in.

    `context` is what the type's template needs; `field` the name of its form field; `language` differs from the
    one asked for where there is no translation. Where answers are checked: `told` is the judged answer of a question
    that is settled, `tries_left` and `hints` say how it stands after a wrong try, `checkable` offers a check.
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
    above: Above = Above()
    pictures: Sequence[Mapping[str, Any]] = ()
    checkable: bool = False
    tried: int = 0
    tries_left: int = 0
    hints: Sequence[str] = ()
    told: ReviewedQuestion | None = None


def asked(
    paper: Paper,
    question: FrozenQuestion,
    value: Any,
    language: str,
    *,
    field: str,
    error: Any = "",
    checkable: bool = False,
    tried: Sequence[Try] = (),
    shown: Visible = NOTHING,
) -> AskedQuestion | None:
    """None for a question whose type isn't there. With `tried`, the paper was read with its key."""
    kind = question_types.get(question.type)
    if kind is None:
        return None
    code = question.language_for(language)
    texts = question.texts[code]
    position = paper.questions.index(question) + 1
    settled = is_settled(paper.policy, tried)
    open_tries = bool(tried) and not settled and shown.verdicts
    return AskedQuestion(
        position=position,
        key=question.key,
        language=code,
        stem=texts["stem"],
        case=texts["case"],
        hint=kind.hint(question.body),
        template=kind.template,
        field=field,
        context=kind.input_context(question.body, texts, value),
        error=error,
        above=above(paper, position, language),
        pictures=pictures_in(texts),
        checkable=checkable and not settled and not kind.marked_by_hand,
        tried=len(tried),
        tries_left=MAX_TRIES - len(tried) if open_tries else 0,
        hints=lines_of(question.remarks_in(language).get("hints"))[: len(tried)] if open_tries else (),
        told=_told(paper, question, position, tried, language, shown) if settled else None,
    )


def _told(
    paper: Paper,
    question: FrozenQuestion,
    position: int,
    tried: Sequence[Try],
    language: str,
    shown: Visible,
) -> ReviewedQuestion:
    judged = QuestionGrade(question.key, True, tried[-1].fraction, question.points)
    return _row(paper, question, position, judged, tried[-1].value, language, shown, tried)


def reviewed(
    paper: Paper,
    grades: Mapping[UUID, QuestionGrade],
    answers: Mapping[UUID, Any],
    language: str,
    *,
    shown: Visible,
    tried: Mapping[UUID, Sequence[Try]] | None = None,
) -> list[ReviewedQuestion]:
    """The questions in order, with what `shown` allows of their verdicts, remarks, right answers and explanations.

    `paper` was read with its key. Questions whose type isn't there are left out.
    """
    return [
        _row(
            paper,
            question,
            position,
            grades[question.key],
            answers.get(question.key),
            language,
            shown,
            (tried or {}).get(question.key, ()),
        )
        for position, question in enumerate(paper.questions, start=1)
        if question.type in question_types and question.answer is not None
    ]


def _row(
    paper: Paper,
    question: FrozenQuestion,
    position: int,
    graded: QuestionGrade,
    answer: Any,
    language: str,
    shown: Visible,
    tried: Sequence[Try],
) -> ReviewedQuestion:
    kind = question_types[question.type]
    texts, remarks = question.texts_in(language), question.remarks_in(language)
    value = clean(question, answer)
    tries = _tries(paper, tried) if shown.verdicts else 0
    explains = shown.explains(right=graded.right or tries > 0)
    return ReviewedQuestion(
        position=position,
        language=question.language_for(language),
        stem=texts["stem"],
        case=texts["case"],
        explanation=remarks.get("explanation", "") if explains else "",
        provisions=lines_of(remarks.get("provisions")) if explains else (),
        pictures=pictures_in(texts),
        template=kind.review_template if shown.verdicts else PLAIN_TEMPLATE,
        context=_context(kind, question, texts, remarks, value, shown),
        answered=value is not None,
        right=shown.verdicts and graded.right,
        partly=shown.verdicts and 0 < graded.fraction < 1,
        points=question.points,
        key=question.key,
        verdict_shown=shown.verdicts,
        tries=tries,
        above=above(paper, position, language),
    )


def _context(
    kind: QuestionType,
    question: FrozenQuestion,
    texts: Mapping[str, Any],
    remarks: Mapping[str, Any],
    value: Any,
    shown: Visible,
) -> Mapping[str, Any]:
    assert question.answer is not None
    if not shown.verdicts:
        return {"answer": kind.in_words(question.body, texts, value) if value is not None else ""}
    if not shown.remarks:
        remarks = {name: words for name, words in remarks.items() if name not in kind.comments}
    return kind.review_context(question.body, question.answer, texts, remarks, value, reveal=shown.answers)


def _tries(paper: Paper, tried: Sequence[Try]) -> int:
    """After how many tries an answer was right, where more than one were allowed and needed."""
    counts = paper.policy.feedback_mode == FeedbackMode.INTERACTIVE and len(tried) > 1
    return len(tried) if counts and tried[-1].fraction == 1 else 0


def above(paper: Paper, position: int, language: str) -> Above:
    """What begins with the question at `position`."""
    question = paper.questions[position - 1]
    before = paper.questions[position - 2].scenario if position > 1 else None
    scenario = paper.scenarios.get(question.scenario) if question.scenario is not None else None
    shown = None
    if scenario is not None and question.scenario != before:
        code = language if language in scenario["texts"] else scenario["language"]
        words = scenario["texts"][code]
        shown = ShownScenario(words["title"], words["text"], code)
    return Above(in_language(paper.sections.get(position, {}), language), shown)


def lines_of(text: Any) -> tuple[str, ...]:
    """The lines of a field that holds one thing a line."""
    lines = text if isinstance(text, list) else str(text or "").splitlines()
    return tuple(stripped for line in lines if (stripped := str(line).strip()))


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
