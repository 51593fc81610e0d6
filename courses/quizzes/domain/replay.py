"""Replaying an attempt: what its frozen paper and its journal alone say, beside what was recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any

from courses.quizzes.domain.feedback import values_in
from courses.quizzes.domain.grading import grade
from courses.quizzes.domain.paper import Paper, answers_hash, content_hash
from courses.quizzes.domain.queries import fold
from courses.quizzes.models import AnswerEntry, Attempt, Check, Marking


class NoReplay(StrEnum):
    """Why an attempt can't be replayed."""

    PURGED = "purged"
    NOT_SUBMITTED = "not_submitted"
    TO_MARK = "to_mark"
    UNGRADABLE = "ungradable"


class NotReplayable(Exception):
    """There is nothing to compare, and `reason` says why."""

    def __init__(self, reason: NoReplay) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class Difference:
    """`what` was recorded as one thing and replayed as another: `result <key>` for the fraction of a question's
    points, `entry <id>` for the hash of an entry's value, else a field of the attempt. Neither tells an answer.
    """

    what: str
    recorded: Any
    replayed: Any


@dataclass(frozen=True)
class Replay:
    """`entries` were read, late ones too, `answers` of them counted; without a difference the record is what they
    prove.
    """

    entries: int
    answers: int
    differences: tuple[Difference, ...]

    @property
    def identical(self) -> bool:
        return not self.differences


def replay(
    attempt: Attempt,
    entries: Iterable[AnswerEntry],
    checks: Iterable[Check] = (),
    markings: Iterable[Marking] = (),
    *,
    kept_pass: bool = False,
) -> Replay:
    """Fold the journal, grade the frozen paper, compare. Pure: changes nothing and reads no database.

    `attempt` has its paper and key, `entries` are its whole journal in any order, `checks` what was checked while it
    ran, `markings` what was given for its open answers. `kept_pass`: a correction of the key left the pass standing,
    whatever the points say (`regrading.keeps_pass`).
    Raises NotReplayable where the answers were purged, for an attempt in progress or not marked yet, and where a
    question's type isn't there now.
    """
    if attempt.purged_at is not None:
        raise NotReplayable(NoReplay.PURGED)
    if not attempt.is_submitted:
        raise NotReplayable(NoReplay.NOT_SUBMITTED)
    if not attempt.is_graded:
        raise NotReplayable(NoReplay.TO_MARK)
    journal = sorted(entries, key=lambda entry: (entry.sequence, entry.received_at, entry.pk))
    answers = fold(
        (entry.question_key, entry.sequence, entry.value, entry.received_at)
        for entry in journal
        if not entry.late
    ).answers
    marks = {row.question_key: row.marks for row in sorted(markings, key=lambda row: row.pk)}
    paper = Paper.load(attempt.paper, attempt.answer_key)
    result = grade(paper, answers, tried=values_in(checks), marks=marks)
    if result.ungradable:
        raise NotReplayable(NoReplay.UNGRADABLE)
    pairs: list[tuple[str, Any, Any]] = [
        (f"entry {entry.pk}", entry.content_hash, content_hash(entry.value)) for entry in journal
    ]
    pairs += [
        ("paper_hash", attempt.paper_hash, content_hash([attempt.paper, attempt.answer_key])),
        ("pass_mark", attempt.pass_mark, result.pass_mark),
        ("answers_hash", attempt.answers_hash, answers_hash(answers, attempt.answers_salt)),
        ("score", _score(attempt), str(result.score)),
        ("max_points", attempt.max_points, result.max_points),
        ("percent", attempt.percent, result.percent),
        ("passed", attempt.passed, result.passed or kept_pass),
    ]
    replayed = {str(question.key): str(question.fraction) for question in result.questions}
    pairs += [
        (f"result {key}", attempt.results.get(key), replayed.get(key))
        for key in {**replayed, **attempt.results}
    ]
    found = (Difference(*pair) for pair in pairs if pair[1] != pair[2])
    return Replay(len(journal), len(answers), tuple(found))


def _score(attempt: Attempt) -> str:
    # Both are there, and the denominator isn't 0: a constraint of the table asks it of submitted attempts.
    assert attempt.score_num is not None
    assert attempt.score_den is not None
    return str(Fraction(attempt.score_num, attempt.score_den))
