"""Marks that people give for open answers: the queue, the verb, and what heals.

An attempt with open answers waits (`to_mark`) until each of them is marked; the last mark grades it, in the same
transaction. Markings are only ever added; the latest of a question counts. Once the attempt is graded, a marking may
raise the points of an answer and never lower them: the learner has seen them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from courses.accounts.api import User
from courses.progress.api import Enrolment
from courses.quizzes.domain.attempts import AttemptNotFound, record_grade
from courses.quizzes.domain.feedback import values_tried
from courses.quizzes.domain.grading import clean, grade
from courses.quizzes.domain.paper import FrozenQuestion, Paper
from courses.quizzes.domain.queries import journal_of, markings_of
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import AnswerEntry, Attempt, Marking
from courses.quizzes.types.base import question_types

MAX_COMMENT = 4000
BATCH = 200


class MarkRefusal(StrEnum):
    """Why no mark was recorded."""

    NOT_SUBMITTED = "not_submitted"
    PURGED = "purged"
    OWN = "own"
    UNKNOWN_QUESTION = "unknown_question"
    BAD_MARKS = "bad_marks"
    MARKED_MEANWHILE = "marked_meanwhile"
    ONLY_RAISE = "only_raise"


class MarkRefused(Exception):
    """Nothing was recorded, and `reason` says why."""

    def __init__(self, reason: MarkRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


@dataclass(frozen=True)
class OpenAnswerGiven:
    """One answer as whoever marks it sees it: no name. `markings`: earlier ones, the latest first."""

    attempt: Attempt
    question: FrozenQuestion
    value: str
    quiz_title: str
    markings: tuple[Marking, ...]

    @property
    def latest(self) -> int:
        """The primary key of the marking that counts now; 0 for none."""
        return self.markings[0].pk if self.markings else 0


@transaction.atomic
def mark(
    attempt_uuid: UUID,
    question_key: UUID,
    marks: Mapping[str, int],
    comment: str,
    *,
    by: User,
    at: datetime,
    after: int | None = None,
) -> Attempt:
    """Record marks (points by id of the criterion, for every criterion) and grade the attempt with the last of them.

    The same marking by the same person again is one. `after`: the primary key of the marking that the person saw, 0
    for none; where another counts by now, nothing is recorded. Raises AttemptNotFound; MarkRefused.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).filter(quiz_attempts__uuid=attempt_uuid).first()
    )
    if enrolment is None:
        raise AttemptNotFound(str(attempt_uuid))
    attempt = Attempt.objects.select_for_update().get(uuid=attempt_uuid)
    question = _to_be_marked(attempt, enrolment, question_key, by)
    assert question.answer is not None
    points = checked_marks(question, marks)
    if points is None:
        raise MarkRefused(MarkRefusal.BAD_MARKS)
    comment = comment.replace("\r\n", "\n").strip()[:MAX_COMMENT]
    current = markings_of(attempt).get(question_key)
    if current is not None and (current.marks, current.comment, current.marked_by_id) == (
        points,
        comment,
        by.pk,
    ):
        return attempt
    if after is not None and after != (current.pk if current else 0):
        raise MarkRefused(MarkRefusal.MARKED_MEANWHILE)
    if attempt.is_graded and current is not None:
        kind = question_types[question.type]
        if kind.marked(question.answer, points) < kind.marked(question.answer, current.marks):
            raise MarkRefused(MarkRefusal.ONLY_RAISE)
    Marking.objects.create(
        attempt=attempt,
        question_key=question_key,
        marks=points,
        comment=comment,
        marked_by=by,
        marked_at=at,
    )
    _grade(attempt, enrolment)
    return attempt


def _to_be_marked(attempt: Attempt, enrolment: Enrolment, question_key: UUID, by: User) -> FrozenQuestion:
    """The answered open question, if this person may mark it. Raises MarkRefused."""
    if not attempt.is_submitted:
        raise MarkRefused(MarkRefusal.NOT_SUBMITTED)
    if attempt.purged_at is not None:
        raise MarkRefused(MarkRefusal.PURGED)
    if enrolment.user_id == by.pk:
        raise MarkRefused(MarkRefusal.OWN)
    question = Paper.load(attempt.paper, attempt.answer_key).question(question_key)
    if question is None or question.answer is None or not by_hand(question):
        raise MarkRefused(MarkRefusal.UNKNOWN_QUESTION)
    if clean(question, journal_of(attempt).answers.get(question_key)) is None:
        raise MarkRefused(MarkRefusal.UNKNOWN_QUESTION)
    return question


def by_hand(question: FrozenQuestion) -> bool:
    """Whether a person gives the points of a question."""
    kind = question_types.get(question.type)
    return kind is not None and kind.marked_by_hand


def with_markings(paper: Paper, markings: Mapping[UUID, Marking], *, comments: bool) -> Paper:
    """A paper read with its key whose open answers know their marks, for the review; pure."""

    def marked(question: FrozenQuestion) -> FrozenQuestion:
        marking = markings.get(question.key)
        if marking is None or question.answer is None:
            return question
        known = {"marks": marking.marks, "comment": marking.comment if comments else ""}
        return replace(question, answer={**question.answer, "marking": known})

    return replace(paper, questions=tuple(marked(question) for question in paper.questions))


def without_open_answers(paper: Paper) -> Paper:
    """The part of a paper that is graded at once; each section begins where its first question left stands. Pure."""
    kept = [number for number, question in enumerate(paper.questions, start=1) if not by_hand(question)]
    places = {number: place for place, number in enumerate(kept, start=1)}
    starts = sorted(paper.sections)
    sections = {}
    for start, end in pairwise([*starts, len(paper.questions) + 1]):
        inside = [number for number in kept if start <= number < end]
        if inside:
            sections[places[inside[0]]] = paper.sections[start]
    questions = tuple(paper.questions[number - 1] for number in kept)
    return replace(paper, questions=questions, sections=sections)


