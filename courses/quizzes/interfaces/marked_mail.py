"""The letter that says that open answers were marked. It names the quiz and not the result: phones are shared."""

from datetime import datetime
from urllib.parse import urljoin
from uuid import UUID

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import override

from courses.accounts.api import User, unconfirmed_address
from courses.lib.site_name import site_name
from courses.quizzes.domain.paper import Paper
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import Attempt, Marking


@transaction.atomic
def tell(attempt_uuid: UUID, *, at: datetime) -> bool:
    """Write to the learner about marks that nobody wrote about yet, once the attempt is graded; whether a letter went.

    Who has no confirmed address, or no account any more, sees it on the page alone. What the mail server raises undoes
    everything, for another try.
    """
    attempt = (
        Attempt.objects.select_for_update(of=("self",))
        .select_related("enrolment__user")
        .defer("answer_key")
        .filter(uuid=attempt_uuid, status=AttemptStatus.SUBMITTED)
        .first()
    )
    if attempt is None:
        return False
    told = Marking.objects.filter(attempt=attempt, notified_at__isnull=True).update(notified_at=at)
    user = attempt.enrolment.user
    if not told or not user.is_active or not user.email or unconfirmed_address(user):
        return False
    _send(user, user.email, attempt)
    return True


def untold() -> list[UUID]:
    """Graded attempts with marks that nobody wrote about yet."""
    waiting = Marking.objects.filter(notified_at__isnull=True, attempt__status=AttemptStatus.SUBMITTED)
    return list(waiting.order_by("attempt_id").values_list("attempt__uuid", flat=True).distinct())


def _send(user: User, address: str, attempt: Attempt) -> None:
    with override(user.language):
        context = {
            "title": Paper.load(attempt.paper).title_in(user.language),
            "url": urljoin(settings.WAGTAILADMIN_BASE_URL, reverse("quizzes:review", args=[attempt.uuid])),
            "site_name": site_name(),
        }
        subject = render_to_string("courses_quizzes/email/marked_subject.txt", context)
        message = render_to_string("courses_quizzes/email/marked_message.txt", context)
    send_mail(" ".join(subject.split()), message.strip() + "\n", None, [address])
