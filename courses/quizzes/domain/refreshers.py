"""Refreshers: some questions on what was passed come back after a week and after a month, and count for nothing.

What a quiz may still ask this person isn't asked here, where right answers are told; where there is nothing else,
its score alone is told. That is what a quiz asks that the person hasn't passed in the latest cycle of its course.

`asked` and `right` of a `Refresher` make the figure 'remembered after 30 days' (`domain.remembering`). Days are those
of the site's time zone: what was passed on the 1st is due from the first moment of the 8th and of the 31st.
"""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, Q

from courses.accounts.api import User
from courses.lib.clock import local_day, local_day_bounds
from courses.lib.letters import send_each
from courses.progress.api import ActivityCompletion, Enrolment, current_enrolment, later_cycles
from courses.quizzes.domain.bank import asked_by
from courses.quizzes.domain.before import CLOSED, OPEN, with_policy
from courses.quizzes.domain.composition import (
    FrozenPaper,
    QuizNotFound,
    canonical_first,
    freeze_rows,
    published_variants,
    quiz_pages,
)
from courses.quizzes.domain.drawing import Row, rank
from courses.quizzes.domain.freezing import TypeMissing
from courses.quizzes.domain.grading import Grade
from courses.quizzes.enums import AttemptPurpose, AttemptStatus
from courses.quizzes.models import Attempt, Question, QuizPage, Refresher
from courses.quizzes.types.base import question_types

STAGES: Final = (7, 30)
QUESTIONS: Final = 3
# How long one can be opened. What is answered much later would tell another thing than its figure says.
OPEN_DAYS: Final = 14
BATCH: Final = 500


class NothingDue(LookupError):
    """This person has no refresher of this quiz to open now."""


class NothingToAsk(LookupError):
    """No published question is left that could be asked now."""


def due_at(passed_at: datetime, days: int) -> datetime:
    """The first moment of the local day `days` days after the day of the pass."""
    return local_day_bounds(local_day(passed_at) + timedelta(days=days))[0]


def last_day(refresher: Refresher) -> date:
    """The last local day on which it can be opened and answered."""
    return local_day(refresher.due_at) + timedelta(days=OPEN_DAYS - 1)


def schedule(*, at: datetime) -> int:
    """Make the missing refreshers of passes whose time hasn't run out; how many. Idempotent.

    A pass is the quiz's completion: by its rule a passed attempt alone may not be enough. Quizzes that don't ask for
    refreshers, or aren't published, get none.
    """
    made = 0
    for days in STAGES:
        since = local_day_bounds(local_day(at) - timedelta(days=days + OPEN_DAYS - 1))[0]
        passes = ActivityCompletion.objects.filter(
            activity_key__in=_with_refreshers(), completed_at__gte=since, completed_at__lte=at
        ).values_list("enrolment_id", "activity_key", "completed_at")
        there = set(
            Refresher.objects.filter(after_days=days, due_at__gte=since).values_list(
                "enrolment_id", "quiz_key"
            )
        )
        missing = [
            Refresher(enrolment_id=enrolment, quiz_key=key, after_days=days, due_at=due_at(passed_at, days))
            for enrolment, key, passed_at in passes
            if (enrolment, key) not in there
        ]
        # The constraint has the last word: two sweeps at once make each row once.
        Refresher.objects.bulk_create(missing, batch_size=BATCH, ignore_conflicts=True)
        made += len(missing)
    return made


def _with_refreshers() -> list[UUID]:
    """Published quizzes that ask for refreshers; the rule is the same in every language."""
    pages = QuizPage.objects.filter(live=True, alias_of__isnull=True, refreshers=True)
    return list(pages.order_by().values_list("translation_key", flat=True).distinct())


def due_of(user: User, *, at: datetime) -> list[Refresher]:
    """What this person may open or go on with now, the oldest first. One query."""
    return list(
        Refresher.objects.filter(
            enrolment__user_id=user.pk,
            done_at__isnull=True,
            due_at__lte=at,
            due_at__gt=_closed_since(at),
        ).order_by("due_at", "pk")
    )


def _closed_since(at: datetime) -> datetime:
    """Refreshers that were due at this moment or before are closed at `at`."""
    return local_day_bounds(local_day(at) - timedelta(days=OPEN_DAYS))[0]


