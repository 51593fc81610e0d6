"""What correcting a question's key does to the attempts that hold it: reading only, nothing is written here.

What was asked stays as it was shown: only what is right changes, with the explanations. Left out: attempts whose
answers were removed (nothing is left to grade), and those whose question had other choices. The verbs are in
`domain.correcting`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet

from courses.quizzes.domain.composition import published_variants
from courses.quizzes.domain.feedback import values_tried
from courses.quizzes.domain.freezing import freeze_question
from courses.quizzes.domain.grading import Grade, grade
from courses.quizzes.domain.paper import Paper, content_hash
from courses.quizzes.domain.queries import journal_of, markings_of
from courses.quizzes.models import Attempt, Regrade, RegradeChange
from courses.quizzes.types.base import question_types

CHUNK: Final = 200
# The facts that concern the learner.
TOLD: Final = ("percent", "passed", "score")


class NotPublished(LookupError):
    """The question isn't published in any language, so there is no key to correct by."""


class Left(StrEnum):
    """Why an attempt stays as it is."""

    PURGED = "purged"
    ASKED_OTHERWISE = "asked_otherwise"
    UNGRADABLE = "ungradable"


@dataclass(frozen=True)
class Correction:
    """A question's two documents (`domain.paper`) with the right key, and the versions that it replaces."""

    question_key: UUID
    row: Mapping[str, Any]
    secret: Mapping[str, Any]
    versions: frozenset[str]

    @classmethod
    def of(cls, regrade: Regrade) -> "Correction":
        return cls(
            regrade.question_key,
            regrade.row_after,
            regrade.secret_after,
            frozenset(regrade.versions_before),
        )


@dataclass(frozen=True)
class Version:
    """A version of a question as attempts hold it. `differs`: its key isn't the one of today; `left`: why attempts with
    it can't be corrected, if they can't.
    """

    version: str
    attempts: int
    first_at: datetime
    last_at: datetime
    stem: str
    differs: bool
    left: Left | None = None


@dataclass(frozen=True)
class Outcome:
    """What a correction does to one attempt. The grades are None for an attempt that isn't graded yet."""

    attempt: Attempt
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    kept_pass: bool = False
    left: Left | None = None

    @property
    def changed(self) -> bool:
        return told_of(self.before) != told_of(self.after)


@dataclass(frozen=True, slots=True)
class Change:
    """An attempt whose grade would change, without its paper and key: there may be very many. `before` and `after`:
    percent, passed, score.
    """

    uuid: UUID
    name: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    kept_pass: bool

    @classmethod
    def of(cls, outcome: Outcome) -> "Change":
        before, after = (
            dict(zip(TOLD, told_of(facts), strict=True)) for facts in (outcome.before, outcome.after)
        )
        name = outcome.attempt.enrolment.user.get_full_name()
        return cls(outcome.attempt.uuid, name, before, after, outcome.kept_pass)

    @property
    def number(self) -> str:
        """What a page calls the attempt."""
        return str(self.uuid)[:8]


@dataclass(frozen=True)
class DryRun:
    """What would happen: the attempts whose grade changes, how many are corrected without a change, how many are left
    out by reason.
    """

    changes: Sequence[Change]
    unchanged: int
    left: Mapping[Left, int]

    @property
    def newly_passed(self) -> int:
        return sum(bool(row.after["passed"] and not row.before["passed"]) for row in self.changes)

    @property
    def no_longer_passed(self) -> int:
        return sum(bool(row.before["passed"] and not row.after["passed"]) for row in self.changes)

    @property
    def kept(self) -> int:
        return sum(row.kept_pass for row in self.changes)


def corrected_question(question_key: UUID) -> tuple[dict[str, Any], dict[str, Any]]:
    """The question's two documents as it is published now. Raises NotPublished."""
    variants = published_variants([question_key])[question_key]
    if not variants:
        raise NotPublished(str(question_key))
    return freeze_question(variants)


def versions_of(question_key: UUID) -> list[Version]:
    """The versions of a question that attempts hold, the latest first, without that of today.

    Reads every attempt that was asked it, in chunks. Raises NotPublished.
    """
    row, secret = corrected_question(question_key)
    key = str(question_key)
    found: dict[str, list[Any]] = {}
    rows = _asked(question_key).values_list(
        "paper__questions", f"answer_key__{key}", "started_at", "purged_at"
    )
    for questions, own_secret, started_at, _purged_at in rows.order_by("started_at", "pk").iterator(CHUNK):
        own = next(each for each in questions if each["key"] == key)
        if own["version"] == row["version"]:
            continue
        entry = found.setdefault(own["version"], [own, own_secret, 0, started_at, started_at])
        entry[2] += 1
        entry[4] = started_at
    return [
        Version(
            version,
            count,
            first_at,
            last_at,
            own["texts"][own["language"]]["stem"],
            own_secret["answer"] != secret["answer"],
            None if same_shape(own, row) and same_marks(own, own_secret, secret) else Left.ASKED_OTHERWISE,
        )
        for version, (own, own_secret, count, first_at, last_at) in sorted(
            found.items(), key=lambda item: item[1][4], reverse=True
        )
    ]


def _asked(question_key: UUID) -> QuerySet[Attempt]:
    return Attempt.objects.filter(answer_key__has_key=str(question_key))


