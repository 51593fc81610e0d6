"""`make bench`: how long the pages that matter take, beside a bare Wagtail page of the same server.

Everything is measured on a gunicorn of one worker with the production middleware, over a kept-alive loopback
connection, signed in, the targets in turn (A B C A B C …) so that a drift of the machine falls on all alike.
Then, in this process, what one certificate costs and what of it is rendering, signing and storing
(`tests.benchmarks.certificates`), and a quiz by one client and by eight (`tests.benchmarks.quizzes`).
Bounded: ROUNDS requests for each target, and it ends by itself. Prints medians and 95th percentiles in
milliseconds, and the ratio to the bare page; `--markdown FILE` writes the table.
"""

import argparse
import http.client
import json
import os
import platform
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.benchmarks.data import Data

ROUNDS = 200
WARM_UP = 10
ROOT = Path(__file__).resolve().parent.parent.parent

Call = Callable[[], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--attempts", type=int, default=8, help="of each client at a quiz")
    parser.add_argument("--markdown", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="elearn-bench-") as folder:
        os.environ.update(ELEARN_DATA_DIR=folder, DJANGO_SETTINGS_MODULE="tests.benchmarks.settings")
        sys.path.insert(0, str(ROOT))
        import django

        django.setup()
        from tests.benchmarks.data import prepare

        data = prepare()
        with server() as port:
            rows = measure(port, data, options.rounds)
        from tests.benchmarks import certificates, quizzes

        costs = certificates.split()
    rows.update(costs)
    table = "\n\n".join(
        [
            as_table(rows),
            certificates.summary(costs),
            quizzes.as_table(quizzes.both_databases(options.attempts)),
        ]
    )
    print(table)
    if options.markdown:
        options.markdown.write_text(table + "\n", encoding="utf-8")


@contextmanager
def server() -> Iterator[int]:
    """A gunicorn of one worker on a free port; stopped at the end."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "elearn.wsgi",
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "1",
    ]
    process = subprocess.Popen([*command, "--log-level", "error"], cwd=ROOT)
    try:
        for _ in range(200):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)


class Visitor:
    """A kept-alive connection with a session; every answer must be 200."""

    def __init__(self, port: int, session: str, host: str = "localhost") -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {
            "Host": f"{host}:{port}" if host == "localhost" else host,
            "Cookie": f"sessionid={session}; csrftoken={'c' * 32}",
            "X-CSRFToken": "c" * 32,
            "Accept-Encoding": "gzip",
        }

    def get(self, path: str) -> None:
        self._send("GET", path, None)

    def post(self, path: str, entry: dict[str, object]) -> None:
        self._send("POST", path, json.dumps(entry))

    def send_form(self, path: str) -> str:
        """Post an empty form; the path that its answer leads to."""
        return self._send("POST", path, "", status=302)

    def follow(self, path: str) -> str:
        """The same, and every page that it leads to until one is shown; the path of that one."""
        path = self.send_form(path)
        while further := self._send("GET", path, None, status=(200, 302)):
            path = further
        return path

    def _send(self, method: str, path: str, body: str | None, status: int | tuple[int, ...] = 200) -> str:
        """Where the answer leads, empty for nowhere; ends the benchmark where the answer has another status."""
        headers = dict(self.headers)
        if body is not None:
            headers["Content-Type"] = "application/json" if body else "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        response.read()
        if response.status not in (status if isinstance(status, tuple) else (status,)):
            raise SystemExit(f"{method} {path} answered {response.status}")
        return response.getheader("Location") or ""


def measure(port: int, data: "Data", rounds: int) -> dict[str, list[float]]:
    learner = Visitor(port, data.learner_session)
    bare = Visitor(port, data.learner_session, host="bare.localhost")
    coordinator = Visitor(port, data.coordinator_session)
    sequence = iter(range(1, 10 * (rounds + WARM_UP)))
    targets: dict[str, Call] = {
        "bare Wagtail page": lambda: bare.get(data.bare_path),
        "lesson page": lambda: learner.get(data.lesson_path),
        "my learning": lambda: learner.get("/fr/my-learning/"),
        "answer save": lambda: learner.post(data.answer_path, data.answer(next(sequence))),
        "regional report": lambda: coordinator.get("/fr/reports/regions/"),
    }
    for call in targets.values():
        for _ in range(WARM_UP):
            call()
    times: dict[str, list[float]] = {name: [] for name in targets}
    for _ in range(rounds):
        for name, call in targets.items():
            start = time.perf_counter()
            call()
            times[name].append((time.perf_counter() - start) * 1000)
    return times


def as_table(rows: dict[str, list[float]]) -> str:
    base = statistics.median(rows["bare Wagtail page"])
    lines = [
        f"Python {platform.python_version()}, {os.cpu_count()} cores, SQLite, one gunicorn worker",
        "",
        "| target | median ms | 95 % ms | ratio to the bare page | requests |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name, times in rows.items():
        median = statistics.median(times)
        high = statistics.quantiles(times, n=20)[-1]
        lines.append(f"| {name} | {median:.1f} | {high:.1f} | {median / base:.2f} | {len(times)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
