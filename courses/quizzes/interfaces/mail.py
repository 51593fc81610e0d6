"""Letters to learners, in their own language. Plain text; who is written to, and when, is decided in `domain`.

They name the test and never the result: phones are shared. Nothing goes to an address that wasn't confirmed.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override

from courses.accounts.api import User, has_consent, unconfirmed_address
from courses.accounts.enums import ConsentKind
from courses.lib.site_name import site_name
from courses.quizzes.domain.paper import Paper
from courses.quizzes.domain.refreshers import last_day, titles_of
from courses.quizzes.enums import ObjectionStatus
from courses.quizzes.models import Attempt, Objection, Refresher, RegradeChange


def wants_reminders(user: User) -> bool:
    """Whether the person agreed to be reminded by e-mail, and it stands."""
    return has_consent(user, ConsentKind.REMINDERS)


def refreshers_due(user: User, refreshers: Sequence[Refresher]) -> None:
    """That questions on what was passed wait in 'My learning'."""
    with override(user.language):
        titles = titles_of([refresher.quiz_key for refresher in refreshers], get_language() or "fr")
        rows = [
            {"title": titles.get(refresher.quiz_key, ""), "last_day": last_day(refresher)}
            for refresher in refreshers
        ]
        _send(user, "refreshers", {"rows": rows, "url": _address("progress:my_learning")})


def objection_answered(user: User, objection: Objection) -> None:
    """What became of an objection. `objection.attempt` has its paper."""
    with override(user.language):
        _send(
            user,
            "objection",
            {
                "accepted": objection.status == ObjectionStatus.ACCEPTED,
                "title": _title(objection.attempt),
                "url": _address("quizzes:review", objection.attempt.uuid),
            },
        )


def regraded(user: User, change: RegradeChange) -> None:
    """That a result was corrected. `change.attempt` has its paper."""
    with override(user.language):
        _send(
            user,
            "regraded",
            {
                "title": _title(change.attempt),
                "url": _address("quizzes:review", change.attempt.uuid),
            },
        )


def _title(attempt: Attempt) -> str:
    return Paper.load(attempt.paper).title_in(get_language() or "fr")


def _address(name: str, *args: Any) -> str:
    return urljoin(settings.WAGTAILADMIN_BASE_URL, reverse(name, args=args))


def _send(user: User, name: str, context: dict[str, Any]) -> None:
    """The reader's language is active."""
    if not user.email or unconfirmed_address(user):
        return
    context = {**context, "site_name": site_name()}
    subject = render_to_string(f"courses_quizzes/email/{name}_subject.txt", context)
    message = render_to_string(f"courses_quizzes/email/{name}_message.txt", context)
    send_mail(f"{' '.join(subject.split())} · {site_name()}", message.strip() + "\n", None, [user.email])