@transaction.atomic
def open_refresher(user: User, quiz_key: UUID, *, locale: str, at: datetime) -> Attempt:
    """The attempt of the refresher that is due, made the first time; repeating it goes on with the same one.

    Raises NothingDue; NothingToAsk; whatever submitting raises where an earlier one still runs.
    """
    due = next((row for row in reversed(due_of(user, at=at)) if row.quiz_key == quiz_key), None)
    if due is None:
        raise NothingDue(str(quiz_key))
    enrolment = Enrolment.objects.select_for_update().get(pk=due.enrolment_id)
    refresher = Refresher.objects.select_for_update(of=("self",)).get(pk=due.pk)
    if refresher.attempt_id is not None:
        return Attempt.objects.get(pk=refresher.attempt_id)
    _end_running(user, enrolment, quiz_key, at)
    earlier = Attempt.objects.filter(enrolment=enrolment, quiz_key=quiz_key)
    identifier = uuid4()
    frozen = _freeze(user, quiz_key, earlier, seed=str(identifier))
    own = earlier.filter(purpose=AttemptPurpose.REFRESHER)
    attempt = Attempt.objects.create(
        uuid=identifier,
        enrolment=enrolment,
        quiz_key=quiz_key,
        purpose=AttemptPurpose.REFRESHER,
        number=(own.aggregate(highest=Max("number"))["highest"] or 0) + 1,
        locale=locale,
        pass_mark=frozen.paper["pass_mark"],
        paper=frozen.paper,
        answer_key=frozen.answer_key,
        paper_hash=frozen.hash,
        answers_salt=secrets.token_hex(16),
        started_at=at,
    )
    refresher.attempt = attempt
    refresher.save(update_fields=["attempt"])
    return attempt


def _end_running(user: User, enrolment: Enrolment, quiz_key: UUID, at: datetime) -> None:
    """An earlier refresher that was opened and left gives way."""
    from courses.quizzes.domain.attempts import submit

    running = Attempt.objects.filter(
        enrolment=enrolment,
        quiz_key=quiz_key,
        purpose=AttemptPurpose.REFRESHER,
        status=AttemptStatus.IN_PROGRESS,
    )
    for identifier in running.values_list("uuid", flat=True):
        submit(user, identifier, at=at)


def _freeze(user: User, quiz_key: UUID, earlier: Any, *, seed: str) -> FrozenPaper:
    """Paper and key of a refresher, from the bank as it is now. Raises NothingToAsk."""
    papers = list(earlier.order_by("started_at", "pk").values_list("paper", flat=True))
    seen = {UUID(row["key"]) for paper in papers for row in paper["questions"]}
    objectives = {row["objective"] for paper in papers for row in paper["questions"] if row.get("objective")}
    found = Question.objects.filter(
        Q(objective__key__in=objectives) if objectives else Q(translation_key__in=seen)
    )
    keys = found.order_by().values_list("translation_key", flat=True).distinct()
    canonical = [canonical_first(own)[0] for own in published_variants(list(keys)).values() if own]
    objective_of = {
        question.translation_key: question.objective_id for question in canonical if _may_be_asked(question)
    }
    free = _free_of(objective_of, user)
    chosen = pick(free or objective_of, seen, seed=seed)
    try:
        frozen = freeze_rows(quiz_pages(quiz_key), [Row(question=key) for key in chosen], seed=seed)
    except (QuizNotFound, TypeMissing) as error:
        raise NothingToAsk(str(quiz_key)) from error
    if not frozen.paper["questions"]:
        raise NothingToAsk(str(quiz_key))
    return with_policy(frozen, OPEN if free else CLOSED)


def may_be_told(user: User, attempt: Attempt) -> bool:
    """Whether the right answers of a person's refresher, open to be told when it was made, still are: since the course
    was begun again, a quiz may ask the same. One query, and six where it was.
    """
    latest = current_enrolment(user, attempt.enrolment.course_key)
    if latest is None or latest.pk == attempt.enrolment_id:
        return True
    asked = {UUID(row["key"]): None for row in attempt.paper["questions"]}
    return _free_of(asked, user) == asked


def _free_of(objective_of: Mapping[UUID, Any], user: User) -> dict[UUID, Any]:
    """Those that no published quiz may ask which this person hasn't passed in the latest cycle of its course. Queries
    don't grow with them.
    """
    passed = ActivityCompletion.objects.filter(
        ~Exists(later_cycles("enrolment__")), enrolment__user_id=user.pk
    )
    done = set(passed.values_list("activity_key", flat=True))
    asking = asked_by(objective_of)
    return {key: objective for key, objective in objective_of.items() if asking[key] <= done}


