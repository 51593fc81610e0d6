"""Answers through a network that drops, doubles, delays and reorders; `make chaos` does ten thousand such runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import pytest
from django.conf import settings

from courses.quizzes.domain import attempts as verbs
from courses.quizzes.domain import saving
from courses.quizzes.domain.queries import Journal, journal_of
from courses.quizzes.models import Attempt
from tests.courses.quizzes.chaos.world import Stage
from tests.factories.courses import CourseTree

# A thousand runs, in parts that the processes of a parallel run take in turn; a fifth of them over a connection to
# PostgreSQL, which takes longer.
PARTS = 4
RUNS = (200 if "postgresql" in settings.DATABASES["default"]["ENGINE"] else 1_000) // PARTS


KINDS = (
    *("requests dropped", "responses dropped", "duplicates", "delayed", "crashes", "second devices"),
    *("receipts", "seconds credited", "ended by the sweep"),
)


@pytest.mark.parametrize("part", range(PARTS))
def test_no_answer_is_lost_or_doubled_and_one_grading_is_made(course: CourseTree, part: int):
    stage = Stage.set_up(course)

    for seed in range(part * RUNS, (part + 1) * RUNS):
        stage.run(seed)

    assert stage.tally["runs"] == RUNS
    assert (stage.tally["lost"], stage.tally["doubled"], stage.tally["gradings"]) == (0, 0, RUNS)
    # The network did its worst, or nothing was shown.
    for kind in KINDS:
        assert stage.tally[kind] > 0, (kind, stage.tally)


@contextmanager
def losing_every_third_entry() -> Iterator[None]:
    create, calls = saving._create, iter(range(1, 10_000))

    def sometimes(*args: Any) -> bool:
        return next(calls) % 3 == 0 or create(*args)

    with mock.patch.object(saving, "_create", sometimes):
        yield


@contextmanager
def grading_what_came_first() -> Iterator[None]:
    def first(attempt: Attempt) -> Journal:
        answers: dict[Any, Any] = {}
        for entry in attempt.entries.order_by("pk"):
            answers.setdefault(entry.question_key, entry.value)
        return Journal({key: value for key, value in answers.items() if value is not None})

    with mock.patch.object(verbs, "journal_of", first):
        yield


@contextmanager
def forgetting_that_it_was_submitted() -> Iterator[None]:
    with mock.patch.object(Attempt, "is_submitted", False):
        yield


def run_some(stage: Stage) -> None:
    for seed in range(30):
        stage.run(seed)


@pytest.mark.parametrize(
    "broken",
    [
        losing_every_third_entry,
        grading_what_came_first,
        forgetting_that_it_was_submitted,
    ],
)
def test_a_broken_server_is_found_out_and_the_seed_is_named(course: CourseTree, broken: Any):
    stage = Stage.set_up(course)

    with broken(), pytest.raises(AssertionError, match=r"^seed \d+: "):
        run_some(stage)

    assert journal_of(stage.sittings[0][1]).answers == {}, "a failed run left something behind"
