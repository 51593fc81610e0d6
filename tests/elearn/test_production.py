"""The production profile: everything from the environment, and a start that names what is missing."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
COMPLETE = {
    "DJANGO_SETTINGS_MODULE": "elearn.settings.production",
    "SECRET_KEY": "Zc5l0Pq8-3dVtR7yWm2xKs9uJf4aGh6nBe1oTiLpQzXvMkDwYrCs",
    "ALLOWED_HOSTS": "learn.example.org",
    "DATABASE_URL": "postgres://user:password@db.example.org/elearn",
    "CACHE_URL": "redis://cache.example.org/1",
    "CELERY_BROKER_URL": "redis://cache.example.org/0",
    "EMAIL_URL": "smtp+tls://user:password@mail.example.org:587",
    "DEFAULT_FROM_EMAIL": "learn@example.org",
}
PASSPHRASE = {"ELEARN_KEY_PASSPHRASE": "b7Qx-9dVtR7yWm2xKs9uJf4aGh6nBe1oTiLpQzXv"}
REQUIRED = sorted(set(COMPLETE) - {"DJANGO_SETTINGS_MODULE"})


def python(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


def last_line(text: str) -> str:
    return text.strip().splitlines()[-1]


@pytest.mark.parametrize("name", REQUIRED)
def test_missing_variable_is_named(name: str):
    incomplete = {key: value for key, value in COMPLETE.items() if key != name}

    run = python("-c", "import elearn.settings.production", **incomplete)

    assert run.returncode == 1
    assert last_line(run.stderr).startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert name in last_line(run.stderr)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:////srv/db.sqlite3"),
        ("CELERY_BROKER_URL", "filesystem://"),
        ("CACHE_URL", "locmemcache://"),
        ("CACHE_URL", "filecache:///srv/cache"),
    ],
)
def test_embedded_service_is_refused(name: str, value: str):
    run = python("-c", "import elearn.settings.production", **{**COMPLETE, name: value})

    assert run.returncode == 1
    assert last_line(run.stderr).startswith(
        f"django.core.exceptions.ImproperlyConfigured: {name}: production needs"
    )


def test_deployment_check_is_clean():
    run = python("manage.py", "check", "--deploy", "--fail-level", "WARNING", **COMPLETE, **PASSPHRASE)

    assert run.returncode == 0, run.stderr
    assert run.stdout == "System check identified no issues (2 silenced).\n"


@pytest.mark.parametrize("passphrase", ["", "seven-dwarfs-1937"])
def test_deployment_check_asks_for_a_passphrase_of_the_keys(passphrase: str):
    run = python(
        "manage.py",
        *("check", "--deploy", "--fail-level", "WARNING"),
        **COMPLETE,
        ELEARN_KEY_PASSPHRASE=passphrase,
    )

    assert run.returncode == 1
    assert "courses_certificates.W001" in run.stderr
    assert passphrase == "" or passphrase not in run.stderr


def hsts(**environment: str) -> str:
    """Seconds, subdomains, preload, and the warnings that are silenced."""
    script = (
        "from elearn.settings import production as p\n"
        "print(p.SECURE_HSTS_SECONDS, p.SECURE_HSTS_INCLUDE_SUBDOMAINS, p.SECURE_HSTS_PRELOAD,"
        " *p.SILENCED_SYSTEM_CHECKS)\n"
    )
    run = python("-c", script, **COMPLETE, **environment)
    return run.stdout.strip() or last_line(run.stderr)


def test_https_is_asked_of_this_host_alone():
    """What other hosts of the domain can do isn't known here; a preloaded domain is hard to take back."""
    assert hsts() == "31536000 False False security.W005 security.W021"


def test_https_is_asked_of_the_whole_domain_where_somebody_says_so():
    subdomains = {"SECURE_HSTS_INCLUDE_SUBDOMAINS": "true", "SECURE_HSTS_SECONDS": "63072000"}

    assert hsts(**subdomains) == "63072000 True False security.W021"
    assert hsts(**subdomains, SECURE_HSTS_PRELOAD="true") == "63072000 True True"


def test_preloading_without_the_subdomains_is_refused():
    assert hsts(SECURE_HSTS_PRELOAD="true").startswith(
        "django.core.exceptions.ImproperlyConfigured: SECURE_HSTS_PRELOAD: "
    )


def test_no_https_at_all_is_seen_by_the_deployment_check():
    """The control: only the two options are silenced."""
    run = python(
        "manage.py",
        *("check", "--deploy", "--fail-level", "WARNING"),
        **COMPLETE,
        SECURE_HSTS_SECONDS="0",
    )

    assert run.returncode == 1
    assert "security.W004" in run.stderr


@pytest.mark.parametrize("server", ["wsgi", "asgi"])
def test_a_server_doesnt_serve_what_the_checks_refuse(tmp_path: Path, server: str):
    """`manage.py` runs the system checks; the entry points of servers run none by themselves."""
    (tmp_path / "wrong.py").write_text(
        "from elearn.settings.local import *\nCSRF_FAILURE_VIEW = 'absent.view'\n"
    )
    environment = {"ELEARN_DATA_DIR": str(tmp_path), "PYTHONPATH": str(tmp_path)}

    right = python("-c", f"import elearn.{server}", **environment)
    wrong = python("-c", f"import elearn.{server}", **environment, DJANGO_SETTINGS_MODULE="wrong")

    assert (right.returncode, right.stdout) == (0, ""), right.stderr
    assert wrong.returncode == 1
    assert "security.E102" in wrong.stderr


def test_deployment_check_sees_a_weak_setting():
    """The control: the check above can fail."""
    run = python(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING", **{**COMPLETE, "SECRET_KEY": "short"}
    )

    assert run.returncode == 1
    assert "security.W009" in run.stderr


def test_nothing_of_the_local_profile_is_left():
    script = (
        "from elearn.settings import production as p\n"
        "print(p.DEBUG, p.ELEARN_DEMO_ALLOWED, p.ELEARN_MAILBOX, p.ELEARN_SECOND_FACTOR_REQUIRED)\n"
        "print(p.ELEARN_GENERATES_KEYS, repr(p.ELEARN_KEY_PASSPHRASE))\n"
        "print(p.SESSION_COOKIE_SECURE, p.CSRF_COOKIE_SECURE, p.SECURE_HSTS_SECONDS, p.SECURE_SSL_REDIRECT)\n"
    )

    run = python("-c", script, **COMPLETE)

    assert run.stdout.splitlines() == [
        "False False False True",
        "False ''",
        "True True 31536000 True",
    ], run.stderr


def test_files_go_to_object_storage_where_a_bucket_is_named():
    script = (
        "from elearn.settings import production as p\n"
        "print(p.STORAGES['default']['BACKEND'], p.STORAGES['private']['OPTIONS']['default_acl'])\n"
    )

    run = python("-c", script, **{**COMPLETE, "S3_BUCKET": "learning"})

    assert run.stdout == "storages.backends.s3.S3Storage private\n", run.stderr
