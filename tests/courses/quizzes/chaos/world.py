"""One attempt through one bad day, and what must be true of it in the evening."""

import uuid
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from unittest import mock

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from courses.progress.models import ActivityCompletion
from courses.quizzes.domain import attempts as verbs
from courses.quizzes.domain.queries import journal_of
from courses.quizzes.domain.replay import replay
from courses.quizzes.domain.sweep import end_overdue
from courses.quizzes.models import AnswerEntry, Attempt
from tests.courses.quizzes.chaos.client import Device, Entry, Shown, Tab
from tests.courses.quizzes.chaos.network import Network, Time
from tests.courses.quizzes.chaos.server import Server
from tests.factories.accounts import UserFactory
from tests.factories.courses import CourseTree
from tests.factories.quizzes import QuizTree, make_quiz, start_quiz

OUTAGES = "QUIZ_OUTAGE_CAP_SECONDS"
# Every so many runs one goes through all of Django, the others call the views at once.
WHOLE = 10
BAD_DAY = 60_000
EVENING = 2_000_000
# The last quiz is timed: a minute, the grace, and at most the cap for outages, in seconds. The sweep comes round.
LIMIT, GRACE, CAP = 60, 5, 25
SWEEP = 20_000
PAPERS = (
    ("single_choice", "numeric"),
    ("single_choice", "true_false", "numeric"),
    ("true_false", "numeric", "single_choice", "numeric"),
)


