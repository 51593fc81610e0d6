"""The profile of the test suite: SQLite in memory unless DATABASE_URL names a PostgreSQL."""

import os
import tempfile

os.environ.setdefault("ELEARN_DATA_DIR", tempfile.mkdtemp(prefix="elearn-test-"))

from elearn.settings.base import *  # noqa: F403
from elearn.settings.base import DATABASES, INSTALLED_APPS, STORAGES, env

SECRET_KEY = "only-for-tests"  # noqa: S105
ALLOWED_HOSTS = ["*"]
if "DATABASE_URL" not in os.environ:
    DATABASES["default"]["NAME"] = ":memory:"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
CACHES = {"default": env.cache("CACHE_URL", default="locmemcache://")}
INSTALLED_APPS = [*INSTALLED_APPS, *env.list("ELEARN_TEST_APPS", default=["tests.dummy_plugin"])]
# Rate limits have tests of their own, which switch them on.
ACCOUNT_RATE_LIMITS = False
ELEARN_SECOND_FACTOR_REQUIRED = False
ELEARN_DEMO_ALLOWED = True
