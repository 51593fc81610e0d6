"""`python -m tests.courses.certificates.kills`: an issue of 2,000 certificates through ten killed workers.

Real workers, on a Redis of their own where there is one (else the file-system transport) and a new SQLite file (or
DATABASE_URL, whose database is migrated and filled). At random points a worker gets SIGKILL; once the storage fails for
a minute; once the broker is killed with all that is queued. Prints the counts; exit status 1 where a promise was
broken: exactly one READY certificate for each completion, no orphan file, no double letter.
"""

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path
from uuid import uuid4

from tests.courses.certificates.kills.processes import Redis


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificates", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--down", type=float, default=60, help="seconds for which the storage fails")
    parser.add_argument("--database", type=Path, help="a migrated SQLite file to begin with")
    parser.add_argument(
        "--no-redis", action="store_true", help="the file-system transport, which can't be restarted"
    )
    options = parser.parse_args()
    redis = None if options.no_redis or not Redis.is_installed() else Redis()
    with tempfile.TemporaryDirectory(prefix="elearn-kills-") as name:
        folder = Path(name)
        if options.database:
            shutil.copy(options.database, folder / "db.sqlite3")
        if not os.environ.get("DATABASE_URL", "").startswith("postgres"):
            os.environ["DATABASE_URL"] = f"sqlite:///{folder / 'db.sqlite3'}"
        os.environ.update(
            DJANGO_SETTINGS_MODULE="tests.courses.certificates.kills.settings",
            ELEARN_DATA_DIR=name,
            ELEARN_KILLS_QUEUE=f"kills-{uuid4().hex}",
            ELEARN_BULK_TASKS=str(options.workers),
            CELERY_BROKER_URL=redis.url if redis else "filesystem://",
            CELERY_VISIBILITY_TIMEOUT="30",
        )
        if redis:
            redis.start()
        try:
            return play(options, redis)
        finally:
            if redis:
                redis.kill()


def play(options: argparse.Namespace, redis: Redis | None) -> int:
    import django

    django.setup()
    from django.core.management import call_command
    from wagtail.models import Locale

    from elearn.celery import make_queue_folders
    from tests.courses.certificates.kills.play import Play, printed
    from tests.factories.courses import make_course, make_site

    make_queue_folders()
    if not options.database:
        call_command("migrate", verbosity=0)
    from types import SimpleNamespace

    from django.conf import settings

    locales = {
        code: Locale.objects.get_or_create(language_code=code)[0] for code, _name in settings.LANGUAGES
    }
    course = make_course(make_site(SimpleNamespace(**locales)))
    played = Play(
        course,
        count=options.certificates,
        kills=options.kills,
        workers=options.workers,
        seed=options.seed,
        down=options.down,
        redis=redis,
    )
    result = played.play()
    print(printed(result))
    return 1 if result["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
