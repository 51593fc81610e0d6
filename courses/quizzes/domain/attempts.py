"""The verbs of an attempt: start, save an answer, submit, end.

Each is atomic, idempotent and takes the time as `at` (aware UTC). Locks are taken from the parent down
(enrolment, then attempt); saving an answer (`domain.saving`) locks the attempt alone.
Where the time is limited, `domain.clock` says what still counts.
"""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from courses.accounts.api import User
from courses.progress.api import Enrolment, record_completion
from courses.quizzes.domain.clock import EXTENSIONS, clock_of, deadline_of, extended
from courses.quizzes.domain.composition import freeze_quiz, quiz_pages
from courses.quizzes.domain.feedback import values_tried
from courses.quizzes.domain.freezing import TypeMissing
from courses.quizzes.domain.grading import Grade, grade
from courses.quizzes.domain.paper import Paper, answers_hash, content_hash
from courses.quizzes.domain.policy import Policy
from courses.quizzes.domain.queries import attempts_at, journal_of, seen_questions
from courses.quizzes.domain.refreshers import note_result
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.reopening import lessons_to_read
from courses.quizzes.domain.results import passed_at
from courses.quizzes.domain.saving import AttemptNotFound, Receipt, save_answer
from courses.quizzes.domain.standing import standing_of
from courses.quizzes.enums import AttemptPurpose, AttemptStatus, EndedBy, ResultRule
from courses.quizzes.models import Attempt

__all__ = [
    "AttemptNotFound",
    "Receipt",
    "Refusal",
    "Refused",
    "complete",
    "end",
    "record_grade",
    "save_answer",
    "settle",
    "start",
    "submit",
]

KIND: Final = "quiz"


@transaction.atomic
def start(enrolment: Enrolment, quiz_key: UUID, *, locale: str, at: datetime, extension: int = 1) -> Attempt:
    """The attempt in progress, or a new one with a frozen paper. One whose time is over is ended and returned.

    `extension`: how many times its minutes a new attempt at a timed quiz gets, one of `clock.EXTENSIONS`.
    Raises composition.QuizNotFound; Refused with a reason of `Standing.hindrance`, READ_FIRST,
    NOT_EXTENDABLE, NO_QUESTIONS or UNGRADABLE.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    page = quiz_pages(quiz_key)[0]
    standing = standing_of(enrolment, quiz_key, page, at=at)
    if standing.in_progress is not None:
        return _end_if_over(standing.in_progress, enrolment, at)
    if standing.hindrance is not None:
        raise standing.hindrance
    if lessons_to_read(enrolment, standing.graded, page.reopen_after, locale):
        raise Refused(Refusal.READ_FIRST)
    if extension not in EXTENSIONS or (extension > 1 and not (page.extendable and page.time_limit_minutes)):
        raise Refused(Refusal.NOT_EXTENDABLE)
    if page.before_form:
        _end_form_before(enrolment, quiz_key, at)
    uuid = uuid4()
    try:
        seen = seen_questions(enrolment.user_id, quiz_key)
        frozen = freeze_quiz(quiz_key, seen=seen, seed=str(uuid))
    except TypeMissing as error:
        raise Refused(Refusal.UNGRADABLE) from error
    if not frozen.paper["questions"]:
        raise Refused(Refusal.NO_QUESTIONS)
    if locale in frozen.withheld:
        raise Refused(Refusal.STALE_LANGUAGE, word=frozen.why_withheld())
    paper = extended(frozen.paper, extension) if extension > 1 else frozen.paper
    return Attempt.objects.create(
        uuid=uuid,
        enrolment=enrolment,
        quiz_key=quiz_key,
        number=max((attempt.number for attempt in standing.attempts), default=0) + 1,
        locale=locale,
        revision_id=page.live_revision_id,
        pass_mark=page.pass_mark,
        paper=paper,
        answer_key=frozen.answer_key,
        paper_hash=content_hash([paper, frozen.answer_key]) if extension > 1 else frozen.hash,
        started_at=at,
        deadline_at=deadline_of(
            at,
            minutes=page.time_limit_minutes * extension,
            extra_minutes=standing.extra.minutes,
            closes_at=page.closes_at,
        ),
    )


@transaction.atomic
def submit(user: User, attempt_uuid: UUID, *, at: datetime) -> Attempt:
    """Grade the frozen paper once, with what was saved in time; repeating it returns the attempt as it was graded.

    A result that passes records the completion of the quiz in the same transaction; one with answers that a person has
    to mark waits for them (`domain.marking`). Raises AttemptNotFound; Refused
    with UNGRADABLE where a question's type isn't there (nothing is lost: it can be submitted once it is back).
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",))
        .filter(quiz_attempts__uuid=attempt_uuid, user_id=user.pk)
        .first()
    )
    if enrolment is None:
        raise AttemptNotFound(str(attempt_uuid))
    attempt = _locked(attempt_uuid)
    if not attempt.is_submitted:
        clock = clock_of(attempt)
        in_time = clock is None or clock.takes(at)
        _grade(attempt, enrolment, EndedBy.LEARNER if in_time else EndedBy.DEADLINE, at)
    return attempt


