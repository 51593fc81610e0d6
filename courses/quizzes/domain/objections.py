"""A learner contests a question; a trainer answers within a number of days.

The text is the learner's own and goes with the answers of the attempt. The queue names nobody.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from wagtail.log_actions import log

from courses.accounts.api import User
from courses.lib.clock import local_day
from courses.lib.letters import send_each
from courses.quizzes.domain.paper import Paper
from courses.quizzes.enums import AttemptPurpose, AttemptStatus, ObjectionStatus
from courses.quizzes.models import Attempt, Objection

LEAST: Final = 10
MOST: Final = 2000
MOST_OF_ANSWER: Final = 4000
# A person's open ones at a time.
MOST_OPEN: Final = 10


class ObjectionRefusal(StrEnum):
    """Why an objection wasn't taken, or not answered."""

    NOT_OPEN = "not_open"
    TOO_SHORT = "too_short"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    OWN = "own"
    ANSWERED = "answered"


class ObjectionRefused(Exception):
    """The verb did nothing, and `reason` says why."""

    def __init__(self, reason: ObjectionRefusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


def answer_due(at: datetime) -> date:
    """The local day by which an objection made at `at` is to be answered."""
    return local_day(at) + timedelta(days=settings.QUIZ_OBJECTION_DAYS)


def may_be_contested(attempt: Attempt) -> bool:
    """Whether questions of this attempt can be contested: it is graded, its answers are still there, and its
    questions are shown to the learner afterwards.
    """
    return (
        attempt.status == AttemptStatus.SUBMITTED
        and attempt.purged_at is None
        and attempt.purpose != AttemptPurpose.BEFORE
    )


@transaction.atomic
def contest(
    user: User, attempt_uuid: UUID, question_key: UUID, text: str, *, locale: str, at: datetime
) -> Objection:
    """Put an objection into the queue; one for each question of an attempt: repeating it returns the first, and so
    does contesting in another attempt what the person's own open objection contests.

    Raises Attempt.DoesNotExist for somebody else's attempt and LookupError for a question it doesn't have;
    ObjectionRefused with NOT_OPEN, TOO_SHORT, TOO_LONG or TOO_MANY.
    """
    # One at a time of a person, so that the number holds and none is there twice.
    User.objects.select_for_update(no_key=True).only("pk").get(pk=user.pk)
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .defer("answer_key")
        .get(uuid=attempt_uuid, enrolment__user_id=user.pk)
    )
    if Paper.load(attempt.paper).question(question_key) is None:
        raise LookupError(str(question_key))
    existing = Objection.objects.filter(attempt=attempt, question_key=question_key).first()
    if existing is not None:
        return existing
    if not may_be_contested(attempt):
        raise ObjectionRefused(ObjectionRefusal.NOT_OPEN)
    waiting = Objection.objects.filter(
        attempt__enrolment__user_id=user.pk, attempt__purged_at__isnull=True, status=ObjectionStatus.OPEN
    )
    elsewhere = waiting.filter(question_key=question_key).order_by("made_at", "pk").first()
    if elsewhere is not None:
        return elsewhere
    words = text.strip()
    if len(words) < LEAST:
        raise ObjectionRefused(ObjectionRefusal.TOO_SHORT)
    if len(words) > MOST:
        raise ObjectionRefused(ObjectionRefusal.TOO_LONG)
    if waiting.count() >= MOST_OPEN:
        raise ObjectionRefused(ObjectionRefusal.TOO_MANY)
    try:
        with transaction.atomic():
            return Objection.objects.create(
                attempt=attempt,
                question_key=question_key,
                text=words,
                locale=locale,
                made_at=at,
                answer_due=answer_due(at),
            )
    except IntegrityError:
        # The same form was sent twice at once.
        return Objection.objects.get(attempt=attempt, question_key=question_key)


