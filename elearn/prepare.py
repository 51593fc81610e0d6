"""The steps of `make run` before anything is served: each is announced, and skipped where there is nothing to do.

Run as `python -m elearn.prepare` under the settings of the deployment. What the supervisor prints once the
site answers is left in `welcome.txt` in the data directory.
"""

import hashlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from elearn.messages import compile_catalogues

WELCOME = "welcome.txt"
DEMO_ACCOUNTS = "demo-accounts.txt"
DEMO_ADMINISTRATOR = "admin@demo.example"


class PreparationError(Exception):
    """A step can't be done; the message says what to change."""


def translations() -> str:
    """Build the message catalogues (they aren't kept under version control)."""
    try:
        built = compile_catalogues()
    except OSError as error:
        raise PreparationError(
            f"The translations can't be written to {error.filename}: {error.strerror}."
        ) from error
    return f"compiled: {', '.join(built)}" if built else "up to date"


def configuration() -> str:
    """Run the system checks: a plugin that doesn't fit is named here rather than by a traceback later."""
    from django.core.management import call_command
    from django.core.management.base import SystemCheckError

    output = io.StringIO()
    try:
        call_command("check", stdout=output, stderr=output)
    except SystemCheckError as error:
        raise PreparationError(str(error)) from error
    return "no problem found"


def services() -> str:
    """Reach the database and the queue."""
    from django.db import OperationalError, connection

    from elearn.celery import app, make_queue_folders

    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise PreparationError(f"The database doesn't answer ({reason}). Check DATABASE_URL.") from error
    make_queue_folders()
    try:
        with app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, timeout=3)
    except Exception as error:  # each transport raises errors of its own
        raise PreparationError(f"The queue doesn't answer ({error}). Check CELERY_BROKER_URL.") from error
    return f"{connection.vendor}, {app.conf.broker_url.split(':', 1)[0]}"


def database() -> str:
    """Apply pending migrations."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan:
        return "up to date"
    call_command("migrate", interactive=False, verbosity=0)
    return f"{len(plan)} migrations applied"


def static_files() -> str:
    """Gather and compress the static files, unless they are as they were the last time."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    def described() -> Iterable[str]:
        for finder in get_finders():
            for path, storage in finder.list(None):
                stat = os.stat(storage.path(path))
                yield f"{path} {stat.st_size} {stat.st_mtime_ns}"

    files = sorted(described())
    wanted = hashlib.sha256("\n".join([settings.STATIC_URL, *files]).encode()).hexdigest()
    stamp = settings.DATA_DIR / "static.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return "up to date"
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)
    return f"{len(files)} files"


def regions() -> str:
    """Load the regions shipped with the product; the command changes nothing where they are as shipped."""
    from django.apps import apps
    from django.core.management import call_command

    call_command("load_regions", verbosity=0, stdout=io.StringIO())
    return f"{apps.get_model('courses_accounts', 'Region').objects.count()} regions"


def keys() -> str:
    """Make the keys with which certificates are signed, where there are none yet."""
    from django.apps import apps
    from django.conf import settings
    from django.utils import timezone

    if not settings.ELEARN_GENERATES_KEYS:
        return "not under these settings"
    if not apps.is_installed("courses.certificates"):
        return "certificates are off"
    from courses.certificates.api import complete_set

    made = complete_set(timezone.now())
    return f"{made} made" if made else "up to date"


def demo() -> str:
    """Load the demo where the settings allow it and it isn't there yet; keep the accounts it prints."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    if not settings.ELEARN_DEMO_ALLOWED:
        return "not under these settings"
    accounts = settings.DATA_DIR / DEMO_ACCOUNTS
    if accounts.exists() and get_user_model().objects.filter(email=DEMO_ADMINISTRATOR).exists():
        return "up to date"
    output = io.StringIO()
    call_command("load_demo", stdout=output)
    accounts.write_text(output.getvalue(), encoding="utf-8")
    return "loaded"


STEPS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("Configuration", configuration),
    ("Services", services),
    ("Database", database),
    ("Static files", static_files),
    ("Regions", regions),
    ("Keys", keys),
    ("Demo", demo),
)


def welcome(base_url: str) -> str:
    """What is printed once the site answers: where it is, the e-mails it sends, the accounts of the demo."""
    from django.conf import settings
    from django.urls import NoReverseMatch, reverse

    lines = [f"  The site       {base_url}/", f"  Administration {base_url}/admin/"]
    if settings.ELEARN_MAILBOX:
        try:
            lines.append(f"  E-mails sent   {base_url}{reverse('mailbox')}")
        except NoReverseMatch:
            lines.append(f"  E-mails sent   {settings.DATA_DIR / 'mail'}")
    accounts = settings.DATA_DIR / DEMO_ACCOUNTS
    if settings.ELEARN_DEMO_ALLOWED and accounts.exists():
        lines += ["", accounts.read_text(encoding="utf-8").strip("\n")]
    return "\n".join(lines) + "\n"


def run_step(number: int, total: int, name: str, step: Callable[[], str]) -> None:
    print(f"[{number}/{total}] {name} … ", end="", flush=True)
    began = time.monotonic()
    from django.core.management import CommandError

    try:
        result = step()
    except CommandError as error:
        raise PreparationError(f"{name}: {error}") from error
    print(f"{result} ({time.monotonic() - began:.1f} s)", flush=True)


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "elearn.settings.local")
    total = len(STEPS) + 1
    try:
        # First of all: Django reads a language's catalogue once.
        run_step(1, total, "Translations", translations)
        import django

        django.setup()
        from django.conf import settings

        for number, (name, step) in enumerate(STEPS, start=2):
            run_step(number, total, name, step)
        base_url = settings.WAGTAILADMIN_BASE_URL.rstrip("/")
        Path(settings.DATA_DIR / WELCOME).write_text(welcome(base_url), encoding="utf-8")
    except PreparationError as error:
        print(f"\n\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