def _may_be_asked(question: Question) -> bool:
    """A refresher is graded at once: nothing that a person marks, and nothing whose type isn't there."""
    kind = question_types.get(question.type)
    return kind is not None and not kind.marked_by_hand and not question.retired


def pick(
    objective_of: Mapping[UUID, Any], seen: Collection[UUID], *, seed: str, count: int = QUESTIONS
) -> list[UUID]:
    """At most `count` questions, none twice: unseen before seen, and of each objective one before a second.

    Pure; the same seed picks the same.
    """
    order = sorted(objective_of, key=lambda key: rank(seed, "refresher", key))
    chosen: list[UUID] = []
    taken: dict[Any, int] = defaultdict(int)
    while len(chosen) < min(count, len(order)):
        best = min(
            (key for key in order if key not in chosen),
            key=lambda key: (key in seen, taken[objective_of[key]]),
        )
        chosen.append(best)
        taken[objective_of[best]] += 1
    return chosen


def note_result(attempt: Attempt, result: Grade) -> None:
    """Keep what a submitted refresher found, in the transaction that grades it; nothing of other attempts."""
    if attempt.purpose == AttemptPurpose.REFRESHER:
        Refresher.objects.filter(attempt=attempt).update(
            done_at=attempt.submitted_at,
            asked=len(result.questions),
            right=sum(question.right for question in result.questions),
        )


def end_expired(*, at: datetime) -> int:
    """Submit refreshers that were opened and left until their time ran out; how many. Idempotent.

    What can't be graded now (a type that isn't there) waits for the next run.
    """
    from courses.quizzes.domain.attempts import Refused, submit

    left = Refresher.objects.filter(
        done_at__isnull=True, attempt__isnull=False, due_at__lte=_closed_since(at)
    ).select_related("attempt", "enrolment__user")
    ended = 0
    for refresher in left.order_by("pk")[:BATCH]:
        assert refresher.attempt is not None
        try:
            submit(refresher.enrolment.user, refresher.attempt.uuid, at=at)
        except Refused:
            continue
        ended += 1
    return ended


def remind(
    send: Callable[[User, Sequence[Refresher]], None],
    *,
    wants: Callable[[User], bool],
    at: datetime,
) -> int:
    """Tell each person once, in one message, what is due; how many people. Idempotent.

    `wants`: whether a person agreed to be reminded. Nobody without an address, or whose account is closed, is told.
    What a failing `send` raises is logged, and leaves this person's rows as they were.
    """
    due = Refresher.objects.filter(
        mailed_at__isnull=True,
        attempt__isnull=True,
        due_at__lte=at,
        due_at__gt=_closed_since(at),
        enrolment__user__is_active=True,
        enrolment__user__erased_at__isnull=True,
        enrolment__user__email__isnull=False,
    )
    people = due.order_by("enrolment__user_id").values_list("enrolment__user_id", flat=True).distinct()

    def tell(pk: int) -> int:
        user = User.objects.get(pk=pk)
        return _remind(user, due, send, at) if wants(user) else 0

    # All of them: who doesn't want to be told stays due, and would keep the place of somebody behind.
    return send_each(list(people), tell, what="refreshers of person")


@transaction.atomic
def _remind(user: User, due: Any, send: Callable[[User, Sequence[Refresher]], None], at: datetime) -> int:
    rows = list(due.filter(enrolment__user=user).order_by("due_at", "pk").select_for_update(of=("self",)))
    if not rows:
        return 0
    Refresher.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=at)
    send(user, rows)
    return 1


def titles_of(quiz_keys: Iterable[UUID], language: str) -> dict[UUID, str]:
    """Titles of published quizzes in a language, else in the site's own, else in any. One query."""
    found: dict[UUID, dict[str, str]] = defaultdict(dict)
    pages = QuizPage.objects.filter(translation_key__in=set(quiz_keys), live=True, alias_of__isnull=True)
    for key, code, title in pages.values_list("translation_key", "locale__language_code", "title"):
        found[key][code] = title
    return {
        key: titles.get(language) or titles.get(settings.LANGUAGE_CODE) or next(iter(titles.values()))
        for key, titles in found.items()
    }