@transaction.atomic
def answer(uuid: UUID, *, accept: bool, words: str, by: User, at: datetime) -> Objection:
    """Accept or reject an objection, with words for the learner. The same answer given again changes nothing.

    Raises Objection.DoesNotExist; ObjectionRefused with OWN (nobody answers themselves), TOO_SHORT, TOO_LONG, NOT_OPEN
    where the answers of the attempt were removed, or ANSWERED where another answer stands.
    """
    # The attempt first, as removing its answers does: no words are written behind that.
    attempt_id = Objection.objects.values_list("attempt_id", flat=True).get(uuid=uuid)
    Attempt.objects.select_for_update(of=("self",)).only("pk").get(pk=attempt_id)
    objection = (
        Objection.objects.select_for_update(of=("self",)).select_related("attempt__enrolment").get(uuid=uuid)
    )
    status = ObjectionStatus.ACCEPTED if accept else ObjectionStatus.REJECTED
    said = words.strip()
    if objection.status != ObjectionStatus.OPEN:
        if (objection.status, objection.answer, objection.answered_by_id) == (status, said, by.pk):
            return objection
        raise ObjectionRefused(ObjectionRefusal.ANSWERED)
    if objection.attempt.purged_at is not None:
        raise ObjectionRefused(ObjectionRefusal.NOT_OPEN)
    if objection.attempt.enrolment.user_id == by.pk:
        raise ObjectionRefused(ObjectionRefusal.OWN)
    if len(said) < LEAST:
        raise ObjectionRefused(ObjectionRefusal.TOO_SHORT)
    if len(said) > MOST_OF_ANSWER:
        raise ObjectionRefused(ObjectionRefusal.TOO_LONG)
    objection.status, objection.answer = status, said
    objection.answered_by, objection.answered_at = by, at
    objection.save(update_fields=["status", "answer", "answered_by", "answered_at"])
    # The log names the decision, never its words: they may speak of the person.
    log(objection, "quizzes.objection.answer", user=by, timestamp=at, data={"decision": status.value})
    return objection


def queue() -> QuerySet[Objection]:
    """Open ones first, the earliest due date first; then the answered ones, latest first. Without what was removed
    before anybody answered.
    """
    return (
        Objection.objects.filter(~Q(status=ObjectionStatus.OPEN) | Q(attempt__purged_at__isnull=True))
        .select_related("attempt", "answered_by")
        .defer("attempt__answer_key", "attempt__results")
        .annotate(
            place=Case(
                When(status=ObjectionStatus.OPEN, then=Value(0)),
                default=Value(1),
                output_field=IntegerField(),
            )
        )
        .order_by("place", "answer_due", "-answered_at", "pk")
    )


def is_overdue(objection: Objection, day: date) -> bool:
    """Whether it should have been answered before this local day."""
    return objection.status == ObjectionStatus.OPEN and objection.answer_due < day


def of_attempt(attempt: Attempt) -> list[Objection]:
    return list(Objection.objects.filter(attempt=attempt).order_by("made_at", "pk"))


def waiting_to_be_told() -> QuerySet[Objection]:
    """Answered, and the learner wasn't written to yet. Nobody without an address or with a closed account is."""
    return Objection.objects.filter(
        answered_at__isnull=False,
        notified_at__isnull=True,
        attempt__enrolment__user__is_active=True,
        attempt__enrolment__user__erased_at__isnull=True,
        attempt__enrolment__user__email__isnull=False,
    )


def tell_answers(send: Callable[[User, Objection], None], *, at: datetime) -> int:
    """Write to each learner once; how many were written to. Idempotent; what fails is tried again next time."""
    waiting = list(waiting_to_be_told().order_by("pk").values_list("pk", flat=True))
    return send_each(waiting, lambda pk: _tell(pk, send, at), what="objection")


@transaction.atomic
def _tell(pk: int, send: Callable[[User, Objection], None], at: datetime) -> int:
    objection = waiting_to_be_told().select_for_update(of=("self",)).filter(pk=pk).first()
    if objection is None:
        return 0
    objection.notified_at = at
    objection.save(update_fields=["notified_at"])
    attempt = (
        Attempt.objects.select_related("enrolment__user").defer("answer_key").get(pk=objection.attempt_id)
    )
    objection.attempt = attempt
    send(attempt.enrolment.user, objection)
    return 1


def remove_words(attempt_ids: list[int]) -> int:
    """Empty what was said about these attempts, on both sides; how many objections. For purge and erasure."""
    said = Objection.objects.filter(attempt_id__in=attempt_ids).exclude(text="", answer="")
    return said.update(text="", answer="")