def same_shape(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two rows of papers ask the same thing, in whatever order: then an answer to one is an answer to the
    other.
    """
    return before["type"] == after["type"] and _sorted(before["body"]) == _sorted(after["body"])


def same_marks(row: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether marks given by one secret of a question mean the same by another: of types marked by hand, the criteria
    and their points have to be the same ones.
    """
    kind = question_types.get(row["type"])
    return kind is None or not kind.marked_by_hand or _sorted(before["answer"]) == _sorted(after["answer"])


def _sorted(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _sorted(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(part) for part in value), key=content_hash)
    return value


def affected(correction: Correction) -> QuerySet[Attempt]:
    """Attempts that hold the question; whether in a version to be corrected, their paper says."""
    return _asked(correction.question_key).select_related("enrolment__user")


def dry_run(correction: Correction, *, may_fail: bool) -> DryRun:
    """What applying would do now, and nothing done. A query per attempt: its journal."""
    changes: list[Change] = []
    left = Counter[Left]()
    unchanged = 0
    for attempt in affected(correction).order_by("pk").iterator(CHUNK):
        outcome = outcome_for(attempt, correction, may_fail=may_fail)
        if outcome is None:
            continue
        if outcome.left is not None:
            left[outcome.left] += 1
        elif outcome.changed:
            changes.append(Change.of(outcome))
        else:
            unchanged += 1
    return DryRun(changes, unchanged, dict(left))


def outcome_for(attempt: Attempt, correction: Correction, *, may_fail: bool) -> Outcome | None:
    """What a correction makes of an attempt, whose paper, key and results are changed in memory alone; None where it
    doesn't hold one of the versions.
    """
    key = str(correction.question_key)
    rows = attempt.paper["questions"]
    place = next((at for at, row in enumerate(rows) if row["key"] == key), None)
    if place is None or rows[place]["version"] not in correction.versions:
        return None
    before = facts_of(attempt, correction.question_key)
    if attempt.purged_at is not None:
        return Outcome(attempt, before, before, left=Left.PURGED)
    own_secret = attempt.answer_key[key]
    if not (
        same_shape(rows[place], correction.row) and same_marks(rows[place], own_secret, correction.secret)
    ):
        return Outcome(attempt, before, before, left=Left.ASKED_OTHERWISE)
    row = {name: correction.row[name] for name in ("version", "revision", "facts") if name in correction.row}
    questions = [*rows[:place], {**rows[place], **row}, *rows[place + 1 :]]
    attempt.paper = {**attempt.paper, "questions": questions}
    attempt.answer_key = {**attempt.answer_key, key: correction.secret}
    attempt.paper_hash = content_hash([attempt.paper, attempt.answer_key])
    kept = False
    if attempt.is_graded:
        result = graded_again(attempt)
        if result.ungradable:
            return Outcome(attempt, before, before, left=Left.UNGRADABLE)
        kept = bool(before["passed"]) and not result.passed and not may_fail
        _regrade(attempt, result, passed=result.passed or kept)
    return Outcome(attempt, before, facts_of(attempt, correction.question_key), kept_pass=kept)


def graded_again(attempt: Attempt) -> Grade:
    """The grade of what the attempt's journal, checks and markings say, by the key it holds now. Three queries at
    most.
    """
    paper = Paper.load(attempt.paper, attempt.answer_key)
    marks = {key: marking.marks for key, marking in markings_of(attempt).items()}
    return grade(paper, journal_of(attempt).answers, tried=values_tried(attempt, paper.policy), marks=marks)


def _regrade(attempt: Attempt, result: Grade, *, passed: bool) -> None:
    attempt.score_num, attempt.score_den = result.score.numerator, result.score.denominator
    attempt.max_points, attempt.percent, attempt.passed = result.max_points, result.percent, passed
    attempt.results = {str(question.key): str(question.fraction) for question in result.questions}


def facts_of(attempt: Attempt, question_key: UUID) -> dict[str, Any]:
    """What a correction may change of an attempt, as JSON. Which answers were right isn't in it: that goes with the
    answers, and this stays.
    """
    score = None if attempt.score_num is None else f"{attempt.score_num}/{attempt.score_den}"
    row = next(row for row in attempt.paper["questions"] if row["key"] == str(question_key))
    return {
        "percent": attempt.percent,
        "passed": attempt.passed,
        "score": score,
        "version": row["version"],
        "paper_hash": attempt.paper_hash,
        "secret": attempt.answer_key[str(question_key)],
    }


def told_of(facts: Mapping[str, Any]) -> tuple[Any, ...]:
    """What of it concerns the learner."""
    return tuple(facts[name] for name in TOLD)


def corrections_of(attempt: Attempt) -> list[RegradeChange]:
    """What was corrected in an attempt, for its review: the earliest first. One query."""
    changes = RegradeChange.objects.filter(attempt=attempt, after__changed=True)
    return list(changes.select_related("regrade").order_by("regrade__decided_at", "pk"))


def keeps_pass(attempt: Attempt) -> bool:
    """Whether the points say a failure and the pass stands: what the last correction that changed it decided."""
    last = RegradeChange.objects.filter(attempt=attempt).order_by("-pk").first()
    return last is not None and last.kept_pass
