"""Saving an answer: one entry of the journal, once, and whether it came in time.

Locks the attempt alone, so that none slips in behind a grading.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q, QuerySet

from courses.accounts.api import User
from courses.quizzes.domain.clock import clock_of
from courses.quizzes.domain.feedback import refuse_fixed
from courses.quizzes.domain.grading import clean
from courses.quizzes.domain.paper import Paper, content_hash
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.enums import EndedBy
from courses.quizzes.models import AnswerEntry, Attempt
from courses.quizzes.types.base import question_types

# The device of answers that came with a whole form; too short to be a script's device id.
FORM_DEVICE: Final = "form"
MAX_SEQUENCE: Final = 2**53 - 1
# Nobody changes one answer so often; more is a broken or hostile client.
MAX_ENTRIES_PER_QUESTION: Final = 1000
_DEVICE = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)


class AttemptNotFound(LookupError):
    """There is no such attempt, or it is somebody else's."""


@dataclass(frozen=True)
class Receipt:
    """What the server holds now: the entry's sequence and time of receipt, the attempt's highest sequence.
    `repeated`: the entry was there already. `current`: false where a later answer to the question, from another
    device or out of order, counts. `ends_at`: when the attempt's time is over, where it is limited.
    """

    question_key: UUID
    sequence: int
    max_sequence: int
    received_at: datetime
    repeated: bool
    current: bool = True
    ends_at: datetime | None = None


def save_answer(
    user: User,
    attempt_uuid: UUID,
    question_key: UUID,
    raw: Any,
    *,
    at: datetime,
    device_id: str = FORM_DEVICE,
    sequence: int | None = None,
    waited: timedelta = timedelta(0),
) -> Receipt:
    """Add an answer to the journal. A blank `raw` withdraws the answer.

    With `device_id` and `sequence` (a client's own, from 1): the same entry sent again is taken once; entries
    may come in any order. Without: a form's answer, put behind everything received so far, unless it says what
    is current already. `waited`: how long it waited for a connection, as the device says; where the time is limited
    what the server can measure of it is credited (`domain.clock`).

    Raises AttemptNotFound; Refused with SUBMITTED, UNKNOWN_QUESTION, NOT_UNDERSTOOD (and nothing is saved),
    BAD_ENTRY (device or sequence), SEQUENCE_TAKEN (this device used the sequence for another answer), TOO_MANY, or
    CHECKED or LEFT (the answer stands: `domain.feedback`).
    """
    receipt = _save(user, attempt_uuid, question_key, raw, at, device_id, sequence, waited)
    if receipt is None:
        # Only now: what came late is kept, so its transaction isn't to be undone.
        raise Refused(Refusal.LATE)
    return receipt