def checked_marks(question: FrozenQuestion, marks: Mapping[Any, Any]) -> dict[str, int] | None:
    """Whole points from 0 to its most for every criterion and for nothing else; otherwise None."""
    assert question.answer is not None
    most = {criterion["id"]: criterion["points"] for criterion in question.answer["criteria"]}
    if set(marks) != set(most):
        return None
    for id_, points in marks.items():
        if not isinstance(points, int) or isinstance(points, bool) or not 0 <= points <= most[id_]:
            return None
    return dict(marks)


def _grade(attempt: Attempt, enrolment: Enrolment) -> bool:
    """Grade a locked attempt whose open answers are all marked; whether it was. A pass is never taken away."""
    marks = {key: marking.marks for key, marking in markings_of(attempt).items()}
    paper = Paper.load(attempt.paper, attempt.answer_key)
    tried = values_tried(attempt, paper.policy)
    result = grade(paper, journal_of(attempt).answers, tried=tried, marks=marks)
    if result.waiting or result.ungradable:
        return False
    record_grade(attempt, enrolment, result)
    return True


def heal_marked() -> list[UUID]:
    """Grade attempts of which every open answer is marked and that still wait (a type of theirs wasn't there when
    they were marked), the oldest first, some at a time; their uuids.
    """
    found = (
        Attempt.objects.filter(status=AttemptStatus.TO_MARK, purged_at__isnull=True, markings__isnull=False)
        .order_by("submitted_at", "pk")
        .values_list("uuid", "enrolment_id")
        .distinct()
    )
    healed = []
    # All that wait: those of which only a part is marked mustn't keep the place of the others.
    for uuid, enrolment_id in list(found):
        with transaction.atomic():
            enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment_id)
            attempt = Attempt.objects.select_for_update().get(uuid=uuid)
            waits = attempt.status == AttemptStatus.TO_MARK and attempt.purged_at is None
            if waits and _grade(attempt, enrolment):
                healed.append(uuid)
        if len(healed) == BATCH:
            break
    return healed


def remove_marks(attempt_ids: Sequence[int]) -> int:
    """Empty what was said about these attempts' answers; how many markings. For purge and erasure: who marked stays."""
    return Marking.objects.filter(attempt_id__in=attempt_ids).update(marks={}, comment="")


def waiting_attempts(by: User) -> QuerySet[Attempt]:
    """Attempts with open answers that this person may mark, the oldest first; never one's own."""
    return (
        Attempt.objects.filter(status=AttemptStatus.TO_MARK, purged_at__isnull=True)
        .exclude(enrolment__user_id=by.pk)
        .order_by("submitted_at", "pk")
    )


def marked_attempts(by: User) -> QuerySet[Attempt]:
    """Graded attempts with marks that this person may look at and raise, the latest first."""
    return (
        Attempt.objects.filter(status=AttemptStatus.SUBMITTED, purged_at__isnull=True)
        .filter(pk__in=Marking.objects.values("attempt"))
        .exclude(enrolment__user_id=by.pk)
        .order_by("-submitted_at", "-pk")
    )


def open_answers(attempts: list[Attempt], language: str) -> list[OpenAnswerGiven]:
    """The open answers of attempts, in their order and that of the questions; in two queries.

    The attempts are read with their keys.
    """
    papers = {attempt.pk: Paper.load(attempt.paper, attempt.answer_key) for attempt in attempts}
    keys = {question.key for paper in papers.values() for question in paper.questions if by_hand(question)}
    values: dict[tuple[int, UUID], Any] = {}
    entries = AnswerEntry.objects.filter(attempt__in=attempts, question_key__in=keys, late=False)
    for entry in entries.order_by("sequence", "received_at", "pk"):
        values[entry.attempt_id, entry.question_key] = entry.value
    markings: dict[tuple[int, UUID], list[Marking]] = {}
    for marking in Marking.objects.filter(attempt__in=attempts).select_related("marked_by").order_by("-pk"):
        markings.setdefault((marking.attempt_id, marking.question_key), []).append(marking)
    return [
        OpenAnswerGiven(
            attempt,
            question,
            value,
            papers[attempt.pk].title_in(language),
            tuple(markings.get((attempt.pk, question.key), ())),
        )
        for attempt in attempts
        for question in papers[attempt.pk].questions
        if by_hand(question)
        and (value := clean(question, values.get((attempt.pk, question.key)))) is not None
    ]


def next_to_mark(
    by: User, language: str, *, after: tuple[Attempt, UUID] | None = None
) -> OpenAnswerGiven | None:
    """The oldest answer that waits, or the next one behind an answer that was skipped; None for no more."""
    attempts = waiting_attempts(by)
    if after is not None:
        attempt, key = after
        own = open_answers([attempt], language)
        place = next((place for place, answer in enumerate(own) if answer.question.key == key), len(own))
        for answer in own[place + 1 :]:
            if not answer.markings:
                return answer
        attempts = attempts.filter(
            Q(submitted_at__gt=attempt.submitted_at) | Q(submitted_at=attempt.submitted_at, pk__gt=attempt.pk)
        )
    # More than one only where an attempt waits for a type that isn't there.
    waiting = (answer for answer in open_answers(list(attempts[:20]), language) if not answer.markings)
    return next(waiting, None)
