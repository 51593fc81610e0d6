"""The verbs of an attempt: start, save an answer, submit.

Each is atomic, idempotent and takes the time as `at` (aware UTC). Locks are taken from the parent down
(enrolment, then attempt); saving an answer locks the attempt alone, so that none slips in behind a grading.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q

from courses.accounts.api import User
from courses.progress.api import Enrolment, record_completion
from courses.quizzes.domain.composition import TypeMissing, freeze_quiz, quiz_pages
from courses.quizzes.domain.grading import Grade, clean, grade
from courses.quizzes.domain.paper import Paper, content_hash
from courses.quizzes.domain.queries import attempts_at, journal_of
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import AnswerEntry, Attempt
from courses.quizzes.types.base import question_types

KIND: Final = "quiz"
# The device of answers that came with a whole form; too short to be a script's device id.
FORM_DEVICE: Final = "form"
MAX_SEQUENCE: Final = 2**53 - 1
# Nobody changes one answer so often; more is a broken or hostile client.
MAX_ENTRIES_PER_QUESTION: Final = 1000
_DEVICE = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


class Refusal(StrEnum):
    """Why no attempt was started or no answer taken."""

    NO_QUESTIONS = "no_questions"
    NO_ATTEMPTS_LEFT = "no_attempts_left"
    ALREADY_PASSED = "already_passed"
    SUBMITTED = "submitted"
    UNKNOWN_QUESTION = "unknown_question"
    NOT_UNDERSTOOD = "not_understood"
    BAD_ENTRY = "bad_entry"
    SEQUENCE_TAKEN = "sequence_taken"
    TOO_MANY = "too_many"
    UNGRADABLE = "ungradable"


class Refused(Exception):
    """The verb did nothing, and `reason` says why. `max_sequence`: where a client goes on from. `word`: what a
    question's type says to the learner, where it knows better than the reason alone.
    """

    def __init__(self, reason: Refusal, *, max_sequence: int = 0, word: Any = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.max_sequence = max_sequence
        self.word = word


class AttemptNotFound(LookupError):
    """There is no such attempt, or it is somebody else's."""


@dataclass(frozen=True)
class Receipt:
    """What the server holds now: the entry's sequence and time of receipt, the attempt's highest sequence.
    `repeated`: the entry was there already. `current`: false where a later answer to the question, from another
    device or out of order, counts.
    """

    question_key: UUID
    sequence: int
    max_sequence: int
    received_at: datetime
    repeated: bool
    current: bool = True


