"""`make chaos`: ten thousand bad days of a quiz, in a process for each core, and the counts.

    python -m tests.courses.quizzes.chaos.run [--runs 10000] [--processes CORES] [--first 0] [--seconds 3000]

Each process has a database of its own (SQLite in memory, or a new one beside that of DATABASE_URL) and takes every
n-th seed. Ends with status 1 where an answer was lost or doubled, where a grade was wrong, or where the time was up
before all runs were made. A failing seed is repeated alone by `--first SEED --runs 1 --processes 1`.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import time
import warnings
from collections import Counter
from types import SimpleNamespace

KINDS = (
    "runs",
    "requests",
    "requests dropped",
    "responses dropped",
    "duplicates",
    "delayed",
    "errors before the answer was read",
    "errors after the answer was saved",
    "crashes",
    "second devices",
    "answers given",
    "receipts",
    "saved by the form",
    "told of another device",
    "renumbered",
    "refused for good",
    "late",
    "seconds credited",
    "ended by the sweep",
    "entries",
    "gradings",
    "lost",
    "doubled",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10_000)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=int, default=3_000)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part is not None:
        return play(options)
    started = time.monotonic()
    command = [sys.executable, "-m", "tests.courses.quizzes.chaos.run", *sys.argv[1:]]
    parts = [
        subprocess.Popen([*command, "--part", str(part)], stdout=subprocess.PIPE, text=True)
        for part in range(options.processes)
    ]
    tally: Counter[str] = Counter()
    for part in parts:
        printed = part.communicate()[0]
        lines = printed.splitlines()
        tally.update(json.loads(lines.pop()) if lines else {})
        print("\n".join(lines), end="\n" if lines else "")
    for kind in KINDS:
        print(f"{kind:36}{tally[kind]:>9,}")
    print(f"{'seconds':36}{time.monotonic() - started:>9,.0f}")
    failed = any(part.returncode for part in parts)
    if tally["runs"] < options.runs:
        print(f"Only {tally['runs']:,} of {options.runs:,} runs were made.")
    return int(failed or tally["runs"] < options.runs)


def play(options: argparse.Namespace) -> int:
    """The seeds of one process. Prints failures, and the counts as its last line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.test")
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment
    from wagtail.models import Locale

    from tests.courses.quizzes.chaos.world import Stage
    from tests.factories.courses import LANGUAGES, make_course, make_site

    # Refusals are part of the game and need no line each.
    logging.disable(logging.WARNING)
    warnings.simplefilter("ignore")
    setup_test_environment()
    given = connection.settings_dict["NAME"]
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"elearn_chaos_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    failures = 0
    try:
        locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in LANGUAGES}
        stage = Stage.set_up(make_course(make_site(SimpleNamespace(**locales))))
        end = time.monotonic() + options.seconds
        last = options.first + options.runs
        for seed in range(options.first + options.part, last, options.processes):
            if time.monotonic() > end or failures >= 5:
                break
            try:
                stage.run(seed)
            except AssertionError as error:
                failures += 1
                print(error)
        print(json.dumps(stage.tally))
    finally:
        connection.creation.destroy_test_db(given, verbosity=0)
    return int(failures > 0)


if __name__ == "__main__":
    raise SystemExit(main())
