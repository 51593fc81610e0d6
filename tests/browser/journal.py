"""What the database of a running site holds of an attempt, read from outside."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.browser.running import RunningSite

ENTRIES = """
    SELECT e.question_key, e.device_id, e.sequence, e.value, e.late
    FROM courses_quizzes_answerentry e JOIN courses_quizzes_attempt a ON a.id = e.attempt_id
    WHERE a.uuid = {} ORDER BY e.sequence, e.received_at, e.id
"""
ATTEMPTS = """
    SELECT o.status, o.percent FROM courses_quizzes_attempt o JOIN courses_quizzes_attempt a
    ON a.enrolment_id = o.enrolment_id AND a.quiz_key = o.quiz_key WHERE a.uuid = {} ORDER BY o.number
"""


@dataclass(frozen=True)
class Row:
    """One entry of the journal, as it is stored."""

    question: str
    device: str
    sequence: int
    value: Any
    late: bool


def rows_of(site: RunningSite, attempt: str) -> list[Row]:
    """In the order in which they count."""
    return [
        Row(str(UUID(str(key))), device, sequence, _json(value), bool(late))
        for key, device, sequence, value, late in _ask(site, ENTRIES, attempt)
    ]


def grades_of(site: RunningSite, attempt: str) -> list[tuple[str, int | None]]:
    """Status and percent of all attempts of that learner at that quiz."""
    return [(status, percent) for status, percent in _ask(site, ATTEMPTS, attempt)]


def _json(stored: Any) -> Any:
    return json.loads(stored) if isinstance(stored, str) else stored


def _ask(site: RunningSite, query: str, attempt: str) -> list[tuple[Any, ...]]:
    url = site.environment.get("DATABASE_URL", "")
    if url:
        import psycopg

        with psycopg.connect(url) as connection:
            return connection.execute(
                query.replace("e.value", "e.value::text").format("%s"), [attempt]
            ).fetchall()
    path = f"file:{site.environment['ELEARN_DATA_DIR']}/db.sqlite3?mode=ro"
    with closing(sqlite3.connect(path, uri=True, timeout=10)) as connection:
        return connection.execute(query.format("?"), [UUID(attempt).hex]).fetchall()
