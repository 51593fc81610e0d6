"""The form of a quiz that is taken before the course: it counts for nothing, and is compared with the test afterwards.

The questions that it asked come again last: forms are drawn unseen questions first.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from courses.progress.api import Enrolment
from courses.quizzes.domain.composition import FrozenPaper, freeze_quiz, quiz_pages
from courses.quizzes.domain.freezing import TypeMissing
from courses.quizzes.domain.paper import content_hash
from courses.quizzes.domain.policy import Policy
from courses.quizzes.domain.queries import attempts_at
from courses.quizzes.enums import AttemptPurpose, FeedbackMode, ShownFrom
from courses.quizzes.models import Attempt, QuizPage

# No time and no penalty, and everything is shown right after: for what counts for nothing and comes after a pass.
OPEN: Final = Policy()
# Its score alone is shown: whatever else would tell answers before the test.
CLOSED: Final = replace(
    OPEN,
    feedback_mode=FeedbackMode.AFTER.value,
    show_verdicts=ShownFrom.NEVER.value,
    show_remarks=ShownFrom.NEVER.value,
    show_answers=ShownFrom.NEVER.value,
    show_explanations=ShownFrom.NEVER.value,
)


class NotOffered(LookupError):
    """The quiz has no form before the course, or it is too late for this learner to take it."""


@dataclass(frozen=True)
class BeforeForm:
    """What there is of it for one learner: whether it may be started or gone on with, and what was submitted."""

    offered: bool = False
    running: bool = False
    attempt: Attempt | None = None

    @property
    def percent(self) -> int | None:
        """What it found, 0 to 100; None while there is no result."""
        return self.attempt.percent if self.attempt else None


def with_policy(frozen: FrozenPaper, policy: Policy) -> FrozenPaper:
    """The same questions under other rules; how they are laid out stays."""
    own = Policy.load(frozen.paper["policy"])
    ruled = replace(policy, layout=own.layout)
    paper = {**frozen.paper, "policy": ruled.frozen()}
    return FrozenPaper(paper, frozen.answer_key, content_hash([paper, frozen.answer_key]))


def before_form_of(enrolment: Enrolment | None, page: QuizPage) -> BeforeForm:
    """`page`: the canonical one. Two queries at most, and none for a quiz without such a form."""
    if not page.before_form:
        return BeforeForm()
    if enrolment is None:
        return BeforeForm(offered=True)
    own = attempts_at(enrolment, page.translation_key, AttemptPurpose.BEFORE).first()
    if own is not None and own.is_submitted:
        return BeforeForm(attempt=own)
    tried = attempts_at(enrolment, page.translation_key).exists()
    return BeforeForm(offered=not tried, running=own is not None and not tried)


@transaction.atomic
def start_before(enrolment: Enrolment, quiz_key: UUID, *, locale: str, at: datetime) -> Attempt:
    """The form before the course, made the first time; repeating it goes on with the same one.

    Raises composition.QuizNotFound; NotOffered, also once the test itself was begun, while the quiz isn't open, and
    where it has nothing to ask now.
    """
    Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    page = quiz_pages(quiz_key)[0]
    opened = page.opens_at is None or at >= page.opens_at
    closed = page.closes_at is not None and at >= page.closes_at
    if not opened or closed or not before_form_of(enrolment, page).offered:
        raise NotOffered(str(quiz_key))
    running = attempts_at(enrolment, quiz_key, AttemptPurpose.BEFORE).first()
    if running is not None:
        return running
    identifier = uuid4()
    try:
        frozen = with_policy(freeze_quiz(quiz_key, seed=str(identifier)), CLOSED)
    except TypeMissing as error:
        raise NotOffered(str(quiz_key)) from error
    if not frozen.paper["questions"]:
        raise NotOffered(str(quiz_key))
    return Attempt.objects.create(
        uuid=identifier,
        enrolment=enrolment,
        quiz_key=quiz_key,
        purpose=AttemptPurpose.BEFORE,
        number=1,
        locale=locale,
        revision_id=page.live_revision_id,
        pass_mark=page.pass_mark,
        paper=frozen.paper,
        answer_key=frozen.answer_key,
        paper_hash=frozen.hash,
        answers_salt=secrets.token_hex(16),
        started_at=at,
    )
