"""Reading what the figures of a quiz are computed from, and storing them. For tasks, never for a request."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, F, Max, Min, OuterRef, QuerySet

from courses.quizzes.domain.composition import QuizNotFound, askable, quiz_pages, rows_of
from courses.quizzes.domain.paper import FrozenQuestion, Paper
from courses.quizzes.domain.queries import fold
from courses.quizzes.domain.quiz_figures import FORMAT, Answered, Item, Tried, questions_of, summary_of
from courses.quizzes.domain.statistics import seconds_by_question
from courses.quizzes.enums import AttemptPurpose, AttemptStatus
from courses.quizzes.models import AnswerEntry, Attempt, QuizStatistic
from courses.quizzes.types.base import question_types
from courses.quizzes.types.choices import ChoiceType, chosen_of

CHUNK = 2000
# A paper has some tens of kilobytes.
PAPERS = 200
# What was submitted so shortly before a computation may have been committed after it.
OPEN = timedelta(hours=1)


@dataclass(frozen=True)
class _Given:
    """What a journal tells of one attempt."""

    answers: Mapping[UUID, Any]
    first_at: datetime | None
    seconds: Mapping[UUID, float]


NOTHING = _Given({}, None, {})


def first_attempts(quiz_key: UUID) -> QuerySet[Attempt]:
    """Submitted attempts before which the person had tried this quiz in no cycle. Erased people's stay among them."""
    graded = Attempt.objects.filter(quiz_key=quiz_key, purpose=AttemptPurpose.GRADED)
    earlier = graded.filter(
        enrolment__user=OuterRef("enrolment__user"),
        started_at__lt=OuterRef("started_at"),
    )
    return graded.filter(~Exists(earlier), number=1, status=AttemptStatus.SUBMITTED)


def compute(quiz_key: UUID, *, at: datetime) -> QuizStatistic:
    """Compute and store the figures of a quiz. Atomic; a later computation is never overwritten by an earlier one."""
    papers = _papers(quiz_key)
    attempts = _tried(quiz_key, papers.contents)
    figures = {
        "computed_at": at,
        "format": FORMAT,
        "titles": papers.titles,
        "summary": summary_of(attempts),
        "questions": questions_of(attempts, papers.asked, papers.current(_drawn_from(quiz_key))),
    }
    with transaction.atomic():
        row, created = QuizStatistic.objects.select_for_update().get_or_create(
            quiz_key=quiz_key, defaults=figures
        )
        if not created and row.computed_at <= at:
            for name, value in figures.items():
                setattr(row, name, value)
            row.save()
    return row


def stale() -> list[UUID]:
    """Quizzes whose attempts were submitted, marked, or their answers removed, since the figures were computed, or
    that have none yet.
    """
    computed = {
        row.quiz_key: row.computed_at
        for row in QuizStatistic.objects.filter(format=FORMAT).only("quiz_key", "computed_at")
    }
    changed = (
        Attempt.objects.filter(status=AttemptStatus.SUBMITTED)
        .values_list("quiz_key")
        .annotate(Max("submitted_at"), Max("purged_at"), Max("markings__marked_at"))
        .order_by("quiz_key")
    )
    return [
        key
        for key, submitted_at, *others in changed
        if key not in computed or max([submitted_at, *filter(None, others)]) >= computed[key] - OPEN
    ]


def compute_stale(*, at: datetime) -> int:
    """Compute what is stale; how many quizzes. Idempotent."""
    keys = stale()
    for key in keys:
        compute(key, at=at)
    return len(keys)


@dataclass
class _Papers:
    """What a quiz's papers asked. `contents`: by the paper's hash, the questions of one that is read no further;
    where questions are drawn or shuffled, nearly every attempt has a paper of its own. `newest`: the version of each
    question that was asked last, and `last`, the keys of the last paper.
    """

    titles: dict[str, str] = field(default_factory=dict)
    asked: dict[Item, FrozenQuestion] = field(default_factory=dict)
    contents: dict[str, tuple[FrozenQuestion, ...]] = field(default_factory=dict)
    newest: dict[UUID, Item] = field(default_factory=dict)
    last: list[UUID] = field(default_factory=list)

    def take(self, hash_: str, paper: Paper) -> None:
        """Papers come in the order of their newest attempt."""
        kept = []
        for question in paper.questions:
            item = (question.key, question.version)
            # Each question in each version is kept once, however often it was drawn.
            kept.append(self.asked.setdefault(item, question))
            self.newest[question.key] = item
        self.contents[hash_] = tuple(kept)
        self.titles, self.last = dict(paper.titles), [question.key for question in paper.questions]

    def current(self, drawn_from: Collection[UUID]) -> list[Item]:
        """What is asked today: the last paper's questions, then those that might have been drawn instead."""
        others = [key for key in self.newest if key in drawn_from and key not in self.last]
        return [self.newest[key] for key in [*self.last, *others]]


