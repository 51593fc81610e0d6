"""Removing the answers of attempts that are over for long.

The learner keeps the grade; the platform keeps what proves it: points, percent, pass, the paper with its key (they
are content and say nothing of the person), and the hashes of both paper and answers. What goes is the journal
with its device words and times of receipt, which questions were right, and the salt of the answers' hash, without which
nobody can try out which answers give it. A hash without a salt, from before there were salts, goes whole.

An attempt that was never submitted has no grade to keep: it goes whole after the same months without an answer. Ended
with a grade it would say 'failed' of somebody who never handed it in, or 'passed' a year later.
"""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from courses.lib.clock import add_months, local_day, local_day_bounds
from courses.progress.api import Enrolment
from courses.quizzes.domain.marking import remove_marks
from courses.quizzes.domain.objections import remove_words
from courses.quizzes.enums import AttemptStatus
from courses.quizzes.models import Allowance, AnswerEntry, Attempt, Check, Refresher

# Enrolments that are locked together.
BATCH = 200


def kept_since(at: datetime, months: int) -> datetime:
    """The first moment whose answers are kept at `at`.

    Answers are kept through the day of the same number `months` calendar months later, in the site's time zone (a
    shorter month: through its last day), and go on the day after: with 12 months those of 29 February 2028 on 1
    March 2029, together with those of 28 February.
    """
    today = local_day(at)
    # A day of a longer month may be kept as long as the last one of a shorter month: at most three days on.
    day = add_months(today, -months) + timedelta(days=3)
    while not _is_over(day, today, months):
        day -= timedelta(days=1)
    return local_day_bounds(day)[1]


def _is_over(day: date, today: date, months: int) -> bool:
    return add_months(day, months) < today


def due(since: datetime) -> QuerySet[Attempt]:
    """Submitted attempts that still have answers, also those that nobody marked, where the last attempt of their
    enrolment at their quiz was submitted (or, if it is in progress, started) before `since`.
    """
    recent = Attempt.objects.filter(enrolment=OuterRef("enrolment"), quiz_key=OuterRef("quiz_key")).filter(
        Q(submitted_at__gte=since) | Q(submitted_at__isnull=True, started_at__gte=since)
    )
    return Attempt.objects.filter(
        ~Exists(recent),
        status__in=(AttemptStatus.SUBMITTED, AttemptStatus.TO_MARK),
        submitted_at__lt=since,
        purged_at__isnull=True,
    )


def purge_answers(*, at: datetime) -> int:
    """Remove the answers that are older than QUIZ_ANSWERS_KEPT_MONTHS; of how many attempts.

    Idempotent, batch by batch in a transaction each: what a crash leaves, the next run takes. Attempts in progress that
    are as old are removed whole, and counted; so are the reasons of allowances that were taken back.
    """
    since = kept_since(at, settings.QUIZ_ANSWERS_KEPT_MONTHS)
    count = _by_enrolment(due(since), lambda ids: _purge(ids, since, at))
    count += _by_enrolment(abandoned(since), lambda ids: _remove(ids, since))
    Allowance.objects.filter(withdrawn_at__lt=since).exclude(reason="", withdrawn_because="").update(
        reason="", withdrawn_because=""
    )
    return count


def abandoned(since: datetime) -> QuerySet[Attempt]:
    """Attempts in progress that were begun before `since` and got no answer since then."""
    answered = AnswerEntry.objects.filter(attempt=OuterRef("pk"), received_at__gte=since)
    return Attempt.objects.filter(
        ~Exists(answered), status=AttemptStatus.IN_PROGRESS, started_at__lt=since, submitted_at__isnull=True
    )


def _by_enrolment(attempts: QuerySet[Attempt], act: Callable[[list[int]], int]) -> int:
    """`act` on the enrolments of these attempts, some at a time; the sum of what it says."""
    count, last = 0, 0
    while ids := _next_enrolments(attempts, after=last):
        count += act(ids)
        last = ids[-1]
    return count


def _next_enrolments(attempts: QuerySet[Attempt], *, after: int) -> list[int]:
    found = attempts.filter(enrolment_id__gt=after).order_by("enrolment_id")
    return list(found.values_list("enrolment_id", flat=True).distinct()[:BATCH])


@transaction.atomic
def _purge(enrolment_ids: Iterable[int], since: datetime, at: datetime) -> int:
    """Looks again under the lock that starting and submitting take: an attempt begun meanwhile keeps the answers."""
    locked = Enrolment.objects.filter(pk__in=enrolment_ids).order_by("pk").select_for_update()
    attempts = due(since).filter(enrolment_id__in=[enrolment.pk for enrolment in locked])
    ids = list(attempts.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    AnswerEntry.objects.filter(attempt_id__in=ids).delete()
    Check.objects.filter(attempt_id__in=ids).delete()
    remove_words(ids)
    remove_marks(ids)
    purged = Attempt.objects.filter(pk__in=ids)
    purged.filter(answers_salt="").update(answers_hash="")
    return purged.update(results={}, answers_salt="", purged_at=at)


@transaction.atomic
def _remove(enrolment_ids: Iterable[int], since: datetime) -> int:
    """Looks again under the locks that saving and submitting take."""
    locked = Enrolment.objects.filter(pk__in=enrolment_ids).order_by("pk").select_for_update()
    attempts = abandoned(since).filter(enrolment_id__in=[enrolment.pk for enrolment in locked])
    found = list(attempts.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    # Asked again: the query that waited for the locks doesn't see the answer that somebody saved meanwhile.
    ids = list(abandoned(since).filter(pk__in=found).values_list("pk", flat=True))
    AnswerEntry.objects.filter(attempt_id__in=ids).delete()
    Check.objects.filter(attempt_id__in=ids).delete()
    Refresher.objects.filter(attempt_id__in=ids).update(attempt=None)
    Attempt.objects.filter(pk__in=ids).delete()
    return len(ids)
