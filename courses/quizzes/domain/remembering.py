"""What stays: how many people passed, how many of them still knew it a month later, and from where they came.

Querysets of people for reports, which count them within what their reader may see. Nothing here names anybody.
"""

from typing import Final

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from courses.accounts.api import User
from courses.progress.api import ActivityCompletion
from courses.quizzes.domain.attempts import KIND
from courses.quizzes.enums import AttemptPurpose, AttemptStatus
from courses.quizzes.models import Attempt, Refresher

STAGE: Final = 30
# Of three questions two: who guesses among four choices has that by chance in about one case of six.
LEAST_RIGHT: Final = (2, 3)


def passed(matching: Q) -> QuerySet[User]:
    """People who passed a quiz, by its rule: its completion is recorded. `matching`: the condition on the enrolment, by
    `enrolment__…`.
    """
    completions = ActivityCompletion.objects.filter(matching, kind=KIND)
    return User.objects.filter(pk__in=completions.order_by().values("enrolment__user_id"))


def asked_again(matching: Q) -> QuerySet[User]:
    """People who answered the refresher of 30 days of at least one quiz."""
    return User.objects.filter(pk__in=_answered(matching).values("enrolment__user_id"))


def remembered(matching: Q) -> QuerySet[User]:
    """Of those, the people who had two thirds of all these questions together right."""
    most, of = LEAST_RIGHT
    people = (
        _answered(matching)
        .values("enrolment__user_id")
        .annotate(reached=Sum("right") * of, needed=Sum("asked") * most)
        .filter(reached__gte=F("needed"))
    )
    return User.objects.filter(pk__in=people.values("enrolment__user_id"))


def _answered(matching: Q) -> QuerySet[Refresher]:
    found = Refresher.objects.filter(matching, after_days=STAGE, done_at__isnull=False, asked__gte=1)
    return found.order_by()


def paired(matching: Q) -> QuerySet[User]:
    """People who answered a form before the course and took its quiz afterwards, with `before` and `after`: their
    mean percentages over these quizzes, rounded down. After is the first attempt: later ones have seen questions.
    """
    first = (
        Attempt.objects.filter(
            enrolment=OuterRef("enrolment"),
            quiz_key=OuterRef("quiz_key"),
            purpose=AttemptPurpose.GRADED,
            status=AttemptStatus.SUBMITTED,
        )
        .order_by("number")
        .values("percent")[:1]
    )
    pairs = (
        Attempt.objects.filter(
            matching,
            purpose=AttemptPurpose.BEFORE,
            status=AttemptStatus.SUBMITTED,
            enrolment__user=OuterRef("pk"),
        )
        .annotate(after=Subquery(first))
        .filter(after__isnull=False)
        .order_by()
        .values("enrolment__user_id")
    )
    means = {
        "before": Sum("percent") / Count("pk"),
        "after": Sum("after") / Count("pk"),
    }
    return User.objects.filter(Exists(pairs)).annotate(
        **{
            name: Coalesce(Subquery(pairs.annotate(mean=mean).values("mean")), 0)
            for name, mean in means.items()
        }
    )