def _drawn_from(quiz_key: UUID) -> set[UUID]:
    """What the quiz draws from today; nothing where it draws nothing or isn't published."""
    try:
        rows = rows_of(quiz_pages(quiz_key)[0])
    except QuizNotFound:
        return set()
    return askable([row for row in rows if row.is_draw]) if any(row.is_draw for row in rows) else set()


def _papers(quiz_key: UUID) -> _Papers:
    """Each paper there was, read once, a few at a time."""
    rows = (
        first_attempts(quiz_key)
        .order_by()
        .values_list("paper_hash")
        .annotate(one=Min("pk"), newest=Max("pk"))
    )
    papers = _Papers()
    ordered = sorted(rows, key=lambda row: row[2])
    for start in range(0, len(ordered), PAPERS):
        hashes = {one: hash_ for hash_, one, _newest in ordered[start : start + PAPERS]}
        kept = Attempt.objects.filter(pk__in=hashes).only("paper", "answer_key").in_bulk()
        for pk, hash_ in hashes.items():
            # An account that is closed meanwhile may have taken its attempt along.
            if pk in kept:
                papers.take(hash_, Paper.load(kept[pk].paper, kept[pk].answer_key))
    return papers


def _tried(quiz_key: UUID, papers: Mapping[str, Sequence[FrozenQuestion]]) -> list[Tried]:
    rows = first_attempts(quiz_key).order_by("pk")
    given = _given(rows)
    tried = []
    for pk, hash_, locale, percent, passed, started, submitted, results in rows.values_list(
        "pk", "paper_hash", "locale", "percent", "passed", "started_at", "submitted_at", "results"
    ).iterator(CHUNK):
        # Submitted or corrected since the papers were read: the next computation has it.
        if hash_ not in papers:
            continue
        assert started is not None
        assert submitted is not None
        own = given.get(pk, NOTHING)
        tried.append(
            Tried(
                language=locale,
                percent=percent or 0,
                passed=bool(passed),
                seconds=(submitted - own.first_at).total_seconds() if own.first_at else None,
                items=_answered(papers[hash_], locale, results, own),
            )
        )
    return tried


def _given(attempts: QuerySet[Attempt]) -> dict[int, _Given]:
    entries = (
        AnswerEntry.objects.filter(attempt__in=attempts.order_by().values("pk"), late=False)
        .order_by("attempt_id", "sequence", "received_at", "pk")
        .annotate(started_at=F("attempt__started_at"))
        .values_list("attempt_id", "started_at", "question_key", "sequence", "value", "received_at")
    )
    found = {}
    for pk, rows in groupby(entries.iterator(CHUNK), key=lambda row: row[0]):
        own = list(rows)
        found[pk] = _Given(
            answers=fold(row[2:] for row in own).answers,
            first_at=min(row[5] for row in own),
            seconds=seconds_by_question(own[0][1], ((row[5], row[2]) for row in own)),
        )
    return found


def _answered(
    questions: Sequence[FrozenQuestion], locale: str, results: Mapping[str, str], given: _Given
) -> tuple[Answered, ...]:
    """The questions of one attempt; none where the answers were removed."""
    if not results:
        return ()
    items = []
    for question in questions:
        value = given.answers.get(question.key)
        is_choice = isinstance(question_types.get(question.type), ChoiceType)
        items.append(
            Answered(
                item=(question.key, question.version),
                language=question.language_for(locale),
                points=question.points,
                fraction=Fraction(results.get(str(question.key), "0")),
                chosen=tuple(chosen_of(value)) if is_choice else None,
                seconds=given.seconds.get(question.key),
            )
        )
    return tuple(items)