@dataclass
class Stage:
    """A learner, signed in once, with an attempt in progress at quizzes of two, three and four questions, and at one whose
    time is limited."""

    server: Server
    sittings: list[tuple[QuizTree, Attempt]]
    tally: Counter[str] = field(default_factory=Counter)

    @classmethod
    def set_up(cls, course: CourseTree) -> "Stage":
        learner = UserFactory()
        quizzes = [make_quiz(course, *types, slug=f"quiz-{len(types)}") for types in PAPERS]
        timed = {"slug": "timed", "time_limit_minutes": LIMIT // 60, "grace_seconds": GRACE}
        quizzes.append(make_quiz(course, *PAPERS[1], **timed))
        # An attempt keeps the cap it began with.
        with mock.patch.object(settings, OUTAGES, CAP):
            return cls(Server(learner), [(quiz, start_quiz(learner, quiz)) for quiz in quizzes])

    def run(self, seed: int) -> None:
        """One run; nothing of it stays. Raises AssertionError that names the seed."""
        self.server.whole = seed % WHOLE == 0
        with transaction.atomic():
            try:
                _Day(self, seed).live()
            except Exception as error:
                raise AssertionError(f"seed {seed}: {type(error).__name__}: {error}") from error
            finally:
                transaction.set_rollback(True)
        self.tally["runs"] += 1


class _Day:
    def __init__(self, stage: Stage, seed: int) -> None:
        self.random = Random(seed)
        self.tally = stage.tally
        self.quiz, self.attempt = self.random.choice(stage.sittings)
        self.base = f"/fr/quizzes/attempts/{self.attempt.uuid}/"
        self.shown = Shown()
        self.time = Time()
        self.network = Network(
            self.time,
            self.random,
            stage.server.handle,
            self.tally,
            trouble=self.random.choice((0.2, 0.5, 0.8)),
        )
        self.questions = [str(self.quiz.question_key(number)) for number in range(len(self.quiz.questions))]
        self.devices = [
            Device(uuid.UUID(int=self.random.getrandbits(128)).hex)
            for _ in range(self.random.choice((1, 1, 2)))
        ]
        self.tally["second devices"] += len(self.devices) - 1
        self.tabs: list[Tab] = []
        self.by_form = self.random.random() < 0.15
        self.timed = self.attempt.deadline_at is not None
        self.gradings: list[int] = []

    def live(self) -> None:
        with self._counting_gradings(), self._clock():
            for device in self.devices:
                for _ in range(self.random.choice((1, 1, 2))):
                    self._open(device)
            self._plan()
            # A device may stay away until the time of the quiz is long over.
            self.time.run(self.random.randrange(BAD_DAY, 150_000) if self.timed else BAD_DAY)
            # Everything is closed; the connection is good again, and each device is opened once more.
            for tab in self.tabs:
                tab.die()
            self.network.trouble = 0.0
            self.tabs = []
            for device in self.devices:
                self._open(device)
            self.time.run(self.time.now + BAD_DAY)
            for tab in self.tabs:
                tab.submit()
            assert self.time.run(EVENING), "something never ends"
        self._judge()

    # --- what people do ---------------------------------------------------------------------------

    def _open(self, device: Device) -> Tab:
        """A page as the server writes it: with the attempt's highest sequence."""
        tab = Tab(
            device, self.network, self.base, self.shown, self.tally, journal_of(self.attempt).max_sequence
        )
        self.tabs.append(tab)
        tab.open()
        return tab

    def _plan(self) -> None:
        # Where the time is limited, answers are given until it is nearly over, and outages end after it.
        span = 1_000 * LIMIT if self.timed else 30_000
        for _ in range(self.random.randrange(3, 9)):
            self.time.after(self.random.randrange(span), self._answer)
        if self.timed:
            for round_ in range(1, 15):
                self.time.after(round_ * SWEEP, self._sweep)
            if self.random.random() < 0.2:
                self.time.after(self.random.randrange(span), self._turn_clock)
        for _ in range(self.random.choice((0, 0, 1, 2))):
            self.time.after(self.random.randrange(30_000), self._crash)
        if self.random.random() < 0.6:
            # A double click, or two tabs at once.
            at = self.random.randrange(20_000, 40_000)
            for _ in range(self.random.choice((1, 2, 2))):
                self.time.after(at + self.random.randrange(300), self._submit)

    def _alive(self) -> Tab:
        living = [tab for tab in self.tabs if tab.alive]
        return self.random.choice(living) if living else self._open(self.random.choice(self.devices))

    def _answer(self) -> None:
        number = self.random.randrange(len(self.questions))
        value = (self.quiz.right if self.random.random() < 0.6 else self.quiz.wrong)(number)
        if value and self.random.random() < 0.1:
            value = None
        if self.by_form and value is not None and self.random.random() < 0.5:
            self._alive().answer_by_form(self.questions[number], number + 1, {"answer": value})
        else:
            self._alive().answer(self.questions[number], value)

    def _crash(self) -> None:
        """A tab dies, or what its device knew of the numbers is lost; sooner or later somebody opens the page again,
        on this device or on another."""
        self.tally["crashes"] += 1
        tab = self._alive()
        tab.die()
        if self.random.random() < 0.3:
            tab.device.sequence = 0
        self.time.after(self.random.randrange(5_000), self._reopen)

    def _reopen(self) -> None:
        self._open(self.random.choice(self.devices))

    def _submit(self) -> None:
        self._alive().submit()

    def _sweep(self) -> None:
        self.tally["ended by the sweep"] += len(end_overdue(at=timezone.now()))

    def _turn_clock(self) -> None:
        """Somebody sets a device's clock, by years."""
        self.random.choice(self.devices).skew = self.random.choice((-1, 1)) * 10**12

    @contextmanager
    def _clock(self) -> Iterator[None]:
        """The server's clock goes with the time of the run."""

        def now() -> datetime:
            return self.attempt.started_at + timedelta(milliseconds=self.time.now)

        with mock.patch("django.utils.timezone.now", now):
            yield

    # --- what must be true ------------------------------------------------------------------------

    @contextmanager
    def _counting_gradings(self) -> Iterator[None]:
        """Remember how many entries there were in time at each grading."""
        record = verbs._record

        def counted(attempt: Attempt, *args: Any) -> None:
            self.gradings.append(AnswerEntry.objects.filter(attempt=attempt, late=False).count())
            record(attempt, *args)

        with mock.patch.object(verbs, "_record", counted):
            yield

    def _judge(self) -> None:
        rows = list(AnswerEntry.objects.filter(attempt=self.attempt))
        self.tally["entries"] += len(rows)
        lost = [entry for entry in self.shown.saved if _times(rows, entry, late=False) != 1]
        lost_forms = [
            (key, raw)
            for key, raw in self.shown.by_form
            if not any(
                str(row.question_key) == key and _same(row.value, raw) and not row.late for row in rows
            )
        ]
        self.tally["lost"] += len(lost) + len(lost_forms)
        assert not lost, f"shown as saved, and not there exactly once: {lost}"
        assert not lost_forms, f"saved by the form, and not there: {lost_forms}"
        keys = Counter((row.question_key, row.device_id, row.sequence) for row in rows)
        self.tally["doubled"] += sum(times - 1 for times in keys.values())
        self.tally["gradings"] += len(self.gradings)
        assert set(keys.values()) <= {1}, f"doubled: {keys}"
        assert not [device.kept for device in self.devices if device.kept], "still waiting in the evening"
        self._judge_refusals(rows)
        in_time = [row for row in rows if not row.late]
        current = _plainly_current(in_time)
        graded = Attempt.objects.get(pk=self.attempt.pk)
        assert {str(key): value for key, value in journal_of(graded).answers.items()} == current
        assert self.gradings == [len(in_time)], f"graded at {self.gradings} entries of {len(in_time)}"
        self._judge_clock(graded, rows)
        replayed = replay(graded, rows)
        assert replayed.identical, replayed.differences
        assert self.shown.graded >= 1
        right = sum(
            _is_right(self.quiz, number, current.get(key)) for number, key in enumerate(self.questions)
        )
        assert graded.percent == 100 * right // len(self.questions), (graded.percent, right)
        assert graded.passed == (graded.percent >= graded.pass_mark)
        completions = ActivityCompletion.objects.filter(evidence=graded.uuid).count()
        assert completions == int(bool(graded.passed)), completions

    def _judge_refusals(self, rows: list[AnswerEntry]) -> None:
        """What is refused is said so for two reasons only: it came late and is kept so, or it isn't there at all."""
        self.tally["late"] += sum(row.late for row in rows)
        assert {reason for _entry, reason in self.shown.refused} <= {"submitted", "late"}, self.shown.refused
        for entry, reason in self.shown.refused:
            kept = (_times(rows, entry, late=False), _times(rows, entry, late=True))
            assert kept == (0, int(reason == "late")), (
                f"{entry} was refused as {reason}, and kept {kept} times"
            )

    def _judge_clock(self, attempt: Attempt, rows: list[AnswerEntry]) -> None:
        """Nobody's time is shortened, and outages lengthen it by the cap at most, whatever devices say."""
        if attempt.deadline_at is None:
            assert not any(row.late for row in rows)
            return
        self.tally["seconds credited"] += attempt.credited_seconds
        assert attempt.deadline_at == attempt.started_at + timedelta(seconds=LIMIT)
        assert attempt.credited_seconds <= CAP
        last = attempt.deadline_at + timedelta(seconds=attempt.credited_seconds + GRACE)
        for row in rows:
            assert row.received_at <= last or row.late, f"{row} counts, received after {last}"
            assert row.received_at > attempt.deadline_at or not row.late or self._over_at(attempt, row), row

    @staticmethod
    def _over_at(attempt: Attempt, row: AnswerEntry) -> bool:
        return attempt.submitted_at is not None and row.received_at >= attempt.submitted_at


def _same(stored: Any, raw: Any) -> bool:
    """Whether a stored value says what was sent: texts may be stored as what they mean ("30.000000" as "30")."""
    if stored == raw:
        return True
    if isinstance(stored, bool):
        return raw == ("true" if stored else "false")
    try:
        return float(stored) == float(raw)
    except (TypeError, ValueError):
        return False


def _times(rows: Iterable[AnswerEntry], entry: Entry, *, late: bool) -> int:
    """How often exactly this answer is in the journal, with the content that was sent."""
    return sum(
        row.late == late
        and str(row.question_key) == entry.question
        and row.device_id == entry.device
        and row.sequence == entry.sequence
        and _same(row.value, entry.value)
        for row in rows
    )


def _plainly_current(rows: Iterable[AnswerEntry]) -> dict[str, Any]:
    """The rule in words: the highest sequence, then the later receipt. Withdrawn answers are none."""
    best: dict[str, AnswerEntry] = {}
    for row in rows:
        key = str(row.question_key)
        if key not in best or (row.sequence, row.received_at, row.pk) > (
            best[key].sequence,
            best[key].received_at,
            best[key].pk,
        ):
            best[key] = row
    return {key: row.value for key, row in best.items() if row.value is not None}


def _is_right(quiz: QuizTree, number: int, value: Any) -> bool:
    return value is not None and _same(value, quiz.right(number))