@transaction.atomic
def end(attempt_uuid: UUID, *, at: datetime) -> bool:
    """Submit an attempt in progress whose time is over, with what was saved; whether it was this call that did.

    Raises AttemptNotFound; Refused with UNGRADABLE.
    """
    enrolment = (
        Enrolment.objects.select_for_update(of=("self",)).filter(quiz_attempts__uuid=attempt_uuid).first()
    )
    if enrolment is None:
        raise AttemptNotFound(str(attempt_uuid))
    attempt = _locked(attempt_uuid)
    return not attempt.is_submitted and _end_if_over(attempt, enrolment, at).is_submitted


def _locked(attempt_uuid: UUID) -> Attempt:
    """The enrolment is locked; a purge may have had the lock before, and raises AttemptNotFound here."""
    attempt = Attempt.objects.select_for_update().filter(uuid=attempt_uuid).first()
    if attempt is None:
        raise AttemptNotFound(str(attempt_uuid))
    return attempt


def _end_form_before(enrolment: Enrolment, quiz_key: UUID, at: datetime) -> None:
    """With the test, the time before it is over: what was answered until now is what somebody knew. A form without an
    answer says nothing and goes. The enrolment is locked.
    """
    running = attempts_at(enrolment, quiz_key, AttemptPurpose.BEFORE).filter(status=AttemptStatus.IN_PROGRESS)
    for pk in list(running.values_list("pk", flat=True)):
        form = Attempt.objects.select_for_update().get(pk=pk)
        if form.entries.exists():
            _grade(form, enrolment, EndedBy.LEARNER, at)
        else:
            form.delete()


def _end_if_over(attempt: Attempt, enrolment: Enrolment, at: datetime) -> Attempt:
    """The enrolment is locked."""
    if attempt.deadline_at is None:
        return attempt
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    clock = clock_of(locked)
    if not locked.is_submitted and clock is not None and clock.is_over(at):
        _grade(locked, enrolment, EndedBy.DEADLINE, at)
    return locked


def _grade(attempt: Attempt, enrolment: Enrolment, ended_by: EndedBy, at: datetime) -> None:
    """Both are locked, and the attempt is in progress."""
    answers = journal_of(attempt).answers
    paper = Paper.load(attempt.paper, attempt.answer_key)
    result = grade(paper, answers, tried=values_tried(attempt, paper.policy))
    if result.ungradable:
        raise Refused(Refusal.UNGRADABLE)
    attempt.submitted_at = at
    attempt.ended_by = ended_by
    attempt.answers_salt = secrets.token_hex(16)
    attempt.answers_hash = answers_hash(answers, attempt.answers_salt)
    if result.waiting:
        attempt.status = AttemptStatus.TO_MARK
        attempt.save()
    else:
        record_grade(attempt, enrolment, result)


def record_grade(attempt: Attempt, enrolment: Enrolment, result: Grade) -> None:
    """Give a submitted attempt its grade, and the quiz its completion where that makes one. Both are locked. A pass is
    never taken away.
    """
    _record(attempt, result)
    attempt.save()
    note_result(attempt, result)
    settle(attempt, enrolment)


def settle(attempt: Attempt, enrolment: Enrolment) -> None:
    """Record the completion of the quiz where the result of its graded attempts passes, by the rule that this one's
    paper froze. What was recorded is never taken away.
    """
    if attempt.purpose != AttemptPurpose.GRADED:
        return
    rule = Policy.load(attempt.paper.get("policy")).result_rule
    if rule == ResultRule.HIGHEST:
        passing = attempt if attempt.passed else None
    else:
        graded = attempts_at(enrolment, attempt.quiz_key).filter(status=AttemptStatus.SUBMITTED)
        passing = passed_at(list(graded), rule)
    if passing is not None:
        complete(passing, enrolment)


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


def _record(attempt: Attempt, result: Grade) -> None:
    attempt.status = AttemptStatus.SUBMITTED
    attempt.score_num, attempt.score_den = result.score.numerator, result.score.denominator
    attempt.max_points, attempt.percent = result.max_points, result.percent
    attempt.passed = bool(attempt.passed) or result.passed
    attempt.results = {str(question.key): str(question.fraction) for question in result.questions}
