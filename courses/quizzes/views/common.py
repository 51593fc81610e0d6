"""What the screens of a quiz share: its words for refusals, and finding the quiz and the person's own attempt."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from courses.accounts.api import User
from courses.lib.dates import format_moment
from courses.quizzes.domain.composition import QuizNotFound, quiz_pages
from courses.quizzes.domain.queries import attempts_of
from courses.quizzes.domain.refusals import Refusal, Refused
from courses.quizzes.models import Attempt, QuizPage

WORDS: Mapping[Refusal, Any] = {
    Refusal.NO_QUESTIONS: _("This quiz has no questions yet."),
    Refusal.NO_ATTEMPTS_LEFT: _("You have used all the attempts of this quiz."),
    Refusal.ALREADY_PASSED: _("You have passed this quiz already."),
    Refusal.TO_BE_MARKED: _("A trainer is still marking your last attempt. You will be told."),
    Refusal.STALE_LANGUAGE: _("In this language, the quiz is being brought up to date."),
    Refusal.NOT_OPEN_YET: _("This quiz isn't open yet."),
    Refusal.CLOSED: _("This quiz is closed."),
    Refusal.TOO_SOON: _("The next attempt isn't possible yet."),
    Refusal.READ_FIRST: _("First open the lessons on what was missed again; they are listed below."),
    Refusal.NOT_EXTENDABLE: _("This quiz can't be given more time."),
    Refusal.LATE: _("This answer came after the time was over. It is kept, but doesn't count."),
    Refusal.SUBMITTED: _("Your answers were submitted already; this one came too late and wasn't saved."),
    Refusal.UNKNOWN_QUESTION: _("This question isn't part of your quiz."),
    Refusal.NOT_UNDERSTOOD: _("This answer could not be understood."),
    Refusal.BAD_ENTRY: _("The answer wasn't saved: the page sent it in a form that can't be read."),
    Refusal.SEQUENCE_TAKEN: _("The answer wasn't saved yet; it is sent again."),
    Refusal.TOO_MANY: _("This answer was changed too often; the last one saved counts."),
    Refusal.CHECKED: _("This answer was checked and stands; the change wasn't saved."),
    Refusal.LEFT: _("In this quiz there is no way back to earlier questions; the change wasn't saved."),
    Refusal.NO_CHECKS: _("In this quiz, answers are judged after submission."),
    Refusal.NOTHING_TO_CHECK: _("Give an answer first; then check it."),
    Refusal.UNGRADABLE: _(
        "This quiz can't be taken at the moment. Your answers are kept; please come back later."
    ),
}
# With the moment that the refusal speaks of.
MOMENTS: Mapping[Refusal, Any] = {
    Refusal.NOT_OPEN_YET: _("This quiz opens on %(moment)s."),
    Refusal.CLOSED: _("This quiz has been closed since %(moment)s."),
    Refusal.TOO_SOON: _("The next attempt is possible from %(moment)s on."),
}
STATUSES: Mapping[Refusal, int] = {
    Refusal.LATE: 409,
    Refusal.CHECKED: 409,
    Refusal.LEFT: 409,
    Refusal.SUBMITTED: 409,
    Refusal.SEQUENCE_TAKEN: 409,
    Refusal.UNKNOWN_QUESTION: 404,
    Refusal.NOT_UNDERSTOOD: 422,
    Refusal.TOO_MANY: 429,
    Refusal.UNGRADABLE: 503,
}


def active_language() -> str:
    return get_language() or "fr"


def words_of(refusal: Refused) -> str:
    """Why, in the active language, with the local day and time where the refusal has one."""
    if refusal.moment is not None and refusal.reason in MOMENTS:
        moment = format_moment(timezone.localtime(refusal.moment), active_language())
        return str(MOMENTS[refusal.reason]) % {"moment": moment}
    return str(refusal.word or WORDS[refusal.reason])


def learner_of(request: HttpRequest) -> User:
    """The signed-in person, behind `login_required`."""
    assert request.user.is_authenticated
    return request.user


def page_or_404(quiz_key: UUID) -> QuizPage:
    """The quiz in the active language, or as it was written."""
    try:
        pages = quiz_pages(quiz_key)
    except QuizNotFound as error:
        raise Http404 from error
    return next((page for page in pages if page.locale.language_code == active_language()), pages[0])


def attempt_or_404(request: HttpRequest, uuid: UUID, *, with_key: bool = False) -> Attempt:
    """The person's own attempt; anybody else's doesn't exist. Without its key unless asked."""
    attempts = attempts_of(learner_of(request)).select_related("enrolment__progress")
    if with_key:
        attempts = attempts.defer(None)
    attempt = attempts.filter(uuid=uuid).first()
    if attempt is None:
        raise Http404
    return attempt
