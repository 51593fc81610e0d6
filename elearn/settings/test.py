"""The profile of the test suite: SQLite in memory unless DATABASE_URL names a PostgreSQL."""

import atexit
import os
import re
import secrets
import shutil
import tempfile

# One of several processes of a parallel run (`gw0`, `gw1` …); empty in a run of one.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

if "ELEARN_DATA_DIR" not in os.environ:
    os.environ["ELEARN_DATA_DIR"] = os.environ["ELEARN_TEST_ROOT"] = tempfile.mkdtemp(prefix="elearn-test-")
    atexit.register(shutil.rmtree, os.environ["ELEARN_TEST_ROOT"], ignore_errors=True)
elif WORKER and os.environ["ELEARN_DATA_DIR"] == os.environ.get("ELEARN_TEST_ROOT"):
    # Inherited from the run that started this process: files of its own below it.
    os.environ["ELEARN_DATA_DIR"] = os.path.join(os.environ["ELEARN_TEST_ROOT"], WORKER)

# One for the whole run: the processes that tests start share its database.
os.environ.setdefault("ELEARN_KEY_PASSPHRASE", secrets.token_urlsafe(30))

from elearn.settings.base import *  # noqa: F403
from elearn.settings.base import DATABASES, INSTALLED_APPS, STORAGES, env

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
if "DATABASE_URL" not in os.environ:
    DATABASES["default"]["NAME"] = ":memory:"
elif "postgresql" in DATABASES["default"]["ENGINE"]:
    # Rows of a test needn't outlive a power cut.
    DATABASES["default"]["OPTIONS"] = {"options": "-c synchronous_commit=off"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
if WORKER and "redis" in CACHES["default"]["BACKEND"]:
    # Every test clears the cache, and on Redis that empties the database: one for each process, from 10 on.
    CACHES["default"]["LOCATION"] = re.sub(
        r"/\d+$", f"/{10 + int(WORKER.removeprefix('gw'))}", CACHES["default"]["LOCATION"]
    )
INSTALLED_APPS = [*INSTALLED_APPS, *env.list("ELEARN_TEST_APPS", default=["tests.dummy_plugin"])]
# Rate limits have tests of their own, which switch them on.
ACCOUNT_RATE_LIMITS = False
ELEARN_SECOND_FACTOR_REQUIRED = False
ELEARN_DEMO_ALLOWED = True
ELEARN_GENERATES_KEYS = True