@transaction.atomic
def _save(
    user: User,
    attempt_uuid: UUID,
    question_key: UUID,
    raw: Any,
    at: datetime,
    device_id: str,
    sequence: int | None,
    waited: timedelta,
) -> Receipt | None:
    """None where the answer came after the time was over."""
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
    # What comes after the sweep is late as it would have been before; after the learner's own word it isn't wanted.
    shut = attempt.is_submitted and (attempt.ended_by != EndedBy.DEADLINE or attempt.purged_at is not None)
    if shut and sequence is None:
        raise Refused(Refusal.SUBMITTED)
    question = Paper.load(attempt.paper).question(question_key)
    kind = question_types.get(question.type) if question else None
    if question is None or kind is None:
        raise Refused(Refusal.SUBMITTED if shut else Refusal.UNKNOWN_QUESTION)
    value = clean(question, raw)
    if value is None and not kind.is_blank(raw):
        raise Refused(Refusal.SUBMITTED if shut else Refusal.NOT_UNDERSTOOD, word=kind.not_understood)
    digest = content_hash(value)
    entries = AnswerEntry.objects.filter(attempt=attempt)
    if sequence is None:
        return _append(entries, attempt, question_key, value, digest, at, waited)
    same = Q(question_key=question_key, device_id=device_id, sequence=sequence)
    known = entries.aggregate(
        highest=Max("sequence"),
        own=Max("sequence", filter=Q(question_key=question_key, late=False)),
        count=Count("pk", filter=Q(question_key=question_key)),
        digest=Max("content_hash", filter=same),
        received_at=Max("received_at", filter=same),
        late=Count("pk", filter=same & Q(late=True)),
    )
    highest = known["highest"] or 0
    current = sequence >= (known["own"] or 0)
    if known["digest"] == digest:
        if known["late"]:
            return None
        first = known["received_at"]
        return Receipt(
            question_key, sequence, highest, first, repeated=True, current=current, ends_at=_ends_at(attempt)
        )
    if shut:
        raise Refused(Refusal.SUBMITTED)
    if known["digest"] is not None:
        raise Refused(Refusal.SEQUENCE_TAKEN, max_sequence=highest)
    if known["count"] >= MAX_ENTRIES_PER_QUESTION:
        raise Refused(Refusal.TOO_MANY, max_sequence=highest)
    if not _create(attempt, question_key, device_id, sequence, value, digest, at, waited):
        return None
    highest = max(highest, sequence)
    return Receipt(
        question_key, sequence, highest, at, repeated=False, current=current, ends_at=_ends_at(attempt)
    )


def _append(
    entries: QuerySet[AnswerEntry],
    attempt: Attempt,
    question_key: UUID,
    value: Any,
    digest: str,
    at: datetime,
    waited: timedelta,
) -> Receipt | None:
    """A form's answer: behind everything received so far, unless it is what is current already."""
    counted = entries.filter(question_key=question_key, late=False)
    current = counted.order_by("-sequence", "-received_at", "-pk").first()
    known = entries.aggregate(highest=Max("sequence"), count=Count("pk", filter=Q(question_key=question_key)))
    highest = known["highest"] or 0
    if current is None and value is None:
        return Receipt(question_key, 0, highest, at, repeated=True)
    if current is not None and current.content_hash == digest:
        return Receipt(question_key, current.sequence, highest, current.received_at, repeated=True)
    if known["count"] >= MAX_ENTRIES_PER_QUESTION:
        raise Refused(Refusal.TOO_MANY, max_sequence=highest)
    if not _create(attempt, question_key, FORM_DEVICE, highest + 1, value, digest, at, waited):
        return None
    return Receipt(question_key, highest + 1, highest + 1, at, repeated=False)


def _create(
    attempt: Attempt,
    question_key: UUID,
    device_id: str,
    sequence: int,
    value: Any,
    digest: str,
    at: datetime,
    waited: timedelta,
) -> bool:
    """Write the entry; whether it came in time."""
    in_time = _in_time(attempt, at, waited)
    if in_time:
        refuse_fixed(attempt, question_key)
    AnswerEntry.objects.create(
        attempt=attempt,
        question_key=question_key,
        device_id=device_id,
        sequence=sequence,
        value=value,
        content_hash=digest,
        received_at=at,
        late=not in_time,
    )
    return in_time


def _ends_at(attempt: Attempt) -> datetime | None:
    clock = clock_of(attempt)
    return clock.ends_at if clock else None


def _in_time(attempt: Attempt, at: datetime, waited: timedelta) -> bool:
    """Whether an answer received now counts; if so, what it waited is credited. Late ones credit nothing, so that
    they take nothing from others of the same outage.
    """
    clock = clock_of(attempt)
    if attempt.is_submitted or clock is None:
        return not attempt.is_submitted
    credit = clock.credit(at, attempt.last_receipt_at or attempt.started_at, waited)
    if not clock.credited_with(credit).takes(at):
        return False
    attempt.credited_seconds += credit
    attempt.last_receipt_at = at
    attempt.save(update_fields=["credited_seconds", "last_receipt_at"])
    return True
