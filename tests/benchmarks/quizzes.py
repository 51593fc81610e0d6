"""`make bench`, second part: a quiz from its start to its review, by one client and by eight at once.

    python -m tests.benchmarks.quizzes [--attempts 8] [--markdown FILE]

Each client is a learner of its own with a kept-alive connection, and takes `--attempts` attempts of ten questions
each: start and go to the first question (a form and the pages it leads to), save ten answers, submit, open the review (each with the page
that the answer leads to). Eight clients begin together; client and server share the machine's cores, so the times of
eight say how the server queues, and the rate says what it manages. On SQLite, and on PostgreSQL where
ELEARN_TEST_DATABASE_URL, or the server of `make check`, answers: each in a process and a database of its own.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from threading import Barrier, Thread
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from tests.benchmarks.run import ROOT, Visitor, server

if TYPE_CHECKING:
    from tests.benchmarks.quiz_data import Learner

ATTEMPTS = 8
CLIENTS = (1, 8)
ACTS = ("start", "save", "submit", "review")
POSTGRES = os.environ.get("ELEARN_TEST_DATABASE_URL", "postgres://elearn:elearn@127.0.0.1:5432/elearn")

Times = dict[str, list[float]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=ATTEMPTS)
    parser.add_argument("--markdown", type=Path)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(measured(options.attempts)))
        return
    table = as_table(both_databases(options.attempts))
    print(table)
    if options.markdown:
        options.markdown.write_text(table + "\n", encoding="utf-8")


def both_databases(attempts: int) -> dict[str, list[dict[str, object]]]:
    """By database what `measured` found; PostgreSQL is left out where there is none."""
    found = {"SQLite": _elsewhere(attempts, "")}
    try:
        found["PostgreSQL"] = _on_postgresql(attempts)
    except Unreachable as reason:
        print(f"PostgreSQL is left out: {reason}", file=sys.stderr)
    return found


class Unreachable(Exception):
    """No PostgreSQL answers."""


def _on_postgresql(attempts: int) -> list[dict[str, object]]:
    import psycopg
    from psycopg import sql

    name = f"elearn_bench_{os.getpid()}"
    try:
        connection = psycopg.connect(POSTGRES, autocommit=True)
    except psycopg.OperationalError as error:
        raise Unreachable(str(error).splitlines()[0]) from error
    with connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            return _elsewhere(attempts, urlunsplit(urlsplit(POSTGRES)._replace(path=f"/{name}")))
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _elsewhere(attempts: int, database_url: str) -> list[dict[str, object]]:
    """`measured` in a process on this database; an empty address is a new SQLite file."""
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as folder:
        environment = os.environ | {
            "ELEARN_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        }
        environment.pop("DATABASE_URL", None)
        if database_url:
            environment["DATABASE_URL"] = database_url
        command = [sys.executable, "-m", "tests.benchmarks.quizzes", "--here", "--attempts", str(attempts)]
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
    rows: list[dict[str, object]] = json.loads(done.stdout.splitlines()[-1])
    return rows


def measured(attempts: int) -> list[dict[str, object]]:
    """A row for each number of clients and act: milliseconds of each request, and requests a second of all clients."""
    import django

    django.setup()
    from tests.benchmarks.quiz_data import prepare

    learners = prepare(sum(CLIENTS) + 1)
    rows: list[dict[str, object]] = []
    with server() as port:
        _take(port, learners.pop(), 2)  # Warms up.
        for clients in CLIENTS:
            own = [learners.pop() for _ in range(clients)]
            times, seconds = together(port, own, attempts)
            sent = sum(len(found) for found in times.values())
            rows += [
                {"clients": clients, "act": act, "times": times[act], "rate": sent / seconds} for act in ACTS
            ]
    return rows


def together(port: int, learners: list["Learner"], attempts: int) -> tuple[Times, float]:
    """The times of all clients, who begin together, and the seconds from the first request to the last answer."""
    found: list[Times | None] = [None] * len(learners)
    barrier = Barrier(len(learners) + 1)

    def run(number: int) -> None:
        barrier.wait()
        found[number] = _take(port, learners[number], attempts)

    threads = [Thread(target=run, args=(number,)) for number in range(len(learners))]
    for thread in threads:
        thread.start()
    barrier.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    times: Times = defaultdict(list)
    for one in found:
        if one is None:
            raise SystemExit("A client failed.")
        for act, own in one.items():
            times[act] += own
    return times, seconds


def _take(port: int, learner: "Learner", attempts: int) -> Times:
    """Attempts one after the other, each failed, so that the next may start; milliseconds by act."""
    times: Times = defaultdict(list)
    visitor = Visitor(port, learner.session)
    for _ in range(attempts):
        began = time.perf_counter()
        attempt = visitor.follow(f"/fr/quizzes/{learner.quiz}/start/").split("/questions/")[0] + "/"
        times["start"].append((time.perf_counter() - began) * 1000)
        for number, question in enumerate(learner.questions, start=1):
            entry: dict[str, object] = {
                "question": question,
                "value": "7",
                "device": learner.device,
                "sequence": number,
            }
            began = time.perf_counter()
            visitor.post(f"{attempt}answers/", entry)
            times["save"].append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        review = visitor.send_form(f"{attempt}submit/")
        times["submit"].append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        visitor.get(review)
        times["review"].append((time.perf_counter() - began) * 1000)
    return times


def as_table(found: dict[str, list[dict[str, object]]]) -> str:
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} cores, one gunicorn worker, ten questions a quiz",
        "",
        "| database | clients | act | median ms | 95 % ms | requests | requests a second, all acts |",
        "| --- | ---: | --- | ---: | ---: | ---: | ---: |",
    ]
    for database, rows in found.items():
        for row in rows:
            times = row["times"]
            assert isinstance(times, list)
            median, high = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            lines.append(
                f"| {database} | {row['clients']} | {row['act']} | {median:.1f} | {high:.1f} | {len(times)} "
                f"| {row['rate']:.1f} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
