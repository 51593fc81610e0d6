"""The verbs of feedback during an attempt: check an answer, leave a page for good.

Both lock the attempt alone, as saving an answer does.
"""

from datetime import datetime
from fractions import Fraction
from uuid import UUID

from django.db import transaction

from courses.accounts.api import User
from courses.quizzes.domain.attempts import AttemptNotFound
from courses.quizzes.domain.feedback import is_left, is_settled, tries_in
from courses.quizzes.domain.pages import has_no_way_back, page_with
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.queries import journal_of
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.domain.review_rules import offers_checks
from courses.quizzes.models import Attempt, Check
from courses.quizzes.types.base import question_types


@transaction.atomic
def check(user: User, attempt_uuid: UUID, question_key: UUID, *, at: datetime) -> Check:
    """Judge the answer that is saved now, and note it. The same answer checked again is the same check.

    Raises AttemptNotFound; Refused with SUBMITTED, UNKNOWN_QUESTION, NO_CHECKS (the quiz judges after submission, or
    nobody can judge this type at once), NOTHING_TO_CHECK, CHECKED (no further try) or LEFT.
    """
    attempt = _locked(user, attempt_uuid)
    paper = Paper.load(attempt.paper, attempt.answer_key)
    question = paper.question(question_key)
    kind = question_types.get(question.type) if question else None
    if question is None or kind is None or question.answer is None:
        raise Refused(Refusal.UNKNOWN_QUESTION)
    if not offers_checks(paper.policy) or kind.marked_by_hand:
        raise Refused(Refusal.NO_CHECKS)
    value = journal_of(attempt).answers.get(question_key)
    if value is None:
        raise Refused(Refusal.NOTHING_TO_CHECK)
    made = list(Check.objects.filter(attempt=attempt, question_key=question_key).order_by("try_number"))
    if made and made[-1].value == value:
        return made[-1]
    if is_settled(paper.policy, tries_in(made).get(question_key, ())):
        raise Refused(Refusal.CHECKED)
    if is_left(attempt, paper, question_key):
        raise Refused(Refusal.LEFT)
    fraction = min(max(kind.grade(question.body, question.answer, value), Fraction(0)), Fraction(1))
    return Check.objects.create(
        attempt=attempt,
        question_key=question_key,
        try_number=len(made) + 1,
        value=value,
        fraction=str(fraction),
        checked_at=at,
    )


@transaction.atomic
def leave_page(user: User, attempt_uuid: UUID, position: int) -> int:
    """Go on from the page that holds `position`, for good where there is no way back; the first position that can
    still be answered. Only ever forward; repeating it changes nothing.

    Raises AttemptNotFound; Refused with SUBMITTED, or UNKNOWN_QUESTION where the paper has no such position.
    """
    attempt = _locked(user, attempt_uuid)
    paper = Paper.load(attempt.paper)
    if paper.at(position) is None:
        raise Refused(Refusal.UNKNOWN_QUESTION)
    after = page_with(paper, position)[-1] + 1
    if has_no_way_back(paper) and attempt.reached < after:
        attempt.reached = after
        attempt.save(update_fields=["reached"])
    return attempt.reached


def _locked(user: User, attempt_uuid: UUID) -> Attempt:
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .filter(uuid=attempt_uuid, enrolment__user_id=user.pk)
        .first()
    )
    if attempt is None:
        raise AttemptNotFound(str(attempt_uuid))
    if attempt.is_submitted:
        raise Refused(Refusal.SUBMITTED)
    return attempt