@transaction.atomic
def start(enrolment: Enrolment, quiz_key: UUID, *, locale: str, at: datetime) -> Attempt:
    """The attempt in progress, or a new one with a frozen paper.

    Raises composition.QuizNotFound; Refused with NO_QUESTIONS, ALREADY_PASSED, NO_ATTEMPTS_LEFT or UNGRADABLE.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    attempts = list(attempts_at(enrolment, quiz_key))
    for attempt in attempts:
        if not attempt.is_submitted:
            return attempt
    page = quiz_pages(quiz_key)[0]
    if any(attempt.passed for attempt in attempts):
        raise Refused(Refusal.ALREADY_PASSED)
    if page.max_attempts and len(attempts) >= page.max_attempts:
        raise Refused(Refusal.NO_ATTEMPTS_LEFT)
    try:
        frozen = freeze_quiz(quiz_key)
    except TypeMissing as error:
        raise Refused(Refusal.UNGRADABLE) from error
    if not frozen.paper["questions"]:
        raise Refused(Refusal.NO_QUESTIONS)
    return Attempt.objects.create(
        enrolment=enrolment,
        quiz_key=quiz_key,
        number=max((attempt.number for attempt in attempts), default=0) + 1,
        locale=locale,
        revision_id=page.live_revision_id,
        pass_mark=page.pass_mark,
        paper=frozen.paper,
        answer_key=frozen.answer_key,
        paper_hash=frozen.hash,
        started_at=at,
    )


@transaction.atomic
def save_answer(
    user: User,
    attempt_uuid: UUID,
    question_key: UUID,
    raw: Any,
    *,
    at: datetime,
    device_id: str = FORM_DEVICE,
    sequence: int | None = None,
) -> Receipt:
    """Add an answer to the journal. A blank `raw` withdraws the answer.

    With `device_id` and `sequence` (a client's own, from 1): the same entry sent again is taken once; entries
    may come in any order. Without: a form's answer, put behind everything received so far, unless it says what
    is current already.

    Raises AttemptNotFound; Refused with SUBMITTED, UNKNOWN_QUESTION, NOT_UNDERSTOOD (and nothing is saved),
    BAD_ENTRY (device or sequence), SEQUENCE_TAKEN (this device used the sequence for another answer) or
    TOO_MANY.
    """
    if sequence is not None and not (_DEVICE.fullmatch(device_id) and 1 <= sequence <= MAX_SEQUENCE):
        raise Refused(Refusal.BAD_ENTRY)
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .defer("answer_key", "results")
        .filter(uuid=attempt_uuid, enrolment__user_id=user.pk)
        .first()
    )
    if attempt is None:
        raise AttemptNotFound(str(attempt_uuid))
    if attempt.is_submitted:
        raise Refused(Refusal.SUBMITTED)
    question = Paper.load(attempt.paper).question(question_key)
    kind = question_types.get(question.type) if question else None
    if question is None or kind is None:
        raise Refused(Refusal.UNKNOWN_QUESTION)
    value = clean(question, raw)
    if value is None and not kind.is_blank(raw):
        raise Refused(Refusal.NOT_UNDERSTOOD, word=kind.not_understood)
    digest = content_hash(value)
    entries = AnswerEntry.objects.filter(attempt=attempt)
    if sequence is None:
        return _append(entries, attempt, question_key, value, digest, at)
    same = Q(question_key=question_key, device_id=device_id, sequence=sequence)
    known = entries.aggregate(
        highest=Max("sequence"),
        own=Max("sequence", filter=Q(question_key=question_key)),
        count=Count("pk", filter=Q(question_key=question_key)),
        digest=Max("content_hash", filter=same),
        received_at=Max("received_at", filter=same),
    )
    highest = known["highest"] or 0
    current = sequence >= (known["own"] or 0)
    if known["digest"] is not None:
        if known["digest"] != digest:
            raise Refused(Refusal.SEQUENCE_TAKEN, max_sequence=highest)
        return Receipt(question_key, sequence, highest, known["received_at"], repeated=True, current=current)
    if known["count"] >= MAX_ENTRIES_PER_QUESTION:
        raise Refused(Refusal.TOO_MANY, max_sequence=highest)
    _create(attempt, question_key, device_id, sequence, value, digest, at)
    return Receipt(question_key, sequence, max(highest, sequence), at, repeated=False, current=current)


def _append(
    entries: Any, attempt: Attempt, question_key: UUID, value: Any, digest: str, at: datetime
) -> Receipt:
    """A form's answer: behind everything received so far, unless it is what is current already."""
    own = entries.filter(question_key=question_key).order_by("-sequence", "-received_at", "-pk")
    current = own.first()
    known = entries.aggregate(highest=Max("sequence"), count=Count("pk", filter=Q(question_key=question_key)))
    highest = known["highest"] or 0
    if current is None and value is None:
        return Receipt(question_key, 0, highest, at, repeated=True)
    if current is not None and current.content_hash == digest:
        return Receipt(question_key, current.sequence, highest, current.received_at, repeated=True)
    if known["count"] >= MAX_ENTRIES_PER_QUESTION:
        raise Refused(Refusal.TOO_MANY, max_sequence=highest)
    _create(attempt, question_key, FORM_DEVICE, highest + 1, value, digest, at)
    return Receipt(question_key, highest + 1, highest + 1, at, repeated=False)


def _create(
    attempt: Attempt,
    question_key: UUID,
    device_id: str,
    sequence: int,
    value: Any,
    digest: str,
    at: datetime,
) -> None:
    AnswerEntry.objects.create(
        attempt=attempt,
        question_key=question_key,
        device_id=device_id,
        sequence=sequence,
        value=value,
        content_hash=digest,
        received_at=at,
    )


@transaction.atomic
def submit(user: User, attempt_uuid: UUID, *, at: datetime) -> Attempt:
    """Grade the frozen paper once; repeating it returns the attempt as it was graded.

    A pass records the completion of the quiz in the same transaction. Raises AttemptNotFound; Refused with
    UNGRADABLE where a question's type isn't there (nothing is lost: it can be submitted once it is back).
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(quiz_attempts__uuid=attempt_uuid, user_id=user.pk)
        .first()
    )
    if enrolment is None:
        raise AttemptNotFound(str(attempt_uuid))
    attempt = Attempt.objects.select_for_update().get(uuid=attempt_uuid)
    if attempt.is_submitted:
        return attempt
    answers = journal_of(attempt).answers
    result = grade(Paper.load(attempt.paper, attempt.answer_key), answers)
    if result.ungradable:
        raise Refused(Refusal.UNGRADABLE)
    _record(attempt, result, at)
    attempt.answers_hash = content_hash({str(key): value for key, value in answers.items()})
    attempt.save()
    if attempt.passed:
        complete(attempt, enrolment)
    return attempt


def complete(attempt: Attempt, enrolment: Enrolment) -> None:
    """Record the completion that a passed attempt proves, as of its submission."""
    assert attempt.submitted_at is not None
    record_completion(
        enrolment,
        attempt.quiz_key,
        kind=KIND,
        locale=attempt.locale,
        revision_id=attempt.revision_id,
        evidence=attempt.uuid,
        at=attempt.submitted_at,
    )


def _record(attempt: Attempt, result: Grade, at: datetime) -> None:
    attempt.status = AttemptStatus.SUBMITTED
    attempt.submitted_at = at
    attempt.score_num, attempt.score_den = result.score.numerator, result.score.denominator
    attempt.max_points, attempt.percent, attempt.passed = result.max_points, result.percent, result.passed
    attempt.results = {str(question.key): str(question.fraction) for question in result.questions}
